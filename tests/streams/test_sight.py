"""Which detectors can look at a log, and what the others lack."""

from schemas.record import Record
from streams.sight import sight


def records(**fields):
    return [Record(time=float(n), model="m", principal=f"u-{n}", **fields) for n in range(3)]


def test_a_log_with_numbers_and_answers_is_watched_by_every_detector():
    watched, blind = sight(
        records(features=[1.0, 2.0], probabilities=[0.5, 0.5], latency_ms=1.0, tokens_in=1), manifest=True
    )
    assert set(blind.values()) <= {
        "no words of answers logged", "no words logged", "no requests apart from their answers logged",
    }  # fmt: skip
    assert "unusual_profile" in watched
    everything = records(prompt="hi", completion="ho", features=[1.0], probabilities=[0.5, 0.5], phase="late")
    assert not sight(everything, manifest=True)[1]


def test_named_values_count_as_features():
    _, blind = sight(records(features={"a": 1, "b": "x"}, probabilities=[0.5, 0.5]), manifest=True)
    assert "input_consistency" not in blind


def test_answers_without_questions_leave_some_detectors_blind():
    watched, blind = sight(records(probabilities=[0.5, 0.5]), manifest=True)
    assert "flood" in watched
    assert blind["input_consistency"] == "no features logged"


def test_behaviour_towards_a_classifier_is_not_looked_for_in_conversations():
    watched, blind = sight(records(prompt="hi", completion="ho"), manifest=True)
    assert blind["attack_profile"] == "no classes logged"
    assert "unusual_profile" in watched
    assert "attack_profile" in sight(records(prompt="hi", probabilities=[0.5, 0.5]), manifest=True)[0]


def test_what_a_model_was_trained_on_must_be_known_to_see_who_asks_for_it():
    some = records(features=[1.0, 2.0], probabilities=[0.5, 0.5])
    assert sight(some, manifest=False)[1]["membership"] == "no manifest"
    assert "membership" in sight(some, manifest=True)[0]
