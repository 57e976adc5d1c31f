import pytest

from detectors.drift import STATISTICS, Drift, Moved
from detectors.drift_words import MEANING, drift_alert, silence_alert
from detectors.silence import Silent
from schemas.alert import Verdict

INPUT = Moved("rare_values", 0.4, 0.9, 6.2, ("ADWIN", "Page-Hinkley"))
OUTPUT = Moved("label_3", 0.1, 0.3, 5.5, ())


EVERYBODY = tuple(f"u-{k}" for k in range(30))


def drift(*moved, again=False, movers=EVERYBODY) -> Drift:
    return Drift(1.75e9, 1.75e9 + 7200, 812, 64, list(moved), again, principals=40, movers=movers)


def alert(*moved, **which):
    return drift_alert(drift(*moved, **which), model="fraud", version="2", trigger="traffic/0/9", release="1.0")


@pytest.mark.parametrize(
    ("moved", "threat", "title"),
    [
        ((INPUT,), "drift_input", "Inputs of model fraud have moved since"),
        ((OUTPUT,), "drift_output", "Answers of model fraud have moved since"),
        ((INPUT, OUTPUT), "drift_input", "Inputs and answers of model fraud have moved since"),
    ],
)
def test_the_words_say_which_side_moved(moved, threat, title):
    made = alert(*moved)
    assert made.threat == threat
    assert made.title.startswith(title)
    assert made.count == 812
    assert "UTC" in made.title


def test_every_statistic_has_words_of_its_own():
    named = [s for s in STATISTICS if not s.startswith(("label_", "direction_")) or s == "label_other"]
    assert sorted(MEANING) == sorted(named)
    assert "share of answers with label 3" in alert(OUTPUT).message


def test_why_says_from_what_to_what_and_who_agreed():
    (first, second) = alert(INPUT, OUTPUT).why
    assert (first.name, first.typical, first.value) == ("rare_values", 0.4, 0.9)
    assert first.text.endswith("6.2 standard errors from the past; agreed: ADWIN, Page-Hinkley")
    assert second.text.endswith("5.5 standard errors from the past")


def test_a_further_change_is_called_one():
    assert "have moved further since" in alert(INPUT, again=True).title
    assert "goes beyond that" in alert(INPUT, again=True).message


def test_a_shift_of_a_few_is_said_to_be_theirs():
    made = alert(INPUT, movers=("u-1", "u-2", "u-3", "u-4", "u-5", "u-6", "u-7"))
    assert made.title.startswith("Inputs of 7 of 40 principals of model fraud have moved since")
    assert made.principals == ["u-1", "u-2", "u-3", "u-4", "u-5", "u-6", "u-7"]
    assert "It is theirs, not everybody's" in made.message
    assert made.verdict is Verdict.DRIFT
    assert alert(INPUT).principals == []


def test_confidence_grows_with_the_margin_and_is_never_one():
    low, high = alert(INPUT._replace(margin=5.0)).confidence, alert(INPUT._replace(margin=6.0)).confidence
    assert 0.99 < low < high < 1.0


def silent(gap: float, *, topic: str = "traffic", model: str = "", young: bool = False) -> Silent:
    return Silent(topic, model, 1.75e9, 40.0, 1.75e9 + gap, watched=3 * 86_400.0, young=young)


def test_silence_is_told_with_the_gap_and_the_usual_one():
    made = silence_alert(silent(600, model="fraud"), release="1.0")
    assert made.title.startswith("Nothing from fraud on topic traffic since")
    assert "nothing for 10 min, where the longest gap at this hour was 40 s. While" in made.message
    assert made.runbook == "docs/runbooks/source_silent.md"
    assert "nothing for 3.0 h" in silence_alert(silent(10_800), release="").message
    assert "nothing for 3.0 days" in silence_alert(silent(3 * 86_400.0), release="").message


def test_silence_of_a_source_that_is_not_known_well_says_so():
    said = silence_alert(silent(3 * 86_400.0, young=True), release="").message
    assert "It has been watched for 3.0 days only: nights and weekends that it has not had yet are not known" in said


def test_in_files_there_are_no_topics():
    assert silence_alert(silent(600, topic=""), release="").title.startswith("Nothing from the log since")
    assert silence_alert(silent(600, topic="", model="fraud"), release="").title.startswith(
        "Nothing from fraud in the log since"
    )
