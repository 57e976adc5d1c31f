"""Workers that fail, hang, are killed or leave, on an embedded broker: no record is lost, none committed early."""

import re
import signal
import time

import pytest

from tests.faults.harness import Scenario, until


def test_a_worker_handles_and_commits_everything_once_and_leaves_quickly(scenario: Scenario):
    scenario.send(2000)
    worker = scenario.start()
    scenario.handles_all()
    assert worker.stop() == 0
    assert scenario.repeated == 0
    assert scenario.committed == scenario.ends_of_log
    order = [line.split()[1] for line in worker.told.splitlines()]
    assert order[0] == "assigned"
    assert order[-1] == "revoked"


@pytest.mark.faults
@pytest.mark.parametrize("after", [0.3, 0.8, 1.2, 1.6, 2.0, 2.4])
def test_a_worker_can_be_stopped_while_it_starts(scenario: Scenario, after: float):
    scenario.send(1000)
    worker = scenario.start("--step", 0.05)
    time.sleep(after)
    assert worker.stop(60) in (0, -signal.SIGTERM)  # the latter before Faust listens to signals
    assert not scenario.committed_early


@pytest.mark.faults
def test_an_interrupted_worker_drains_and_says_so_in_its_exit_status(scenario: Scenario):
    scenario.send(1000)
    worker = scenario.start("--step", 0.05)
    scenario.handles(300)
    worker.process.send_signal(signal.SIGINT)
    assert worker.ends(60) == 130
    assert sum(scenario.committed.values()) == len(scenario.handled)


def test_an_agent_that_raises_loses_and_repeats_nothing(scenario: Scenario):
    scenario.send(3000)
    worker = scenario.start("--raise-every", 3)
    scenario.handles_all()
    assert worker.stop() == 0
    assert "the sink does not want" in worker.told
    assert scenario.repeated == 0
    assert scenario.committed == scenario.ends_of_log


@pytest.mark.faults
def test_a_batch_that_never_succeeds_is_rejected_and_the_rest_goes_on(scenario: Scenario):
    scenario.send(3000)
    worker = scenario.start("--raise-every", 4, "--poison", "rejected")
    until(lambda: scenario.committed == scenario.ends_of_log, 90, "all committed")
    worker.stop()
    said = [tuple(map(int, numbers)) for numbers in re.findall(r"rejected (\d+) (\d+) (\d+)", worker.told)]
    rejected = {(partition, offset) for partition, first, end in said for offset in range(first, end)}
    assert rejected
    assert scenario.lost == rejected


@pytest.mark.faults
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(["--raise-every", 3, "--poison", "fatal"], id="a batch that never succeeds"),
        pytest.param(["--stream", "--explode-at", 120], id="the agent itself"),
    ],
)
def test_what_cannot_be_handled_ends_the_worker_before_anything_of_it_is_committed(scenario: Scenario, fault):
    scenario.send(1000)
    assert scenario.start(*fault, "--session", 1).ends(90) == 1
    assert not scenario.committed_early
    scenario.start()
    scenario.handles_all()


@pytest.mark.parametrize(
    "where",
    [
        pytest.param(["--stuck-in-thread"], id="in a thread"),
        pytest.param([], id="in the loop", marks=pytest.mark.faults),
    ],
)
def test_a_stuck_step_does_not_outlive_the_drain_and_is_not_committed(scenario: Scenario, where: list[str]):
    scenario.send(1000)
    worker = scenario.start("--stuck", "0:100", "--drain", 1, *where)
    worker.says("stuck")
    begun = time.monotonic()
    assert worker.stop(60) == 0
    assert time.monotonic() - begun > 0.9
    assert "gave up on 1 batches in hand" in worker.told
    assert scenario.committed.get(0, 0) <= 100
    assert not scenario.committed_early
    scenario.start()
    scenario.handles_all()


