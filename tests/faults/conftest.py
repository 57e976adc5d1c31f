"""A scenario on an embedded broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.embedded import EmbeddedBroker
from tests.faults.harness import Scenario


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(topics={"traffic": 4}) as broker:
        yield broker


@pytest.fixture
def scenario(broker: EmbeddedBroker, tmp_path: Path) -> Iterator[Scenario]:
    scenario = Scenario(tmp_path, broker.bootstrap)
    yield scenario
    scenario.close()
