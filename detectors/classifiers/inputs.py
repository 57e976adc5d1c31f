"""From a batch's rows to a model's inputs: numbers, pixels, embeddings, or pieces of words.

A model's input called ``probabilities`` gets what the watched model answered; every other one what it was asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from detectors.classifiers.declared import Declared
from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.pictures import pictures
from detectors.classifiers.session import Input
from schemas.batch import Batch, Integers

Array = npt.NDArray[Any]

ANSWERS = "probabilities"
CHANNELS = (1, 3, 4)


class Asked(NamedTuple):
    """Rows (n,) of a batch and a model's inputs for them, by name, all of one shape a row."""

    rows: Integers
    arrays: dict[str, Array]

    @property
    def form(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Shape of a row of each input."""
        return tuple((name, array.shape[1:]) for name, array in self.arrays.items())


class Feed(Protocol):
    """What a classifier is fed."""

    def of(self, batch: Batch, rows: Integers) -> list[Asked] | str:
        """Inputs for some rows (n,) of a batch; in words, why it has none."""
        ...

    def chance(self, draw: np.random.Generator, n: int) -> dict[str, Array]:
        """Inputs of n made-up rows, of one shape."""
        ...


@dataclass(frozen=True, slots=True)
class Numbers:
    """Feeds features, pixels or embeddings.

    Attributes
    ----------
    asked, answers : inputs for what was asked and, where the model has one, what was answered
    """

    declared: Declared
    asked: Input
    answers: Input | None

    def of(self, batch: Batch, rows: Integers) -> list[Asked] | str:
        """Inputs for some rows of a batch."""
        x, kept = self._numbers(batch, rows)
        if isinstance(x, str):
            return x
        dims, width = self.asked.dims, x.shape[1]
        free = dims.count(None)
        size = prod(d for d in dims if d is not None)
        if free > 1 or (width % size if free else width != size):
            return f"records have {width} numbers, the model takes {_said(dims)}"
        made = {self.asked.name: self._shaped(x, tuple(width // size if d is None else d for d in dims))}
        if self.answers is not None:
            p = batch.probabilities[kept]
            if self.answers.dims not in ((p.shape[1],), (None,)) or not p.shape[1]:
                return f"records have {p.shape[1]} probabilities, the model takes {_said(self.answers.dims)}"
            made[self.answers.name] = np.ascontiguousarray(p, self.answers.type)
        return [Asked(kept, made)]

    def _numbers(self, batch: Batch, rows: Integers) -> tuple[Array | str, Integers]:
        """Numbers (n, F) of rows that have them, and which these are."""
        if self.declared.input == "image" and (batch.worded or not batch.features.shape[1]) and batch.named is None:
            return self._pictures(batch, rows)
        words = self.declared.input == "embedding"
        if batch.named is not None and self.declared.columns:
            return _columns([batch.named[i] for i in rows], self.declared.columns, rows)
        if batch.named is not None:
            return "features come by name; list them in columns", rows
        if not batch.features.shape[1] or batch.worded != (words and batch.worded):
            return "no features logged as numbers", rows
        return batch.features[rows], rows

    def _pictures(self, batch: Batch, rows: Integers) -> tuple[Array | str, Integers]:
        """Pixels of images as they were sent, at the size that the model takes."""
        dims = self.asked.dims
        if None in dims or len(dims) not in (2, 3):
            return f"the model takes {_said(dims)}; export it with a fixed height and width", rows
        height, width, channels = (d or 0 for d in (*dims, 1)[:3])
        if len(dims) == 3 and _first(dims):
            channels, height, width = height, width, channels
        return pictures(batch.records, rows, (height, width, channels))

    def _shaped(self, x: Array, dims: tuple[int, ...]) -> Array:
        """Numbers (n, F) in the shape of the model's input; pixels of several channels lie together in records."""
        declared = self.declared
        if declared.input == "image":
            first = len(dims) == 3 and _first(dims)
            pixels = x.reshape(len(x), *(dims[1:] + dims[:1] if first else dims))
            mean, spread = np.array(declared.mean, np.float32), np.array(declared.spread, np.float32)
            x = (pixels * np.float32(declared.scale) - mean) / spread
            x = np.moveaxis(x, -1, 1) if first else x
        return np.ascontiguousarray(x.reshape(len(x), *dims), self.asked.type)

    def chance(self, draw: np.random.Generator, n: int) -> dict[str, Array]:
        """Inputs of n made-up rows."""
        dims = tuple(d or 8 for d in self.asked.dims)
        x = draw.uniform(0, 1 / self.declared.scale, (n, prod(dims)))
        x = x if self.declared.input == "image" else draw.normal(0, 1, (n, prod(dims)))
        made = {self.asked.name: self._shaped(np.asarray(x, np.float32), dims)}
        if self.answers is not None:
            p = draw.dirichlet(np.ones(self.answers.dims[0] or 2), n)
            made[self.answers.name] = np.ascontiguousarray(p, self.answers.type)
        return made


def numbers(declared: Declared, inputs: Sequence[Input]) -> Numbers:
    """What feeds a model of numbers; raises ``Refused`` where its inputs are others than records have."""
    answers = [one for one in inputs if one.name == ANSWERS]
    asked = [one for one in inputs if one.name != ANSWERS]
    if len(asked) != 1:
        names = ", ".join(one.name for one in inputs)
        raise Refused(f"it has the inputs {names}; right would be one for what is asked, and one {ANSWERS}")
    if asked[0].type is np.object_:
        raise Refused('its input takes texts; set input = "text"')
    if not asked[0].dims:
        raise Refused(f"its input {asked[0].name} has one number a row; export it with the shape [rows, numbers]")
    if any(len(one.dims) != 1 for one in answers):
        raise Refused(f"its input {ANSWERS} should have the shape [rows, classes]")
    return Numbers(declared, asked[0], answers[0] if answers else None)


def _first(dims: Sequence[int | None]) -> bool:
    """Whether an image's channels come first."""
    return dims[0] in CHANNELS and dims[2] not in CHANNELS


def _columns(
    named: Sequence[dict[str, object]], columns: Sequence[str], rows: Integers
) -> tuple[Array | str, Integers]:
    """Numbers (n, F) of named values in a given order, of the rows where all of them are numbers."""
    x = np.array([[_number(row.get(name)) for name in columns] for row in named], np.float32).reshape(-1, len(columns))
    good = np.isfinite(x).all(1)
    return x[good], rows[good]


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else np.nan


def _said(dims: Sequence[int | None]) -> str:
    return " x ".join("any" if d is None else str(d) for d in dims)
