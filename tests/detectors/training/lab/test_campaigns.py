"""Campaigns: an attack as it reaches the service."""

import numpy as np
import pytest

from detectors.training.lab.adaptive import ADAPTIVE
from detectors.training.lab.campaigns import campaign, suits
from detectors.training.lab.pacing import PACINGS
from detectors.training.lab.types import DAY, Visit
from detectors.training.lab.victims import victim
from schemas.threats import THREATS

DAYS = 4


@pytest.fixture(scope="module")
def tumours():
    return victim("tumours-linear", 1, 0.1)


def rows(made):
    return sum(len(one.time) for one in made.visits.values())


@pytest.mark.parametrize("adaptive", [(), ADAPTIVE], ids=["plain", "adaptive"])
@pytest.mark.parametrize("pacing", PACINGS)
def test_every_account_sends_in_order_of_time_and_says_which_records_are_the_attack(tumours, pacing, adaptive):
    made = campaign(tumours, "rays", pacing, np.random.default_rng(3), DAYS, adaptive, size=200)
    assert made.threat in THREATS
    assert made.visits.keys() == made.own.keys()
    for who, visit in made.visits.items():
        assert (np.diff(visit.time) >= 0).all()
        assert visit.features.shape == (len(visit.time), tumours.features)
        assert made.own[who].shape == visit.time.shape
        assert visit.time[made.own[who]].min(initial=DAYS * DAY) >= DAY
        assert visit.time.max() <= DAYS * DAY
    assert 100 <= made.queries <= 200 * (1.5 if "repeats" in adaptive else 1)


def test_the_same_seed_makes_the_same_campaign(tumours):
    first, second = (
        campaign(tumours, "hopskipjump", "sybil", np.random.default_rng(9), DAYS, ("fresh",), size=150) for _ in "ab"
    )
    assert first.visits.keys() == second.visits.keys()
    for who, visit in first.visits.items():
        assert np.array_equal(visit.time, second.visits[who].time)
        assert np.array_equal(visit.features, second.visits[who].features)
    assert first.success == second.success


@pytest.mark.parametrize("adaptive", [(), ADAPTIVE], ids=["plain", "adaptive"])
@pytest.mark.parametrize(
    "family", ["hopskipjump", "marginals", "inversion", "fgsm", "membership", "attribute_inference"]
)
def test_what_it_reached_grows_with_its_records_up_to_its_success(tumours, family, adaptive):
    made = campaign(tumours, family, "sybil", np.random.default_rng(4), DAYS, adaptive, size=200)
    assert len(made.course) == made.queries
    assert (np.diff(made.course) >= -1e-9).all()
    assert made.course[-1] == pytest.approx(made.success)


def test_who_is_after_nothing_measured_has_no_course(tumours):
    assert not len(campaign(tumours, "fuzz", "fast", np.random.default_rng(4), DAYS, size=100).course)


def test_sybils_share_the_work(tumours):
    made = campaign(tumours, "marginals", "sybil", np.random.default_rng(1), DAYS, size=600)
    assert 5 <= len(made.visits) <= 40


def test_a_stolen_account_keeps_its_owners_records(tumours):
    owner = Visit(np.arange(50) * 3600.0, tumours.pool[:50])
    made = campaign(tumours, "natural", "stolen", np.random.default_rng(1), DAYS, size=80, hosts=[("c-1", owner)])
    assert made.stolen == {"c-1"}
    honest = ~made.own["c-1"]
    assert np.array_equal(made.visits["c-1"].features[honest], owner.features)
    assert np.array_equal(made.visits["c-1"].time[honest], owner.time)


def test_dilution_puts_honest_inputs_of_the_pool_between(tumours):
    made = campaign(tumours, "random_inputs", "diluted", np.random.default_rng(2), DAYS, size=100)
    ((who, visit),) = made.visits.items()
    honest = visit.features[~made.own[who]]
    assert 1 <= len(honest) / 100 <= 9
    pool = {row.tobytes() for row in tumours.pool}
    assert all(row.tobytes() in pool for row in honest)


def test_who_respects_the_grid_sends_nothing_that_no_form_allows(tumours):
    made = campaign(tumours, "simba", "fast", np.random.default_rng(2), DAYS, ("grid",), size=150)
    (visit,) = made.visits.values()
    assert np.array_equal(visit.features, tumours.fitting(visit.features))


def test_a_family_that_makes_no_sense_is_refused(tumours):
    with pytest.raises(ValueError, match="no sense"):
        campaign(tumours, "natural", "by mule", np.random.default_rng(2), DAYS)
    with pytest.raises(KeyError):
        suits(tumours, "sorcery", "fast")
    with pytest.raises(ValueError, match="no time"):
        campaign(tumours, "natural", "fast", np.random.default_rng(2), 1)
