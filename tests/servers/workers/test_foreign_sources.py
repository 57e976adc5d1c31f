"""Traffic in formats that serving stacks log, an attack inside: the alert names who, which model and which requests."""

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.pairing import RESPONSE
from streams.alignment import SLACK
from tests.servers.kafka import KafkaServer
from tests.servers.workers.foreign import WRITERS, Asked, Entry, asked, make, shuffled, write
from tests.servers.workers.installation import PROGRAM, ROOT, Installation, until
from tests.servers.workers.test_router_kills import records
from tests.servers.workers.traffic import ATTACKS

LATE = 2 * SLACK  # s that a record may come behind a later one beyond what the shuffled source itself brings
ODD = 3  # honest callers whom eight partitions may tell of beyond one scan; out of order all of some twenty were

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def calls() -> list[Asked]:
    return asked()


@pytest.fixture
def install(kafka: KafkaServer, tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """An installation on topics of its own, in one format."""
    made: list[Installation] = []

    def of(form: str, topics: list[str], **more: str) -> Installation:
        group = f"{form}-{tmp_path.name}"
        sources = [{"topic": topic, "format": form} for topic in topics]
        settings = {"TIDEGATE_SOURCE": json.dumps(sources), "TIDEGATE_CALIBRATION__BURN_IN": "1d",
                    "TIDEGATE_PAIRING__WINDOW": "5s"}  # fmt: skip
        made.append(Installation(tmp_path, kafka.bootstrap, group, f"chdb://{tmp_path}/db", settings | more))
        return made[-1]

    yield of
    for one in made:
        one.close()


def end(one: Installation, enough: Callable[[], object], what: str) -> dict[str, Any]:
    """Wait until enough is there, stop the worker, and return the alerts in the database."""
    until(enough, 240, f"{what}: {one.workers[-1].told[-3000:]}")
    assert one.workers[-1].stop() == 0
    return {name: json.loads(body) for name, body in one.left().alerts.items()}


def alerted(one: Installation, who: str) -> bool:
    """Whether the worker has said that it found somebody."""
    return any(f'"principal": "{who}' in line for line in one.workers[-1].told.splitlines() if '"alert"' in line)


def taken(one: Installation) -> dict[int, list[dict[str, Any]]]:
    """The records that workers took, by partition, in order."""
    return {number: [json.loads(each.value) for each in some] for number, some in records(one).items()}


def latest(some: list[dict[str, Any]]) -> float:
    """How far behind a later one the latest of some records comes, s."""
    newest, most = 0.0, 0.0
    for one in some:
        newest = max(newest, one["time"])
        most = max(most, newest - one["time"])
    return most


def scanned(some: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """The alerts of a scan of the same records in order of time."""
    ordered, alerts = folder / "ordered.jsonl", folder / "alerts.jsonl"
    ordered.write_text("".join(json.dumps(one) + "\n" for one in sorted(some, key=lambda one: one["time"])))
    asked_ = (*PROGRAM, "scan", str(ordered), "--input-format", "native", "--burn-in", "1d", "--alerts", str(alerts))
    assert subprocess.run(asked_, cwd=ROOT, capture_output=True, check=False).returncode in (0, 1)
    return [json.loads(line) for line in alerts.read_text().splitlines()]


def honest(alerts: Iterable[dict[str, Any]]) -> set[str]:
    """Of whom alerts tell although they are no attackers."""
    named = {alert["principal"] for alert in alerts}
    return {who for who in named if who and who.rpartition("-")[0] not in ATTACKS}


@pytest.mark.parametrize("form", WRITERS)
def test_the_alert_names_who_which_model_and_the_original_requests(
    kafka: KafkaServer, install: Callable[..., Installation], calls: list[Asked], form: str, tmp_path: Path
):
    entries = shuffled([entry for one in calls for entry in WRITERS[form](one)], 1)
    format_ = form.partition("-")[0]
    base = f"seldon.bank.model.loan-{tmp_path.name}" if format_ == "seldon2" else f"{form}-{tmp_path.name}"
    topics = [base + ending for ending in sorted({entry.topic for entry in entries})]
    make(kafka.bootstrap, *topics)
    write(kafka.bootstrap, base, entries)
    one = install(format_, topics)
    one.start().ready()
    worker = one.workers[-1]
    found = end(
        one, lambda: alerted(one, "flooder") and worker.records >= len(calls), f"alerts and all calls in {form}"
    )
    of = {call.id: call.who for call in calls}
    told = [alert for alert in found.values() if alert["principal"].startswith("flooder")]
    assert told
    for alert in told:
        assert alert["model"] == (f"loan-{tmp_path.name}" if format_ == "seldon2" else "loan")
        assert alert["record_ids"]
        assert {of[name] for name in alert["record_ids"]} == {alert["principal"]}
        assert of[alert["trigger"]] == alert["principal"]
    assert "Traceback" not in worker.told
    assert worker.told.count('"event": "signals"') == 1, "it lost its partitions"
    made = taken(one)
    scan = scanned([each for some in made.values() for each in some], tmp_path)
    own = latest([{"time": entry.time} for entry in entries])
    assert max(map(latest, made.values())) <= own + LATE
    assert len(honest(found.values())) <= len(honest(scan)) + ODD, (honest(found.values()), honest(scan))


def test_halves_without_the_other_half_are_in_coverage(
    kafka: KafkaServer, install: Callable[..., Installation], calls: list[Asked], tmp_path: Path
):
    """Some answers never come, some entries come twice."""
    form, topic = "kserve", f"lone-{tmp_path.name}"
    some = calls[:3000]
    made: list[Entry] = []
    for i, one in enumerate(some):
        request, answer = WRITERS[form](one)
        made += [request, request] if i % 50 == 3 else [request]
        made += [] if i % 100 == 7 else [answer]
    make(kafka.bootstrap, topic)
    write(kafka.bootstrap, topic, shuffled(made, 2))
    one = install(form, [topic])
    worker = one.start().ready()
    end(one, lambda: worker.records >= len(some), "all records")
    asked_ = one.ask("SELECT sum(records), sum(scored), sum(rejected), sum(unpaired) FROM tidegate.coverage FINAL")
    assert [int(value) for value in asked_[0].values()] == [3000, 0, 0, 30]
    assert RESPONSE not in json.dumps(list(one.left().alerts.values()))
