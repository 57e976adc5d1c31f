from hypothesis import given
from hypothesis import strategies as st

from streams.pauses import Pauses


@given(st.floats(0.001, 10), st.floats(0.001, 100), st.integers(1, 200))
def test_pauses_grow_to_their_largest_and_no_further(first, largest, tries):
    pauses = Pauses(first=first, largest=largest)
    for step in range(tries):
        whole = min(largest, first * 2.0**step) if step < 60 else min(largest, first * 2.0**60)
        assert whole / 2 <= pauses.next() <= whole


def test_a_success_starts_them_again():
    pauses = Pauses(first=1.0, largest=64.0)
    for _ in range(5):
        pauses.next()
    pauses.reset()
    assert pauses.next() <= 1.0


def test_two_clients_do_not_come_back_together():
    assert len({Pauses(first=1.0).next() for _ in range(50)}) > 40
