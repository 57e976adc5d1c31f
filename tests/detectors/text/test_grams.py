"""Grams are a set, and weights added four at a time make the sums that they make one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.text import grams
from detectors.text.canonical import MOST, canonical

CHANCE = np.random.default_rng(5)
WEIGHTS = CHANCE.integers(-127, 128, (grams.PLACES, 7)).astype(np.int8)
EXTREME = np.where(np.arange(7) % 2 == 0, -127, 127).astype(np.int8)
UNIT = np.linspace(0.01, 0.02, 7).astype(np.float32)


def sums(text: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    seen, places, out = grams.blank(), np.empty(grams.GRAMS * MOST, np.int64), np.empty(7, np.float32)
    grams.logits(text, seen, places, grams.packed(weights), UNIT, out)
    assert not seen.any()
    some = places[: grams.grams(text, seen, places)]
    assert not seen.any()
    assert len(np.unique(some)) == len(some)
    scale = np.float32(1) / np.sqrt(np.float32(max(len(some), 1)))
    return out, weights[some].sum(0, dtype=np.int64).astype(np.float32) * scale * UNIT


@settings(deadline=None)
@given(st.text(max_size=700))
def test_weights_added_in_lanes_are_what_they_are_one_by_one(text: str) -> None:
    found, plainly = sums(canonical(text).text, WEIGHTS)
    assert np.array_equal(found, plainly)


def test_no_lane_overflows_on_the_longest_text_with_the_largest_weights() -> None:
    text = CHANCE.integers(97, 123, MOST).astype(np.uint8)
    found, plainly = sums(text, np.broadcast_to(EXTREME, WEIGHTS.shape))
    assert np.array_equal(found, plainly)
