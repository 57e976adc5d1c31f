"""Batch: the records of one model version as read-only columns, in arrival order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.record import Record

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.uint16]

ID = 40  # bytes of an id in a column; a UUID with dashes has 36
UNANSWERED, HALF = 1, 2  # what a row is that is no whole call: a request without an answer, or another half
LARGEST = np.float32(1e12)  # what an infinite or absurd number becomes: large, finite, safe to square in float64


class Classified(NamedTuple):
    """What ONNX classifiers say of N records.

    Attributes
    ----------
    names : of the K classifiers that look at the model
    score : (N, K) f4, higher is more suspicious, NaN where one did not look
    shares : (K,) of the records that each was to look at
    reasons : (K,) why not at all of them, or nothing
    """

    names: tuple[str, ...]
    score: Floats
    shares: tuple[float, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one ``(model, version, F, C)``, N rows in arrival order.

    Attributes
    ----------
    offsets : (N,) position of each record in its partition or file, rising
    time : (N,) s since the epoch
    principals : the distinct principals, in order of first appearance
    principal : (N,) index into ``principals``
    features : (N, F) in the model's units, finite; F = 0 where none were logged as numbers
    named : N dicts of named values where features came by name, else None
    probabilities : (N, C) in [0, 1]; C = 0 where none were logged
    labels : (N,) the answer's label as logged, "" where none
    latency : (N,) s, NaN where not logged
    tokens : (N, 2) tokens in and out, -1 where not logged
    bad : (N,) how many numbers of the row were not finite or not usable and were tamed
    trusted : (N,) whether the row may teach a baseline
    worded : whether what is asked is words, not numbers; records with words and features count by their features
    text : (N, T) f4 what was read of the words; T = 0 where there are none, or nobody has read them
    ids : (N, 40) u1, the requests' ids, cut, and filled with zeros
    records : the N records, for words and evidence; reading one may cost its decoding
    classified : what ONNX classifiers say, None where none looks at the model
    lone : (N,) u1, 0 for a whole call, ``UNANSWERED`` or ``HALF``; None where all are whole
    """

    model: str
    version: str
    offsets: Integers
    time: Doubles
    principals: list[str]
    principal: Codes
    features: Floats
    named: list[dict[str, object]] | None
    probabilities: Floats
    labels: list[str]
    latency: Floats
    tokens: npt.NDArray[np.int32]
    bad: Counts
    trusted: Flags
    worded: bool
    text: Floats
    ids: npt.NDArray[np.uint8]
    records: Sequence[Record]
    classified: Classified | None = None
    lone: npt.NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        """Return N."""
        return len(self.time)
