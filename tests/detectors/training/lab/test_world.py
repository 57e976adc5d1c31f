from dataclasses import dataclass, field

import numpy as np
import pytest

from detectors.training.lab.types import DAY, Visit
from detectors.training.lab.victims import victim
from detectors.training.lab.world import world


@dataclass
class Raid:
    visits: dict
    own: dict
    stolen: frozenset = field(default=frozenset())


@pytest.fixture(scope="module")
def made():
    return victim("payments-linear", 1, 0.1)


def raid(made, name="thief", n=30, start=2 * DAY, stolen=False):
    visit = Visit(start + np.arange(n) * 60.0, made.pool[:n])
    return Raid({name: visit}, {name: np.arange(n) % 2 == 0}, frozenset({name} if stolen else ()))


@pytest.fixture(scope="module")
def drawn(made):
    return world(made, 3, 5, 60, [raid(made)], mean=20, redeploy=True)


def test_columns_are_of_one_length_and_in_order_of_time(drawn):
    n = len(drawn.time)
    columns = (drawn.principal, drawn.features, drawn.probabilities, drawn.label, drawn.attack, drawn.campaign)
    assert {len(column) for column in columns} == {n}
    assert (np.diff(drawn.time) >= 0).all()
    assert drawn.time[-1] < 5 * DAY


def test_the_first_day_is_clean_and_the_attack_is_marked(drawn):
    assert (drawn.attack == 0).sum() == 15
    assert (drawn.campaign == 0).sum() == 30
    assert not (drawn.attack[drawn.time < DAY] >= 0).any()
    assert {drawn.names[code] for code in drawn.principal[drawn.attack == 0]} == {"thief"}


def test_honest_traffic_does_not_depend_on_who_attacks(made, drawn):
    alone = world(made, 3, 5, 60, mean=20, redeploy=True)
    honest = drawn.campaign < 0
    np.testing.assert_array_equal(alone.time, drawn.time[honest])
    np.testing.assert_array_equal(alone.features, drawn.features[honest])


def test_answers_are_those_of_the_version_that_was_there(made, drawn):
    early = drawn.version() == 1
    assert 0 < early.sum() < len(early)
    np.testing.assert_array_equal(drawn.probabilities[early], made.answer(drawn.features[early]).probabilities)
    later = made.successor().answer(drawn.features[~early])
    np.testing.assert_array_equal(drawn.probabilities[~early], later.probabilities)


def test_a_stolen_account_is_its_owners_and_occurs_once(made):
    def rob(members):
        owner = max(members, key=lambda one: len(one.visit.time))
        n = len(owner.visit.time)
        return [Raid({owner.name: owner.visit}, {owner.name: np.arange(n) >= n - 5}, frozenset({owner.name}))]

    drawn, alone = (world(made, 3, 5, 60, raids, mean=20) for raids in (rob, ()))
    assert len(drawn.time) == len(alone.time)
    assert len(drawn.names) == 60
    assert (drawn.attack == 0).sum() == (drawn.campaign == 0).sum() == 5


def test_two_campaigns_may_not_share_an_account(made):
    with pytest.raises(ValueError, match="in common"):
        world(made, 3, 5, 10, [raid(made), raid(made)])


def test_records_say_what_the_columns_say(made, drawn):
    records = list(drawn.records(chunk=97))
    assert len(records) == len(drawn.time)
    row = len(records) // 2
    size = np.maximum(np.abs(made.grid.low), np.abs(made.grid.high))
    assert (np.abs(records[row].features - drawn.features[row]) <= 1e-6 * np.maximum(size, 1)).all()
    np.testing.assert_array_equal(records[row].probabilities, drawn.probabilities[row])
    assert records[row].principal == drawn.names[drawn.principal[row]]
    assert {record.version for record in records} == {"1", "2"}
    assert len({record.id for record in records}) == len(records)


def test_a_model_that_says_its_class_only_logs_its_class_only():
    records = list(world(victim("loans-network", 1, 0.05), 1, 2, 5, mean=5).records())
    assert records
    assert all(record.probabilities is None and isinstance(record.label, int) for record in records)


def test_numbers_are_written_as_short_as_they_were(made):
    records = list(world(made, 3, 2, 10, mean=10, without=("off_grid",)).records())
    shortest = sorted(len(repr(value)) for record in records for value in record.features)
    assert shortest[len(shortest) * 9 // 10] <= 8
