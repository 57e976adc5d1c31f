"""A share of files in record time, counted in lines where they are small and in bytes where they are large."""

import json

import pytest

from streams import first_share
from streams.first_share import burn_in_of_share


@pytest.fixture
def path(tmp_path):
    """A thousand records, ten seconds apart."""
    made = [{"time": 1e9 + 10 * n, "model": "m", "principal": "p", "features": [1, n]} for n in range(1000)]
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(one) + "\n" for one in made))
    return tmp_path / "log.jsonl"


def test_a_share_of_the_lines_becomes_a_span_of_record_time(path):
    assert burn_in_of_share([str(path)], 0.5, path.stat().st_size, form="auto") == 10 * 499


def test_large_files_are_measured_by_their_bytes_in_whole_chunks(path, monkeypatch):
    monkeypatch.setattr(first_share, "SMALL", 0)
    assert burn_in_of_share([str(path)], 0.5, path.stat().st_size, form="auto") == 10 * 999


def test_a_share_in_which_time_stands_still_is_a_second(path):
    assert burn_in_of_share([str(path)], 0.001, path.stat().st_size, form="auto") == 1.0
