"""A broker that answers with errors: the worker either recovers or ends at once, and never loses a record."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from streams.embedded import EmbeddedBroker, Request
from tests.faults.harness import Scenario, Worker

UNKNOWN, COORDINATOR_AWAY, NOT_COORDINATOR, ILLEGAL_GENERATION = -1, 15, 16, 22
PATIENCE = 90.0
"""s to wait for what takes one or two: other jobs may share the machine."""
UNKNOWN_MEMBER, REBALANCING, INVALID_REQUEST = 25, 27, 42


@dataclass(frozen=True)
class Error:
    """One spoilt answer, before the worker starts or while it runs."""

    request: Request
    code: int
    early: bool = False

    def __str__(self) -> str:
        return f"{self.request.name}:{self.code}"


def cases(always: list[Error], rarely: list[Error]) -> list[object]:
    """Every case is a fault test; the first ones are also part of the quick suite."""
    return [*always, *(pytest.param(error, marks=pytest.mark.faults) for error in rarely)]


FATAL = cases(
    [
        Error(Request.HEARTBEAT, UNKNOWN),
        Error(Request.OFFSET_COMMIT, UNKNOWN),
        Error(Request.JOIN_GROUP, UNKNOWN, early=True),
        Error(Request.SYNC_GROUP, UNKNOWN, early=True),
    ],
    [Error(Request.SYNC_GROUP, INVALID_REQUEST, early=True), Error(Request.OFFSET_FETCH, UNKNOWN, early=True)],
)
PASSING = cases(
    [
        Error(Request.OFFSET_COMMIT, UNKNOWN_MEMBER),
        Error(Request.FETCH, UNKNOWN),
    ],
    [
        Error(Request.OFFSET_COMMIT, REBALANCING),
        Error(Request.LIST_OFFSETS, UNKNOWN, early=True),
        Error(Request.HEARTBEAT, UNKNOWN_MEMBER),
        Error(Request.HEARTBEAT, REBALANCING),
        Error(Request.HEARTBEAT, NOT_COORDINATOR),
        Error(Request.OFFSET_COMMIT, NOT_COORDINATOR),
        Error(Request.OFFSET_COMMIT, ILLEGAL_GENERATION),
        Error(Request.FIND_COORDINATOR, COORDINATOR_AWAY, early=True),
        Error(Request.OFFSET_FETCH, NOT_COORDINATOR, early=True),
    ],
)


def meet(error: Error, broker: EmbeddedBroker, scenario: Scenario) -> Worker:
    """Start a worker, let it meet the error, and send it more."""
    scenario.send(1000)
    if error.early:
        broker.fail(error.request, error.code)
    worker = scenario.start("--step", 0.01, "--session", 2)
    if not error.early:
        scenario.handles(300, PATIENCE)
        broker.fail(error.request, error.code)
    scenario.send(1000)
    return worker


def end_and_start_again(error: Error, folder: Path) -> tuple[int, Scenario]:
    with EmbeddedBroker(topics={"traffic": 4}) as broker:
        scenario = Scenario(folder, broker.bootstrap)
        try:
            status = meet(error, broker, scenario).ends(PATIENCE)
            assert not scenario.committed_early
            if not error.early:
                broker.forgive(error.request)
                scenario.start()
                scenario.handles_all(PATIENCE)
            return status, scenario
        finally:
            scenario.close()


def go_on(error: Error, folder: Path) -> tuple[int, Scenario]:
    with EmbeddedBroker(topics={"traffic": 4}) as broker:
        scenario = Scenario(folder, broker.bootstrap)
        try:
            worker = meet(error, broker, scenario)
            scenario.handles_all(PATIENCE)
            status = worker.stop(PATIENCE)
            assert scenario.committed == scenario.ends_of_log
            return status, scenario
        finally:
            scenario.close()


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Error, Future[tuple[int, Scenario]]]]:
    """All scenarios that were asked for, side by side: they mostly wait."""
    play = {
        test_a_fatal_error_ends_the_process_and_commits_nothing_early.__name__: end_and_start_again,
        test_a_passing_error_is_survived_with_everything_handled_and_committed.__name__: go_on,
    }
    with ThreadPoolExecutor(4) as pool:
        yield {
            item.callspec.params["error"]: pool.submit(
                play[item.originalname], item.callspec.params["error"], tmp_path_factory.mktemp("scenario")
            )
            for item in request.session.items
            if getattr(item, "originalname", "") in play
        }


@pytest.mark.parametrize("error", FATAL, ids=str)
def test_a_fatal_error_ends_the_process_and_commits_nothing_early(error, outcomes):
    status, scenario = outcomes[error].result()
    assert status == 1
    assert error.early or not scenario.lost


@pytest.mark.parametrize("error", PASSING, ids=str)
def test_a_passing_error_is_survived_with_everything_handled_and_committed(error, outcomes):
    status, scenario = outcomes[error].result()
    assert status == 0
    assert not scenario.lost
