"""Suspects: records whose answer contradicts their neighbourhood, surely; what a backdoor's trigger leaves in a log.

An input with a trigger looks like its own class and is answered as another, without doubt. Such records are few among
honest ones. Each is sent to the correlator, column by column, to be compared with those of other principals: a trigger
recurs in them, over inputs that otherwise have nothing in common (:mod:`detectors.triggers`).

What a worker does for it is one look at three columns; at most one record in 64, and 256 in ten minutes, is sent.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.affinity import PER_Z
from detectors.api import Columns
from detectors.features import inputs
from detectors.features.tails import TAILS
from detectors.reference import Reference
from schemas.batch import Doubles, Integers
from schemas.compiled import compiled
from schemas.signal import Suspect

NAME = "suspects"  # of what is learnt of them
RARE, USUAL = 0.99, 0.95  # quantiles of clean records above which a record is one, and shows what is usual
CONTRADICTS = 0.5  # of the score of records between classes, without which none is: a third of clean ones reach it
WIDEST = 1024  # features; of wider inputs nothing is sent
WINDOW = 600.0  # s of record time
FREE, EVERY, MOST = 32, 64, 256  # sent in a window: so many, and one record in so many, at most
EACH = 8  # of one principal in a window
KNOWN = 512  # of the clean period that say what is usual, by partition
PER_NAT = 31.0  # units of rarity

_BETWEEN, _OFF, _RANK = (TAILS.index(name) for name in ("between_classes", "off_manifold", "margin_rank"))

Array = npt.NDArray[Any]

state = np.dtype([("number", "i8"), ("window", "i8"), ("seen", "i8"), ("sent", "i8"), ("by", "u1", 256)], align=True)
"""One partition and model version: suspects so far; in this window records and suspects, and these by principal."""


def learn(shared: Mapping[str, Array]) -> dict[str, Array]:
    """How odd a record must be, from the shared columns of the burn-in's."""
    tails = shared["tails"]
    odd = np.empty(len(tails))
    oddness(tails, odd)
    return {"least": np.quantile(odd, [RARE, USUAL]) if len(odd) else np.full(2, np.inf)}


def follow(rows: Columns, slots: Integers, open_window: npt.NDArray[np.void]) -> list[Suspect]:
    """Suspects among N rows in order, of which the first ``len(slots)`` are looked at; the same under any cut."""
    least = _least(rows.reference)
    if least is None or not len(slots):
        return []
    at = np.empty(len(slots), np.int64)
    shared = rows.shared
    n = _pick(shared["tails"], shared["hash"], shared["trusted"], rows.batch.time, slots, least[0], open_window, at)
    return _made(rows, at[:n], open_window) if n else []


def acquaint(rows: Columns, open_window: npt.NDArray[np.void]) -> list[Suspect]:
    """Some suspects of the clean period's N rows: they say what is usual."""
    least = _least(rows.reference)
    if least is None:
        return []
    odd = np.empty(len(rows.batch))
    oddness(rows.shared["tails"], odd)
    at = np.flatnonzero((odd > least[1]) & (rows.shared["hash"] != 0))
    chosen = np.sort(at[np.argsort(rows.shared["hash"][at], kind="stable")][:KNOWN])
    return _made(rows, chosen, open_window, known=True)


def _least(reference: Reference) -> Array | None:
    learnt = reference.learnt.get(NAME)
    if not learnt or not 0 < reference.features <= WIDEST or reference.margins is None:
        return None
    return learnt["least"]


def _made(
    rows: Columns, at: Integers, open_window: npt.NDArray[np.void], *, known: bool = False
) -> list[Suspect]:  # fmt: skip
    margins, batch = rows.reference.margins, rows.batch
    assert margins is not None
    x = np.ascontiguousarray(batch.features[at], np.float32)
    z, rarity = np.empty(x.shape, np.int8), np.empty(x.shape, np.uint8)
    _columns(x, margins, z, rarity)
    profile = np.clip(np.rint(rows.z[at] * np.float32(PER_Z)), -127, 127).astype(np.int8)
    scale = np.stack([margins.centre, 1 / margins.gain]).astype(np.float32).tobytes()
    made = []
    for k, row in enumerate(at.tolist()):
        open_window["number"] += 1
        number, label = int(open_window["number"][0]), int(rows.shared["label"][row])
        made.append(
            Suspect(
                principal=batch.principals[batch.principal[row]],
                record=batch.ids[row].tobytes().rstrip(b"\0").decode("utf-8", "replace"),
                number=number,
                time=float(batch.time[row]),
                label=label,
                answer=batch.labels[row] or f"class {label}",
                z=z[k].tobytes(),
                rarity=rarity[k].tobytes(),
                known=known,
                scale=scale if number == 1 else b"",
                profile=b"" if known else profile[k].tobytes(),
            )
        )
    return made


@compiled
def oddness(tails: Array, odd: Doubles) -> None:
    """How surely answers contradict their neighbourhood (N,), from (N, 9) tails; weights tried on 16 victims."""
    for i in range(len(tails)):
        odd[i] = _odd(tails[i])


@compiled
def _odd(tails: Array) -> Any:
    between, off, rank = tails[_BETWEEN], tails[_OFF], tails[_RANK]
    if not between >= CONTRADICTS:
        return -1.0
    odd = np.float64(between) + (0.0 if np.isnan(rank) else 0.6 * np.float64(rank))
    return odd + (0.0 if np.isnan(off) else 0.3 * np.float64(off))


@compiled
def _pick(
    tails: Array, hashes: Array, trusted: Array, time: Array, slots: Array, least: float, open_window: Any, at: Array
) -> int:
    """Fill ``at`` with the rows that are sent, and return how many."""
    n = 0
    own = open_window[0]
    for i in range(len(slots)):
        window = np.int64(time[i] // WINDOW)
        if window > own.window:
            own.window, own.seen, own.sent = window, 0, 0
            own.by[:] = 0
        own.seen += 1
        if hashes[i] == 0 or not trusted[i] or _odd(tails[i]) <= least:
            continue
        who = slots[i] % 256
        if own.sent < min(FREE + own.seen // EVERY, MOST) and own.by[who] < EACH:
            own.sent += 1
            own.by[who] += 1
            at[n] = i
            n += 1
    return n


@compiled
def _columns(x: Array, margins: inputs.Margins, z: Array, rarity: Array) -> None:
    """Normalised values and how rare each is in its column, of rows (n, F)."""
    level = np.empty(x.shape[1], np.int64)
    normal = np.empty(x.shape[1], np.float32)
    for i in range(len(x)):
        inputs.quantise(x[i], margins.centre, margins.gain, normal)
        inputs.find_levels(x[i], margins.low, margins.inverse_width, level)
        for j in range(x.shape[1]):
            z[i, j] = np.int8(normal[j])
            nats = np.float32(margins.surprise[j, level[j]]) * np.float32(inputs.SURPRISE_UNIT)
            rarity[i, j] = np.uint8(nats * np.float32(PER_NAT))
