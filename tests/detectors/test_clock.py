"""The partition's clock."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors import clock

TIMES = st.lists(st.floats(1e9, 1.01e9), min_size=1, max_size=60)


def ticks(times, cuts=()):
    state, out = clock.new(), []
    edges = [0, *sorted(cuts), len(times)]
    for a, b in itertools.pairwise(edges):
        out += clock.tick(np.array(times[a:b], np.float64), state).tolist()
    return out


@given(TIMES, st.data())
def test_it_never_goes_back_and_does_not_depend_on_cuts(times, data):
    cut = data.draw(st.integers(0, len(times)))
    now = ticks(times)
    assert now == sorted(now)
    assert now == ticks(times, [cut])


def test_one_liar_cannot_move_it():
    assert max(ticks([1e9, 7e9, 1e9 + 1, 7e9, 1e9 + 2])) == 1e9 + 2


def test_a_night_without_traffic_is_believed_after_a_few_witnesses():
    morning = [1e9 + 30_000 + i for i in range(clock.WITNESSES)]
    assert ticks([1e9, *morning])[-1] == morning[0]
    assert ticks([1e9, *morning[:-1]])[-1] == 1e9


def test_late_records_leave_it_where_it_is():
    assert ticks([1e9, 1e9 + 10, 1e9 + 5]) == [1e9, 1e9 + 10, 1e9 + 10]
