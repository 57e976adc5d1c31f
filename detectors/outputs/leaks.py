"""Leaks: what was found in answers, as columns of numbers that detectors read and a burn-in can keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.outputs import Finding, Watched, find, restated
from schemas.later import Later
from schemas.record import Record

COLUMNS = ("leak_items", "leak_certain", "leak_mark", "leak_item_1", "leak_item_2", "leak_item_3", "leak_item_4")
COUNT, CERTAIN, MARK, ITEMS, WIDTH = 0, 1, 2, slice(3, 7), len(COLUMNS)
NO_ANSWER = -1.0  # as COUNT, where a record has no answer in words
SECRET, CANARY, PROTECTED, FOREIGN = 1, 2, 3, 4  # what is certain
LISTED = {"canary": CANARY, "canary.foreign": FOREIGN, "protected": PROTECTED}  # what somebody named beforehand
_BITS = 24  # of a mark: whole numbers that float32 holds exactly

Leaks = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads answers of one model.

    Attributes
    ----------
    salt : keys the marks
    watched : canaries and texts that are kept from callers, if there are any
    """

    salt: bytes
    watched: Watched | None = None

    def of_records(self, records: Sequence[Record]) -> Leaks:
        """What N records' answers hold (N, 7): items, what is certain, its mark, marks of the first four items.

        ``NO_ANSWER`` items where a record has no answer in words. What the caller wrote itself is no leak. A mark is a
        keyed number of 24 bits, by which the same item is known again.
        """
        made = np.zeros((len(records), WIDTH), np.float32)
        made[:, COUNT] = NO_ANSWER
        for i in range(len(records)):
            if _worded(records, i) and (record := records[i]).completion:
                self._fill(made[i], record)
        return made

    def _fill(self, row: Any, record: Record) -> None:
        answer, items = record.completion or "", {}
        for one in found(record, self.watched):
            listed = one.kind in LISTED or one.kind == restated.KIND
            mark = _mark(_named(one) if listed else answer[one.start : one.end], self.salt)
            if one.certain and not one.kind.startswith("personal"):
                kind = LISTED.get(one.kind, SECRET)
                if kind > row[CERTAIN]:
                    row[CERTAIN], row[MARK] = kind, mark
            else:
                items[mark] = True
        first = list(items)[:4]
        row[COUNT] = len(items)
        row[ITEMS][: len(first)] = first


def found(record: Record, watched: Watched | None = None) -> list[Finding]:
    """What is found in a record's answer and is not in what its caller wrote."""
    answer = record.completion or ""
    made = find(answer, watched)
    asked = _asked(record) if made else ""
    return [one for one in made if answer[one.start : one.end] not in asked]


def _worded(records: Sequence[Record], i: int) -> bool:
    """Whether a record may have an answer in words, without decoding it."""
    item = records.items[i] if isinstance(records, Later) else None
    return not isinstance(item, bytes) or b'"completion"' in item


def _named(one: Finding) -> str:
    return one.kind if one.kind == "protected" else one.kind + one.masked


def _mark(text: str, salt: bytes) -> int:
    key = blake2b(salt, digest_size=32, person=b"tidegate.leak").digest()
    bare = "".join(text.lower().split()).encode("utf-8", "replace")
    return int.from_bytes(blake2b(bare, key=key, digest_size=4).digest(), "little") >> (32 - _BITS) or 1


def _asked(record: Record) -> str:
    said = [record.prompt or ""]
    for message in record.messages or ():
        content = message.get("content")
        for part in content if isinstance(content, list) else [content]:
            said += [str(part.get("text", "")) if isinstance(part, dict) else str(part or "")]
    return "\n".join(said)
