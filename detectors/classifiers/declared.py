"""What a user says of a classifier: where it looks, what its output means, how much of the traffic it sees."""

from dataclasses import dataclass

from detectors.worded import Law

PREFIX = "classifier_"  # of its detector's name
INPUTS = ("features", "image", "text", "embedding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One classifier, as its table in the configuration declares it.

    Attributes
    ----------
    name : lower-case letters, digits and underscores
    model, version : whose traffic it looks at; empty for all
    threat : what its alerts say, a name of ``schemas.threats``
    input : of ``INPUTS``
    output : name of the model's output; empty for the first with floating-point numbers
    attack : of the output's columns the one that stands for an attack, from the end where negative
    logit : whether outputs are logits; else probabilities
    share : of the records that it looks at, in (0, 1]
    scale, mean, spread : pixels times ``scale``, less ``mean`` (C,), divided by ``spread`` (C,)
    words : number of pieces of a text that are read
    columns : names of features, where they come by name, in the order that the model takes them
    law : how declared clean records score; None: as the burn-in scores
    """

    name: str
    model: str = ""
    version: str = ""
    threat: str = "evasion"
    input: str = "features"
    output: str = ""
    attack: int = -1
    logit: bool = False
    share: float = 1.0
    scale: float = 1.0
    mean: tuple[float, ...] = (0.0,)
    spread: tuple[float, ...] = (1.0,)
    words: int = 128
    columns: tuple[str, ...] = ()
    law: Law | None = None
    calibrated_on: int = 0

    @property
    def detector(self) -> str:
        """Name of the detector that it becomes."""
        return PREFIX + self.name

    def looks_at(self, model: str, version: str) -> bool:
        """Whether it looks at a model version."""
        return self.model in ("", model) and self.version in ("", version)
