"""Types and shapes of a reference's arrays: compiled loops trust them, so bytes from outside are held against this."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.features.inputs import LEVELS, WIDEST
from detectors.features.outputs import GROUPS
from detectors.features.space import FOURIER, SKETCH
from detectors.features.tails import CELLS, RAW
from detectors.packing import Corrupt
from detectors.statistics import SIGNALS, TABLE

Array = npt.NDArray[Any]
Shape = tuple[int | str, ...]

# field -> dtype and shape; F columns, W of them folded, D normalised columns, R reference rows, G groups of classes
INPUTS: dict[str, tuple[str, Shape]] = {
    "margins.centre": ("f4", ("F",)),
    "margins.gain": ("f4", ("F",)),
    "margins.low": ("f4", ("F",)),
    "margins.inverse_width": ("f4", ("F",)),
    "margins.surprise": ("i2", ("F", LEVELS)),
    "margins.mode": ("f4", ("F",)),
    "margins.tolerance": ("f4", ("F",)),
    "margins.weights": ("u8", ("F",)),
    "margins.salt": ("u8", (1,)),
    "margins.bucket": ("i4", ("W",)),
    "margins.sign": ("f4", ("W",)),
    "margins.fold_gain": ("f4", (1,)),
    "space.mean": ("f4", ("D",)),
    "space.matrix": ("f4", ("D", 3 * SKETCH)),
    "space.offset": ("f4", (3 * SKETCH,)),
    "space.unit": ("f4", (3 * SKETCH,)),
    "space.inner": ("i4", (1,)),
    "space.v_unit": ("f4", (1,)),
    "space.wide": ("f4", (SKETCH, "R+")),
    "space.turn": ("f4", (1,)),
    "space.phase": ("f4", (FOURIER,)),
    "space.norms": ("i4", ("R",)),
    "space.starts": ("i4", ("G+",)),
    "space.class_mean": ("f4", ("G", FOURIER)),
    "space.spread": ("f4", (1,)),
    "space.spacing": ("f4", (1,)),
}
ALWAYS: dict[str, tuple[str, Shape]] = {
    "answers.prior": ("f4", ("G",)),
    "tails.low": ("f4", (len(RAW),)),
    "tails.inverse_width": ("f4", (len(RAW),)),
    "tails.curve": ("f4", (len(RAW), CELLS + 1)),
    "tails.rank": ("f4", (CELLS + 1,)),
    "habits.prior": ("f4", (len(SIGNALS),)),
    "habits.nearest": ("f4", (1,)),
    "habits.step": ("f4", (1,)),
    "habits.gap": ("f4", (1,)),
    "habits.mix": ("f4", ("G",)),
    "habits.log_mix": ("f4", ("G",)),
    "habits.spacing": ("f4", (1,)),
    "habits.spread": ("f4", (1,)),
    "usual.median": ("f4", (len(TABLE),)),
    "usual.above": ("f4", (len(TABLE),)),
    "usual.below": ("f4", (len(TABLE),)),
}


def check(arrays: Mapping[str, Array], *, features: int, classes: int, columns: int, names: int) -> None:
    """Hold a reference's arrays, by ``part.field``, against the table; raises ``Corrupt`` naming what differs.

    Parameters
    ----------
    features, columns : F, and C as logged
    classes, names : of the answers
    """
    if classes != (names or (columns if columns > 1 else columns + 1)) or (names and columns > 1):
        raise Corrupt(f"{classes} classes do not fit {columns} probabilities and {names} labels")
    groups = min(classes, GROUPS)
    rows = len(arrays["space.norms"]) if features else 0
    size = {
        "F": features,
        "W": features if features > WIDEST else 0,
        "D": min(features, WIDEST),
        "R": rows,
        "R+": FOURIER + rows,
        "G": groups,
        "G+": groups + 1,
    }
    for name, (kind, shape) in (ALWAYS | (INPUTS if features else {})).items():
        wanted = tuple(size[n] if isinstance(n, str) else n for n in shape)
        found = arrays[name]
        if found.dtype != np.dtype(kind) or found.shape != wanted:
            raise Corrupt(f"{name} is {found.dtype}{list(found.shape)}, must be {kind}{list(wanted)}")
    if features:
        _check_places(arrays, rows)


def _check_places(arrays: Mapping[str, Array], rows: int) -> None:
    """What points into other arrays stays within them."""
    starts, bucket = arrays["space.starts"], arrays["margins.bucket"]
    if starts[0] != 0 or starts[-1] != rows or (np.diff(starts) < 0).any():
        raise Corrupt("space.starts does not rise from 0 to the number of reference rows")
    if len(bucket) and (bucket.min() < 0 or bucket.max() >= WIDEST):
        raise Corrupt("margins.bucket points outside the folded columns")
