"""Answered: the rows of a burn-in that teach what is normal, told from requests without an answer.

What a model answers is learnt from answers. Requests without one are replayed with the others, so that honest ones are
known to every gate, but no detector learns from them. A log of requests alone has no answers at all: then all rows
teach.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors import trimming
from detectors.api import Columns
from detectors.burn_in import BurnIn, take
from detectors.plan import Plan
from detectors.reference import Reference


class Taught(NamedTuple):
    """A reference and what it was made of.

    Attributes
    ----------
    sample : N rows, those without an answer among them, of everybody who did not attack
    kept : which rows of the whole burn-in those are
    whole : (n,) which rows of the sample teach; None where all do
    """

    reference: Reference
    sample: BurnIn
    kept: npt.NDArray[np.bool_]
    whole: npt.NDArray[np.intp] | None


def taught(sample: BurnIn, plan: Plan) -> Taught:
    """Fit a reference on the rows of a burn-in that have answers. Raises ``NotEnough``."""
    if not sample.lone.any() or sample.lone.all():
        sample = replace(sample, lone=np.zeros_like(sample.lone))
        return Taught(*trimming.taught(sample, plan), None)
    answered = sample.lone == 0
    made = trimming.taught(trimming.only(sample, answered), plan)
    out = np.setdiff1d(sample.principal[answered], sample.principal[answered][made.kept])
    kept = ~np.isin(sample.principal, out)
    rest = trimming.only(sample, kept)
    return Taught(made.reference, rest, kept, np.flatnonzero(rest.lone == 0))


def part(rows: Columns, which: npt.NDArray[np.intp] | slice) -> Columns:
    """Some rows of columns."""
    return replace(
        rows,
        batch=take(rows.batch, which),
        shared={name: column[which] for name, column in rows.shared.items()},
        statistics=rows.statistics[which],
        z=rows.z[which],
    )
