import json
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from detectors.training.traffic import ATTACKS, CLEAN, traffic

RECORDS = 12_000


@pytest.fixture(scope="module")
def made():
    return traffic(3, records=RECORDS)


def lines(made, size=2000):
    return [json.loads(message.value) for chunk in made.chunks(size) for message in chunk]


def test_the_same_seed_gives_the_same_bytes():
    first, again = (traffic(5, records=3000, attacks=("fuzzing",)) for _ in range(2))
    assert list(first.chunks()) == list(again.chunks())
    assert list(first.truth()) == list(again.truth())


def test_another_seed_gives_other_people(made):
    other = traffic(4, records=3000, attacks=())
    assert not set(other.personas) & set(made.personas)


def test_records_come_in_order_of_time_and_have_names_of_their_own(made):
    records = lines(made)
    assert len(records) == len(made)
    assert all(earlier["time"] <= later["time"] for earlier, later in pairwise(records))
    assert len({record["id"] for record in records}) == len(records)


def test_cutting_into_chunks_changes_nothing(made):
    assert lines(made, 700) == lines(made, 2000)


def test_honest_records_are_about_as_many_as_asked_for(made):
    honest = int((made.campaign < 0).sum())
    assert 0.9 * RECORDS < honest < 1.25 * RECORDS


def test_the_first_day_is_clean(made):
    assert made.time[made.campaign >= 0].min() > CLEAN
    assert {one.name for one in made.campaigns} == set(ATTACKS)


def test_every_attack_but_drift_has_records_and_principals_of_its_own(made):
    for index, campaign in enumerate(made.campaigns):
        own = np.flatnonzero(made.campaign == index)
        assert len(own) == campaign.records
        assert set(made.principal[own].tolist()) == set(campaign.principals)
        assert not set(campaign.principals) & set(made.personas)
        assert (campaign.records > 0) == (campaign.name != "drift")


def test_one_attack_alone_is_the_same_attack(made):
    alone = traffic(3, records=RECORDS, attacks=("inversion",))
    (campaign,) = alone.campaigns
    (among,) = [one for one in made.campaigns if one.name == "inversion"]
    assert (campaign.principals, campaign.first, campaign.gain) == (among.principals, among.first, among.gain)


def test_an_attack_that_is_none_is_refused():
    with pytest.raises(KeyError):
        traffic(1, records=100, attacks=("telepathy",))


def test_the_benign_mix_has_all_kinds_and_newcomers(made):
    assert set(made.personas.values()) == {"app", "camera", "service", "dev", "batch", "explainer"}
    first = {}
    for who, time in zip(made.principal.tolist(), made.time.tolist(), strict=True):
        first.setdefault(who, time)
    assert sum(first[who] > CLEAN for who in made.personas if who in first) > 20


def test_some_requests_are_sent_again(made):
    seen = Counter((who, row.tobytes()) for who, row in zip(made.principal.tolist(), made.asked, strict=True))
    assert sum(count - 1 for count in seen.values()) > 0.05 * len(made)


def test_truth_names_every_record_in_order(made):
    rows = [line.rstrip("\n").split(",") for line in made.truth()]
    assert [row[0] for row in rows] == made.ids
    assert {row[2] for row in rows} == {"", *(one.name for one in made.campaigns if one.records)}


def test_answers_are_the_models_probabilities(made):
    assert np.allclose(made.answered.sum(1), 1, atol=1e-3)
    assert ((made.answered >= 0) & (made.answered <= 1)).all()
