"""The labels of a labelled log: which record belongs to which campaign, and what is known of each campaign."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from schemas.batch import Integers
from streams.aims import threat_of

BENIGN = frozenset({"", "0", "benign", "normal", "none", "null"})
_DIGITS = re.compile(r"(?:^|[-_.])(\d+)(?=$|[-_.])")


class Unusable(ValueError):
    """The truth or the manifest is not what it should be; the message says where."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One attack, from its first record to its last.

    Attributes
    ----------
    places : (n,) positions of its n records in the log, rising
    principals : as the manifest lists them; empty without a manifest
    fidelity : answers got -> agreement of the copy with the model, in [0, 1]; empty where it is no theft
    start, end : time of the first and of the last record, s since the epoch; None where no manifest says it
    threat : what it should be called, a key of ``schemas.threats.THREATS``; empty where nobody knows
    adaptive : what the attacker does because he knows of detectors
    success : what came of it, in [0, 1], where that was measured
    """

    id: str
    label: str
    places: Integers
    variant: str = ""
    principals: frozenset[str] = frozenset()
    fidelity: Mapping[int, float] = field(default_factory=dict)
    start: float | None = None
    end: float | None = None
    threat: str = ""
    adaptive: tuple[str, ...] = ()
    success: float | None = None

    def records_until(self, place: int) -> int:
        """How many of its records stand at or before ``place`` in the log."""
        return int(np.searchsorted(self.places, place, side="right"))

    def fidelity_after(self, queries: int) -> float | None:
        """Agreement of a copy made from so many answers, between measured points on a straight line."""
        if not self.fidelity:
            return None
        points = sorted(self.fidelity)
        return float(np.interp(queries, points, [self.fidelity[point] for point in points]))


@dataclass(frozen=True, slots=True)
class Truth:
    """A labelled log of N records.

    Attributes
    ----------
    place : record id -> its position in the log, from 0
    campaign : (N,) index into ``campaigns``, -1 where benign
    personas : principal -> what kind of customer, where the manifest says it
    days : length of the watched part of the log, None if unknown
    """

    place: Mapping[str, int]
    campaign: Integers
    campaigns: list[Campaign]
    personas: Mapping[str, str] = field(default_factory=dict)
    days: float | None = None


def read(lines: Iterable[str], manifest: Mapping[str, Any] | None = None) -> Truth:
    """Read ``record id,label,attack id`` lines in the log's order, and what a manifest adds.

    A first line that calls its second column ``label`` is a header.

    Empty, 0 and ``benign`` mean benign. Where an attack has no id, its label is the id.

    Raises
    ------
    Unusable
        a line has no id and label
    """
    place: dict[str, int] = {}
    names: dict[str, int] = {}
    labels: list[str] = []
    of: list[int] = []
    for line, row in enumerate(csv.reader(lines), start=1):
        if len(row) < 2:
            raise Unusable(f"line {line}: right would be record id,label,attack id")
        if line == 1 and row[1].strip().lower() == "label":
            continue
        label, attack = row[1].strip(), row[2].strip() if len(row) > 2 else ""
        place.setdefault(row[0], len(of))
        name = attack if attack.lower() not in BENIGN else "" if _harmless(label) else label
        if name and name not in names:
            names[name] = len(labels)
            labels.append(label)
        of.append(names[name] if name else -1)
    campaign = np.array(of, np.int64)
    known = _entries(manifest or {})
    campaigns = [
        _campaign(name, labels[index], np.flatnonzero(campaign == index), known) for name, index in names.items()
    ]
    return Truth(place, campaign, campaigns, _personas(manifest or {}), _days(manifest or {}))


def _harmless(label: str) -> bool:
    """Whether a record without an attack id is nobody's attack: benign, or a moving world."""
    return label.lower() in BENIGN or label.lower().startswith("drift")


def _entries(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The manifest's campaigns by id, as text."""
    listed = manifest.get("attacks") or manifest.get("campaigns") or []
    return {str(one.get("attack_id", one.get("id", ""))): one for one in listed if isinstance(one, dict)}


def _campaign(name: str, label: str, places: Integers, known: Mapping[str, Mapping[str, Any]]) -> Campaign:
    number = _DIGITS.search(name)
    entry = known.get(name) or known.get(number[1] if number else "") or {}
    return Campaign(
        id=name,
        label=label or str(entry.get("label", "")),
        places=places,
        variant=str(entry.get("variant", "")),
        principals=frozenset(map(str, entry.get("principals") or ())),
        fidelity=_fidelity(entry.get("fidelity"), len(places)),
        start=_number(entry.get("start")),
        end=_number(entry.get("end")),
        threat=str(entry.get("threat") or threat_of(label)),
        adaptive=tuple(map(str, entry.get("adaptive") or ())),
        success=_number(entry.get("success")),
    )


def _fidelity(value: object, answers: int) -> dict[int, float]:
    """Agreement by answers got; a single number is what the copy was worth in the end. What is neither is left out."""
    if isinstance(value, int | float):
        return {answers: float(value)}
    some = value if isinstance(value, dict) else {}
    return {int(n): float(one) for n, one in some.items() if str(n).isdecimal() and isinstance(one, int | float)}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _personas(manifest: Mapping[str, Any]) -> dict[str, str]:
    listed = manifest.get("personas")
    return {str(who): str(what) for who, what in listed.items()} if isinstance(listed, dict) else {}


def _days(manifest: Mapping[str, Any]) -> float | None:
    """Days from the end of the clean period to the end of the log."""
    first, last = manifest.get("clean_until", manifest.get("t0")), manifest.get("t1")
    if not isinstance(first, int | float) or not isinstance(last, int | float) or last <= first:
        return None
    return (last - first) / 86_400.0
