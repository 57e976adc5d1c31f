"""Trail: what some requests of one principal are to each other, in measures without a unit.

An attack's aim shows in the shape of what it asks, whatever the model and however odd its inputs: who searches closes
in on a place and crosses the boundary to and fro, who copies asks for scattered inputs with all answers, who
reconstructs climbs, who maps changes one column at a time. Distances (in the keyed projections) are only compared with
each other.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.constraints import KINDS
from detectors.features.space import SKETCH
from schemas.batch import Doubles, Floats

Array = npt.NDArray[Any]

KEPT = 64  # requests
FEWEST = 3  # requests that have a shape
TOGETHER = 0.35  # times the median distance: such inputs belong together
LITTLE = 0.15  # of the columns: so few are changed one by one
UNSURE, SURE = 0.5, 4.0  # nats of margin
RECENT = 16  # requests among which straight lines are looked for

NAMES = (
    "requests", "repeats", "step", "step_trend", "nearest", "nearest_spread", "closest", "toward_last", "from_first",
    "turn", "turn_spread", "straight", "on_a_line", "width", "centre", "centre_spread", "centre_trend", "apart",
    "largest_group", "crossings", "labels", "evenness", "same_label", "two_labels", "changed", "unchanged",
    "little_changed", "margin", "unsure", "sure", "margin_spread", "margin_trend", "margin_memory", "climb", "records",
    "rises", *KINDS,
)  # fmt: skip
WIDTH = len(NAMES)


class Trail(NamedTuple):
    """Some m requests of one principal, in order.

    Attributes
    ----------
    u : (m, 32) i2, keyed projections of the inputs
    label : (m,) i4, the answer's class
    margin : (m,) f4, nats; NaN without probabilities
    changed : (m,) f4, share of the columns in which an input differs from the one before
    broken : (m, 8) bool, whether it breaks a rule that inputs always satisfied, by kind
    """

    u: Array
    label: Array
    margin: Array
    changed: Array
    broken: Array

    @classmethod
    def empty(cls) -> "Trail":
        """Nothing yet."""
        none = np.zeros(0, np.float32)
        return cls(np.zeros((0, SKETCH), np.int16), np.zeros(0, np.int32), none, none, np.zeros((0, len(KINDS)), bool))

    def then(self, u: Array, label: int, margin: float, changed: float, broken: Array) -> "Trail":
        """The last ones and one more."""
        new = (u[None], [label], [margin], [changed], broken[None])
        return Trail(
            *(np.concatenate([old, np.asarray(one, old.dtype)])[-KEPT:] for old, one in zip(self, new, strict=True))
        )


def measures(trail: Trail, classes: int) -> Floats:
    """The measures by the order of ``NAMES``, (44,); all but the first are 0 where there is no shape yet."""
    found = {"requests": np.log2(len(trail.label) + 1) / 3}
    if len(trail.label) >= FEWEST:
        x = trail.u.astype(np.float64)
        apart = np.sqrt(np.maximum(((x[:, None] - x[None]) ** 2).sum(2), 0))
        found |= _distances(apart) | _ways(x, apart) | _groups(apart, trail.label) | _answers(trail.label, classes)
        found |= _changes(trail) | _sureness(trail)
    return np.array([found.get(name, 0.0) for name in NAMES], np.float32)


def _distances(apart: Doubles) -> dict[str, float]:
    """How far inputs are from the one before, from the nearest before, and from all, against the usual distance."""
    m = len(apart)
    usual, pairs = _usual(apart), apart[np.triu_indices(m, 1)]
    step = _log(apart[np.arange(m - 1), np.arange(1, m)], usual)
    nearest = _log(np.where(np.tri(m, k=-1) > 0, apart, np.inf)[1:].min(1), usual)
    return {
        "repeats": float((np.where(np.tri(m, k=-1) > 0, apart, np.inf)[1:].min(1) == 0).mean()),
        "step": float(np.median(step)),
        "step_trend": _correlation(np.arange(m - 1.0), step),
        "nearest": float(np.median(nearest)),
        "nearest_spread": float(nearest.std()),
        "closest": float(_log(np.quantile(pairs, 0.1), usual)),
        "toward_last": _correlation(np.arange(m - 1.0), apart[:-1, -1]),
        "from_first": _correlation(np.arange(m - 1.0), apart[1:, 0]),
    }


def _ways(x: Doubles, apart: Doubles) -> dict[str, float]:
    """Which way steps go, in how many dimensions, and about which of the inputs."""
    turns = _turns(x)
    line = np.abs(_turns(x[-RECENT:]))
    about = x - x.mean(0)
    spread = about.T @ about
    whole = float((spread * spread).sum())
    middle = int(np.median(apart, axis=1).argmin())
    radius = np.delete(apart[middle], middle)
    return {
        "turn": float(turns.mean()) if len(turns) else 0.0,
        "turn_spread": float(turns.std()) if len(turns) else 0.0,
        "straight": float(np.abs(turns).mean()) if len(turns) else 0.0,
        "on_a_line": float((line > 0.95).mean()) if len(line) else 0.0,
        "width": float(np.trace(spread) ** 2 / whole / SKETCH) if whole > 0 else 0.0,
        "centre": float(_log(np.median(apart[middle]), _usual(apart))),
        "centre_spread": float(radius.std() / max(radius.mean(), 1.0)),
        "centre_trend": _correlation(np.arange(float(len(radius))), radius),
    }


def _groups(apart: Doubles, label: Array) -> dict[str, float]:
    """How many groups of inputs that belong together, and whether near inputs get other answers more than any do."""
    m = len(apart)
    group = np.arange(m)
    linked = apart <= TOGETHER * _usual(apart)
    for i in range(1, m):
        for j in np.flatnonzero(linked[i, :i]).tolist():
            group[group == group[i]] = group[j]
    sizes = np.unique(group, return_counts=True)[1]
    first, second = np.triu_indices(m, 1)
    pairs, other = apart[first, second], label[first] != label[second]
    near = pairs <= np.quantile(pairs, 0.1)
    return {
        "apart": len(sizes) / m,
        "largest_group": float(sizes.max()) / m,
        "crossings": float(other[near].mean() - other.mean()),
    }


def _answers(label: Array, classes: int) -> dict[str, float]:
    """How many answers are collected, and how evenly."""
    most = max(2, min(len(label), classes))
    share = np.sort(np.unique(label, return_counts=True)[1])[::-1] / len(label)
    return {
        "labels": len(share) / most,
        "evenness": float(-(share * np.log(share)).sum() / np.log(most)),
        "same_label": float((label[1:] == label[:-1]).mean()),
        "two_labels": float(share[:2].sum() - share[0]),
    }


def _changes(trail: Trail) -> dict[str, float]:
    """In how many columns inputs differ from the one before, and which rules they break."""
    broken = dict(zip(KINDS, trail.broken.mean(0).tolist(), strict=True))
    return broken | {
        "changed": float(np.median(trail.changed)),
        "unchanged": float((trail.changed == 0).mean()),
        "little_changed": float(((trail.changed > 0) & (trail.changed < LITTLE)).mean()),
    }


def _sureness(trail: Trail) -> dict[str, float]:
    """How sure answers are, and whether they become surer, of anything and of the commonest answer."""
    margin = trail.margin.astype(np.float64)
    if np.isnan(margin).all():
        return {}
    margin = np.nan_to_num(margin)
    order, time = _rank(margin), np.arange(float(len(margin)))
    labels, counts = np.unique(trail.label, return_counts=True)
    commonest = np.where(trail.label == labels[counts.argmax()], margin, -margin)
    return {
        "margin": float(np.median(np.arcsinh(margin))) / 2,
        "unsure": float((margin < UNSURE).mean()),
        "sure": float((margin > SURE).mean()),
        "margin_spread": float(np.arcsinh(margin).std()),
        "margin_trend": _correlation(time, order),
        "margin_memory": _correlation(order[1:], order[:-1]),
        "climb": _correlation(time, _rank(commonest)),
        "records": float((np.diff(np.maximum.accumulate(margin)) > 0).mean()),
        "rises": float((np.diff(margin) > 0).mean()),
    }


def _usual(apart: Doubles) -> float:
    some = apart[apart > 0]
    return float(np.median(some)) if len(some) else 1.0


def _log(distance: Any, usual: float) -> Any:
    return np.log((distance + 1.0) / (usual + 1.0))


def _turns(x: Doubles) -> Doubles:
    """Cosines between steps that follow each other, without those that stand still."""
    step = np.diff(x, axis=0)
    length = np.sqrt((step**2).sum(1))
    moved = (length[1:] > 0) & (length[:-1] > 0)
    made: Doubles = (step[1:] * step[:-1]).sum(1)[moved] / (length[1:] * length[:-1])[moved]
    return made


def _rank(values: Doubles) -> Doubles:
    made = np.empty(len(values))
    made[np.argsort(values, kind="stable")] = np.arange(len(values))
    return made


def _correlation(a: Doubles, b: Doubles) -> float:
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 1e-12 else 0.0
