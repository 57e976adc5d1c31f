import os
from pathlib import Path

import pytest

from streams.sinks.handover import path_to


@pytest.fixture(params=["memory", "file"])
def somewhere(request, monkeypatch):
    if request.param == "file":
        monkeypatch.delattr(os, "memfd_create")


def test_bytes_can_be_read_by_their_path_until_the_block_ends(somewhere):
    with path_to(b"x" * 100_000) as path:
        assert Path(path).read_bytes() == b"x" * 100_000
        assert not set(path) & set("'\\*?{}")
    assert not Path(path).exists()
