"""NamedSchema: named values, as some logs carry features, to columns of numbers and back to words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.batch import LARGEST, Floats

Array = npt.NDArray[Any]
Row = Mapping[str, object]

NAMES = 512  # names kept, the most frequent
CATEGORIES = 64  # categories with a column of their own, a name
COLUMNS = 1024  # in all
BUCKETS = 4  # columns that categories without one of their own are hashed to
LONGEST = 128  # characters of a name that is kept
RARE = 1 / 1000  # share of rows below which a name is not kept

_ABSENT = object()
_NUMBERS = {int, float, bool}
_NUMBERS_OR_NONE = {*_NUMBERS, type(None), object}  # object: the name is not there


@dataclass(frozen=True)
class NamedSchema:
    """Which columns named values become.

    A number has two: its value (the median where there is none) and whether it is missing. A category has one for
    each of its frequent values, four that other values are hashed to, and one for missing; together they sum to one.
    The last column counts names that the schema does not know, and numbers that are none but text or objects. Values
    are kept as hashes only.

    Attributes
    ----------
    names : the known names, sorted
    numeric : (M,) u1, whether a name is a number
    fill : (M,) f4, what stands for a missing number
    first : (M + 1,) i4, first column of each name; the last is that of unknown names
    hashes : (H,) u8, hashes of the categories with own columns, name by name
    start : (M + 1,) i4, where each name's hashes begin
    """

    names: tuple[str, ...]
    numeric: Array
    fill: Array
    first: Array
    hashes: Array
    start: Array

    @classmethod
    def learn(cls, rows: Sequence[Row]) -> "NamedSchema":
        """A schema from N clean rows; the same for the same rows in any order."""
        values = {name: [row.get(name) for row in rows] for name in _frequent(rows)}
        number = {name: _mostly_numbers(column) for name, column in values.items()}
        names = _fitting(number)
        numeric = np.array([number[name] for name in names], np.uint8)
        fill = np.array([_median(values[n]) if number[n] else 0.0 for n in names], np.float32)
        counts = [Counter() if k else _counted(values[n]) for n, k in zip(names, numeric, strict=True)]
        room = COLUMNS - 1 - sum(_least_width(number[n]) for n in names)
        chosen = _chosen(counts, room, least=max(2, len(rows) // 2000))
        width = [2 if k else len(c) + BUCKETS + 1 for k, c in zip(numeric, chosen, strict=True)]
        return cls(
            names,
            numeric,
            fill,
            np.cumsum([0, *width]).astype(np.int32),
            np.array([h for c in chosen for h in c], np.uint64),
            np.cumsum([0, *map(len, chosen)]).astype(np.int32),
        )

    def encode(self, rows: Sequence[Row]) -> Floats:
        """Columns (N, F) of N rows, each by itself; no value raises."""
        out = np.zeros((len(rows), self.width), np.float32)
        unknown = np.array([len(row) for row in rows], np.float32)
        for m, values in enumerate(_by_name(rows, self.names)):
            kinds = set(map(type, values))
            unknown -= np.array([v is not _ABSENT for v in values]) if object in kinds else np.float32(1)
            part = out[:, self.first[m] : self.first[m + 1]]
            if self.numeric[m]:
                unknown += _encode_numbers(values, kinds, self.fill[m], part)
            else:
                _encode_categories(values, kinds, self._places[m], part)
        out[:, -1] = unknown
        return out

    @property
    def width(self) -> int:
        """F."""
        return int(self.first[-1]) + 1

    @cached_property
    def _places(self) -> list[dict[int, int]]:
        """By name, the column of each known category."""
        parts = [self.hashes[a:b].tolist() for a, b in pairwise(self.start.tolist())]
        return [{code: place for place, code in enumerate(part)} for part in parts]

    def columns(self) -> list[str]:
        """What each of the F columns is, in words."""
        made = []
        for m, name in enumerate(self.names):
            if self.numeric[m]:
                made += [name, f"{name} missing"]
            else:
                known = len(self._places[m])
                made += [f"{name} (category {k + 1})" for k in range(known)]
                made += [f"{name} (another category)"] * BUCKETS + [f"{name} missing"]
        return [*made, "unknown names or types"]

    def to_arrays(self) -> dict[str, Array]:
        """All of it as plain arrays; names as UTF-8."""
        texts = [name.encode() for name in self.names]
        return {
            "text": np.frombuffer(b"".join(texts), np.uint8).copy(),
            "ends": np.cumsum([len(t) for t in texts]).astype(np.int32),
            "numeric": self.numeric,
            "fill": self.fill,
            "first": self.first,
            "hashes": self.hashes,
            "start": self.start,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> "NamedSchema":
        """Undo :meth:`to_arrays`."""
        text, ends = arrays["text"].tobytes(), [0, *arrays["ends"].tolist()]
        names = tuple(text[a:b].decode() for a, b in pairwise(ends))
        return cls(names, *(arrays[k] for k in ("numeric", "fill", "first", "hashes", "start")))


def _by_name(rows: Sequence[Row], names: tuple[str, ...]) -> Iterable[tuple[object, ...]]:
    """The N values of each name, one name after the other; row by row, since that is how they lie in memory."""
    if not rows or not names:
        return [()] * len(names)
    if len(names) > 1:
        with suppress(KeyError):
            return list(zip(*map(itemgetter(*names), rows), strict=True))
    return list(zip(*[[row.get(name, _ABSENT) for name in names] for row in rows], strict=True))


def _least_width(number: bool) -> int:
    return 2 if number else BUCKETS + 1


def _fitting(number: Mapping[str, bool]) -> tuple[str, ...]:
    """Of names by frequency, those that the columns have room for, sorted."""
    ends = np.cumsum([1, *map(_least_width, number.values())])[1:]
    return tuple(sorted(name for name, end in zip(number, ends, strict=True) if end <= COLUMNS))


def _frequent(rows: Sequence[Row]) -> list[str]:
    """Names in at least a thousandth of the rows, at most 512, the most frequent first."""
    count = Counter(name for row in rows for name in row if isinstance(name, str) and len(name) <= LONGEST)
    least = max(2, int(RARE * len(rows)))
    kept = sorted((-c, name) for name, c in count.items() if c >= least and _encodable(name))
    return [name for _, name in kept[:NAMES]]


def _encodable(name: str) -> bool:
    """Whether a name is proper Unicode; lone surrogates are not."""
    return not any("\ud800" <= c <= "\udfff" for c in name)


def _mostly_numbers(values: list[object]) -> bool:
    given = [type(v) in _NUMBERS for v in values if v is not None]
    return 2 * sum(given) > len(given)


def _median(values: list[object]) -> float:
    return float(np.median([_number(v) for v in values if type(v) in _NUMBERS]))


def _number(value: object) -> float:
    """A number within +-1e12, NaN if it is none."""
    if type(value) not in _NUMBERS:
        return np.nan
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        number = float(LARGEST) if value > 0 else -float(LARGEST)  # type: ignore[operator]
    return min(max(number, -float(LARGEST)), float(LARGEST)) if number == number else np.nan  # noqa: PLR0124  # NaN


def _counted(values: list[object]) -> Counter[int]:
    return Counter(_code(v) for v in values if v is not None)


def _chosen(counts: list[Counter[int]], room: int, *, least: int) -> list[list[int]]:
    """By name, the hashes that get columns: the most frequent over all names, while there is room."""
    ranked = sorted((-n, m, code) for m, count in enumerate(counts) for code, n in count.items() if n >= least)
    chosen: list[list[int]] = [[] for _ in counts]
    for _, m, code in ranked:
        if room > 0 and len(chosen[m]) < CATEGORIES:
            chosen[m].append(code)
            room -= 1
    return chosen


def _code(value: object) -> int:
    """A category's hash. Equal numbers are one category; nested values are one category, whatever they hold."""
    if isinstance(value, str):
        return _hash(b"s" + value.encode("utf-8", "surrogatepass"))
    if type(value) in _NUMBERS:
        return _hash(b"n" + np.float64(_number(value)).tobytes())
    return _hash(b"o" + type(value).__name__.encode())


