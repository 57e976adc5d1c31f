"""Images as they were sent (PNG, JPEG and the like), at the size that a model takes; needs the extra ``images``."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.images.container import opened
from detectors.images.parts import parts, pictured
from detectors.images.pixels import decoded, pillow
from schemas.batch import Integers
from schemas.record import Record

Array = npt.NDArray[Any]

MODES = {1: "L", 3: "RGB"}


def pictures(records: Sequence[Record], rows: Integers, size: tuple[int, int, int]) -> tuple[Array | str, Integers]:
    """Pixels (n, H * W * C) f4 in 0 .. 255 of the last image of some records, and which rows have one.

    ``size`` is H, W and C, 1 or 3. An image of another size is resized, bilinearly.
    """
    if pillow() is None:
        return "images need Pillow: pip install 'tidegate[images]'", rows
    height, width, channels = size
    if channels not in MODES:
        return f"images have 1 or 3 channels, the model takes {channels}", rows
    every = {row: _pixels(records[row], height, width, MODES[channels]) for row in rows.tolist()}
    found = {row: pixels for row, pixels in every.items() if pixels is not None}
    if not found:
        return "no image logged that can be read", rows
    return np.stack(list(found.values())).reshape(len(found), -1), np.array(list(found), np.int64)


def _pixels(record: Record, height: int, width: int, mode: str) -> Array | None:
    """Pixels (H, W) or (H, W, C) of a record's last image; None without one."""
    sent = parts(record) if pictured(record) else []
    if not sent:
        return None
    made = decoded(sent[-1], opened(sent[-1]), mode, (width, height))
    return None if made is None else np.asarray(made, np.float32)
