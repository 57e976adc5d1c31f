"""Columns that detectors share, from a model's numeric inputs and its answers; the same under any cut of the stream.

=============  ===========  ==============================================================================
name           shape        meaning
=============  ===========  ==============================================================================
hash           (N,) u8      equal where the inputs are, keyed; 0 where there are no inputs
u              (N, 32) i2   keyed random projections, 256 units a standard deviation
phi            (N, 128) f4  random Fourier features less the mean of the answer's class
rare           (N, 2) u4    two min-hashes over the rare (column, level) pairs of the input, 0 where none
label          (N,) i4      the answer's class; -1 where a request got no answer
group          (N,) i4      the class folded into at most 16 groups; -1 likewise
margin         (N,) f4      log p of the class less log p of the runner-up, nats; NaN without probabilities
confidence     (N,) f4      the largest probability; NaN without probabilities
probabilities  (N, C) f4    as in the batch
trusted        (N,) bool    as in the batch
raw            (N, 7) f4    how odd, by ``tails.RAW``, in each score's own unit; NaN where it does not apply
tails          (N, 9) f4    how odd, by ``tails.TAILS``: -log10 of the share of clean records as odd
=============  ===========  ==============================================================================
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from detectors.features import inputs, outputs, space, tails
from detectors.features.inputs import Margins
from detectors.features.outputs import Answers
from detectors.features.space import Space
from schemas.batch import Batch

if TYPE_CHECKING:
    from detectors.reference import Reference

Array = npt.NDArray[Any]

BLOCK = 1 << 19  # numbers of the widest table worked on at a time: 2 MiB, so that they stay in the cache


def columns(reference: "Reference", batch: Batch) -> dict[str, Array]:
    """Shared columns of a batch, by the names of the table above.

    Raises ``ValueError`` if the batch has other numbers of features or classes than the reference.
    """
    shape = batch.features.shape[1], batch.probabilities.shape[1]
    if shape != (reference.features, reference.classes):
        raise ValueError(f"{shape} features and classes, the reference has {reference.features, reference.classes}")
    shared = measure(reference.margins, reference.space, reference.answers, batch)
    shared["tails"] = np.empty((len(batch), len(tails.TAILS)), np.float32)
    tails.apply(shared["raw"], reference.tails, shared["tails"])
    return shared


def measure(margins: Margins | None, geometry: Space | None, answers: Answers, batch: Batch) -> dict[str, Array]:
    """The same without ``tails``, from the parts of a reference; no margins and geometry where there are no inputs."""
    n = len(batch)
    label, group, margin, confidence = outputs.read(answers, batch)
    shared: dict[str, Array] = {
        "hash": np.zeros(n, np.uint64),
        "u": np.zeros((n, space.SKETCH), np.int16),
        "phi": np.zeros((n, space.FOURIER), np.float32),
        "rare": np.zeros((n, 2), np.uint32),
        "label": label,
        "group": group,
        "margin": margin,
        "confidence": confidence,
        "probabilities": np.ascontiguousarray(batch.probabilities, np.float32),
        "trusted": np.ascontiguousarray(batch.trusted),
        "raw": np.full((n, len(tails.RAW)), np.nan, np.float32),
    }
    shared["raw"][:, 6] = margin
    if margins is not None and geometry is not None:
        x = np.ascontiguousarray(batch.features, np.float32)
        rows = max(1, BLOCK // max(x.shape[1], geometry.wide.shape[1]))
        for start in range(0, n, rows):
            part = slice(start, start + rows)
            _fill(margins, geometry, x[part], {name: column[part] for name, column in shared.items()})
    return shared


def normalised(margins: Margins, x: Array) -> tuple[Array, dict[str, Array]]:
    """Whole-number columns z (N, D) f4 of raw inputs (N, F), and what the pass over the raw columns found."""
    n = len(x)
    z: Array = np.empty(x.shape, np.float32)
    found: dict[str, Array] = {
        "rare_values": np.empty(n, np.float32),
        "off_mode": np.empty(n, np.float32),
        "hash": np.empty(n, np.uint64),
        "rare": np.empty((n, 2), np.uint32),
    }
    inputs.scan(x, x.view(np.uint32), margins, z, *found.values())
    if len(margins.bucket):
        folded = np.empty((n, inputs.WIDEST), np.float32)
        inputs.fold(z, margins, folded)
        z = folded
    return z, found


def _fill(margins: Margins, geometry: Space, x: Array, shared: dict[str, Array]) -> None:
    """Fill the columns of one block of rows from its inputs."""
    z, found = normalised(margins, x)
    n = len(z)
    residual, unlike, knn, trust = np.empty((4, n), np.float32)
    v = np.empty((n, space.SKETCH), np.float32)
    space.project(z, z @ geometry.matrix, geometry, shared["u"], v, residual, unlike)
    space.place(v, v @ geometry.wide, shared["group"], geometry, shared["phi"], knn, trust)
    shared["hash"][:], shared["rare"][:] = found["hash"], found["rare"]
    for k, column in enumerate((found["rare_values"], residual, found["off_mode"], knn, trust, unlike)):
        shared["raw"][:, k] = column
