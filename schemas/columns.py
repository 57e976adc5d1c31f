"""Columns: how records become batches, one for each model version and number of features and classes."""

import math
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from schemas.arrays import LARGEST, Doubles, packed, row, softmax, tame, tame_probabilities, width
from schemas.batch import HALF, ID, UNANSWERED, Batch, Codes, Counts, Floats, Integers
from schemas.pairing import LONE, REQUEST
from schemas.record import Record

FAILED = 400  # status from which on a call failed

_Array = TypeVar("_Array", bound=npt.NDArray[Any])


class _Form(NamedTuple):
    """What the records of one batch share: model, version, F, C, and whether features came by name."""

    model: str
    version: str
    features: int
    classes: int
    named: bool
    worded: bool = False


def batches(records: Sequence[Record], offsets: Integers, *, trusted: bool = True) -> list[Batch]:
    """Sort N records into batches by model, version, F and C, in order of first appearance.

    Inside a batch the order is that of arrival. Array forms must have passed ``schemas.arrays.checked``, as readers
    see to. Where logits came without probabilities, their softmax stands in.

    Parameters
    ----------
    offsets : (N,) position of each record in its partition or file, rising
    trusted : whether these rows may teach a baseline
    """
    if not records:
        return []
    rows = list(records)
    alike = _alike(rows)
    if alike is not None:
        return [_batch(alike, rows, offsets, trusted=trusted)]
    groups: dict[_Form, list[int]] = {}
    for i, record in enumerate(rows):
        groups.setdefault(_form(record), []).append(i)
    return [_batch(form, [rows[i] for i in some], offsets[some], trusted=trusted) for form, some in groups.items()]


def _alike(rows: list[Record]) -> _Form | None:
    """Return the form of all rows if they have lists of one length and one model version, as most slices do."""
    first = rows[0]
    if not (isinstance(first.features, list) and isinstance(first.probabilities, list)):
        return None
    features: list[Any] = [record.features for record in rows]
    probabilities: list[Any] = [record.probabilities for record in rows]
    if set(map(type, features)) != {list} or set(map(type, probabilities)) != {list}:
        return None
    if len(set(map(len, features))) > 1 or len(set(map(len, probabilities))) > 1:
        return None
    if len({record.model for record in rows}) > 1 or len({record.version for record in rows}) > 1:
        return None
    return _Form(first.model, first.version, len(first.features), len(first.probabilities), named=False)


def _form(record: Record) -> _Form:
    answer = record.probabilities if record.probabilities is not None else record.logits
    classes = 0 if answer is None else len(answer)
    features = record.features
    if not isinstance(features, dict):
        worded = not features and (record.prompt is not None or record.messages is not None)
        return _Form(record.model, record.version, len(features or ()), classes, named=False, worded=worded)
    if packed(features):
        return _Form(record.model, record.version, width(features), classes, named=False)
    return _Form(record.model, record.version, 0, classes, named=True)


def _batch(form: _Form, rows: list[Record], offsets: Integers, *, trusted: bool) -> Batch:
    features, bad = tame(_matrix([record.features for record in rows], form.features))
    probabilities, outside = _probabilities(rows, form.classes)
    named, unusable = _named(rows) if form.named else (None, np.zeros(len(rows), np.uint16))
    principals, principal = _principals(rows)
    latency = np.array([record.latency_ms for record in rows], dtype=np.float64) / 1000.0
    return Batch(
        model=form.model,
        version=form.version,
        offsets=fixed(np.array(offsets, dtype=np.int64)),
        time=fixed(np.array([record.time for record in rows], dtype=np.float64)),
        principals=principals,
        principal=fixed(principal),
        features=fixed(features),
        named=named,
        probabilities=fixed(probabilities),
        labels=_labels(rows),
        latency=fixed(latency.astype(np.float32)),
        tokens=fixed(_tokens(rows)),
        bad=fixed(total(bad, outside, unusable)),
        trusted=fixed(np.full(len(rows), trusted)),
        worded=form.worded,
        text=nothing_read(len(rows)),
        ids=fixed(encoded([record.id for record in rows])),
        records=rows,
        lone=_lone(rows),
    )


def nothing_read(n: int) -> Floats:
    """What was read of the words of ``n`` records before anybody read them: (n, 0)."""
    return fixed(np.zeros((n, 0), np.float32))


def fixed(array: _Array) -> _Array:
    """Make an array read-only and return it."""
    array.setflags(write=False)
    return array


