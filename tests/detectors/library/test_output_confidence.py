"""Output confidence: unsure, too sure, no probabilities, and a model that says the same to everybody."""

import dataclasses

import numpy as np

from detectors import stage
from detectors.library.output_confidence import OutputConfidence


def answered(change):
    """Day one with other answers for its busiest principal: columns, slots, scores, its last row."""
    rows, slots = stage.ordinary()
    mine = np.flatnonzero(slots == np.bincount(slots).argmax())
    probabilities = rows.batch.probabilities.copy()
    probabilities[mine] = change(probabilities[mine])
    rows = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, probabilities=probabilities))
    scores, _ = stage.play(OutputConfidence(), rows, slots)
    return rows, scores, int(mine[-1])


def nearly_even(p):
    order = np.argsort(p, 1)
    made = np.full_like(p, 0.02)
    made[np.arange(len(p)), order[:, -1]] = 0.485
    made[np.arange(len(p)), order[:, -2]] = 0.475
    return made


def test_a_walk_along_the_boundary_is_probing():
    rows, scores, last = answered(nearly_even)
    said = OutputConfidence().explain(rows, scores, last)
    assert scores.value[last] > 1
    assert (said.threat, said.verdict) == ("probing", "attack")
    assert "unsure" in said.title


def test_answers_that_are_all_but_certain_are_a_sign_of_inversion():
    rows, scores, last = answered(lambda p: np.eye(4, dtype=np.float32)[p.argmax(1)])
    said = OutputConfidence().explain(rows, scores, last)
    assert scores.value[last] > 1
    assert (said.threat, said.verdict) == ("inversion", "attack")
    assert "unusually sure" in said.title


def test_probabilities_that_sum_to_something_else_are_a_fault_of_the_model():
    rows, scores, last = answered(lambda p: np.minimum(3 * p, 1))
    said = OutputConfidence().explain(rows, scores, last)
    assert (said.threat, said.verdict) == ("model_change", "fault")


def test_a_model_that_says_the_same_to_everybody_is_found_once():
    rows, slots = stage.ordinary()
    probabilities = rows.batch.probabilities.copy()
    probabilities[1000:2000] = probabilities[1000]
    rows = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, probabilities=probabilities))
    scores, _ = stage.play(OutputConfidence(), rows, slots)
    found = OutputConfidence().findings(rows, scores)
    assert len(found) == 1
    assert 1000 < found[0][0] < 2000
    assert found[0][1].verdict == "fault"


def test_a_model_that_never_said_anything_else_does_not_stand_still():
    rows, slots = stage.ordinary()
    same = np.repeat(rows.batch.probabilities[:1], len(slots), 0)
    rows = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, probabilities=same))
    learnt = rows.reference.learnt | {"output_confidence": OutputConfidence().learn(rows, slots)}
    rows = dataclasses.replace(rows, reference=dataclasses.replace(rows.reference, learnt=learnt))
    scores, _ = stage.play(OutputConfidence(), rows, slots)
    assert OutputConfidence().findings(rows, scores) == []


def test_one_client_that_repeats_itself_does_not_make_the_model_stand_still():
    rows, slots = stage.ordinary()
    probabilities = rows.batch.probabilities.copy()
    probabilities[:] = probabilities[0]
    rows = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, probabilities=probabilities))
    scores, _ = stage.play(OutputConfidence(), rows, np.ones_like(slots))
    assert OutputConfidence().findings(rows, scores) == []


def test_ordinary_days_have_no_findings_and_hardly_a_score():
    rows, slots = stage.ordinary()
    scores, _ = stage.play(OutputConfidence(), rows, slots)
    assert OutputConfidence().findings(rows, scores) == []
    assert (scores.value > 1).mean() < 0.02
