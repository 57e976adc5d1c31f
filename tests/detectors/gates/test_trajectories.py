import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.gates.conformal import Peaks
from detectors.gates.trajectories import Trajectories, moves
from detectors.packing import Corrupt


def history(days=3, units=50, seed=0, **kwargs):
    random, made = np.random.default_rng(seed), Trajectories(**kwargs)
    made.add("flood", epoch=1, peak=random.normal(size=units))
    for epoch in range(2, days + 1):
        peak = random.normal(size=units)
        made.add("flood", epoch=epoch, peak=peak, alerted=peak > 2, threshold=np.full(units, 2.0), paid=0.5)
    return made


def test_parts_of_an_epoch_may_come_in_any_order():
    random = np.random.default_rng(1)
    parts = [(random.normal(size=n), random.random(n) < 0.2, random.random(n)) for n in (5, 0, 30)]
    made = []
    for order in ((0, 1, 2), (2, 0, 1)):
        held = Trajectories()
        for i in order:
            peak, alerted, threshold = parts[i]
            held.add("a", epoch=4, peak=peak, alerted=alerted, threshold=threshold, paid=0.25)
        made.append(held.to_bytes())
    assert made[0] == made[1]


def test_the_burn_in_is_kept_and_of_the_rest_a_window():
    made = history(days=50, window=10)
    assert [e.epoch for e in made.epochs["flood"]] == [1, *range(41, 51)]
    assert made.sample("flood", clean=True).units == 50


def test_memory_is_bounded_whatever_comes():
    made = Trajectories(kept=100)
    for epoch in range(200):
        alerted = np.arange(5000) % 2 == 0
        made.add("a", epoch=epoch, peak=np.arange(5000.0), alerted=alerted, threshold=np.zeros(5000), paid=1.0)
    assert len(made.to_bytes()) < 31 * 2 * 100 * 16 + 3000


def test_ranks_stay_true_where_only_the_largest_peaks_were_kept():
    random = np.random.default_rng(2)
    few, all_ = Trajectories(kept=40), Trajectories()
    for epoch in range(5):
        peak = random.normal(size=100 * (epoch + 1))
        for held in (few, all_):
            held.add("a", epoch=epoch, peak=peak)
    short, full = few.sample("a").values, all_.sample("a").values
    assert few.sample("a").units == all_.sample("a").units == 1500
    assert len(short) >= 40
    assert (short == full[-len(short) :]).all()


def test_no_more_of_the_alerted_count_as_benign_than_was_paid_for():
    made = Trajectories()
    made.add("a", epoch=1, peak=np.arange(20.0))
    made.add("a", epoch=2, peak=np.arange(20.0), alerted=np.arange(20) > 10, threshold=np.full(20, 10.0), paid=1.2)
    sample = made.sample("a")
    assert sample.exceeded == 2
    assert sample.units == 40 - 9 + 2
    assert sample.values.max() == 19.0
    assert (sample.crossed == 10.0).all()


def test_peaks_that_are_no_numbers_are_left_out():
    made = Trajectories()
    made.add("a", epoch=1, peak=np.array([1.0, np.nan, np.inf, -np.inf, 2.0]))
    assert made.sample("a").values.tolist() == [1.0, 2.0]
    assert made.sample("a").units == 2


def test_an_unknown_detector_has_no_peaks():
    assert Trajectories().sample("a").units == 0
    assert Trajectories().volume("a") == 0.0


def test_a_slow_rise_of_everybody_is_followed_and_one_odd_day_is_not():
    random, made = np.random.default_rng(3), Trajectories()
    for epoch in range(1, 21):
        rise = 0.1 * epoch + (5.0 if epoch == 20 else 0.0)
        made.add(
            "a", epoch=epoch, peak=random.normal(size=400) + rise, alerted=None if epoch == 1 else np.zeros(400, bool)
        )
    moved = moves(made.epochs["a"])
    assert moved[0] == pytest.approx(0.1 * 16 + 5 / 7, abs=0.3)
    assert moved[-1] == 0.0
    assert moved[10] - moved[11] == pytest.approx(0.1, abs=0.1)


def test_attackers_cannot_move_the_usual_peak_far():
    random, made = np.random.default_rng(4), Trajectories()
    made.add("a", epoch=1, peak=random.normal(size=1000))
    for epoch in range(2, 12):
        peak = np.concatenate([random.normal(size=950), np.full(50, 100.0)])
        made.add("a", epoch=epoch, peak=peak, alerted=peak > 50, threshold=np.full(1000, 5.0), paid=1.0)
    assert 0.0 < moves(made.epochs["a"])[0] < 0.3


