"""Tests of the network that meets a model's customers: what it learns, whom it does not believe, and what stays."""

import numpy as np
import pytest

from detectors import tuned
from detectors.library.attack_profile import CEILING, MODEL
from detectors.network import Network, logits
from detectors.statistics import TIMING
from detectors.tuned import Rows

COLUMN = 5  # a statistic in which this model's customers are odd, and in which attackers are too


def found(network: Network, z: np.ndarray) -> np.ndarray:
    out = np.empty(len(z))
    logits(z.astype(np.float32), network, out)
    return out


def customers(count: int = 40, each: int = 60, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Honest rows z (N, 64) that look a little like attacks to the network that ships, and whose they are."""
    chance = np.random.default_rng(seed)
    z = chance.normal(0, 0.3, (count * each, 64)).astype(np.float32)
    z[:, COLUMN] += 1.5
    return z, np.repeat(np.arange(count), each)


@pytest.fixture(scope="module")
def met() -> Network:
    made = tuned.tuned(MODEL.network, *customers(), CEILING, tuned.laboratory())
    assert made is not None
    return made


def test_what_this_models_customers_do_looks_less_like_an_attack_also_where_newcomers_do_it(met: Network) -> None:
    strangers, _ = customers(seed=2)

    assert np.median(found(met, strangers)) < np.median(found(MODEL.network, strangers)) - 0.5


def test_the_laboratorys_attacks_are_still_told_from_its_customers(met: Network) -> None:
    rows = tuned.laboratory()
    z = rows.x / (1 - np.abs(rows.x) / 4.001)

    def auc(network: Network) -> float:
        value = found(network, z)
        order = np.argsort(np.argsort(value))
        bad = rows.attack > 0
        return float((order[bad].mean() - (bad.sum() - 1) / 2) / (~bad).sum())

    assert auc(met) > auc(MODEL.network) - 0.02


def test_the_head_that_does_not_see_time_still_does_not(met: Network) -> None:
    blind = (MODEL.network.first[TIMING] == 0).all(0)

    assert blind.any()
    assert (met.first[TIMING][:, blind] == 0).all()


def test_it_is_the_same_network_every_time(met: Network) -> None:
    again = tuned.tuned(MODEL.network, *customers(), CEILING, tuned.laboratory())

    assert again is not None
    for one, other in zip(met, again, strict=True):
        assert np.array_equal(one, other)


def test_the_network_that_ships_is_left_as_it_is() -> None:
    before = [part.copy() for part in MODEL.network]

    tuned.tuned(MODEL.network, *customers(), CEILING, tuned.laboratory())

    assert all(np.array_equal(one, other) for one, other in zip(before, MODEL.network, strict=True))


def test_who_looks_like_an_attacker_teaches_nothing_but_for_the_mildest_hundredth() -> None:
    z, who = customers()
    rows = tuned.laboratory()
    x = rows.x[(rows.attack > 0) & (np.abs(rows.x).max(1) < 3.9)]
    attacks = x / (1 - np.abs(x) / 4)
    loud = attacks[np.argsort(-found(MODEL.network, attacks))[:120]]
    thieves = np.repeat([40, 41], 60)

    among = tuned.tuned(
        MODEL.network, np.concatenate([z, loud.astype(np.float32)]), np.concatenate([who, thieves]), CEILING, rows
    )
    without = tuned.tuned(
        MODEL.network,
        np.concatenate([z, loud[60:].astype(np.float32)]),
        np.concatenate([who, thieves[60:]]),
        CEILING,
        rows,
    )

    assert among is not None
    assert without is not None
    assert all(np.array_equal(one, other) for one, other in zip(among, without, strict=True))
    assert np.median(found(among, loud)) > found(among, z).max()


def test_too_few_principals_teach_nothing() -> None:
    z, who = customers(count=tuned.LEAST - 1)

    assert tuned.tuned(MODEL.network, z, who, CEILING, tuned.laboratory()) is None
    assert tuned.tuned(MODEL.network, z[:0], who[:0], CEILING, tuned.laboratory()) is None


def test_one_loud_principal_counts_no_more_than_a_quiet_one() -> None:
    z, who = customers()
    odd = np.zeros((40_000, 64), np.float32)
    odd[:, 20] = -2.0
    rows = tuned.laboratory()

    quiet = tuned.tuned(MODEL.network, np.concatenate([z, odd[:60]]), np.append(who, np.full(60, 40)), CEILING, rows)
    loud = tuned.tuned(MODEL.network, np.concatenate([z, odd]), np.append(who, np.full(40_000, 40)), CEILING, rows)

    assert quiet is not None
    assert loud is not None
    assert abs(np.median(found(loud, z)) - np.median(found(quiet, z))) < 0.5


def test_ten_thousand_principals_cost_no_more_than_a_thousand() -> None:
    who = np.repeat(np.arange(10_000), 5)

    rows, weight = tuned._picked(np.arange(len(who)), who, np.random.default_rng(0))

    assert len(rows) == len(weight) == tuned.MANY
    assert len(np.unique(who[rows])) > 5_000


def test_rows_survive_being_packed_to_a_thirty_second() -> None:
    chance = np.random.default_rng(3)
    rows = Rows(
        chance.uniform(-3.9, 3.9, (50, 64)).astype(np.float32),
        (chance.random(50) < 0.5).astype(np.float32),
        chance.integers(0, 10, 50),
        np.ones(50, np.float32),
    )

    back = tuned.unpacked(tuned.packed(rows))

    assert np.abs(back.x - rows.x).max() <= 0.5 / tuned.UNITS + 1e-6
    assert np.array_equal(back.attack, rows.attack)
    assert np.array_equal(back.threat, rows.threat)
    assert np.array_equal(back.weight, rows.weight)
