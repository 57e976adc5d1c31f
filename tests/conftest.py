"""What every test gets: one thread for matrices, as the product, and log lines that go where this test looks."""

import os
from collections.abc import Iterator

import pytest
import structlog

from streams.cli import ONE_THREAD

for _name in ONE_THREAD:
    os.environ.setdefault(_name, "1")  # read once, when a test imports numpy


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    yield
    structlog.reset_defaults()
