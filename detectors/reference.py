"""Reference: what is normal for one model version, fitted on a declared clean period, frozen, with a version id."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import reference_layout
from detectors.burn_in import BurnIn
from detectors.features import numeric, tails
from detectors.features.inputs import Margins
from detectors.features.outputs import Answers
from detectors.features.space import Space
from detectors.features.tails import Tails
from detectors.fitting import answers as fit_answers
from detectors.fitting import geometry as fit_geometry
from detectors.fitting import habits as fit_habits
from detectors.fitting import margins as fit_margins
from detectors.fitting.sample import NotEnough, choose, random
from detectors.kernel.rows import Habits
from detectors.packing import Corrupt, pack, unpack
from detectors.profile import Usual
from schemas.batch import Batch

__all__ = ["NotEnough", "Reference"]

Array = npt.NDArray[Any]
Learnt = Mapping[str, Mapping[str, Array]]

LAYOUT = 3


@dataclass(frozen=True)
class Reference:
    """What is normal for one model version.

    Attributes
    ----------
    features, classes : F and C of the batches it judges
    text : T, what was read of words; 0 where the inputs are numbers
    margins, space : of the inputs; None where F = 0
    answers : classes, and how often each came
    tails : how often clean records are as odd
    habits, usual : where profiles start, and where their statistics usually lie
    learnt : by detector, what its ``learn`` kept
    """

    model: str
    version: str
    features: int
    classes: int
    margins: Margins | None
    space: Space | None
    answers: Answers
    tails: Tails
    habits: Habits
    usual: Usual
    text: int = 0
    learnt: Learnt = field(default_factory=dict)

    @classmethod
    def fit(cls, burn_in: BurnIn, *, secret: bytes) -> "Reference":
        """Learn a reference from a clean period; takes one to four seconds.

        Parameters
        ----------
        secret : the installation's; other secrets give other projections, which an attacker cannot foresee

        Raises
        ------
        NotEnough : with fewer than 8 principals or 200 records
        """
        chance = random(secret, burn_in.model, burn_in.version)
        fitted, held = choose(burn_in, chance)
        everything = burn_in.batch(slice(None))
        classes, groups = _answers(burn_in, everything)
        margins, space = _inputs(burn_in, fitted, held, groups, chance)
        shared = numeric.measure(margins, space, classes, everything)
        curves = tails.fit(shared["raw"][held])
        shared["tails"] = np.empty((len(burn_in), len(tails.TAILS)), np.float32)
        tails.apply(shared["raw"], curves, shared["tails"])
        spread, spacing = (space.spread, space.spacing) if space else (np.ones(1, np.float32), np.ones(1, np.float32))
        habits = fit_habits.fit(burn_in, shared, classes, spread, spacing)
        return cls(
            model=burn_in.model,
            version=burn_in.version,
            features=burn_in.features.shape[1],
            classes=burn_in.probabilities.shape[1],
            margins=margins,
            space=space,
            answers=classes,
            tails=curves,
            habits=habits,
            usual=fit_habits.usual(burn_in, shared, habits),
            text=burn_in.text.shape[1],
        )

    def with_learnt(self, learnt: Learnt) -> "Reference":
        """The same, with what detectors learnt; it has another id."""
        return replace(self, learnt={**self.learnt, **learnt})

    @cached_property
    def id(self) -> str:
        """Hash of all content: ``r-`` and 16 hex digits."""
        return "r-" + blake2b(self.to_bytes(), digest_size=8).hexdigest()

    def to_bytes(self) -> bytes:
        """Arrays as raw bytes behind a msgpack header; the same reference gives the same bytes."""
        arrays = {
            f"{part}.{name}": column
            for part, kind in _PARTS.items()
            if (held := getattr(self, part)) is not None
            for name, column in zip(kind._fields, held, strict=True)
            if isinstance(column, np.ndarray)
        }
        arrays |= {f"learnt.{d}.{name}": a for d, found in self.learnt.items() for name, a in found.items()}
        plain = {name: getattr(self, name) for name in ("model", "version", "features", "classes", "text")}
        answers = {name: getattr(self.answers, name) for name in ("names", "classes", "groups")}
        return pack({"layout": LAYOUT, **plain, "answers": answers, "inputs": self.margins is not None}, arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Reference":
        """Undo :meth:`to_bytes`; raises ``Corrupt`` on anything else."""
        header, arrays = unpack(data)
        try:
            if header.pop("layout") != LAYOUT:
                raise Corrupt("a reference of another version of tidegate")
            answers, inputs = header.pop("answers"), header.pop("inputs")
            answers["names"] = tuple(answers["names"])
            if inputs != (header["features"] > 0):
                raise Corrupt("features without a reference for them")
            reference_layout.check(
                arrays,
                features=header["features"],
                classes=answers["classes"],
                columns=header["classes"],
                names=len(answers["names"]),
            )
            made = {
                part: kind(**_under(f"{part}.", arrays), **(answers if part == "answers" else {}))
                for part, kind in _PARTS.items()
                if inputs or part not in {"margins", "space"}
            }
            learnt: dict[str, dict[str, Array]] = {}
            for key, array in _under("learnt.", arrays).items():
                detector, _, name = key.partition(".")
                learnt.setdefault(detector, {})[name] = array
            return cls(**{"margins": None, "space": None, **made}, **header, learnt=learnt)
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise Corrupt(f"not a reference: {error}") from error


_PARTS: dict[str, Any] = {
    "margins": Margins,
    "space": Space,
    "answers": Answers,
    "tails": Tails,
    "habits": Habits,
    "usual": Usual,
}


def _under(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _answers(burn_in: BurnIn, everything: Batch) -> tuple[Answers, Array]:
    """The classes with their shares, and each record's group."""
    classes = fit_answers.fit(burn_in)
    group = numeric.measure(None, None, classes, everything)["group"]
    return fit_answers.with_prior(classes, group), group


def _inputs(
    burn_in: BurnIn, fitted: Array, held: Array, group: Array, chance: np.random.Generator
) -> tuple[Margins | None, Space | None]:
    """Margins and geometry of the inputs, None where there are none."""
    if not burn_in.features.shape[1]:
        return None, None
    x = np.ascontiguousarray(burn_in.features[fitted], np.float32)
    margins = fit_margins.fit(x, chance)
    z, _ = numeric.normalised(margins, x)
    answers = fit_answers.fit(burn_in)
    space = fit_geometry.fit(z, group[fitted], answers.groups, chance)
    u_fitted = numeric.measure(margins, space, answers, burn_in.batch(fitted))["u"]
    u_held = numeric.measure(margins, space, answers, burn_in.batch(held))["u"]
    return margins, space._replace(spacing=fit_geometry.spacing(u_fitted, u_held))
