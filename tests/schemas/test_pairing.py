"""Halves of calls: each leaves in exactly one call, whatever comes in what order, is cut, lost or doubled."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.pairing import EACH, LATE, PAIR, REQUEST, RESPONSE, REUSED, TAKEN, Call, Half, Pairing

HALVES = st.builds(
    Half,
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from([REQUEST, RESPONSE]),
    st.floats(0, 500, allow_nan=False),
    st.sampled_from(["", "u-1", "u-2"]),
    st.sampled_from([b"x", b"y", b"z" * 50]),
)
STEPS = st.lists(st.one_of(HALVES, st.floats(0, 500, allow_nan=False)), max_size=60)


def half(key: str, phase: str, body: bytes = b"", *, time: float = 0.0, who: str = "") -> Half:
    return Half(key, phase, time, who, body or phase.encode())


def run(pairing: Pairing, steps: list[Half | float]) -> list[Call]:
    found: list[Call] = []
    for step in steps:
        found += pairing.take(step) if isinstance(step, Half) else pairing.advance(step)
    return found


def contents(calls: list[Call]) -> Counter[tuple[str, str, bytes]]:
    parts = [(c.key, phase, body) for c in calls for phase, body in ((REQUEST, c.request), (RESPONSE, c.response))]
    return Counter((key, phase, body) for key, phase, body in parts if body is not None)


def test_two_halves_are_a_pair_whichever_comes_first():
    request, answer = half("a", REQUEST, time=1.0), half("a", RESPONSE, time=2.0)
    whole = [Call(PAIR, "a", 1.0, b"request", b"response")]
    assert run(Pairing(), [request, answer]) == whole
    assert run(Pairing(), [answer, request]) == whole


def test_a_request_without_an_answer_is_a_call_after_the_window_and_not_before():
    pairing = Pairing(window=60)
    assert run(pairing, [half("a", REQUEST, time=10.0), 69.9]) == []
    assert run(pairing, [70.0]) == [Call(REQUEST, "a", 10.0, b"request")]
    assert pairing.waiting == 0


def test_an_answer_that_comes_after_that_is_late_and_a_call_too():
    pairing = Pairing(window=60)
    run(pairing, [half("a", REQUEST), 61.0])
    assert run(pairing, [half("a", RESPONSE, time=61.0)]) == [Call(LATE, "a", 61.0, None, b"response")]
    assert pairing.counts == {REQUEST: 1, LATE: 1}


def test_a_late_answer_is_to_whoever_asked():
    pairing = Pairing(window=60)
    run(pairing, [half("a", REQUEST, who="u-1"), 61.0])
    restarted = Pairing(window=60)
    restarted.load(pairing.to_bytes())
    for one in (pairing, restarted):
        assert run(one, [half("a", RESPONSE, time=61.0)]) == [Call(LATE, "a", 61.0, None, b"response", "u-1")]


def test_the_first_half_wins_and_another_request_with_its_id_is_told_apart():
    pairing = Pairing()
    first, second = half("a", REQUEST, b"mine", who="u-1"), half("a", REQUEST, b"other", who="u-1")
    found = run(pairing, [first, second, half("a", RESPONSE)])
    assert found == [Call(REUSED, "a", 0.0, b"other"), Call(PAIR, "a", 0.0, b"mine", b"response")]


def test_an_id_of_somebody_else_is_taken():
    found = run(Pairing(), [half("a", REQUEST, b"mine", who="u-1"), half("a", REQUEST, b"other", who="u-2")])
    assert [call.kind for call in found] == [TAKEN]


def test_an_id_used_again_after_the_pair_was_made_is_told_apart_too():
    found = run(Pairing(), [half("a", REQUEST), half("a", RESPONSE), half("a", REQUEST, b"again")])
    assert [call.kind for call in found] == [PAIR, REUSED]


def test_a_repetition_is_counted_and_nothing_else():
    pairing = Pairing()
    found = run(pairing, [half("a", REQUEST), half("a", REQUEST), half("a", RESPONSE), half("a", RESPONSE)])
    assert [call.kind for call in found] == [PAIR]
    assert pairing.counts["repeated"] == 2


def test_a_key_is_forgotten_after_two_windows():
    pairing = Pairing(window=60)
    run(pairing, [half("a", REQUEST), half("b", REQUEST), half("b", RESPONSE), 120.0])
    assert pairing.size == 0
    assert run(pairing, [half("a", REQUEST, b"new", time=121.0), half("a", RESPONSE, time=121.0)])[0].kind == PAIR


def test_halves_that_nobody_answers_cannot_fill_the_memory():
    pairing = Pairing(room=10_000)
    found = run(pairing, [half(f"k{i}", REQUEST, b"x" * 600) for i in range(1000)])
    assert pairing.size <= 10_000
    assert [call.key for call in found] == [f"k{i}" for i in range(len(found))]
    assert len(found) + pairing.waiting == 1000
    assert pairing.counts["crowded"] == len(found)


@given(STEPS)
def test_every_half_leaves_in_exactly_one_call(steps):
    """As far as none is a repetition of one that was forgotten by time or for want of room."""
    pairing = Pairing(window=100, room=EACH * 3)
    distinct: list[Half | float] = []
    for i, step in enumerate(steps):
        distinct.append(step._replace(body=step.body + str(i).encode()) if isinstance(step, Half) else step)
    found = run(pairing, distinct) + list(pairing.finish())
    assert contents(found) == Counter((h.key, h.phase, h.body) for h in distinct if isinstance(h, Half))
    assert pairing.size == pairing.waiting == 0
    for call in found:
        assert (call.request is None) + (call.response is None) == (0 if call.kind == PAIR else 1)


@given(STEPS)
def test_repetitions_within_the_window_change_nothing(steps):
    doubled = [again for step in steps for again in (step, step)]
    one, other = Pairing(window=100), Pairing(window=100)
    assert run(one, steps) == run(other, doubled)


@given(STEPS, st.data())
def test_a_restart_from_what_was_stored_changes_nothing(steps, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(steps)), max_size=4)))
    undisturbed = Pairing(window=80, room=EACH * 6)
    expected = run(undisturbed, steps)
    pairing, found, begin = Pairing(window=80, room=EACH * 6), [], 0
    for cut in [*cuts, len(steps)]:
        found += run(pairing, steps[begin:cut])
        begin, stored = cut, pairing.to_bytes()
        pairing = Pairing(window=80, room=EACH * 6)
        pairing.load(stored)
        assert pairing.to_bytes() == stored
    assert found == expected
    assert pairing.to_bytes() == undisturbed.to_bytes()
    assert (pairing.size, pairing.waiting) == (undisturbed.size, undisturbed.waiting)


@pytest.mark.parametrize("dropped", [REQUEST, RESPONSE])
@given(order=st.permutations(range(40)))
def test_shuffled_within_the_window_all_are_paired_but_those_that_lack_a_half(dropped, order):
    sent = [half(f"k{i // 2}", (REQUEST, RESPONSE)[i % 2], f"{i}".encode(), time=float(i)) for i in range(40)]
    sent = [one for one in (sent[i] for i in order) if not (one.phase == dropped and int(one.key[1:]) % 5 == 0)]
    pairing = Pairing(window=100)
    found = run(pairing, [*sent, 1000.0])
    other = RESPONSE if dropped == REQUEST else REQUEST
    assert Counter(call.kind for call in found) == {PAIR: 16, other: 4}
    assert all(int(call.response) == int(call.request) + 1 for call in found if call.kind == PAIR)
