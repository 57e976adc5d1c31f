"""Joining: requests and feedback of one model in the order of their offsets, so that each finds the other."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.feedback.answers import Answers, Asked, given, hashes
from detectors.feedback.heard import Heard
from schemas.batch import Batch

Array = npt.NDArray[Any]


def join(
    memory: Answers, heard: Heard | None, asked: Sequence[Batch], version: Callable[[str], int], since: int
) -> None:
    """Remember requests behind offset ``since``, and fill in what was answered to those that feedback is about.

    Each batch has some behind it. ``version`` gives the index of a version's name. A version that feedback itself
    says stays.
    """
    parts = [_requests(batch, version(batch.version), since) for batch in asked]
    if heard is not None:
        n = len(heard)
        parts.append((heard.offsets, heard.about, np.ones(n, np.bool_), heard.time.copy(), heard.answer,
                      np.full(n, -1, np.int64), heard.sure))  # fmt: skip
    if not parts:
        return
    offsets, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(offsets, kind="stable")
    found = Asked(*(column[order] for column in columns))
    memory.follow(found)
    if heard is None:
        return
    mine = found.feedback
    joined = found.version[mine] >= 0
    heard.answer, heard.sure = found.answer[mine], found.sure[mine]
    heard.delay = np.where(joined, np.maximum(heard.time - found.time[mine], 0.0), -1.0)
    unsaid = joined & (heard.version == version(""))
    heard.version = np.where(unsaid, found.version[mine], heard.version)


def _requests(batch: Batch, version: int, since: int) -> tuple[Array, ...]:
    rows = batch.offsets > since
    answer, sure = given(batch)
    about, n = np.empty(len(batch), np.uint64), int(rows.sum())
    hashes(batch.ids, about)
    return (batch.offsets[rows], about[rows], np.zeros(n, np.bool_), batch.time[rows], answer[rows],
            np.full(n, version, np.int64), sure[rows])  # fmt: skip
