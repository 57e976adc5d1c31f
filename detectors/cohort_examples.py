"""Cohort examples: the members of a cohort that are most alike, each beside the customer that it is most like.

How alike two are is what makes a cohort: nats of their profiles for one principal (:mod:`detectors.affinity`), and what
inputs they share. What is shown of a member is its last record that was heard of, and the deviations that spoke for an
attack; beside them stand those of the nearest principal of the clean period.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detectors import affinity
from detectors.affinity import PER_Z
from detectors.cohort import Cohort
from detectors.features.marks import NONE
from detectors.members import SHARED, WORTH, Members, Rows
from schemas.batch import Doubles, Floats, Integers

SHOWN = 3  # members
LOOKED = 64  # members, the first ones, among whom the most alike are looked for


class Beside(NamedTuple):
    """A member of a cohort, and the customer that it is most like.

    Attributes
    ----------
    principal, record, time, records : who, its last record and when (s), and how many it has sent
    z : (64,) its deviations
    marks, shared : fingerprints of its inputs, and how many of them others that are shown have too
    usual : (64,) deviations of the nearest principal of the clean period; None where none is known
    """

    principal: str
    record: str
    time: float
    records: int
    z: Floats
    marks: int
    shared: int
    usual: Floats | None


class Told(NamedTuple):
    """What an alert says of a cohort.

    Attributes
    ----------
    z : (64,) deviations of all as one principal
    records : of its members
    linked : share of members that sent what other members sent, or nearly
    examples : of its members, those most alike
    """

    cohort: Cohort
    z: Floats
    records: int
    linked: float
    examples: Sequence[Beside] = ()


def beside(newcomers: Members, known: Members, mine: Integers) -> Sequence[Beside]:
    """Some of a cohort's rows ``mine`` (n,), those most alike first, beside those who are known."""
    some = mine[:LOOKED]
    chosen = some[most_alike(alike(newcomers.held[some]))]
    return [_beside(newcomers, known, at, chosen[chosen != at]) for at in chosen.tolist()]


def _beside(newcomers: Members, known: Members, at: int, others: Integers) -> Beside:
    row, s, n = newcomers.rows[at], *newcomers.sums([at])
    marks, usual = row["marks"][row["marks"] != NONE], None
    if len(known):
        near = int(affinity.likeness(s[0], int(n[0]), *known.sums()).argmax())
        usual = (known.rows[near]["z"] / PER_Z).astype(np.float32)
    return Beside(
        principal=newcomers.names[at],
        record=row["record"].tobytes().rstrip(b"\0").decode("utf-8", "replace"),
        time=float(row["last"]),
        records=int(row["count"]),
        z=(row["z"] / PER_Z).astype(np.float32),
        marks=len(marks),
        shared=int(np.isin(marks, newcomers.rows[others]["marks"]).sum()),
        usual=usual,
    )


def alike(rows: Rows) -> Doubles:
    """Nats (n, n) that speak for each two of some members being one; -inf for each with itself."""
    s, n = affinity.sums(rows["z"], rows["count"]), affinity.records(rows["count"])
    found = np.stack([affinity.likeness(s[k], int(n[k]), s, n) for k in range(len(rows))])
    for k in range(len(rows)):
        own = rows["marks"][k][rows["marks"][k] != NONE]
        found[k] += WORTH * np.minimum(np.isin(rows["marks"], own).sum(1), SHARED)
    found = (found + found.T) / 2
    np.fill_diagonal(found, -np.inf)
    return found


def most_alike(nats: Doubles) -> list[int]:
    """The two that are most alike, and the third that is most like both; fewer where there are no more."""
    if len(nats) < 2:
        return list(range(len(nats)))
    first, second = (int(k) for k in np.unravel_index(int(nats.argmax()), nats.shape))
    rest = nats[first] + nats[second]
    rest[[first, second]] = -np.inf
    return [first, second, int(rest.argmax())][: min(SHOWN, len(nats))]
