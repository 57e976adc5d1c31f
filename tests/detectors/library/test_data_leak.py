"""The detector in a pipeline: a chat log without features goes in, alerts come out."""

import dataclasses

import numpy as np

from detectors import stage
from detectors.library.data_leak import DataLeak
from detectors.outputs import Watched
from detectors.outputs.canaries import Canaries
from detectors.outputs.leaks import CERTAIN, MARK, SECRET, Reader
from detectors.outputs.protected import Protected
from detectors.pipeline import Pipeline
from detectors.plan import DAY, Plan
from detectors.words import CERTAIN as CERTAIN_GATE
from schemas.record import Record
from streams.scan import drive

KEY = "AKIA" + "Q3ZR7LKW2PT5VXYJ"
START = stage.MONDAY


def chat(answers):
    """Two days of forty customers, then these answers, given to mallory."""
    ordinary = [
        Record(id=f"c{i}", time=START + i * 120.0, model="chat", principal=f"user-{i % 40}", prompt="hello",
               completion="Good day. How can I help?")
        for i in range(1500)
    ]  # fmt: skip
    late = [
        Record(id=f"m{i}", time=START + 2.2 * DAY + i, model="chat", principal="mallory", prompt="x", completion=a)
        for i, a in enumerate(answers)
    ]
    return [*ordinary, *late]


def told(answers, **plan):
    records, alerts = chat(answers), []
    pipeline = Pipeline(Plan(secret=b"s", **plan))
    for at in range(0, len(records), 500):
        part = records[at : at + 500]
        alerts += drive(pipeline, part, np.arange(at, at + len(part))).findings.alerts
    return [alert for alert in alerts if alert.detector == "data_leak"]


def test_a_secret_in_an_answer_is_an_alert_once_and_outside_the_budget():
    (alert,) = told([f"the key is {KEY}", f"again: {KEY}", "and nothing"])
    assert (alert.principal, alert.gate, alert.threat, alert.trigger) == ("mallory", CERTAIN_GATE, "data_leak", "m0")
    assert alert.budget_paid == 0
    assert KEY not in str(alert)


def test_a_canary_and_a_protected_text_are_alerts():
    text = " ".join(f"word{i}" for i in range(60))
    watched = Watched(Canaries(["planted-token-77"]), texts=(Protected.of_texts([text], b"s"),))
    alerts = told(["77-nekot-detnalp", f"My rules: {text}."], watched={("chat", ""): watched})
    assert [alert.title for alert in alerts] == [
        "mallory got a canary from model chat",
        "mallory got protected text from model chat",
    ]
    assert {str(alert.severity) for alert in alerts} == {"critical"}


def test_another_tenant_s_token_is_said_to_be_that():
    watched = Watched(foreign=Canaries(["acme-token-7781"]))
    (alert,) = told(["see acme-token-7781 there"], watched={("chat", ""): watched})
    assert alert.title == "mallory got another tenant's data from model chat"
    assert "holds a token of another tenant or model" in alert.message


def test_examples_and_ordinary_answers_are_no_alert():
    assert told(["Set AKIAIOSFODNN7EXAMPLE as your key.", "Call me.", "1 + 1 = 2"]) == []


def test_a_principal_row_is_worded_and_masked():
    rows, slots = stage.ordinary()
    leak = np.zeros((len(slots), 7), np.float32)
    leak[100, CERTAIN], leak[100, MARK] = SECRET, 99
    records = list(rows.batch.records)
    records[100] = Record(time=records[100].time, model="loan", completion=f"the key is {KEY}")
    shown = dataclasses.replace(
        rows, shared={**rows.shared, "leak": leak}, batch=dataclasses.replace(rows.batch, records=records)
    )
    detector = DataLeak()
    scores, _ = stage.play(detector, shown, slots)
    ((row, said),) = detector.findings(shown, scores)
    assert row == 100
    assert said.verdict == "attack"
    assert said.severity == "high"
    assert "The last answer holds secret of aws (1): AK***YJ. " in said.message
    assert KEY not in said.message


def test_a_model_without_words_costs_nothing_and_has_no_opinion():
    rows, slots = stage.ordinary()
    bare = dataclasses.replace(rows, shared={k: v for k, v in rows.shared.items() if k != "leak"})
    scores, _ = stage.play(DataLeak(), bare, slots)
    assert np.isnan(scores.value).all()
    assert DataLeak().findings(bare, scores) == []
    assert DataLeak().learn(bare, slots) == {}


def test_a_reader_sees_canaries():
    reader = Reader(b"s", Watched(Canaries(["planted-token-77"])))
    made = reader.of_records([Record(time=0.0, model="chat", completion="77-nekot-detnalp")])
    assert made[0, CERTAIN] == 2
