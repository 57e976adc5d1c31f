"""From a batch's words to a model's inputs: pieces by a vocabulary, or the text as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers.declared import Declared
from detectors.classifiers.inputs import ANSWERS, Asked
from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.session import Input
from detectors.text.asked import asked
from detectors.text.embedding import LONGEST, Bytes
from detectors.text.transformer import BEGIN, END, WIDTHS
from schemas.batch import Batch, Codes, Integers

Array = npt.NDArray[Any]

Cut = Callable[[Bytes], Codes]
IDS, MASK, TYPES = "input_ids", "attention_mask", "token_type_ids"


@dataclass(frozen=True, slots=True)
class Texts:
    """Feeds words.

    Attributes
    ----------
    inputs : of the model
    cut : the pieces of a text; None where the model takes texts
    """

    declared: Declared
    inputs: tuple[Input, ...]
    cut: Cut | None

    def of(self, batch: Batch, rows: Integers) -> list[Asked] | str:
        """Inputs for some rows of a batch, those of like length together."""
        if not batch.worded:
            return "no words logged"
        wanted = [one for one in self.inputs if one.name == ANSWERS]
        answers = batch.probabilities[rows]
        if wanted and (wanted[0].dims not in ((answers.shape[1],), (None,)) or not answers.shape[1]):
            return f"records have {answers.shape[1]} probabilities, the model takes {wanted[0].dims[0]}"
        return self.read([asked(batch.records[i]) for i in rows.tolist()], rows, answers)

    def read(self, texts: list[str], rows: Integers, answers: Array) -> list[Asked]:
        """Inputs for texts of rows (n,), whose answers were (n, C)."""
        if self.cut is None:
            column = np.array([text[:LONGEST] for text in texts], np.object_).reshape(len(texts), *self._free())
            return [Asked(rows, {self.inputs[0].name: column})]
        pieces = [self.pieces(text) for text in texts]
        lengths = np.array([len(one) + 2 for one in pieces], np.int64)
        bucket = np.searchsorted(WIDTHS, lengths)
        made = []
        for at in np.unique(bucket).tolist():
            some = np.flatnonzero(bucket == at)
            made.append(Asked(rows[some], self._arrays([pieces[i] for i in some], WIDTHS[at], answers[some])))
        return made

    def pieces(self, text: str) -> Codes:
        """The pieces of a text that are read."""
        assert self.cut is not None
        raw: Bytes = np.frombuffer(text.encode("utf-8", "replace")[:LONGEST], np.uint8)
        return self.cut(raw)[: self.declared.words - 2]

    def chance(self, draw: np.random.Generator, n: int) -> dict[str, Array]:
        """Inputs of n made-up rows."""
        if self.cut is None:
            return {
                self.inputs[0].name: np.array([f"word {i}" for i in range(n)], np.object_).reshape(n, *self._free())
            }
        lengths = draw.integers(1, 14, n)
        classes = next((one.dims[0] or 2 for one in self.inputs if one.name == ANSWERS), 2)
        pieces = [draw.integers(1000, 2000, k).astype(np.int32) for k in lengths.tolist()]
        return self._arrays(pieces, 16, draw.dirichlet(np.ones(classes), n))

    def _free(self) -> tuple[int, ...]:
        return (1,) * len(self.inputs[0].dims)

    def _arrays(self, pieces: list[Codes], width: int, answers: Array) -> dict[str, Array]:
        ids, mask = np.zeros((2, len(pieces), width), np.int64)
        for i, one in enumerate(pieces):
            ids[i, : len(one) + 2] = [BEGIN, *one, END]
            mask[i, : len(one) + 2] = 1
        known = {IDS: ids, MASK: mask, TYPES: np.zeros_like(ids), ANSWERS: answers}
        return {one.name: np.ascontiguousarray(known[one.name], one.type) for one in self.inputs}


def texts(declared: Declared, inputs: list[Input], cut: Cut) -> Texts:
    """What feeds a model of words; raises ``Refused`` where its inputs are others than words give."""
    names = {one.name for one in inputs}
    if len(inputs) == 1 and inputs[0].type is np.object_:
        return Texts(declared, tuple(inputs), None)
    if IDS not in names or not names <= {IDS, MASK, TYPES, ANSWERS}:
        found = ", ".join(sorted(names))
        raise Refused(f"it has the inputs {found}; right would be {IDS}, {MASK} and {TYPES}, or one that takes texts")
    return Texts(declared, tuple(inputs), cut)
