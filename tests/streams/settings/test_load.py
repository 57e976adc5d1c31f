import os
from pathlib import Path

import pytest

from streams.settings import Invalid, load
from streams.settings.document import default_file
from streams.settings.sections import Settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.upper().startswith("TIDEGATE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def written(text: str) -> Path:
    path = Path("tidegate.toml")
    path.write_text(text)
    return path


def problems(text: str = "") -> list[str]:
    with pytest.raises(Invalid) as caught:
        load(written(text))
    return caught.value.problems


def test_nothing_needs_to_be_set():
    assert load().kafka.brokers == ["127.0.0.1:9092"]
    assert load(written("")).budget.alerts_per_day == 10.0


def test_the_file_in_this_directory_is_read_without_being_named():
    written('[kafka]\ngroup = "here"\n')
    assert load().kafka.group == "here"


def test_the_environment_wins_over_the_file(monkeypatch):
    path = written('[kafka]\nbrokers = ["file:1"]\ngroup = "file"\n')
    monkeypatch.setenv("TIDEGATE_KAFKA__BROKERS", '["b1:9092"]')
    settings = load(path)
    assert settings.kafka.brokers == ["b1:9092"]
    assert settings.kafka.group == "file"


def test_options_win_over_the_environment(monkeypatch):
    monkeypatch.setenv("TIDEGATE_BUDGET__ALERTS_PER_DAY", "3")
    assert load().budget.alerts_per_day == 3
    assert load(budget={"alerts_per_day": "2/week"}).budget.alerts_per_day == pytest.approx(2 / 7)


def test_lists_in_the_environment_may_be_parts_between_commas(monkeypatch):
    monkeypatch.setenv("TIDEGATE_KAFKA__BROKERS", "b1:9092, b2:9092")
    assert load().kafka.brokers == ["b1:9092", "b2:9092"]


def test_an_unknown_key_is_refused_with_line_and_nearest_name():
    assert problems('# mine\n[kafka]\nbrokrs = ["b:1"]\n') == [
        'tidegate.toml:3: kafka.brokrs: unknown key; did you mean "brokers"?'
    ]


def test_a_list_of_tables_written_as_one_table_gets_its_right_brackets():
    (found,) = problems('[source]\ntopic = "a"\n')
    assert found.startswith("tidegate.toml:1: source: {'topic': 'a'} is of the wrong kind; right would be [[source]]")


def test_a_name_like_no_other_gets_the_list_of_those_there_are():
    (found,) = problems("[detectors.nonsense]\nenabled = true\n")
    assert "did you mean" not in found
    assert "unanswered, unusual_profile" in found


@pytest.mark.parametrize("wrong", ["b1", "b1:", ":9092", "b1:kafka", "b1:0", "b1:65536", ""])
def test_a_broker_without_host_or_port_is_refused_with_what_would_be_right(wrong):
    (found,) = problems(f'[kafka]\nbrokers = ["{wrong}"]\n')
    assert found == f"tidegate.toml:2: kafka.brokers.0: '{wrong}' is no host:port; right would be \"b1:9092\""


def test_a_broker_may_be_an_address_of_either_kind():
    assert load(written('[kafka]\nbrokers = ["10.0.0.1:9092", "[::1]:9092"]\n')).kafka.brokers[1] == "[::1]:9092"


def test_an_unknown_section_is_refused_with_nearest_name():
    assert problems("[kafak]\ngroup = 'x'\n") == ['tidegate.toml:1: kafak: unknown key; did you mean "kafka"?']


def test_every_problem_is_named_at_once_with_its_own_line():
    text = '[[outlet]]\nname = "a"\n\n[[outlet]]\nname = "b"\nurl = 3\n\n[budget]\nalerts_per_day = "many"\n'
    found = problems(text)
    assert len(found) == 3
    assert any(one.startswith("tidegate.toml:9: budget.alerts_per_day: 'many' is no budget") for one in found)
    assert any(one.startswith("tidegate.toml:1: outlet.0.url: is missing") for one in found)
    assert any(one.startswith("tidegate.toml:6: outlet.1.url: 3 is of the wrong kind") for one in found)


def test_a_choice_lists_what_would_be_right():
    (found,) = problems('[clickhouse]\nrecords = "some"\n')
    assert "'off', 'metadata' or 'full'" in found


def test_broken_toml_names_its_line():
    (found,) = problems("[kafka]\ngroup = = 3\n")
    assert found.startswith("tidegate.toml: not TOML: ")
    assert "line 2" in found


def test_a_named_file_that_is_not_there_is_a_problem():
    with pytest.raises(Invalid, match=r"nowhere\.toml: no such file"):
        load(Path("nowhere.toml"))


def test_a_file_that_is_not_text_is_a_problem():
    Path("tidegate.toml").write_bytes(b"\xff\xfe[kafka]")
    with pytest.raises(Invalid, match="not UTF-8 text at byte 0"):
        load()


def test_a_wrong_variable_is_named_instead_of_the_file(monkeypatch):
    monkeypatch.setenv("TIDEGATE_KAFKA__BROKRS", "b:1")
    monkeypatch.setenv("TIDEGATE_LIMITS__DEPTH", "deep")
    found = problems()
    assert 'environment variable TIDEGATE_KAFKA__BROKRS: unknown key; did you mean "brokers"?' in found
    assert any(one.startswith("environment variable TIDEGATE_LIMITS__DEPTH: 'deep' is of the wrong") for one in found)


def test_a_variable_of_an_unknown_section_is_refused(monkeypatch):
    monkeypatch.setenv("TIDEGATE_KAFAK__BROKERS", "b:1")
    assert problems() == ['environment variable TIDEGATE_KAFAK__BROKERS: unknown key; did you mean "kafka"?']


def test_variables_that_kubernetes_sets_for_a_service_are_ignored(monkeypatch):
    monkeypatch.setenv("TIDEGATE_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("TIDEGATE_PORT_9108_TCP_ADDR", "10.0.0.1")
    assert load() == Settings()


def test_a_list_of_tables_that_is_no_json_is_named(monkeypatch):
    monkeypatch.setenv("TIDEGATE_SOURCE", "[traffic")
    assert problems() == [
        'environment variable TIDEGATE_SOURCE: not JSON; right would be such as [{"topic": "traffic"}]'
    ]


def test_an_unknown_detector_is_refused():
    (found,) = problems("[detectors.no_such_detector]\nenabled = false\n")
    assert found.startswith("tidegate.toml:1: detectors.no_such_detector: unknown detector")


def test_the_default_file_says_what_is_true_even_with_every_line_uncommented():
    assert load(written(default_file())) == Settings()
    text = default_file().split("\n", 3)[3]
    lines = [line.removeprefix("# ") if " = " in line or "# [" in line else line for line in text.splitlines()]
    settings = load(written("\n".join(lines)))
    assert settings.outlet[0].name == "soc"
    assert settings.manifest[0].model == "fraud"
    examples = ("outlet", "manifest", "protect", "detectors", "classifier")
    defaults = {name: value for name, value in Settings() if name not in examples}
    assert {name: value for name, value in settings if name not in examples} == defaults


def test_without_a_secret_the_factory_one_is_used_and_a_file_wins():
    Path("secret").write_text("of mine\n")
    assert load().secret() == Settings.FACTORY_SECRET
    assert load(written('[calibration]\nsecret_file = "secret"\n')).secret() == b"of mine"


def test_a_secret_is_not_shown_when_settings_are_printed():
    assert "hush" not in repr(load(written('[calibration]\nsecret = "hush"\n')))


def test_a_burn_in_from_the_environment_is_written_as_in_the_file(monkeypatch):
    monkeypatch.setenv("TIDEGATE_CALIBRATION__BURN_IN", "6h")
    assert load(None).calibration.burn_in.seconds == 6 * 3600.0
    monkeypatch.setenv("TIDEGATE_CALIBRATION__BURN_IN", "20%")
    assert load(None).calibration.burn_in.share == 0.2
