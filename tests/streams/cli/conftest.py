import json
import os

import pytest

import streams.cli


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    """No settings but those of the test, and nothing left behind."""
    for name in list(os.environ):
        if name.upper().startswith("TIDEGATE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tidegate(monkeypatch, capfd):
    """Run the command line in this process: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tidegate", *map(str, arguments)])
        capfd.readouterr()
        code = streams.cli.main()
        out, err = capfd.readouterr()
        return code, out, err

    return run


@pytest.fixture
def record():
    """Native JSON of a record, with what the test wants otherwise."""

    def make(number: int, **other: object) -> bytes:
        plain = {
            "id": f"r{number}",
            "time": 1_767_571_200.0 + number,
            "model": "fraud",
            "version": "1",
            "principal": f"u-{number % 3}",
            "features": [number / 100, 0.5, 1.0],
            "probabilities": [0.9, 0.1],
        }
        return json.dumps(plain | other).encode()

    return make
