"""What docs/operations.md tells the operator is what the process shows."""

import re
from pathlib import Path

from streams.observed import measured
from streams.run import assembled
from streams.settings import Settings
from streams.sinks.memory import Memory

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def test_every_metric_is_explained_and_none_that_there_is_not():
    app, roles, tally = assembled(Settings(), Memory(), "all", {"traffic": {0}, "tidegate.signals": {0}})
    shown = {f"tidegate_{one.name}{'_total' * one.counter}" for one in measured(app, roles, tally).series}
    explained = re.findall(r"^\| `(tidegate_\w+)` \|", PAGE.read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(shown)
    assert set(re.findall(r"\btidegate_[a-z_]+\b", PAGE.read_text())) <= shown


def test_the_check_that_kubernetes_asks_alone_is_there():
    _, roles, _ = assembled(Settings(), Memory(), "all", {"traffic": {0}, "tidegate.signals": {0}})
    assert "loop" in roles.checks
    assert "/healthz/loop" in PAGE.read_text()
