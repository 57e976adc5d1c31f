"""What an alert says about prompts."""

import dataclasses

import numpy as np
import pytest

from detectors import stage
from detectors.api import Scores
from detectors.prompt_words import KINDS, explanation
from detectors.text.reading import AT


@pytest.mark.parametrize(
    ("prompts", "odd", "said"),
    [
        (1, 1, "Its only prompt so far is such"),
        (40, 1, "Of its 40 prompts, 1 is such"),
        (4, 4, "Of its 4 prompts, 4 are"),
    ],
)
def test_an_alert_counts_prompts_as_people_do(prompts, odd, said):
    rows, _ = stage.ordinary()
    n = len(rows.batch.time)
    rows = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, text=np.zeros((n, len(AT)), np.float32)))
    why = {"prompts": np.full(n, prompts), "odd": np.full(n, odd), "single": np.full(n, 5.0)}
    for kind in KINDS:
        assert said in explanation(rows, Scores(np.ones(n), why), 0, kind).message