def test_bytes_and_back():
    made = history(days=6)
    back = Trajectories.from_bytes(made.to_bytes())
    assert back.to_bytes() == made.to_bytes()
    assert (back.sample("flood").values == made.sample("flood").values).all()


@given(at=st.integers(0, 2000), bit=st.integers(0, 7), cut=st.integers(0, 3000))
def test_damaged_bytes_are_refused_or_harmless(at, bit, cut):
    data = bytearray(history().to_bytes())
    data[at % len(data)] ^= 1 << bit
    for broken in (bytes(data), bytes(data[:cut])):
        with contextlib.suppress(Corrupt):
            assert isinstance(Trajectories.from_bytes(broken), Trajectories)


def day(held, epoch, peaks, *, above=np.inf, known=None):
    """An epoch of principals 1, 2, 3 and so on."""
    peak, n = np.array(peaks, float), len(peaks)
    held.add(
        "a", epoch=epoch, peak=peak, alerted=peak > above, threshold=np.full(n, above), known=known,
        who=np.arange(1, n + 1, dtype=np.uint64),
    )  # fmt: skip


def test_of_a_principal_the_largest_peak_of_a_week_counts_and_its_days_are_units():
    held = Trajectories()
    held.add("a", epoch=1, peak=np.array([5.0, 1.0, 0.0]), who=np.array([1, 2, 3], np.uint64))
    day(held, 2, [4.0, 2.0, 0.0])
    sample = held.sample("a")
    assert sample.units == 6
    assert sample.values.tolist() == [0.0, 2.0, 5.0]
    assert held.sample("a", clean=True).values.tolist() == [0.0, 1.0, 5.0]


def test_who_alerted_within_a_week_is_one_of_the_alerted_on_all_its_days():
    held = Trajectories()
    held.add("a", epoch=1, peak=np.array([5.0, 1.0]), who=np.array([1, 2], np.uint64))
    held.add(
        "a", epoch=2, peak=np.array([9.0, 2.0]), alerted=np.array([True, False]), threshold=np.full(2, 6.0),
        who=np.array([1, 2], np.uint64), paid=1.0,
    )  # fmt: skip
    sample = held.sample("a")
    assert sample.values.tolist() == [2.0]
    assert sample.exceeded == 1
    assert sample.crossed.tolist() == [6.0]


def test_nobody_without_a_number_is_taken_for_another():
    held = Trajectories()
    for epoch in (1, 2, 3):
        held.add("a", epoch=epoch, peak=np.array([1.0, 2.0]), alerted=np.zeros(2, bool), threshold=np.ones(2))
    assert held.sample("a").values.tolist() == [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]


def test_newcomers_teach_nothing_and_count_in_the_volume():
    held = Trajectories()
    held.add("a", epoch=1, peak=np.arange(3.0), who=np.array([1, 2, 3], np.uint64))
    day(held, 2, [0.0, 0.0, 0.0, 9.0, 9.0], known=np.array([True, True, True, False, False]))
    assert held.sample("a").values.max() == 2.0
    assert held.sample("a").units == 6
    assert held.volume("a") == 4.0


def test_what_long_histories_take_off_a_peak_is_remembered_for_newcomers():
    held, n = Trajectories(), 100
    held.add("a", epoch=1, peak=np.arange(n) / n + 1.0)
    assert held.fallen("a") == 0.0
    for epoch in range(2, 12):
        held.add("a", epoch=epoch, peak=np.arange(n) / n, alerted=np.zeros(n, bool), threshold=np.ones(n))
    assert held.fallen("a") == pytest.approx(1.0)


@given(parts=st.lists(st.integers(1, 60), min_size=1, max_size=4), kept=st.integers(1, 30), seed=st.integers(0, 9))
def test_largest_peaks_of_parts_are_those_of_the_whole(parts, kept, seed):
    """However many principals there are, a partition need not hand over more than what is kept."""
    random, whole, cut = np.random.default_rng(seed), Trajectories(kept=kept), Trajectories(kept=kept)
    for n in parts:
        alerted, known = random.random(n) < 0.2, random.random(n) < 0.8
        who = random.integers(1, 1 << 60, n).astype(np.uint64)
        made = Peaks(random.normal(size=n), alerted, np.ones(n), known, who)
        whole.add("a", epoch=4, **made._asdict())
        cut.add("a", epoch=4, units=made.counts(), **made.largest(kept)._asdict())
    before, after = whole.epochs["a"][0], cut.epochs["a"][0]
    assert (after.tail.tolist(), after.who.tolist()) == (before.tail.tolist(), before.who.tolist())
    assert (after.units, after.known) == (before.units, before.known)
