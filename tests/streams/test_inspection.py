import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formats import LIMITS, SOURCE
from schemas.record import Record
from streams.inspection import inspect, sight


def records(**fields):
    return [Record(time=float(n), model="m", principal=f"u-{n}", **fields) for n in range(3)]


def test_a_log_with_numbers_and_answers_is_watched_by_every_detector():
    watched, blind = sight(records(features=[1.0, 2.0], probabilities=[0.5, 0.5], latency_ms=1.0, tokens_in=1))
    assert set(blind.values()) <= {
        "no words of answers logged", "no words logged", "no requests apart from their answers logged",
    }  # fmt: skip
    assert "unusual_profile" in watched
    everything = records(prompt="hi", completion="ho", features=[1.0], probabilities=[0.5, 0.5], phase="late")
    assert not sight(everything)[1]


def test_named_values_count_as_features():
    _, blind = sight(records(features={"a": 1, "b": "x"}, probabilities=[0.5, 0.5]))
    assert "input_consistency" not in blind


def test_answers_without_questions_leave_some_detectors_blind():
    watched, blind = sight(records(probabilities=[0.5, 0.5]))
    assert "flood" in watched
    assert blind["input_consistency"] == "no features logged"


def test_behaviour_towards_a_classifier_is_not_looked_for_in_conversations():
    watched, blind = sight(records(prompt="hi", completion="ho"))
    assert blind["attack_profile"] == "no classes logged"
    assert "unusual_profile" in watched
    assert "attack_profile" in sight(records(prompt="hi", probabilities=[0.5, 0.5]))[0]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b'{"time":1,"model":"m","features":[1,2,3,4,5]}', "5 numbers: 1.0, 2.0, 3.0, 4.0, ..."),
        (b'{"time":1,"model":"m","features":{"a":1,"b":"x"}}', "2 named: a=1.0, b=x"),
        (b'{"time":1,"model":"m","features":{"b64":"AAAA","dtype":"u1","shape":[3]}}', "array of u1, shape [3]"),
    ],
)
def test_features_are_shown_in_short(value, shown):
    seen = inspect([value], [0], count=1, topic="t", form="auto", source=SOURCE, limits=LIMITS)
    assert next(one.example for one in seen.fields if one.name == "features") == shown


def test_a_principal_that_is_not_named_is_not_shown_as_named():
    seen = inspect([b'{"time":1,"model":"m"}'], [0], count=1, topic="t", form="auto", source=SOURCE, limits=LIMITS)
    assert "principal" not in [one.name for one in seen.fields]


@given(st.lists(st.binary(max_size=30), max_size=5))
def test_no_bytes_raise_and_none_are_lost(values):
    numbers = list(range(len(values)))
    seen = inspect(values, numbers, count=len(values), topic="t", form="auto", source=SOURCE, limits=LIMITS)
    assert seen.read + len(seen.rejects) == len(values)
