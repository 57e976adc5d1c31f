import numpy as np
import pytest

from detectors import member_share
from detectors.fingerprints import MEMBER, OTHER
from detectors.member_share import FLOOR, Law

CHANCE = np.random.default_rng(0)
DAY = 86_400.0


def follow(codes, law, state=None, *, time=None, hashes=None, u=None, near=100, slots=None, trusted=True, seed=0):
    n = len(codes)
    state = np.zeros(1, member_share.state) if state is None else state
    made = member_share.blank(n)
    chance = np.random.default_rng([n, seed])
    member_share.follow(
        np.asarray(codes, np.uint8),
        chance.integers(1, 2**64, n, np.uint64) if hashes is None else hashes,
        chance.integers(-700, 700, (n, 32)).astype(np.int16) if u is None else u,
        near,
        2 * DAY + np.arange(n, dtype=np.float64) if time is None else time,
        np.full(n, trusted),
        np.zeros(n, np.int64) if slots is None else slots,
        law,
        state,
        made,
    )
    return made, state


def law(null=0.01):
    return Law(np.array([null]), np.array([DAY]))


def codes(n, share, chance=CHANCE):
    return np.where(chance.random(n) < share, MEMBER, OTHER).astype(np.uint8)


def nats(made):
    return np.log(made.value[~np.isnan(made.value)]).sum()


def test_ten_members_in_twenty_questions_are_more_evidence_than_any_budget_asks_for():
    made, _ = follow(np.resize([MEMBER, OTHER], 20), law())
    assert nats(made) > 20
    assert (made.asked[-1], made.found[-1]) == (
        int((~np.isnan(made.value)).sum()),
        pytest.approx(made.asked[-1] / 2, abs=1),
    )


def test_at_the_null_e_values_are_one_on_average():
    values = []
    for seed in range(200):
        made, _ = follow(codes(300, 0.05, np.random.default_rng(seed)), law(0.05))
        values.append(np.nanmean(made.value))
    assert np.mean(values) == pytest.approx(1.0, abs=0.03)


def test_repeats_and_copies_count_once():
    hashes = np.repeat(np.arange(1, 5, dtype=np.uint64) << np.uint64(60), 5)
    made, _ = follow([MEMBER] * 20, law(), hashes=hashes)
    assert np.flatnonzero(~np.isnan(made.value)).tolist() == [0, 5, 10, 15]
    u = np.random.default_rng(1).integers(-3, 3, (20, 32)).astype(np.int16)
    made, _ = follow([MEMBER] * 20, law(), u=u, near=1000)
    assert np.flatnonzero(~np.isnan(made.value)).tolist() == [0]


def test_who_asked_training_rows_in_the_clean_period_may_go_on():
    early = np.linspace(0, DAY, 60)
    _, state = follow([MEMBER] * 60, law(), time=early)
    made, _ = follow([MEMBER] * 60, law(), state, seed=1)
    assert nats(made) < 5
    assert made.null[-1] > 0.8
    newcomer, _ = follow([MEMBER] * 60, law())
    assert nats(newcomer) > 50


def test_a_principal_that_was_told_of_is_left_in_peace_for_a_week():
    made, state = follow([MEMBER] * 100, law())
    assert np.isnan(made.value[60:]).all()
    later = 2 * DAY + 8 * DAY + np.arange(50.0)
    made, _ = follow([MEMBER] * 50, law(), state, time=later, seed=1)
    assert nats(made) > 20


def test_the_memory_of_questions_begins_anew_when_it_is_half_full():
    made, state = follow(codes(3000, 0.0), law())
    assert (~np.isnan(made.value)).mean() > 0.6
    assert state["places"][0] <= member_share.HALF


def test_what_is_shown_untrusted_changes_nothing():
    _, state = follow(codes(30, 0.3), law())
    before = state.copy()
    follow([MEMBER] * 30, law(), state, trusted=False)
    assert state.tobytes() == before.tobytes()


def learnt(shares, asked=60):
    slots = np.repeat(np.arange(len(shares)), asked)
    chance = np.random.default_rng(4)
    made = np.concatenate([codes(asked, share, chance) for share in shares])
    u = chance.integers(-700, 700, (len(slots), 32)).astype(np.int16)
    hashes = chance.integers(1, 2**64, len(slots), np.uint64)
    return float(member_share.learn(made, hashes, u, 100, np.linspace(0, DAY, len(slots)), slots).null[0])


def test_the_null_is_what_customers_have_and_never_nothing():
    assert FLOOR <= learnt([0.0] * 40) < 0.01
    assert 0.05 < learnt([0.1] * 40) < 0.25


def test_a_few_who_test_the_model_do_not_hide_others_and_many_do():
    assert learnt([0.0] * 36 + [1.0] * 4) < 0.02
    assert learnt([0.0] * 28 + [1.0] * 12) > 0.9


def test_with_nobody_to_learn_from_nothing_is_evidence():
    assert learnt([0.0], asked=3) > 0.5
