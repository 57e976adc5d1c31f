"""What was measured of a detector, as a page that goes with its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

RATES = (1e-2, 1e-3)


@dataclass(slots=True)
class Measured:
    """Scores on rows that nothing was learnt from.

    Attributes
    ----------
    levels : scores of honest rows that set thresholds, by corruption; ``clean`` are those as they are
    honest : scores of other honest rows, the same way
    attacks : scores of inputs that changed the victim's answer, by attack
    tried : how many inputs each attack began with
    taught : attacks whose like the detector has learnt
    """

    levels: Mapping[str, Array]
    honest: Mapping[str, Array]
    attacks: Mapping[str, Array]
    tried: Mapping[str, int]
    taught: frozenset[str]
    notes: list[str] = field(default_factory=list)

    def thresholds(self) -> list[float]:
        """At false-positive rates of one in 100 and in 1,000: on clean rows, then on all corruptions together."""
        every = np.concatenate(list(self.levels.values()))
        return [float(np.quantile(x, 1 - rate)) for x in (self.levels["clean"], every) for rate in RATES]

    def rates(self, scores: Array) -> list[float]:
        """Share of scores above each threshold; NaN without any."""
        return [float((scores > level).mean()) if len(scores) else float("nan") for level in self.thresholds()]


def page(title: str, facts: Mapping[str, str], found: Measured) -> str:
    """Markdown: what it is, what it catches, what it takes for an attack, what it cannot."""
    lines = [f"# {title}", "", *(f"- {name}: {text}" for name, text in facts.items()), ""]
    lines += [
        "Thresholds are set on honest rows apart, so that one in 100 or in 1,000 is flagged: of clean, or of clean",
        "and corrupted rows together. Rows measured here were neither learnt from nor set a threshold.", "",
        "## Attacks", "", "Only inputs that changed the model's answer count.", "",
        "| attack | learnt | tried | succeeded | TPR at FPR 1e-2, clean | 1e-3, clean | 1e-2, all | 1e-3, all |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for name, scores in found.attacks.items():
        learnt = "yes" if name in found.taught else "no"
        lines.append(f"| {name} | {learnt} | {found.tried[name]} | {len(scores)} | {_cells(found.rates(scores))} |")
    lines += [
        "", "## Honest inputs", "",
        "| inputs | rows | flagged at 1e-2, clean | 1e-3, clean | 1e-2, all | 1e-3, all |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for name, scores in found.honest.items():
        lines.append(f"| {name} | {len(scores)} | {_cells(found.rates(scores), 4)} |")
    lines += ["", "## What it cannot", "", *(f"- {note}" for note in (*found.notes, *_limits(found))), ""]
    return "\n".join(lines)


def _cells(rates: list[float], digits: int = 2) -> str:
    return " | ".join("none" if np.isnan(rate) else f"{rate:.{digits}f}" for rate in rates)


def _limits(found: Measured) -> list[str]:
    fewest = min(len(x) for x in found.levels.values())
    made = [
        "An attacker who knows the detector and has its gradients makes inputs that pass it: the row `adaptive` says "
        "how often one such attack failed, and a better one will fail less. What accumulates over a caller's requests "
        "is found.",
        "What was learnt is this model on this data. After either changes, train again.",
    ]
    if fewest < 1000:
        made.append(f"Only {fewest} clean rows set thresholds: a rate of one in 1,000 is then a guess.")
    return made
