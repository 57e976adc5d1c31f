"""Every record falls into one row; rows written again replace themselves."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors.coverage import BUCKET, CoverageTable
from schemas.columns import batches
from schemas.record import Record


@given(st.lists(st.integers(0, 3 * BUCKET), min_size=1, max_size=200, unique=True).map(sorted), st.data())
def test_counts_do_not_depend_on_cuts(offsets, data):
    cut = data.draw(st.integers(0, len(offsets)))
    final = []
    for edges in ([0, len(offsets)], [0, cut, len(offsets)]):
        table, rows = CoverageTable(), {}
        for a, b in itertools.pairwise(edges):
            part = np.array(offsets[a:b], np.int64)
            table.add("m", "1", part, part * 2.0, scored=True, not_watched={})
            rows |= {
                (r.bucket, r.hour): (r.records, r.scored) for r in table.take(int(part[-1]) + 1 if len(part) else 0)
            }
        final.append(rows)
    assert final[0] == final[1]
    assert sum(n for n, _ in final[0].values()) == len(offsets)


def test_complete_buckets_are_forgotten_and_open_ones_go_through_bytes():
    table = CoverageTable()
    table.add("m", "1", np.array([1, BUCKET]), np.zeros(2), scored=False, not_watched={"*": "burn-in"})
    assert len(table.take(BUCKET + 1)) == 2
    other = CoverageTable()
    other.load(table.plain())
    assert [(r.bucket, r.records, r.not_watched) for r in other.rows.values()] == [(1, 1, {"*": "burn-in"})]
    other.reject(BUCKET + 3, 0.0)
    assert [(r.model, r.rejected) for r in other.take(BUCKET + 4)] == [("", 1)]


def test_who_names_nobody_is_counted_in_the_row_of_its_record():
    records = [Record(time=float(n), model="m", principal="unknown" if n % 4 == 0 else "u") for n in range(8)]
    offsets = np.arange(8) + BUCKET - 4
    table = CoverageTable()
    table.add("m", "", offsets, np.zeros(8), scored=True, not_watched={})
    table.unname("m", "", batches(records, offsets), offsets, np.zeros(8))
    assert [(r.bucket, r.records, r.unnamed) for r in table.take(2 * BUCKET)] == [(0, 4, 1), (1, 4, 1)]
