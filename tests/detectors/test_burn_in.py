"""A burn-in's sample: merged, and refused where it is none."""

import numpy as np
import pytest

from detectors.burn_in import BurnIn
from detectors.collector import Collector
from detectors.packing import Corrupt
from schemas.columns import batches


def collected(records):
    made = Collector("loan", "1")
    for batch in batches(records, np.arange(len(records))):
        made.add(batch)
    return made


def test_samples_of_partitions_are_merged_by_time(history):
    evens, odds = (collected(history[k:600:2]).burn_in() for k in (0, 1))
    both = BurnIn.merge([evens, odds])
    assert len(both) == len(evens) + len(odds)
    assert (np.diff(both.time) >= 0).all()
    names = {both.principals[c] for c in both.principal}
    assert names == {r.principal for r in history[:600]}


def test_other_bytes_are_refused():
    with pytest.raises(Corrupt):
        BurnIn.from_bytes(b"tgA1 nonsense")
