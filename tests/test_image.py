"""The Dockerfile, held to what an image of ours promises; no container engine is needed to read it."""

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())
    ]


def of(word: str) -> list[str]:
    return [rest for found, rest in instructions() if found == word]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    return found[max(i for i, (word, _) in enumerate(found) if word == "FROM") :]


def test_it_stands_on_a_named_python_that_we_support():
    lowest, highest = re.findall(r"3\.(\d+)", PROJECT["requires-python"])
    for base in of("FROM"):
        version = re.match(r"python:3\.(\d+)-\w+", base)
        assert version, base
        assert int(lowest) <= int(version[1]) < int(highest)


def test_every_package_comes_from_the_lock_with_its_hash():
    steps = " ".join(of("RUN"))
    assert "-b requirements.lock -c requirements.lock" in steps
    assert "--require-hashes" in steps
    assert steps.count(" install ") == 2
    assert re.search(r"^uv==\S+ \\\n    --hash=sha256:", (ROOT / "requirements.lock").read_text(), re.MULTILINE)


def test_extras_are_ones_that_exist():
    (extras,) = re.findall(r'"\.\[([\w,]+)\]"', " ".join(of("RUN")))
    assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])


def test_it_does_not_run_as_root():
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users == ["10001:10001"]


def test_it_is_started_without_a_shell_and_with_a_command_that_exists():
    (start,) = of("ENTRYPOINT")
    assert json.loads(start) == ["tidegate"]
    assert "tidegate" in PROJECT["scripts"]
    assert json.loads(*of("CMD")) == ["run"]


def test_nothing_is_fetched_outside_the_lock_and_no_secret_enters():
    text = (ROOT / "Dockerfile").read_text()
    assert not of("ADD")
    assert not of("ARG")
    assert not re.search(r"curl|wget|https?://|apt-get|--mount=type=secret|TOKEN|PASSWORD", text)


@pytest.mark.parametrize("line", [rest for rest in of("COPY") if "--from" not in rest])
def test_what_is_copied_is_there_and_not_ignored(line):
    *sources, _ = line.split()
    kept = [rule[1:] for rule in (ROOT / ".dockerignore").read_text().splitlines() if rule.startswith("!")]
    for source in sources:
        assert (ROOT / source).exists()
        assert any(fnmatch(source, rule) for rule in kept)


def test_the_packages_of_the_wheel_are_all_copied():
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {line.split()[0] for line in of("COPY")}
    assert set(packages["packages"]) <= copied
