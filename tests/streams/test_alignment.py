"""Slices of partitions that lag differently: each message goes on once, in its partition's order, and in time."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.alignment import SLACK, Alignment, Portion, smooth
from streams.batches import TopicPartition

DAY = 86_400.0
A, B, C = (TopicPartition("source", number) for number in range(3))


def drained(alignment: Alignment[str]) -> list[tuple[str, int, int]]:
    made: list[tuple[str, int, int]] = []
    while (one := alignment.next()) is not None:
        made.append((one.item, one.start, one.stop))
    return made


def held(*tps: TopicPartition, slack: float = 10.0) -> tuple[Alignment[str], set[TopicPartition]]:
    """Partitions, all waited for as long as they are in the set."""
    waited = set(tps)
    alignment: Alignment[str] = Alignment(lambda tp: tp in waited, slack, witnesses=1)
    alignment.begin(tps)
    return alignment, waited


def line(*times: float) -> np.ndarray:
    return np.array(times, np.float64)


def test_nothing_goes_on_before_every_partition_has_shown_where_it_begins():
    alignment, _ = held(A, B)
    alignment.enter(A, "a", line(100, 105, 130))
    assert drained(alignment) == []
    alignment.enter(B, "b", line(95, 118, 119))
    assert drained(alignment) == [("b", 0, 1), ("a", 0, 2), ("b", 1, 3)]


def test_a_partition_that_was_read_to_its_end_holds_nobody_up():
    alignment, waited = held(A, B)
    alignment.enter(A, "a", line(100, 200, 300))
    assert drained(alignment) == []
    waited.remove(B)
    assert drained(alignment) == [("a", 0, 3)]


def test_what_waits_for_a_partition_that_goes_can_go():
    alignment, _ = held(A, B)
    alignment.enter(A, "a", line(100, 200))
    alignment.enter(B, "b", line(100))
    assert drained(alignment) == [("a", 0, 1), ("b", 0, 1)]
    assert alignment.end([B]) == []
    assert drained(alignment) == [("a", 1, 2)]


def test_slices_that_did_not_go_on_as_a_whole_are_given_back():
    alignment, _ = held(A, B)
    alignment.enter(A, "a1", line(100, 200))
    alignment.enter(A, "a2", line(300))
    alignment.enter(B, "b", line(100))
    assert drained(alignment) == [("a1", 0, 1), ("b", 0, 1)]
    assert alignment.clear() == ["a1", "a2"]
    assert drained(alignment) == []


def test_slices_without_any_time_wait_for_nobody():
    alignment, _ = held(A, B)
    alignment.enter(A, "a", line(np.nan, np.nan))
    assert drained(alignment) == [("a", 0, 2)]


def test_live_slices_of_one_moment_go_on_whole():
    alignment, _ = held(A, B)
    for tp, name in ((A, "a"), (B, "b")):
        alignment.enter(tp, name, line(100))
    drained(alignment)
    alignment.enter(A, "a", line(103, 101, 105))
    assert drained(alignment) == [("a", 0, 3)]


Slices = list[list[float]]
steps = st.lists(st.lists(st.floats(0, 40), min_size=1, max_size=8), min_size=0, max_size=5)


@given(st.lists(steps, min_size=1, max_size=4), st.data())
def test_every_message_goes_on_once_in_its_order_and_in_time(some: list[Slices], data: st.DataObject):
    """Whatever the slices, in whatever order they are fetched, and whenever ends are known."""
    slack = 10.0
    tps = [TopicPartition("source", number) for number in range(len(some))]
    clock, coming = 0.0, {}
    for tp, gaps in zip(tps, some, strict=True):
        clock, coming[tp] = 0.0, []
        for one in gaps:
            coming[tp].append(np.cumsum([clock, *one])[1:])
            clock = float(coming[tp][-1][-1])
    expected = {tp: np.concatenate([line(), *slices]).tolist() for tp, slices in coming.items()}
    alignment: Alignment[np.ndarray] = Alignment(lambda tp: bool(coming[tp]), slack, witnesses=1)
    alignment.begin(tps)
    went: list[Portion[np.ndarray]] = []
    while any(coming.values()):
        tp = data.draw(st.sampled_from([tp for tp in tps if coming[tp]]))
        times = coming[tp].pop(0)
        alignment.enter(tp, times, times)
        while (one := alignment.next()) is not None:
            went.append(one)
    assert {tp: [t for p in went if p.tp == tp for t in p.item[p.start : p.stop].tolist()] for tp in tps} == expected
    order = [t for p in went for t in p.item[p.start : p.stop].tolist()]
    behind = np.maximum.accumulate([-inf, *order])[1:] - order if order else line()
    assert (behind <= slack + 1e-6).all()
    assert sum(p.last for p in went) == sum(len(slices) for slices in some)


@given(st.lists(steps, min_size=2, max_size=4), st.data())
def test_where_partitions_come_and_go_nothing_is_lost_or_overtaken(some: list[Slices], data: st.DataObject):
    """What is given back comes again from where it did not go on, as the group's commit has it."""
    tps = [TopicPartition("source", number) for number in range(len(some))]
    slices = {tp: [np.cumsum(one) + 50 * k for k, one in enumerate(gaps)] for tp, gaps in zip(tps, some, strict=True)}
    at, done = dict.fromkeys(tps, 0), dict.fromkeys(tps, 0)
    alignment: Alignment[tuple[int, np.ndarray]] = Alignment(lambda tp: at[tp] < len(slices[tp]), 10.0)
    alignment.begin(tps)
    went: dict[TopicPartition, list[tuple[int, int, int]]] = {tp: [] for tp in tps}
    moves = 0
    while any(done[tp] < len(slices[tp]) for tp in tps):
        tp = data.draw(st.sampled_from([tp for tp in tps if done[tp] < len(slices[tp])]))
        if moves < 10 and data.draw(st.integers(0, 3)) == 0:
            moves += 1
            assert [number for number, _ in alignment.end([tp])] == list(range(done[tp], at[tp]))
            at[tp] = done[tp]
            alignment.begin([tp])
        elif at[tp] < len(slices[tp]):
            alignment.enter(tp, (at[tp], slices[tp][at[tp]]), slices[tp][at[tp]])
            at[tp] += 1
        while (one := alignment.next()) is not None:
            number = one.item[0]
            assert number == done[one.tp]
            went[one.tp].append((number, one.start, one.stop))
            done[one.tp] += one.last
    for tp in tps:
        for number, times in enumerate(slices[tp]):
            parts = [(start, stop) for k, start, stop in went[tp] if k == number]
            whole = [i for i, (start, _) in enumerate(parts) if start == 0][-1]
            assert [start for start, _ in parts[whole:]] == [0, *(stop for _, stop in parts[whole:-1])]
            assert parts[-1][1] == len(times)


