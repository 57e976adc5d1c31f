"""Windows of voices, beside the same sums written plainly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.blocks import COUNT
from detectors.voices import voice
from detectors.window import ASSUMED, CLIP, LEAST, MOVER, OWN, PAST, RECORD, SESSION, TOGETHER, looked, outside


def spoken(n, principals, seed):
    r = np.random.default_rng(seed)
    said = np.zeros(n, voice)
    code = r.integers(0, principals, n)
    said["who"] = [f"u-{c}".encode() for c in code]
    said["count"], said["known"] = r.integers(1, 40, n), r.integers(1, 900, n)
    said["level"], said["usual"] = r.normal(0, 1, (2, n, COUNT))
    return said, code


def plainly(said, code, variance, offset):
    names, first, who = np.unique(code, return_index=True, return_inverse=True)
    weight = 1 / (SESSION + RECORD / said["count"])
    total = np.bincount(who, weight)
    level = np.zeros((len(names), COUNT))
    np.add.at(level, who, said["level"] * weight[:, None])
    moved = level / total[:, None] - said["usual"][first]
    spread = OWN + (1 / total + PAST / said["known"][first])[:, None]
    weight = np.sqrt(spread.min(0) / spread)
    mean = (moved * weight).sum(0) / weight.sum(0)
    further = np.array([outside(m, o) for m, o in zip(mean, offset, strict=True)]) - mean
    z = np.clip((moved + further) / np.sqrt(variance * spread), -CLIP, CLIP)
    margin = (z * weight).sum(0) / np.sqrt((weight**2).sum(0) + (TOGETHER * weight.sum(0)) ** 2)
    return first, z, mean, margin, (np.sign(margin) * z >= MOVER).mean(0)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 60), principals=st.integers(1, 40), seed=st.integers(0, 1000))
def test_compiled_sums_are_those_of_the_formula(n, principals, seed):
    said, code = spoken(n, principals, seed)
    offset = np.random.default_rng(seed + 1).normal(0, 0.5, COUNT)
    found = looked(said, code, ASSUMED**2, offset)
    if len(set(code.tolist())) < LEAST:
        assert found is None
        return
    first, z, mean, margin, going = plainly(said, code, ASSUMED**2, offset)
    order = np.argsort(first)
    assert np.array_equal(found.first, first[order])
    assert np.allclose(found.z, z[order], atol=1e-5)
    assert np.allclose(found.moved, mean, atol=1e-6)
    assert np.allclose(found.margin, margin, atol=1e-5)
    assert np.abs(found.going - going).max() <= 2 / len(first)


def test_numbers_of_principals_are_only_names():
    said, code = spoken(40, 20, 3)
    one, other = (looked(said, some, ASSUMED**2, np.zeros(COUNT)) for some in (code, 1000 - 3 * code))
    assert one.z.tobytes() == other.z.tobytes()
    assert one.margin.tobytes() == other.margin.tobytes()


@pytest.mark.parametrize(
    ("moved", "offset", "left"),
    [(3.0, 2.0, 0.0), (-1.0, 2.0, -1.0), (7.0, 2.0, 4.0), (-7.0, -2.0, -4.0), (2.0, 0.0, 2.0)],
)
def test_a_move_counts_beyond_the_span_of_the_last_change(moved, offset, left):
    assert outside(moved, offset) == left
