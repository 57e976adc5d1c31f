"""Reading images: what the images of a record hold, as columns of numbers that a burn-in can keep.

====================  =======================================================================================
``images``            how many, at most 4 are looked at
``image_unread``      how many of them were not decoded: too large, damaged, of another kind, or without Pillow
``image_scaled``      of the worst: how many times as much the pixels stand out that a scaling model sees
``image_text``        log(1 + letters) of text in metadata and behind the end
``image_behind``      log(1 + bytes) behind the end
``image_payload``     whether these begin like an archive, a document or a program
``image_subversion``  logit of that text, and of text that was read in pixels: an attempt on the model's rules
``image_harmful``     the same for a request for harm
====================  =======================================================================================
"""

from collections.abc import Callable
from math import log1p
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.images.container import Container, opened
from detectors.images.parts import parts, pictured
from detectors.images.pixels import MOST, Grey, grey
from detectors.images.scaling import Hidden, hidden, scaled
from schemas.record import Record

Array = npt.NDArray[Any]
Letters = Callable[[Grey], str]
"""Reads the words in grey values (H, W)."""

COLUMNS = (
    "images", "image_unread", "image_scaled", "image_text", "image_behind", "image_payload", "image_subversion",
    "image_harmful",
)  # fmt: skip
NOTHING = -20.0  # logit of no text
NONE = np.array([0, 0, 1, 0, 0, 0, NOTHING, NOTHING], np.float32)
LEAST = 16  # letters that are worth a look
TEXT = 1 << 16
SUSPECT = 1.08  # times from which what a scaling model sees is read as well


def fill(record: Record, row: Array, judge: Callable[[str], tuple[float, float]], letters: Letters | None) -> None:
    """Write :data:`COLUMNS` of a record into ``row`` (8,); ``judge`` gives the logits of a text."""
    row[:] = NONE
    if not pictured(record):
        return
    said: list[str] = []
    left = MOST
    for data in parts(record):
        found = opened(data)
        picture = grey(data, found) if found.width * found.height <= left else None
        row[0] += 1
        row[1] += picture is None
        row[4] = max(row[4], log1p(found.behind))
        row[5] = max(row[5], found.payload)
        said += found.texts
        if picture is not None:
            left -= picture.size
            seen = hidden(picture)
            row[2] = max(row[2], min(seen.times, 1000.0))
            said += _letters(picture, seen, letters)
    text = " \n ".join(said)[:TEXT]
    row[3] = log1p(len(text))
    if len(text) >= LEAST:
        row[6], row[7] = judge(text)


def _letters(picture: Grey, seen: Hidden, letters: Letters | None) -> list[str]:
    """Words in an image as it is, and as a model would see it if that is another one."""
    if letters is None:
        return []
    views = [picture] + ([scaled(picture, seen.size, seen.method)] if seen.times >= SUSPECT else [])
    return [letters(view) for view in views]


def told(record: Record) -> list[tuple[Container, Hidden]]:
    """What an alert may say about the images of one record."""
    made = []
    for data in parts(record):
        found = opened(data)
        picture = grey(data, found)
        made.append((found, Hidden(1.0, "", 0) if picture is None else hidden(picture)))
    return made