def total(*counts: Counts) -> Counts:
    """Sum counts (N,) that stop at 65,535."""
    return np.minimum(np.sum(counts, axis=0, dtype=np.uint32), 65535).astype(np.uint16)


def encoded(ids: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Ids as (N, 40) bytes, longer ones cut, shorter ones filled with zeros."""
    try:
        made = np.array(ids, f"S{ID}")
    except UnicodeEncodeError:
        made = np.array([i.encode("utf-8", "replace") for i in ids], f"S{ID}")
    return made.view(np.uint8).reshape(len(ids), ID)


def in_order(names: list[str], code: Codes) -> tuple[list[str], Codes]:
    """Renumber principals by their first appearance in ``code`` (N,)."""
    _, first = np.unique(code, return_index=True)
    order = code[np.sort(first)]
    new = np.empty(len(names), np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    return [names[i] for i in order], new[code]


def _matrix(lists: Sequence[Any], columns: int) -> Doubles:
    """Return (N, columns): packing a row as C doubles is three times as fast as np.array of lists."""
    if not columns:
        return np.zeros((len(lists), 0))
    pack = struct.Struct(f"{columns}d").pack
    try:
        data = b"".join([pack(*values) for values in lists])
    except (struct.error, TypeError, OverflowError):
        data = b"".join([_numbers(values).tobytes() for values in lists])
    return np.frombuffer(data, np.float64).reshape(-1, columns)


def _numbers(values: Any) -> Doubles:
    if isinstance(values, dict):
        return row(values)
    return np.array([v if type(v) is float else math.nan for v in values], dtype=np.float64)


def _probabilities(rows: list[Record], classes: int) -> tuple[Floats, Counts]:
    """Return (N, C) in [0, 1], sorted by name where classes have names, and how many were not usable, (N,)."""
    answers: list[Any] = [record.probabilities for record in rows]
    if dict in set(map(type, answers)):
        answers = [[a[name] for name in sorted(a)] if isinstance(a, dict) else a for a in answers]
    if None not in answers or not classes:
        return tame_probabilities(_matrix(answers, classes))
    bare = [i for i, answer in enumerate(answers) if answer is None]
    logits, bad = tame(_matrix([rows[i].logits for i in bare], classes))
    values = np.empty((len(rows), classes), dtype=np.float64)
    values[bare] = softmax(logits)
    rest = [i for i, answer in enumerate(answers) if answer is not None]
    values[rest] = _matrix([answers[i] for i in rest], classes)
    probabilities, outside = tame_probabilities(values)
    outside[bare] += bad
    return probabilities, outside


def _named(rows: list[Record]) -> tuple[list[dict[str, object]], Counts]:
    """Return the named values with their numbers tamed as columns are, and how many were not usable, (N,)."""
    named = [dict(record.features) for record in rows if isinstance(record.features, dict)]
    bad = np.zeros(len(named), dtype=np.uint16)
    for i, values in enumerate(named):
        for name, value in values.items():
            if isinstance(value, float) and not -LARGEST <= value <= LARGEST:
                values[name] = 0.0 if math.isnan(value) else math.copysign(LARGEST, value)
                bad[i] += bad[i] < 65535
    return named, bad


def _principals(rows: list[Record]) -> tuple[list[str], Codes]:
    codes: dict[str, int] = {}
    principal = [codes.setdefault(record.principal, len(codes)) for record in rows]
    return list(codes), np.array(principal, dtype=np.int32)


def _labels(rows: list[Record]) -> list[str]:
    labels = [record.label for record in rows]
    if labels.count(None) == len(labels):
        return [""] * len(labels)
    return ["" if label is None else str(label) for label in labels]


def _lone(rows: list[Record]) -> npt.NDArray[np.uint8] | None:
    """Return which records are one half of a call, (N,), as their phase says; None where none is."""
    phases = [record.phase for record in rows]
    if not any(phases):
        return None
    codes = [HALF if phase in LONE else 0 for phase in phases]
    for i, record in enumerate(rows):
        if record.phase == REQUEST and (record.status is None or record.status >= FAILED):
            codes[i] = UNANSWERED
    return fixed(np.array(codes, np.uint8)) if any(codes) else None


def _tokens(rows: list[Record]) -> npt.NDArray[np.int32]:
    tokens = np.full((len(rows), 2), -1, dtype=np.int32)
    for column, counts in enumerate(([r.tokens_in for r in rows], [r.tokens_out for r in rows])):
        if counts.count(None) < len(rows):
            tokens[:, column] = [-1 if count is None else count for count in counts]
    return tokens