def test_one_hanging_batch_is_not_lost_when_others_overtake_it(scenario: Scenario):
    scenario.send(2000)
    worker = scenario.start("--stuck", "0:100", "--concurrency", 3, "--session", 1)
    worker.says("stuck")
    scenario.handles(1800)
    until(lambda: scenario.committed.get(1, 0) >= 100, 90, "another partition committed")
    worker.kill()
    assert not scenario.committed_early
    scenario.start()
    scenario.handles_all()
    assert not scenario.lost


@pytest.mark.parametrize("goals", [[500], pytest.param([500, 1100, 1700, 2300], marks=pytest.mark.faults)])
def test_killing_workers_in_the_middle_of_batches_loses_nothing(scenario: Scenario, goals: list[int]):
    scenario.send(3000)
    for goal in goals:
        worker = scenario.start("--step", 0.02, "--session", 1)
        scenario.handles(goal)
        worker.kill()
        assert not scenario.committed_early
    last = scenario.start()
    scenario.handles_all()
    assert last.stop() == 0
    assert scenario.committed == scenario.ends_of_log


def test_a_writer_thread_may_acknowledge_in_any_order(scenario: Scenario):
    scenario.send(5000)
    worker = scenario.start("--stream", "--step", 0.05)
    scenario.handles_all()
    assert worker.stop() == 0
    assert scenario.repeated == 0
    assert scenario.committed == scenario.ends_of_log


def test_a_paused_partition_waits_while_the_others_go_on_and_misses_nothing(scenario: Scenario):
    scenario.send(800)
    worker = scenario.start("--pause", 2, "--pause-for", 3, "--max-batch", 50, "--step", 0.01)
    worker.says("paused")
    before = time.monotonic()
    scenario.send(3000)
    others = {each for each in scenario.sent if each[0] != 2}
    until(lambda: others <= set(scenario.handled), 90, "the other partitions")
    held = sum(1 for each in scenario.handled if each[0] == 2)
    if time.monotonic() - before < 2.5:
        assert held < len(scenario.sent - others)
    scenario.handles_all()
    assert worker.stop() == 0
    assert scenario.repeated == 0
    assert scenario.committed == scenario.ends_of_log


def test_state_is_rebuilt_by_rereading_without_moving_the_commit_back(scenario: Scenario):
    scenario.send(1000)
    assert_all_handled_once(scenario)
    committed = scenario.committed
    worker = scenario.start("--back", 40)
    until(lambda: scenario.repeated == 4 * 40, 90, "40 records of each partition read again")
    assert scenario.committed == committed
    scenario.send(500)
    scenario.handles_all()
    assert worker.stop() == 0
    assert scenario.repeated == 4 * 40
    assert scenario.committed == scenario.ends_of_log


def assert_all_handled_once(scenario: Scenario) -> None:
    worker = scenario.start()
    scenario.handles_all()
    assert worker.stop() == 0
    assert scenario.repeated == 0


@pytest.mark.faults
def test_a_broker_that_goes_away_for_a_while_is_waited_for(scenario: Scenario, broker):
    scenario.send(2000)
    worker = scenario.start("--step", 0.02)
    scenario.handles(500)
    broker.down()
    time.sleep(3)
    broker.up()
    scenario.send(500)
    scenario.handles_all()
    assert worker.stop() == 0
    assert scenario.repeated == 0


@pytest.mark.faults
def test_a_worker_can_be_stopped_while_the_broker_is_away(scenario: Scenario, broker):
    scenario.send(1000)
    worker = scenario.start("--step", 0.05, "--drain", 2)
    scenario.handles(300)
    broker.down()
    begun = time.monotonic()
    assert worker.stop(60) in (0, 1)
    assert time.monotonic() - begun < 20
    broker.up()
    assert not scenario.committed_early


@pytest.mark.faults
def test_a_step_longer_than_the_session_does_not_cost_the_partitions(scenario: Scenario):
    scenario.send(400)
    worker = scenario.start("--block", "--step", 5, "--session", 3, "--max-batch", 200)
    scenario.handles_all(240)
    assert worker.stop(60) == 0
    assert scenario.repeated == 0
    assert worker.told.count("assigned") == 1
