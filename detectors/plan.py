"""Plan: what the user decided about detection, as the pipeline needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from detectors.classifiers.classifiers import Classifiers
from detectors.images.reading import Letters
from detectors.manifest import Models
from detectors.outputs import Watched
from detectors.outputs.leaks import Reader
from detectors.reference import Reference

DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The user's decisions.

    Attributes
    ----------
    burn_in : s of record time that each model version is only watched
    alerts_per_day : false alerts a day that the team can afford, over all models and detectors
    shares : what part of it each topic's models have together; all of it where none is named
    max_principals : keys held for each model version and partition
    secret : keys the projections, so that another installation's cannot be copied
    detectors : settings by detector name, only where they differ
    manifests : training rows of models, by model and version; version "" is for all that have none of their own
    watched : canaries and protected texts of models, in the same way
    classifiers : ONNX classifiers, opened
    letters : reads words in images; None if nobody does
    halves : whether logs hold requests and answers apart, so that a request may stay without one
    suspects : whether inputs whose answers contradict what lies near are looked at for backdoor triggers
    release : version of tidegate, as alerts carry it
    """

    burn_in: float = DAY
    alerts_per_day: float = 10.0
    shares: Mapping[str, float] = field(default_factory=dict)
    max_principals: int = 1_000_000
    secret: bytes = b""
    detectors: dict[str, dict[str, Any]] = field(default_factory=dict)
    manifests: Models = field(default_factory=dict)
    watched: Mapping[tuple[str, str], Watched] = field(default_factory=dict)
    classifiers: Classifiers = field(default_factory=Classifiers)
    letters: Letters | None = None
    halves: bool = False
    suspects: bool = True
    release: str = ""

    @property
    def epoch(self) -> float:
        """Length of an epoch, s: a day, or the burn-in where that is shorter (peaks of a day need a day's null)."""
        return min(DAY, self.burn_in)

    def of(self, topic: str) -> "Plan":
        """The plan for one topic, whose models settle without knowing of those of other topics."""
        return replace(self, alerts_per_day=self.alerts_per_day * self.shares.get(topic, 1.0), shares={})

    def reader(self, known: Reference) -> Reader | None:
        """Who reads a model version's answers where nobody asked in words; nobody where records have features."""
        if known.features or known.text:
            return None
        model = known.model
        return Reader(self.secret, self.watched.get((model, known.version)) or self.watched.get((model, "")))
