"""Halves of calls in files: joined within a file and across files, told of where they stay alone."""

import json
import random
from pathlib import Path
from typing import Any

from detectors.plan import Plan
from schemas.pairing import LATE, LONE, PAIR, REQUEST, RESPONSE
from schemas.record import Record, Reject
from streams.cli.scanned import remarks
from streams.meeting import Meeting
from streams.scan import Listener, Summary, scan

START = 1_767_571_245


def event(i: int, phase: str, body: Any, who: str = "u-1") -> str:
    """One of KServe's events as a JSON object."""
    return json.dumps(
        {
            "specversion": "1.0", "id": f"req-{i}", "type": f"org.kubeflow.serving.inference.{phase}",
            "source": "http://localhost:9081/", "time": f"2026-01-05T00:{i // 60 % 60:02d}:{i % 60:02d}Z",
            "inferenceservicename": "fraud", "namespace": "prod", "component": "predictor", "endpoint": "default",
            "metadata": json.dumps({"X-User-Id": [who]}), "datacontenttype": "application/json", "data": body,
        }
    )  # fmt: skip


def calls(count: int, *, without: set[tuple[int, str]] = frozenset()) -> list[tuple[int, str, str]]:
    """Both halves of calls, with number and phase."""
    chance = random.Random(3)
    made = []
    for i in range(count):
        asked = {"instances": [[round(chance.gauss(0, 1), 3) for _ in range(4)]]}
        for phase, body in (("request", asked), ("response", {"predictions": [[0.25, 0.75]]})):
            if (i, phase) not in without:
                made.append((i, phase, event(i, phase, body, f"u-{i % 7}")))
    return made


