"""Shown: what an alert about a principal shows of its requests: of numbers the values, of prompts what was measured."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import example_words, examples, prompt_example_words, prompt_examples
from detectors.api import Columns, Scores
from detectors.reference import Reference
from detectors.state import KeyTable, Slots
from schemas.alert import Example
from schemas.batch import Integers


class Shown:
    """The requests of every principal that say best what it does, for one model version on one partition."""

    def __init__(self, reference: Reference) -> None:
        self.ordinary = examples.known(reference.learnt)
        self.prompts = prompt_examples.known(reference.learnt)

    @property
    def states(self) -> dict[str, np.dtype[Any]]:
        """What is kept of one principal, by name."""
        made = {examples.NAME: examples.state} if self.ordinary else {}
        return made | ({prompt_examples.NAME: prompt_examples.state} if self.prompts else {})

    def follow(
        self, rows: Columns, scores: Mapping[str, Scores], part: slice, slots: Slots, epochs: Integers, table: KeyTable
    ) -> None:
        """Take some of N rows in, in order; ``slots`` and ``epochs`` are of all N."""
        if part.start >= part.stop:
            return
        if self.ordinary:
            examples.follow(self.ordinary, rows, part, slots, epochs, table[examples.NAME])
        if self.prompts:
            prompt_examples.follow(self.prompts, rows, scores, part, slots, table[prompt_examples.NAME])

    def told(
        self,
        rows: Columns,
        scores: Mapping[str, Scores],
        row: int,
        slot: int,
        epoch: int,
        detector: str,
        table: KeyTable,
    ) -> list[Example]:
        """What the alert of ``row`` shows: this request, and those before it that say best what it is about."""
        if self.prompts:
            kept: npt.NDArray[np.void] = table[prompt_examples.NAME]
            return prompt_example_words.told(self.prompts, rows, scores, row, kept[slot], detector)
        if self.ordinary:
            return example_words.told(self.ordinary, rows, row, table[examples.NAME][slot], epoch)
        return []
