"""Reading: the words of a batch's records as numbers, once, before anything else looks at them.

=================  ==============================================================================
column of ``text``  meaning
=================  ==============================================================================
0 .. 6             logits of the heads, by ``detectors.text.heads.HEADS``
7 .. 38            canonical numbers, by ``detectors.text.canonical.FEATURES``
39 .. 41           what was answered, by ``detectors.text.answered.COLUMNS``
42 .. 49           what its images hold, by ``detectors.images.reading.COLUMNS``
50 .. 59           by what a prompt is known again, by ``detectors.text.sketch.COLUMNS``
60 .. 66           what the answer gives away, by ``detectors.outputs.leaks.COLUMNS``
=================  ==============================================================================

``features`` become the static embedding of the words, so that profile, cohorts, exposure and chains look at prompts as
they look at any input.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.images import reading as images
from detectors.outputs import Watched, leaks
from detectors.text import answered, sketch
from detectors.text.asked import asked
from detectors.text.canonical import FEATURES
from detectors.text.embedding import DIMENSIONS
from detectors.text.heads import HEADS, Reader, shipped
from schemas.batch import Batch
from schemas.columns import fixed

Array = npt.NDArray[Any]

COLUMNS = (*HEADS, *FEATURES, *answered.COLUMNS, *images.COLUMNS, *sketch.COLUMNS, *leaks.COLUMNS)
AT = {name: k for k, name in enumerate(COLUMNS)}
READ, ANSWERED = slice(len(HEADS), AT[answered.COLUMNS[0]]), slice(AT[answered.COLUMNS[0]], AT["images"])
IMAGES = slice(AT["images"], AT[sketch.COLUMNS[0]])
SKETCH, SURFACE = slice(AT[sketch.COLUMNS[0]], AT["surface"]), AT["surface"]
SKETCHED = slice(AT[sketch.COLUMNS[0]], AT["surface"] + 1)


class Words:
    """Reads batches; what it needs is loaded when the first words come."""

    def __init__(
        self,
        secret: bytes = b"",
        watched: Mapping[tuple[str, str], Watched] | None = None,
        letters: images.Letters | None = None,
    ) -> None:
        self._reader: Reader | None = None
        self._letters = letters
        self._secret, self._watched = secret, watched or {}

    def read(self, batch: Batch) -> Batch:
        """Return the batch with ``features`` (N, 64) and ``text`` (N, 67) of its words; as it is if it has none."""
        if not batch.worded:
            return batch
        reader = self._reader = self._reader or Reader(shipped())
        features: Array = np.zeros((len(batch), DIMENSIONS), np.float32)
        text: Array = np.empty((len(batch), len(COLUMNS)), np.float32)
        for i, record in enumerate(batch.records):
            said = asked(record)
            logits, canonical, features[i] = reader.read(said)
            text[i, : len(HEADS)], text[i, READ] = logits, canonical.features
            answered.fill(record, text[i, ANSWERED])
            images.fill(record, text[i, IMAGES], self._judge, self._letters)
            sketch.sketch(canonical.text, text[i, SKETCH])
            text[i, SURFACE] = sketch.surface(said)
        text[:, AT[leaks.COLUMNS[0]] :] = leaks.Reader(self._secret, self._of(batch)).of_records(batch.records)
        return replace(batch, features=fixed(features), text=fixed(text))

    def _judge(self, said: str) -> tuple[float, float]:
        """Logits of a text that is no prompt: an attempt on the model's rules, a request for harm."""
        assert self._reader is not None
        logits = self._reader.read(said).logits
        return float(logits[HEADS.index("subversion")]), float(logits[HEADS.index("harmful")])

    def _of(self, batch: Batch) -> Watched | None:
        """What is watched of a batch's model version."""
        return self._watched.get((batch.model, batch.version)) or self._watched.get((batch.model, ""))


def alone(batch: Batch) -> dict[str, Array]:
    """How each prompt scores by itself: logits (N,) by the detector that adds them up over a caller."""
    if not batch.text.shape[1]:
        return {}
    columns = {"prompt_attack": AT["subversion"], "harmful_content": AT["harmful"]}
    return {name: batch.text[:, at].astype(np.float64) for name, at in columns.items()}
