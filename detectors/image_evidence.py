"""Image evidence: what speaks for instructions or payloads in the images of one caller, added up.

An image adds nats, at most eight: for another image under it that only a scaling model sees, for text in its metadata
or behind its end that scores like an attack, and for a payload behind its end. Sums fade to a third in a day.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

Array = npt.NDArray[Any]

MOST = 8.0  # nats of one record
SCALED, TIMES = 1.06, 12.0  # from where on another image is evidence, and nats for each time more
LOGIT = -3.0  # of a text, from which on it is evidence
PAYLOAD, UNREAD = 4.0, 0.3  # nats of a payload, of an image that could not be decoded
DAY = 86_400.0  # s

state = np.dtype([("sum", "f8"), ("time", "f8"), ("images", "u4"), ("odd", "u4")], align=True)
"""One caller: its sum, its last image (s), images, and records whose images were odd."""


@compiled
def follow(columns: Array, time: Array, trusted: Array, slots: Array, rows: Any, value: Array, parts: Array) -> None:
    """Take N records in, in order.

    Parameters
    ----------
    columns : (N, 8) of ``detectors.images.reading``
    value : out (N,) nats, NaN without an image
    parts : out (N, 4) nats of scaling, text and payload of this record, and images so far
    """
    scratch = np.zeros(1, rows.dtype)
    for i in range(len(slots)):
        value[i] = np.nan
        if not columns[i, 0] > 0:
            continue
        scratch[0] = rows[slots[i]]
        own = scratch[0]
        parts[i, 0] = min(max((columns[i, 2] - SCALED) * TIMES, 0.0), MOST)
        parts[i, 1] = min(max(max(columns[i, 6], columns[i, 7]) - LOGIT, 0.0), MOST)
        parts[i, 2] = PAYLOAD * (columns[i, 5] > 0)
        gain = min(parts[i, 0] + parts[i, 1] + parts[i, 2] + UNREAD * min(columns[i, 1], 4.0), MOST)
        faded = own.sum * np.exp(-min(max(time[i] - own.time, 0.0), 1e9) / DAY)
        own.sum = min(faded + gain, 1e6)
        own.time = max(own.time, min(time[i], 1e11))
        own.images += np.uint32(min(columns[i, 0], 4.0))
        own.odd += np.uint32(gain > 1)
        value[i] = own.sum
        parts[i, 3] = own.images
        if trusted[i]:
            rows[slots[i]] = scratch[0]
