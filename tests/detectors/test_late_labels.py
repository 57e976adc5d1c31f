"""Late labels: a model that becomes worse is told once, a world that changes too, and nothing where nothing does."""

import itertools
from functools import cache

import msgspec
import numpy as np
import pytest

from detectors.correlator import Correlator
from detectors.late_labels import CONCEPT, PERFORMANCE, LateLabels
from detectors.late_words import late_alert
from detectors.packing import Corrupt
from detectors.pipeline import Pipeline
from detectors.plan import Plan
from schemas.record import FEEDBACK, Record
from schemas.signal import Signal
from streams.scan import drive

CHANGE = 2400


def stream(kind, *, known=True, records=4800):
    """Feedback of sixty contributors; ``kind`` says what happens in the middle."""
    rng, made = np.random.default_rng(5), []
    for i in range(records):
        late = i >= CHANGE
        truth = int(rng.integers(0, 3))
        if late and kind == "inputs" and truth == 0:
            truth = int(rng.integers(0, 3))
        x = np.array([[2.5, 0, 0], [0, 2.5, 0], [0, 0, 2.5]])[truth] + rng.normal(0, 0.6, 3)
        right = 0.93 - 0.25 * (late and kind == "worse")
        answer = truth if rng.random() < right else (truth + 1) % 3
        label = 1 if late and kind == "concept" and truth == 0 and rng.random() < 0.7 else truth
        made.append(
            Record(id=f"f{i}", time=1.7675712e9 + 40.0 * i, model="shop", version="2", phase=FEEDBACK,
                   principal=f"c{rng.integers(0, 60)}", features=x.round(3).tolist(), label=label,
                   probabilities=np.eye(3)[answer].tolist() if known else None)
        )  # fmt: skip
    return made


@cache
def told(kind, *, known=True):
    """Changes told, the row of each, and all that came of a stream."""
    records = stream(kind, known=known)
    out = drive(Pipeline(Plan(secret=b"late")), records, np.arange(len(records), dtype=np.int64))
    late = LateLabels()
    times = np.array([r.time for r in records])
    found = [one for _, _, block in out.late for one in late.add(block)]
    return found, [int(np.searchsorted(times, one.time)) for one in found], out


def test_nothing_is_told_where_nothing_changes():
    assert told("nothing")[0] == []


def test_a_model_that_becomes_worse_is_told_once_within_a_thousand_records():
    found, rows, _ = told("worse")
    assert [one.threat for one in found] == [PERFORMANCE]
    assert CHANGE < rows[0] < CHANGE + 1000
    assert found[0].now > found[0].before + 0.1
    assert found[0].joined == 1.0


@pytest.mark.parametrize("known", [True, False])
def test_labels_that_change_their_meaning_are_told_while_inputs_have_not_moved(known):
    found, rows, out = told("concept", known=known)
    assert CONCEPT in {one.threat for one in found}
    assert len(found) <= 2
    assert all(CHANGE < row < CHANGE + 1000 for row in rows)
    assert not out.findings.alerts  # everybody's labels changed: nobody is a poisoner


def test_words_say_whose_answers_are_meant():
    (worse, *_), _, _ = told("worse")
    said = late_alert(worse, model="shop", version="2", trigger="t/0/1", release="")
    assert "the model's own answer" in said.message
    assert said.runbook == "docs/runbooks/drift_performance.md"
    other = late_alert(worse._replace(joined=0.0), model="shop", version="2", trigger="t/0/1", release="")
    assert "not known here" in other.message


def test_the_correlator_tells_the_same_whatever_the_order_and_after_a_snapshot():
    out = told("worse")[2]
    signals = [Signal(topic="feedback", partition=0, time=block.last, late=block, model=m, version=v)
               for m, v, block in out.late]  # fmt: skip
    ordered, shuffled = Correlator(), Correlator()
    for signal in signals:
        ordered.add(signal, 0.0)
    half = len(signals) // 2
    for signal in signals[:half]:
        shuffled.add(signal, 0.0)
    again = Correlator()
    again.load(shuffled.to_bytes())
    for signal in signals[half:] + signals[:half]:
        again.add(signal, 0.0)
    first, second = (c.finish() for c in (ordered, again))
    assert [a.threat for a in first] == [PERFORMANCE]
    assert list(map(msgspec.json.encode, first)) == list(map(msgspec.json.encode, second))


def test_state_that_went_through_bytes_goes_on_as_it_was():
    blocks = [block for _, _, block in told("worse")[2].late]
    one, other = LateLabels(), LateLabels()
    for block in blocks:
        assert one.add(block) == other.add(block)
        other = LateLabels.from_bytes(other.to_bytes())
    assert one.to_bytes() == other.to_bytes()
    with pytest.raises(Corrupt):
        LateLabels.from_bytes(one.to_bytes()[:-9])


def test_answers_are_found_by_the_id_of_the_request_whatever_the_cuts():
    said = [msgspec.structs.replace(r, probabilities=None, version="", request_id=f"q{i}")
            for i, r in enumerate(stream("nothing", records=900))]  # fmt: skip
    asked = [msgspec.structs.replace(r, id=f"q{i}", phase="", request_id="", label=None, version="7", time=r.time - 9e3,
                                     principal="app", probabilities=[0.1, 0.8, 0.1])
             for i, r in enumerate(said)]  # fmt: skip
    both = [said[0], *itertools.chain.from_iterable(zip(asked[1:], said[1:], strict=True))]
    offsets = np.arange(len(both), dtype=np.int64)

    def blocks(cuts):
        pipeline, found = Pipeline(Plan(secret=b"late")), []
        for a, b in itertools.pairwise([0, *cuts, len(both)]):
            found += drive(pipeline, both[a:b], offsets[a:b]).late
        return found

    whole = blocks([])
    assert whole == blocks([1, 2, 300, 777, 1200])
    assert {version for _, version, _ in whole} >= {"7"}
    last = whole[-1][2]
    assert last.level[last.names.index("joined")] == 1.0
    assert last.delay == pytest.approx(9000.0)
