"""The page a detector's author reads: Detector, Spec, Columns, Scores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from detectors.gates.honest import Honest
from detectors.reference import Reference
from schemas.batch import Batch

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
StateArray = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What is fixed about a detector: the facts that an alert, the docs and the budget need.

    Attributes
    ----------
    name : the module's name
    title : a few words for a table
    threat : the threat it raises unless ``Detector.name_threat`` says another; a name of ``schemas.threats``
    needs : what it cannot do without: ``features``, ``numbers`` (features that are no embedding of words), ``words``
        (of prompts), ``text`` (of answers), ``probabilities``, ``classes`` (what answers a model
        of words must say in probabilities), ``profile``, ``latency``, ``tokens``, ``halves`` (requests may stay without
        an answer), or a ``manifest`` of the model's training rows
    gate : ``conformal`` (score with a learnt null) or ``budget`` (e-values, valid without calibration)
    share : part of the false-alert budget, in [0, 1]
    tail : how heavy the tail of honest peaks is, in [0, 1), as the laboratory measured it; 0 is exponential
    ceiling : location and scale of the exponential tail below which honest peaks stayed there, whatever the model;
        without one, nothing is known beforehand
    grain : least mean excess that a tail is laid with, in the score's unit: the step by which a score that counts grows
    optimism : how many times as often as a burn-in of many promises its thresholds are exceeded, by the laboratory:
        above 1 where it learnt from those whose peaks they are learnt from, or sees what few do, and for the first time
    sure : peak that no honest principal of the laboratory came near, enough for an alert at any level; without one, no
        peak is
    floor : location of the exponential tail, of scale 1, that no calibration may take thresholds below, where the score
        is the log of an e-detector; without one, the burn-in is believed
    unit : unit of the score
    reference : URL or DOI of where the method comes from
    runbook : path of the page that says what to do
    maturity : ``sandbox``, ``incubating``, ``stable`` or ``deprecated``
    scenario, look_alike : attack of ``detectors.scenarios`` that it must rank above honest traffic, and above the
        honest behaviour that looks most like it
    exempt : by name of a check, the reason why it does not hold; a check that holds all the same then fails
    """

    name: str
    title: str
    threat: str
    needs: frozenset[str]
    gate: str
    share: float
    unit: str
    reference: str
    runbook: str
    tail: float = 0.0
    grain: float = 0.1
    ceiling: tuple[float, float] | None = None
    optimism: float = 1.0
    sure: float | None = None
    floor: float | None = None
    maturity: str = "incubating"
    scenario: str = ""
    look_alike: str = ""
    exempt: Mapping[str, str] = field(default_factory=dict)

    @property
    def honest(self) -> Honest:
        """What is known of honest peaks before any traffic is seen."""
        return Honest(self.tail, self.ceiling, self.floor, self.grain, self.optimism, self.sure)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a detector may look at: the batch, the model's reference, shared features and the profile.

    Attributes
    ----------
    batch : the N records as columns
    reference : what is normal for this model version
    shared : columns of ``detectors.features.numeric`` (projections, margins, hashes), by name, N rows each
    statistics : (N, 64) the profile's raw statistics after each record
    z : (N, 64) the same, normalised: 0 usual, +-1 at the benign 5 % and 95 % quantiles, within +-8
    """

    batch: Batch
    reference: Reference
    shared: Mapping[str, npt.NDArray[Any]]
    statistics: npt.NDArray[np.float32]
    z: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scores:
    """One score a row, higher is more suspicious, NaN is "no opinion"; and named columns that explain it.

    Attributes
    ----------
    value : (N,) in the spec's unit; for a ``budget`` gate the e-value of the row (1 = no evidence)
    why : by name, (N,) columns that words are made of
    """

    value: FloatArray
    why: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


class Detector(Protocol):
    """One way of seeing an attack. State is one structured row a key; all zeros is a key never seen."""

    spec: ClassVar[Spec]
    state: ClassVar[np.dtype[np.void]]

    def score(self, rows: Columns, slots: IntArray, state: StateArray) -> Scores:
        """Score each row against what came before it on its key, then learn it where ``rows.batch.trusted``.

        Rows in order; the answer must not depend on where the stream was cut into batches.
        """
        ...

    def explain(self, rows: Columns, scores: Scores, row: int) -> "Explanation":
        """Say in words and numbers why ``row`` scored as it did."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What an alert says beyond numbers: threat, verdict, a title, a paragraph, and the statistics that carried it.

    ``why`` rows are ``(name, value, typical, text)``; ``beside`` rows are ``(name, value, ordinary)`` of the record
    that crossed the line, for its example.
    """

    threat: str
    verdict: str
    severity: str
    title: str
    message: str
    recommendation: str
    why: list[tuple[str, float, float, str]]
    beside: list[tuple[str, float, float]] = field(default_factory=list)
