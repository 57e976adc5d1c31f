import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detectors import leak_evidence
from detectors.leak_evidence import DAY, Law
from detectors.outputs.leaks import CANARY, CERTAIN, COUNT, ITEMS, MARK, SECRET, WIDTH

NOTHING = Law(np.zeros(1), np.zeros(0, np.uint32))


def answers(*items, certain=0, mark=0):
    """One answer a tuple of marks."""
    made = np.zeros((len(items), WIDTH), np.float32)
    for row, marks in zip(made, items, strict=True):
        row[COUNT] = len(marks)
        row[ITEMS][: min(4, len(marks))] = marks[:4]
        row[CERTAIN], row[MARK] = certain, mark
    return made


def play(leaks, time=None, slots=None, law=NOTHING, rows=None):
    n = len(leaks)
    time = np.arange(n, dtype=float) if time is None else np.asarray(time, float)
    slots = np.zeros(n, np.int64) if slots is None else np.asarray(slots)
    rows = np.zeros(int(slots.max(initial=0)) + 1, leak_evidence.state) if rows is None else rows
    made = leak_evidence.blank(n)
    leak_evidence.follow(leaks, time, np.ones(n, np.bool_), slots, law, rows, made)
    return made


def test_new_items_add_up_and_the_same_again_adds_nothing():
    made = play(answers((1,), (1,), (2, 3), ()))
    assert np.round(made.value, 2).tolist() == [1, 1, 3, 3]
    assert made.items.tolist() == [1, 1, 3, 3]


def test_a_dump_in_one_answer_counts_for_many_but_not_for_everything():
    assert play(answers(tuple(range(1, 11)))).value.tolist() == [10]
    assert play(answers(tuple(range(1, 200)))).value.tolist() == [16]


def test_half_of_it_is_forgotten_in_a_day():
    assert play(answers((1, 2), ()), time=[0, DAY]).value.tolist() == [2, 1]


def test_what_is_usual_is_taken_off_and_what_many_were_given_does_not_count():
    law = Law(np.array([0.5]), np.array([7], np.uint32))
    assert np.round(play(answers((7,), (1,), (7,)), law=law).value, 2).tolist() == [0, 0.5, 0]


def test_no_answer_is_no_opinion():
    assert np.isnan(play(np.full((2, WIDTH), -1, np.float32)).value).all()


def test_what_is_certain_is_told_once_a_week_for_each_finding():
    leaks = np.concatenate([answers((), certain=SECRET, mark=m) for m in (5, 5, 6, 5, 5)])
    made = play(leaks, time=1e9 + np.array([0, 60, 120, 6 * DAY, 8 * DAY]))
    assert made.told.tolist() == [SECRET, 0, SECRET, 0, SECRET]


def test_secrets_of_the_clean_period_are_not_told_but_canaries_are():
    clean = np.concatenate([answers((), certain=SECRET, mark=5), answers((), certain=CANARY, mark=6)])
    law = leak_evidence.learn(clean, np.arange(2.0), np.arange(2))
    assert play(clean, law=law).told.tolist() == [0, CANARY]


def test_an_address_that_three_were_given_is_everybodys():
    leaks = answers((9,), (9,), (9, 4), (4,))
    law = leak_evidence.learn(leaks, np.arange(4.0), np.array([0, 1, 2, 3]))
    assert law.common.tolist() == [9]


def test_what_customers_are_given_is_usual():
    leaks = np.concatenate([answers((i,)) for i in range(1, 41)])
    law = leak_evidence.learn(leaks, np.arange(40.0), np.arange(40) % 4)
    assert 0.9 < law.usual[0] <= 1


@given(
    st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(1, 9), max_size=6), st.integers(0, 3)), max_size=30),
    st.integers(0, 30),
)
def test_cuts_do_not_matter(rows, cut):
    leaks = np.concatenate([answers(tuple(m), certain=c, mark=c) for _, m, c in rows] or [answers()])
    slots = np.array([s for s, _, _ in rows], np.int64)
    whole = play(leaks, slots=slots, rows=np.zeros(3, leak_evidence.state))
    state, time = np.zeros(3, leak_evidence.state), np.arange(float(len(rows)))
    first = play(leaks[:cut], time[:cut], slots[:cut], rows=state)
    second = play(leaks[cut:], time[cut:], slots[cut:], rows=state)
    for name, column in whole._asdict().items():
        assert np.concatenate([getattr(first, name), getattr(second, name)]).tobytes() == column.tobytes()