@pytest.mark.parametrize("lie", [0.0, 2 * DAY, 4e9], ids=["1970", "days ahead", "2099"])
@pytest.mark.parametrize("where", [0, 1, 500, 968])
def test_one_liar_changes_the_time_of_nothing_but_himself(lie: float, where: int):
    honest = 1e6 + np.arange(1000) * 60.0
    times = honest.copy()
    times[where] = lie if lie in (0.0, 4e9) else times[where] + lie
    assert np.array_equal(np.delete(smooth(times), where), np.delete(honest, where))
    assert smooth(times)[where] <= honest[where]


@pytest.mark.parametrize("lie", [0.0, 4e9])
def test_liars_who_are_fewer_than_half_of_all_witnesses_change_nothing(lie: float):
    honest = 1e6 + np.arange(2000) * 60.0
    times = honest.copy()
    times[:1969][np.arange(1969) % 3 == 1] = lie
    told = times != lie
    assert np.array_equal(smooth(times)[told], honest[told])


def test_times_behind_which_there_are_too_few_witnesses_count():
    times = 1e6 + np.arange(100) * 60.0
    times[69] += DAY
    assert smooth(times)[69:].tolist() == [1e6 + 69 * 60.0 + DAY] * 31
    assert np.array_equal(np.delete(smooth(np.append(times, 1e6 + 6000.0))[:100], 69), np.delete(times, 69))


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=200))
def test_times_in_order_are_never_made_later_and_never_go_back(gaps: list[float]):
    times = np.cumsum(gaps)
    made = smooth(times)
    assert (np.diff(made) >= 0).all()
    assert (made <= times + 1e-6).all()
    assert np.array_equal(smooth(times, 1), times)


@given(st.lists(st.one_of(st.just(np.nan), st.floats(0, 4e9)), min_size=1, max_size=200))
def test_whatever_the_times_they_never_go_back(times: list[float]):
    made = smooth(np.array(times))
    assert len(made) == len(times)
    assert not np.isnan(made).any()
    assert (made[1:] >= made[:-1]).all()


@pytest.mark.parametrize("lie", [2 * DAY, 4e9], ids=["days ahead", "2099"])
def test_a_liar_at_the_end_of_a_slice_waits_only_until_witnesses_come(lie: float):
    alignment: Alignment[str] = Alignment(lambda tp: True)
    alignment.begin([A, B])
    alignment.enter(A, "a1", np.append(60.0 * np.arange(100), lie))
    alignment.enter(B, "b", 60.0 * np.arange(200))
    drained(alignment)
    assert alignment.waiting(A) == [("a1", 100)]
    alignment.enter(A, "a2", 60.0 * np.arange(101, 132))
    assert ("a1", 100, 101) in drained(alignment)
    assert alignment.waiting(A) == []


def crowd(seed: int) -> np.ndarray:
    """Two days of 6,000 messages in order of arrival: full days, empty nights, bursts, each up to 40 places late."""
    chance = np.random.default_rng(seed)
    spread = DAY * (0.5 + 0.12 * chance.standard_normal(2800)) + DAY * chance.integers(0, 2, 2800)
    bursts = np.concatenate([start + np.sort(chance.uniform(0, 60, 80)) for start in chance.uniform(0, 2 * DAY, 40)])
    times = np.sort(np.concatenate([spread, bursts]))
    return times[np.argsort(np.arange(len(times)) + chance.uniform(0, 40, len(times)))]


def late(times: np.ndarray) -> float:
    """How far behind a later one the latest comes, s."""
    return float((np.maximum.accumulate(times) - times).max())


@pytest.mark.parametrize("most", [1, 5, 50, 300, 6000])
@pytest.mark.parametrize("seed", range(3))
def test_however_small_its_slices_are_a_source_out_of_order_gets_no_worse(most: int, seed: int):
    times, chance = crowd(seed), np.random.default_rng(seed)
    left = {tp: times[number::3] for number, tp in enumerate((A, B, C))}
    alignment: Alignment[np.ndarray] = Alignment(lambda tp: len(left[tp]) > 0)
    alignment.begin(left)
    went: list[np.ndarray] = []
    while any(map(len, left.values())):
        tp = [tp for tp in left if len(left[tp])][int(chance.integers(sum(len(rest) > 0 for rest in left.values())))]
        slice_, left[tp] = np.split(left[tp], [int(chance.integers(1, most + 1))])
        alignment.enter(tp, slice_, slice_)
        while (one := alignment.next()) is not None:
            went.append(one.item[one.start : one.stop])
    assert late(np.concatenate(went)) <= late(times) + SLACK
