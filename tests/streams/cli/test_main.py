import os
import subprocess
import sys
from importlib import import_module

import pytest

from streams.cli import COMMANDS
from streams.cli.failures import Failed, Wrong, exit_code
from streams.settings import Invalid
from streams.sinks.api import Unavailable


def test_without_a_command_help_is_shown_and_the_exit_code_is_2(tidegate):
    code, out, _ = tidegate()
    assert code == 2
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(tidegate, name):
    code, out, _ = tidegate(name, "--help")
    assert code == 0
    assert "Example: tidegate " + name in " ".join(out.split())


def test_help_shows_the_brackets_that_a_configuration_has(tidegate):
    assert "[[outlet]]" in tidegate("scan", "--help")[1]
    assert '{"features": [...]}' in " ".join(tidegate("manifest", "--help")[1].replace("│", " ").split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_is_of_its_own_command(name):
    module = import_module(f"streams.cli.{name}")
    assert module.EXAMPLE.startswith(f"tidegate {name}")
    assert callable(getattr(module, name))


def test_a_command_that_is_none_gets_the_nearest_right_name(tidegate):
    code, _, err = tidegate("alrets")
    assert code == 2
    assert "alerts" in err


def test_the_version_is_printed(tidegate):
    code, out, _ = tidegate("--version")
    assert (code, out.startswith("tidegate ")) == (0, True)


def test_a_wrong_configuration_is_said_with_line_and_cure_and_without_a_traceback(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text("[kafka]\nbrokrs = 3\n")
    code, out, err = tidegate("alerts")
    assert (code, out) == (2, "")
    assert err == 'tidegate: configuration: tidegate.toml:2: kafka.brokrs: unknown key; did you mean "brokers"?\n'


def test_debug_lets_the_traceback_through(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text("[kafka]\nbrokrs = 3\n")
    with pytest.raises(Invalid):
        tidegate("alerts", "--debug")


@pytest.mark.parametrize(
    ("error", "code"),
    [(Failed("no"), 1), (Wrong("no"), 2), (Unavailable("no"), 1), (Invalid(["no"]), 2), (KeyboardInterrupt(), 130)],
)
def test_exit_codes(capsys, error, code):
    assert exit_code(error) == code
    assert capsys.readouterr().err.startswith("tidegate: ")


def test_what_nobody_foresaw_is_one_line_and_names_the_way_to_the_traceback(capsys):
    assert exit_code(ZeroDivisionError("x\x1b[2Jy")) == 1
    err = capsys.readouterr().err
    assert err == "tidegate: ZeroDivisionError: x\\x1b[2Jy; --debug shows where\n"


def test_missing_files_are_wrong_usage_and_other_trouble_with_files_is_failure(capsys):
    assert exit_code(FileNotFoundError(2, "No such file", "gone.jsonl")) == 2
    assert exit_code(PermissionError(13, "Permission denied", "shut.jsonl")) == 1
    assert exit_code(IsADirectoryError(21, "Is a directory", "here")) == 2
    assert capsys.readouterr().err.splitlines()[1] == "tidegate: shut.jsonl: Permission denied"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from streams.cli import application; application([])\n"
        "heavy = {'numpy', 'numba', 'faust', 'chdb', 'river', 'onnxruntime', 'pydantic_settings', 'kafka'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_small_matrices_are_one_threads_work_unless_somebody_wants_more(tidegate, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    tidegate("--version")
    assert os.environ["OMP_NUM_THREADS"] == "1"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"
