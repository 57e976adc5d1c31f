"""The suite has teeth: a detector with every bad habit fails the checks that are against them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from detectors import checks
from detectors.api import Explanation, Scores, Spec


@dataclass
class Careless:
    """Scores by the batch, keeps what it saw, asks chance and the disk, and learns from everybody."""

    kept: list[Any] = field(default_factory=list, compare=False)

    spec: ClassVar[Spec] = Spec(
        name="another_name", title="Careless", threat="nonsense", needs=frozenset(), gate="conformal", share=0.1,
        unit="x", reference="a book", runbook="docs/x.md", scenario="boundary_walk", look_alike="hard_cases",
    )  # fmt: skip
    state: ClassVar[np.dtype[np.void]] = np.dtype([("n", "f8")])

    def score(self, rows, slots, state):
        Path(__file__).read_bytes()
        self.kept.append(rows.batch.features.copy())
        x = rows.batch.features[:, 0].astype(np.float64)
        state["n"] += len(x)
        with np.errstate(all="ignore"):
            chance = np.random.normal(0, 1, len(x))  # noqa: NPY002  # the bad habit itself
            value = (x - x.mean()) / x.std() + chance + state["n"][0]
            value = np.where(np.abs(x) > 1e9, np.inf, value)
        return Scores(value)

    def explain(self, rows, scores, row):
        return Explanation(
            threat="nonsense", verdict="maybe", severity="", title="", message="", recommendation="", why=[]
        )


AGAINST = (
    "spec_is_complete",
    "docstring_has_score_and_reference",
    "builds_without_arguments",
    "empty_batch",
    "batch_cuts_do_not_matter",
    "same_seed_same_scores",
    "untrusted_rows_teach_nothing",
    "survives_bad_numbers",
    "memory_is_bounded",
    "no_io",
    "late_rows_are_tolerated",
    "keys_do_not_mix",
    "catches_its_scenario",
    "explains_in_words",
)


@pytest.mark.parametrize("check", AGAINST)
def test_a_careless_detector_fails(check):
    with pytest.raises((AssertionError, RuntimeWarning, TypeError, ValueError)):
        checks.CHECKS[check](Careless)
