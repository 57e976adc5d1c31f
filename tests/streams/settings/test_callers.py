import pytest

from streams.settings import load
from streams.settings.load import Invalid

KNOW = {"prompt_attack", "harmful_content", "prompt_variants", "prompt_scan", "refusals", "unusual_profile"}
WATCH = {"prompt_attack", "harmful_content", "refusals"}


def settings(tmp_path, text):
    path = tmp_path / "tidegate.toml"
    path.write_text(text)
    return load(path)


def test_who_is_his_own_reference_is_so_for_every_detector_of_prompts(tmp_path):
    made = settings(tmp_path, '[own_reference]\nprincipals = "red-team-*, u-4711"\ndays = 5\n').detectors
    assert made.keys() == KNOW
    assert {table["own_reference"] for table in made.values()} == {"red-team-*, u-4711"}
    watched = {name for name, table in made.items() if table.get("own_days") == 5}
    assert watched == WATCH


def test_what_a_detectors_own_table_says_stays(tmp_path):
    own = '[own_reference]\nprincipals = "a-*"\n[detectors.refusals]\nown_reference = "b-*"\n'
    made = settings(tmp_path, own + "[detectors.flood]\nenabled = false\n").detectors
    assert made["refusals"] == {"own_days": 3.0, "own_reference": "b-*"}
    assert made["prompt_attack"]["own_reference"] == "a-*"
    assert made["flood"] == {"enabled": False}


def test_without_such_callers_no_detector_is_told_of_any(tmp_path):
    assert settings(tmp_path, "").detectors == {}


@pytest.mark.parametrize("days", ["0", "-1", '"soon"'])
def test_days_that_are_none_are_refused(tmp_path, days):
    with pytest.raises(Invalid, match="own_reference"):
        settings(tmp_path, f"[own_reference]\ndays = {days}\n")
