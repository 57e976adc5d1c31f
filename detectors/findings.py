"""Findings: what comes of rows on their way through a judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy.typing as npt

from detectors.api import Columns, Explanation, Scores
from detectors.blocks import Block
from detectors.exposure import Exposed
from schemas.alert import Alert
from schemas.batch import Batch, Doubles
from schemas.signal import Sketch, Suspect


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows, what was computed of them, and (N,) scores by detector; both empty in the burn-in."""

    batch: Batch
    shared: Mapping[str, npt.NDArray[Any]]
    scores: dict[str, Doubles]


@dataclass(slots=True)
class Findings:
    """What came of some rows: alerts in order, blocks, sketches, what epochs paid, who could copy more, the rows."""

    alerts: list[Alert] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    sketches: list[Sketch] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    exposed: list[Exposed] = field(default_factory=list)

    def tell(self, alert: Alert) -> None:
        """Add an alert; what was written of it at the same moment, before another detector joined, is left out."""
        self.alerts = [one for one in self.alerts if (one.id, one.last_time) != (alert.id, alert.last_time)]
        self.alerts.append(alert)


class Raised(NamedTuple):
    """A row that raises an alert: by crossing a gate, or with words of its own for the model as a whole."""

    row: int
    name: str
    paid: float
    threshold: float
    said: Explanation | None


@runtime_checkable
class Finder(Protocol):
    """A detector that also sees faults of a model as a whole, outside any gate."""

    def findings(self, rows: Columns, scores: Scores) -> list[tuple[int, Explanation]]:
        """Rows at which such a fault became certain, with words; the same under any cut."""
        ...
