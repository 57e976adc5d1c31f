"""Slice: records of a partition on their way through the pipeline, and what came of them."""

from collections.abc import Generator
from dataclasses import dataclass, field

from detectors.blocks import Block
from detectors.coverage import CoverageRow
from detectors.exposure import Exposed
from detectors.findings import Findings
from detectors.need import Answer, Need
from schemas.batch import Doubles, Integers
from schemas.signal import Hindsight, Sketch, Suspect

Version = tuple[str, str]
Step = Generator[Need, Answer, None]


@dataclass(slots=True)
class Outcome:
    """What came of some records of a partition.

    Attributes
    ----------
    blocks, sketches, suspects : (model, version, block, sketch or suspect) for the correlator
    late : (model, version, block of late labels) for it too
    ledger : what each ended epoch promised and paid, with its model and version
    exposed : (model, version, a principal that could make a better copy of it than before)
    coverage : rows that changed; writing one again replaces it
    heard : of all records, model, (n,) offsets and (n,) s, whether anybody looked at them or not
    now : record time that the partition had reached, s
    """

    findings: Findings = field(default_factory=Findings)
    blocks: list[tuple[str, str, Block]] = field(default_factory=list)
    sketches: list[tuple[str, str, Sketch]] = field(default_factory=list)
    late: list[tuple[str, str, Hindsight]] = field(default_factory=list)
    suspects: list[tuple[str, str, Suspect]] = field(default_factory=list)
    ledger: list[dict[str, object]] = field(default_factory=list)
    exposed: list[tuple[str, str, Exposed]] = field(default_factory=list)
    coverage: list[CoverageRow] = field(default_factory=list)
    heard: list[tuple[str, Integers, Doubles]] = field(default_factory=list)
    now: float = 0.0


@dataclass(slots=True)
class Slice:
    """Records on their way: (model, version) and step of each model version, and what came of them so far."""

    next_offset: int
    steps: list[tuple[Version, Step]] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)
