"""Records of other forms, other models and no sense at all among the good ones: the cuts still do not matter."""

import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.arrivals import Arrivals
from detectors.pipeline import Pipeline
from schemas.columns import batches
from schemas.record import Record, Reject
from streams.scan import drive


@settings(deadline=None)
@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=40), st.data())
def test_parts_give_every_row_of_every_form_at_its_place(widths, data):
    records = [Record(id=str(i), time=float(i), model="m", features=[0.0] * w) for i, w in enumerate(widths)]
    rows = Arrivals(batches(records, np.arange(len(records), dtype=np.int64) * 2))
    assert rows.time.tolist() == [r.time for r in records]
    cut = data.draw(st.integers(0, len(records)))
    found = {}
    for part in (slice(0, cut), slice(cut, len(records))):
        for batch, places in rows.parts(part):
            assert batch.offsets.tolist() == rows.offsets[places].tolist()
            found |= dict(zip(places.tolist(), (int(r.id) for r in batch.records), strict=True))
    assert [found[i] for i in range(len(records))] == list(range(len(records)))


@pytest.fixture(scope="module")
def crowd(history):
    """Two days of traffic in which every seventh record has a feature less and every fifth belongs to another model."""
    odd = []
    for i, record in enumerate(history):
        if i % 7 == 3:
            odd.append(msgspec.structs.replace(record, features=record.features[1:]))
        elif i % 5 == 1:
            odd.append(msgspec.structs.replace(record, model="other"))
        else:
            odd.append(record)
    return odd


def watched(plan, crowd, cuts):
    """Alerts, blocks, coverage and state, with a broken record after every hundredth."""
    pipeline, alerts, blocks, coverage = Pipeline(plan), [], [], {}
    for a, b in itertools.pairwise([0, *sorted(cuts), len(crowd)]):
        rejects = [Reject(offset=2 * i + 1, topic="t", partition=0, reason="x") for i in range(a, b) if i % 100 == 99]
        out = drive(pipeline, crowd[a:b], np.arange(a, b, dtype=np.int64) * 2, rejects)
        alerts += map(msgspec.json.encode, out.findings.alerts)
        blocks += [msgspec.json.encode(one) for one in out.blocks]
        for row in out.coverage:
            coverage[row.bucket, row.model, row.version, row.hour] = msgspec.json.encode(
                [row.records, row.scored, row.rejected, row.not_watched]
            )
    return sorted(alerts), sorted(blocks), coverage, pipeline


@pytest.fixture(scope="module")
def undisturbed(plan, crowd):
    return watched(plan, crowd, range(1000, len(crowd), 1000))


@settings(max_examples=3, deadline=None)
@given(st.sets(st.floats(0, 1), max_size=12))
def test_odd_records_among_the_good_ones_change_nothing_with_the_cuts(plan, crowd, undisturbed, places):
    cuts = {1 + int(place * (len(crowd) - 2)) for place in places}
    again = watched(plan, crowd, cuts)
    assert again[0] == undisturbed[0]
    assert again[1] == undisturbed[1]
    assert again[2] == undisturbed[2]
    assert again[3].to_bytes() == undisturbed[3].to_bytes()
    assert undisturbed[0]