class Seen(Listener):
    """Keeps what was watched."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.alerts: list[Any] = []
        self.unpaired: dict[Any, int] = {}

    def on_alerts(self, alerts: Any) -> None:
        self.alerts += alerts

    def on_outcome(self, outcome: Any) -> None:
        for judged in outcome.findings.judged:
            self.records += list(judged.batch.records)
        for row in outcome.coverage:
            self.unpaired[row.bucket, row.model, row.version, row.hour] = row.unpaired


def watch(*lines_of_files: list[str], folder: Path, window: float = 60.0) -> tuple[Seen, Summary]:
    paths = []
    for i, lines in enumerate(lines_of_files):
        path = folder / f"{i}.jsonl"
        path.write_text("\n".join(lines) + "\n")
        paths.append(str(path))
    seen = Seen()
    plan = Plan(burn_in=86_400.0, alerts_per_day=10.0, secret=b"x", release="")
    return seen, scan(paths, plan, seen, form="kserve", window=window)


def test_halves_in_one_file_are_records_with_both(tmp_path):
    made = calls(300)
    random.Random(1).shuffle(made[:40])
    seen, summary = watch([text for _, _, text in made], folder=tmp_path)
    assert len(seen.records) == 300
    assert {one.id for one in seen.records} == {f"req-{i}" for i in range(300)}
    assert all(one.features and one.probabilities == [0.25, 0.75] and not one.phase for one in seen.records)
    assert {one.principal for one in seen.records} == {f"u-{i}" for i in range(7)}
    assert summary.halves == {PAIR: 300}
    assert "300 were joined" in " ".join(remarks(summary))


def test_requests_in_one_file_and_answers_in_the_next(tmp_path):
    """Hours of requests before the first answer: the window only begins where both are seen."""
    made = calls(900)
    requests = [text for _, phase, text in made if phase == "request"]
    answers = [text for _, phase, text in made if phase == "response"]
    seen, summary = watch(requests, answers, folder=tmp_path, window=5.0)
    assert summary.halves == {PAIR: 900}
    assert not any(one.phase for one in seen.records)


def test_what_stays_alone_is_a_record_and_counted_as_unpaired(tmp_path):
    missing = {(i, "response") for i in range(0, 200, 10)} | {(i, "request") for i in range(5, 200, 50)}
    seen, summary = watch([text for _, _, text in calls(200, without=missing)], folder=tmp_path, window=20.0)
    assert summary.halves == {PAIR: 176, REQUEST: 20, RESPONSE: 4}
    assert sum(one.phase in LONE for one in seen.records) == 24
    assert all(one.features for one in seen.records if one.phase == REQUEST)
    assert sum(seen.unpaired.values()) == 24
    assert not seen.alerts


def test_an_id_that_comes_again_is_told_once_and_what_it_sent_is_watched(tmp_path):
    lines = [text for _, _, text in calls(50)]
    again = [event(7, "request", {"instances": [[float(k)] * 4]}, who="u-0") for k in range(5)]
    taken = event(8, "request", {"instances": [[9.0] * 4]}, who="u-5")
    seen, summary = watch([*lines[:20], *again, taken, *lines[20:]], folder=tmp_path)
    assert (summary.halves["reused"], summary.halves["taken"]) == (5, 1)
    assert len(seen.records) == 56
    assert len({one.id for one in seen.records}) == 56
    assert [(a.detector, str(a.verdict), a.principals) for a in seen.alerts] == [
        ("request_ids", "fault", []), ("request_ids", "attack", ["u-5"]),
    ]  # fmt: skip
    assert [a.record_ids[-1] for a in seen.alerts] == ["req-7", "req-8"]


def test_a_half_that_is_no_record_is_rejected_with_its_reason():
    import numpy as np

    from schemas.formats.exchange import Exchange
    from schemas.formats.reading import Half, Reading
    from schemas.formats.rules import LIMITS, SOURCE

    half = Half(Exchange({"time": float(START)}, [{"prompt": "hi"}], REQUEST, "k"), 4, float("nan"))
    meeting = Meeting(SOURCE, LIMITS)
    meeting.join(Reading([], np.zeros(0, np.int64), [], [half]), "file")
    (reject,) = meeting.finish(9).rejects
    assert (reject.offset, reject.path) == (9, "$.model")


def test_requests_without_an_answer_are_watched_under_the_version_that_answers_the_others(tmp_path):
    lines = []
    for i in range(200):
        asked = {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP64", "data": [i, 1.5]}]}
        said = {"outputs": [{"name": "predict_proba", "shape": [1, 2], "datatype": "FP64", "data": [0.25, 0.75]}]}
        answer = {"model_name": "fraud", "model_version": "7" if i < 100 else "8", **said}
        lines.append(event(i, REQUEST, asked, f"u-{i % 7}"))
        if i % 10 != 5:
            lines.append(event(i, RESPONSE, answer))
    seen, summary = watch(lines, folder=tmp_path, window=10.0)
    assert summary.halves == {PAIR: 180, REQUEST: 20}
    found = {key: one.records for key, one in summary.models.items()}
    assert found == {("fraud", "7"): 99, ("fraud", "8"): 101}  # one was waited for when the other version began
    assert sum(one.phase == REQUEST for one in seen.records) == 20


def test_halves_that_say_no_time_are_rejected_and_not_of_1970(tmp_path):
    path = tmp_path / "inspected.txt"
    lines = [f'seldon.default.model.iris.{name}\tr{i}\t{body}' for i in range(3) for name, body in (
        ("inputs", '{"inputs":[{"name":"x","datatype":"FP64","shape":[1,2],"contents":{"fp64Contents":[1,2]}}]}'),
        ("outputs", '{"modelName":"iris_1","modelVersion":"1","outputs":[{"name":"predict","datatype":"INT64",'
                    '"shape":[1,1],"contents":{"int64Contents":["1"]}}]}'),
    )]  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    refused: list[Reject] = []
    seen = Seen()
    seen.on_rejects = refused.extend  # type: ignore[method-assign]
    scan([str(path)], Plan(burn_in=86_400.0, alerts_per_day=10.0, secret=b"x", release=""), seen, form="seldon2")
    assert [(one.path, "no time" in one.reason) for one in refused] == [("$.time", True)] * 3
    assert seen.records == []


def test_what_an_answer_says_that_came_late_was_said_to_whoever_asked(tmp_path):
    lines = [event(i, phase, body, f"u-{i}" if phase == REQUEST else "") for i in range(90) for phase, body in (
        (REQUEST, {"instances": [[1.0]]}), (RESPONSE, {"predictions": [[0.25, 0.75]]}),
    ) if (i, phase) != (3, RESPONSE)]  # fmt: skip
    late = json.loads(event(80, RESPONSE, {"predictions": [[0.5, 0.5]]}, "")) | {"id": "req-3", "metadata": "{}"}
    seen, summary = watch([*lines, json.dumps(late)], folder=tmp_path)
    assert summary.halves == {PAIR: 89, REQUEST: 1, LATE: 1}
    (answer,) = [one for one in seen.records if one.phase == LATE]
    assert (answer.principal, answer.probabilities) == ("u-3", [0.5, 0.5])
