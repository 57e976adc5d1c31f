"""Fit: what is learnt anew from the latest feedback: which labels to expect, how often the crowd errs, what is far."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.features.inputs import Margins
from detectors.features.space import Space
from detectors.feedback import crowd, expectation, spectrum
from detectors.feedback.contributors import Learnt
from detectors.feedback.crowd import GROUPS, MEMORY
from detectors.feedback.expectation import Expectation
from detectors.feedback.labels import GAP
from detectors.feedback.sample import Sample

Array = npt.NDArray[Any]


class Fitted(NamedTuple):
    """What one fit gives.

    Attributes
    ----------
    expectation, learnt : which labels to expect; of the spectrum, what records are judged by
    known : (1,) the crowd as its sample shows it
    far : how often an honest contributor's records may lie far out
    """

    expectation: Expectation
    learnt: Learnt
    known: npt.NDArray[np.void]
    far: float


def fit(sample: Sample, labels: int, known: npt.NDArray[np.void], chance: np.random.Generator) -> Fitted:
    """Learn from a sample with ``labels`` labels; ``known`` is the crowd so far."""
    rows = sample.chosen()
    x, label, fold = sample.x[rows], sample.label[rows], sample.fold[rows]
    made = expectation.fit(x, label, fold, labels, chance)
    made = made._replace(trust=expectation.trust(label, sample.answer[rows], sample.sure[rows]))
    columns, v = expectation.design(made, x)
    shares = np.empty((len(rows), labels))
    expectation.predict(columns, fold, made.weights, shares)
    expectation.blend(shares, sample.answer[rows], sample.sure[rows], made.trust)
    expected = shares.argmax(1)
    gross = shares.max(1) - shares[np.arange(len(rows)), label] > GAP
    who = np.unique(sample.who[rows], return_inverse=True)[1].astype(np.int64)
    learnt = Learnt(*spectrum.fit(v, label, labels))
    return Fitted(
        made,
        learnt,
        _crowd(known, who, label % GROUPS, expected % GROUPS, gross),
        _far(who, label, v, learnt),
    )


def _crowd(before: npt.NDArray[np.void], who: Array, given: Array, expected: Array, gross: Array) -> Any:
    """The crowd as a sample shows it: rates, how much the worst errs, guides; what was counted stays."""
    known = before.copy()
    wrong = np.zeros((GROUPS, GROUPS))
    np.add.at(wrong, (given[gross], expected[gross]), 1.0)
    by_given, by_expected = (np.bincount(one, minlength=GROUPS).astype(np.float64) for one in (given, expected))
    rate = wrong / (by_given[:, None] + 1.0)
    known["rate"], known["given"] = rate, np.minimum(by_given, MEMORY)
    known["back"], known["expected"] = wrong.T / (by_expected[:, None] + 1.0), np.minimum(by_expected, MEMORY)
    known["share"] = by_given / max(len(given), 1)
    known["worst"] = crowd.worst(np.bincount(who, gross), np.bincount(who, rate.sum(1)[given]))
    known["guided"] = crowd.guides(who, given, expected, gross, rate, float(known["worst"][0]))
    return known


def _far(who: Array, label: Array, v: Array, learnt: Learnt) -> float:
    """How often an honest contributor's records may lie far out."""
    s = np.abs(((v - learnt.mean[label]) * learnt.direction[label]).sum(1))
    usual = spectrum.OUTER * np.isfinite(learnt.cut[label])
    most = crowd.worst(np.bincount(who, s > learnt.cut[label]), np.bincount(who, usual))
    return min(crowd.MOST, most * spectrum.OUTER + spectrum.SLACK)


def packed(fitted: Fitted) -> tuple[float, dict[str, Array]]:
    """A fit as a number and plain arrays."""
    known = fitted.expectation
    parts: dict[str, Any] = {"margins": known.margins, "space": known.space, "learnt": fitted.learnt}
    arrays = {f"{part}.{name}": array for part, held in parts.items() for name, array in held._asdict().items()}
    return fitted.far, arrays | {"weights": known.weights, "trust": known.trust}


def unpacked(far: float, arrays: dict[str, Array], known: npt.NDArray[np.void]) -> Fitted:
    """Undo :func:`packed`."""
    made: dict[str, Any] = {}
    for part, kind in (("margins", Margins), ("space", Space), ("learnt", Learnt)):
        made[part] = kind(**{name: arrays[f"{part}.{name}"] for name in kind._fields})
    expected = Expectation(made["margins"], made["space"], arrays["weights"], arrays["trust"])
    return Fitted(expected, made["learnt"], known, far)
