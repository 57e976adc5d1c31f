"""Unusual profile: what it ranks, and what it says."""

import dataclasses

import numpy as np
import pytest

from detectors import stage
from detectors.library.unusual_profile import COUNTED, UnusualProfile
from detectors.statistics import NAMES, TIMING


@pytest.fixture(scope="module")
def judged():
    rows, slots, names = stage.performance("random_inputs", "camera")
    scores, _ = stage.play(UnusualProfile(), rows, slots)
    return rows, slots, names, scores


def last_row(judged, name):
    _, slots, names, _ = judged
    return int(np.flatnonzero(slots == names.index(name))[-1])


def test_every_row_has_an_opinion(judged):
    assert np.isfinite(judged[3].value).all()


def test_pace_does_not_count(judged):
    rows, slots, _, scores = judged
    z = rows.z.copy()
    z[:, TIMING] = 8
    hurried, _ = stage.play(UnusualProfile(), dataclasses.replace(rows, z=z), slots)
    assert hurried.value.tobytes() == scores.value.tobytes()
    assert COUNTED.sum() == len(NAMES) - len(TIMING)


def test_scores_are_read_from_what_the_clean_period_taught_and_from_a_default_before(judged):
    rows, slots, _, scores = judged
    untaught = dataclasses.replace(rows.reference, learnt={})
    plain, _ = stage.play(UnusualProfile(), dataclasses.replace(rows, reference=untaught), slots)
    assert plain.value.tobytes() != scores.value.tobytes()
    assert np.isfinite(plain.value).all()


def test_fewer_statistics_make_a_higher_mean(judged):
    rows, slots, _, scores = judged
    few, _ = stage.play(UnusualProfile(largest=3), rows, slots)
    assert (few.value >= scores.value).all()


def test_an_alert_says_who_does_what_with_its_value_against_the_usual_one(judged):
    rows, _, _, scores = judged
    row = last_row(judged, "attack-0")
    said = UnusualProfile().explain(rows, scores, row)
    assert said.threat in {"extraction", "evasion"}
    assert "attack-0" in said.title
    assert "loan" in said.title
    assert 3 <= len(said.why) <= 5
    for name, value, usual, text in said.why:
        k = NAMES.index(name)
        assert value == rows.statistics[row, k]
        assert usual == rows.reference.usual.median[k]
        assert f"{text} ({value:.2f}, usually {usual:.2f})" in said.message
    signals = [name.split("/")[0] for name, *_ in said.why]
    assert len(set(signals)) == len(signals)


def test_a_principal_without_a_name_is_called_so(judged):
    rows, _, _, scores = judged
    row = last_row(judged, "attack-0")
    nameless = dataclasses.replace(rows.batch, principals=[""] * len(rows.batch.principals))
    said = UnusualProfile().explain(dataclasses.replace(rows, batch=nameless), scores, row)
    assert said.title.startswith("an unnamed client ")
    assert said.message.startswith("An unnamed client ")


def test_nothing_is_said_of_those_who_are_their_own_reference(judged):
    rows, slots, names, scores = judged
    value = stage.play(UnusualProfile(own_reference=names[slots[-1]]), rows, slots)[0].value
    mine = slots == slots[-1]
    assert np.isnan(value[mine]).all()
    assert value[~mine].tobytes() == scores.value[~mine].tobytes()