def _hash(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8, person=b"tidegate.named").digest(), "little")


def _encode_numbers(values: Sequence[object], kinds: set[type], fill: float, out: Array) -> Array | np.float32:
    """Fill (N, 2): the value, and whether it is missing. Return how many are of another type, (N,)."""
    others: Array | np.float32 = np.float32(0)
    if kinds == {float}:
        numbers = np.clip(np.array(values, np.float64), -float(LARGEST), float(LARGEST))
    else:
        numbers = np.array([_number(v) for v in values], np.float64)
        if not kinds <= _NUMBERS_OR_NONE:
            others = np.array([type(v) not in _NUMBERS_OR_NONE for v in values], np.float32)
    missing = np.isnan(numbers)
    out[:, 0] = np.where(missing, fill, numbers)
    out[:, 1] = missing
    return others


def _encode_categories(values: Sequence[object], kinds: set[type], place: dict[int, int], out: Array) -> None:
    """Fill (N, H + 5): one-hot of known categories, of the bucket of others, or of missing."""
    known = len(place)

    def find(value: object) -> int:
        if value is None or value is _ABSENT:
            return known + BUCKETS
        code = _code(value)
        return place.get(code, known + code % BUCKETS)

    if kinds == {str}:
        at = {value: find(value) for value in set(values)}
        out[np.arange(len(values)), [at[value] for value in values]] = 1.0
    else:
        out[np.arange(len(values)), [find(value) for value in values]] = 1.0
