"""Deep mode: the sentence transformer with its heads, as a classifier of prompts like any other.

Its score is the weighed mean of the linear heads' logit of ``subversion`` and the transformer's. Of prompts in other
scripts, which the transformer cannot read, and where only the doubtful are asked, of those that the linear heads are
sure about, it is the linear logit. Its detector stands in for
``prompt_attack`` and speaks its words.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers.classifier import Classifier, tried
from detectors.classifiers.declared import Declared
from detectors.classifiers.logit import LARGEST, STEP
from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.session import FLOATING, Session
from detectors.classifiers.texts import texts
from detectors.text.deep import DIMENSIONS, LAYERS, Deep, doubtful, legible, mean
from detectors.text.embedding import pieces
from detectors.text.heads import SUBVERSION
from detectors.text.reading import AT
from schemas.batch import Batch, Integers

Array = npt.NDArray[Any]

NAME = "deep"


@dataclass(slots=True)
class DeepClassifier(Classifier):
    """A transformer that looks at prompts.

    Attributes
    ----------
    only_doubtful : whether it looks at prompts only that the linear heads are unsure about
    """

    only_doubtful: bool = False

    def wanted(self, batch: Batch, rows: Integers) -> Integers:
        """Which of some rows it looks at."""
        if not batch.text.shape[1]:
            return rows
        rows = rows[legible(batch.text[rows, AT["outside_ascii"]])]
        return rows[doubtful(batch.text[rows, AT["subversion"]])] if self.only_doubtful else rows

    def merged(self, batch: Batch, score: Array, rows: Integers) -> Array:
        """Mean with the linear logit; the linear one alone for rows that were sure."""
        if not batch.text.shape[1]:
            return score
        made = np.full(len(score), np.nan, np.float32)
        made[rows] = rounded(mean(batch.text[rows, AT["subversion"]], score[rows]))
        return made


def rounded(logit: Array) -> Array:
    """Logits (N,) in steps of 1/32."""
    return np.clip(np.rint(logit / STEP) * STEP, -LARGEST, LARGEST).astype(np.float32)


def subversion(heads: Deep, output: Array) -> Array:
    """Logits (N,) of vectors (N, 1920) on a step; raises ``Refused`` where they are none."""
    if output.ndim != 2 or output.shape[1] != DIMENSIONS:
        raise Refused(f"its output has the shape {list(output.shape)}, not [rows, {DIMENSIONS}]; export it again")
    return rounded(heads.logits(output)[:, SUBVERSION])


def opened(
    data: bytes, heads: Deep, *, words: int, only_doubtful: bool, provider: str = "cpu", memory: int = 1 << 30
) -> DeepClassifier:
    """Open an exported transformer; raises ``Refused`` where it is none."""
    declared = Declared(name=NAME, threat="jailbreak", input="text", logit=True, words=words)
    session = Session(data, provider=provider, memory=memory)
    output = next((name for name in session.outputs if name == LAYERS), "") or next(
        name for name, kind in session.outputs.items() if kind in FLOATING
    )
    made = DeepClassifier(
        declared, session, texts(declared, session.inputs, pieces), output,
        finish=partial(subversion, heads), only_doubtful=only_doubtful,
    )  # fmt: skip
    made.alone = tried(made)
    return made
