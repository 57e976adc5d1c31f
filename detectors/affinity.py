"""Affinity: how likely it is that two principals are one, and what many are like if they are taken for one.

A profile's deviations z are means over a principal's records that begin at what is usual, with a weight of 8 records in
the short memory and 16 in the long one. Undone, they add up over principals: some of them taken together are one
principal with all their records. With s the sum over n records of a statistic in the long memory, x = s / n varies
about the principal's own level with variance 3 / n, and levels of honest principals vary with variance 0.7 (both
measured on the laboratory's customers). Two principals with one level, against two with levels of their own, have

    log N(x | p y, p v + w + d) - log N(x | 0, 0.7 + w)        p = 0.7 / (0.7 + v), v = 3 / n_y, w = 3 / n_x

summed over the statistics that are not of time, by 3 since they depend on each other; d is what one campaign's accounts
may differ by. Levels that are usual say little, and so do few records: honest newcomers hardly attract each other.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.models import shipped
from detectors.network import logits
from detectors.statistics import SIGNALS
from schemas.batch import Doubles, Floats, Integers

PER_Z = 16  # units of a sketch a unit of z
WIDTH = len(SIGNALS)
SHORT, LONG, WHOLE = slice(0, WIDTH), slice(WIDTH, 2 * WIDTH), slice(2 * WIDTH, None)
SHORT_WEIGHT, LONG_WEIGHT = 8, 16  # records that the usual weighs in the two memories
SHORT_MOST, LONG_MOST = 24, 240  # records up to which the sum is known: beyond, old ones fade
WITHIN, BETWEEN, APART = 3.0, 0.7, 0.05  # variances: of a record, of honest levels, within one campaign
DEPENDENCE = 3.0  # statistics that say the same thing, about
CLIP = 3.0  # nats that one statistic may say for or against
COUNTED = np.array([WIDTH + k for k, s in enumerate(SIGNALS) if s.group != "pace"])
MODEL = shipped("attack_profile")

Bytes = npt.NDArray[np.int8]


def records(count: Any) -> Any:
    """Records n that a sketch after ``count`` of them speaks for."""
    return np.minimum(count, LONG_MOST)


def sums(z: Bytes, count: Integers) -> Integers:
    """Sums s (n, 64) of deviations over the records of n principals, in units of a sketch; whole numbers."""
    long, short = records(count)[:, None], np.minimum(count, SHORT_MOST)[:, None]
    made = z.astype(np.int64)
    made[:, SHORT] *= short + SHORT_WEIGHT
    made[:, LONG] *= long + LONG_WEIGHT
    made[:, WHOLE] *= long
    return made


def together(z: Bytes, count: Integers) -> Floats:
    """Deviations (64,) of n principals as one, from theirs (n, 64) after (n,) records."""
    long, short = int(records(count).sum()), int(np.minimum(count, SHORT_MOST).sum())
    made = sums(z, count).sum(0) / PER_Z
    made[SHORT] /= short + SHORT_WEIGHT
    made[LONG] /= long + LONG_WEIGHT
    made[WHOLE] /= max(long, 1)
    found: Floats = np.clip(made, -8, 8).astype(np.float32)
    return found


def suspicion(z: Bytes, count: Integers) -> float:
    """The attack's logit of n principals as one, as :mod:`detectors.library.attack_profile` sees such a profile."""
    value = np.empty(1)
    logits(together(z, count)[None], MODEL.network, value)
    return float(value[0])


def likeness(s: Integers, n: int, others: Integers, counts: Integers) -> Doubles:
    """Nats (k,) that speak for k others, with sums (k, 64) over (k,) records, being the same as one with s (64,)."""
    v, w = WITHIN / n, (WITHIN / counts)[:, None]
    share = BETWEEN / (BETWEEN + v)
    x = others[:, COUNTED] / (PER_Z * counts[:, None])
    same = share * v + w + APART
    alone = BETWEEN + w
    off = x - share * s[COUNTED] / (PER_Z * n)
    each = 0.5 * (x * x / alone - off * off / same + np.log(alone / same))
    found: Doubles = np.clip(each, -CLIP, CLIP).sum(1) / DEPENDENCE
    return found
