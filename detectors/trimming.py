"""Trimming: a reference that attackers in the burn-in did not teach.

Some detectors' scores mean the same on every model (``Spec.ceiling``), but attackers who taught the reference hide
themselves: what they do is usual then. So a provisional reference is fitted on the four fifths of the principals that
look the mildest, and all are scored by it. Who is then above what one honest principal in fifty exceeds on any model is
suspect. Some honest ones are among them: the mildest hundredth of all principals stays. The records of the others are
left out, and the reference is fitted without them. Where more than a fifth are suspect, nobody is: then the
population is loud, or the detector is wrong.

Where an earlier version of the model was watched, nobody has to guess: its reference and thresholds, which know these
customers, watched the burn-in of the next one too, and only who was told of is left out. Guessing would leave out the
oddest customers at each release, and those that resemble them would be told of on the next day.

References
----------
Rousseeuw, Van Driessen, A fast algorithm for the minimum covariance determinant estimator, Technometrics 1999,
doi:10.1080/00401706.1999.10485670 (fit on the mildest, score all, fit again).
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from detectors import library, scorer
from detectors.api import Detector
from detectors.burn_in import ROWS, BurnIn
from detectors.gates.honest import LOUD
from detectors.plan import Plan
from detectors.reference import NotEnough, Reference
from detectors.state import KeyTable
from schemas.batch import Doubles, Flags

MILD = 0.8  # share of principals that teach the provisional reference
LEVEL = 0.02  # share of honest principals that exceed the line on any model
EXPECTED = 0.01  # share of principals that stay although they are above it


class Taught(NamedTuple):
    """A reference, the sample that taught it, and which rows (N,) of the whole sample those are."""

    reference: Reference
    sample: BurnIn
    kept: Flags


def taught(sample: BurnIn, plan: Plan) -> Taught:
    """Fit a reference on a burn-in of numbers, without those who were surely attacking. Raises ``NotEnough``."""
    whole = Taught(Reference.fit(sample, secret=plan.secret), sample, np.ones(len(sample), np.bool_))
    accused = set(sample.accused or ())
    bad = np.array([name in accused for name in sample.principals], np.bool_)
    bad &= bad.mean() <= LOUD
    for name, detector in library.build(plan.detectors).items():
        if (
            sample.accused is None
            and detector.spec.ceiling is not None
            and not scorer.missing(detector, whole.reference)
        ):
            peak = _peaks(whole.reference, sample, name, detector)
            first = _fitted(sample, peak <= np.quantile(peak, MILD), plan)
            if first is not None:
                bad |= suspect(_peaks(first.reference, sample, name, detector), *detector.spec.ceiling)
    return (_fitted(sample, ~bad, plan) if bad.any() else None) or whole


def _fitted(sample: BurnIn, chosen: Flags, plan: Plan) -> Taught | None:
    """A reference of some principals (P,); None if they are too few."""
    kept = chosen[sample.principal]
    rest = only(sample, kept)
    try:
        return Taught(Reference.fit(rest, secret=plan.secret), rest, kept)
    except NotEnough:
        return None


def _peaks(reference: Reference, sample: BurnIn, name: str, detector: Detector) -> Doubles:
    """Largest score of each principal of a sample, by its code; -inf without one."""
    table = KeyTable(scorer.state_dtypes({name: detector}, {}), limit=len(sample.principals))
    batch = sample.batch(slice(None))
    slots = table.assign(batch.principals, batch.principal, 0)
    rows = scorer.columns(reference, batch, slots, table)
    score = scorer.score({name: detector}, rows, slots, table).scores.get(name)
    top = np.full(len(sample.principals), -np.inf)
    if score is not None:
        np.fmax.at(top, sample.principal, score.value)
    return top


def suspect(peak: Doubles, location: float, scale: float) -> Flags:
    """Which principals (P,) are left out by their largest scores: above the level, but for the mildest of those.

    That many are expected to be there. Nobody is left out where more than a fifth would be; -inf is a principal without
    a score.
    """
    above, units = np.flatnonzero(peak > location - scale * np.log(LEVEL)), int(np.isfinite(peak).sum())
    chosen = np.zeros(len(peak), np.bool_)
    if len(above) <= LOUD * units:
        mildest_first = above[np.argsort(peak[above], kind="stable")]
        chosen[mildest_first[int(np.ceil(EXPECTED * units)) :]] = True
    return chosen


def only(sample: BurnIn, stays: Flags) -> BurnIn:
    """The rows that stay, and the principals that have any."""
    rows = np.flatnonzero(stays)
    codes, principal = np.unique(sample.principal[rows], return_inverse=True)
    return replace(
        sample,
        principals=[sample.principals[code] for code in codes],
        principal=principal.astype(np.int32),
        labels=[sample.labels[row] for row in rows],
        classified=None if sample.classified is None else sample.classified[rows],
        **{name: getattr(sample, name)[rows] for name in ROWS},
    )
