"""Membership: canaries are certain, and told once a week."""

import dataclasses

import numpy as np

from detectors import stage
from detectors.fingerprints import CANARY, MEMBER, OTHER
from detectors.library.membership import Membership


def shown(canaries, time=None):
    """Day one, then as many records of one principal, of which those in ``canaries`` are such."""
    rows, slots = stage.ordinary()
    some = np.flatnonzero(slots == slots[0])[:30]
    part, own = stage.part(rows, some), slots[some]
    codes = np.full(len(some), OTHER, np.uint8)
    codes[canaries] = MEMBER | CANARY
    batch = dataclasses.replace(part.batch, time=part.batch.time + stage.DAY if time is None else time)
    return dataclasses.replace(part, batch=batch, shared={**part.shared, "member": codes}), own


def found(rows, slots, state=None):
    detector = Membership()
    state = np.zeros(int(slots.max()) + 1, detector.state) if state is None else state
    return detector.findings(rows, detector.score(rows, slots, state)), state


def test_a_canary_is_said_once_with_who_and_that_it_is_certain():
    rows, slots = shown([3, 5, 9])
    (only,), state = found(rows, slots)
    row, said = only
    assert row == 3
    assert said.verdict == "attack"
    assert rows.batch.principals[rows.batch.principal[3]] in said.title
    assert "certain" in said.message
    assert found(rows, slots, state)[0] == []


def test_a_canary_is_said_again_after_a_week():
    rows, slots = shown([3])
    _, state = found(rows, slots)
    later, _ = shown([3], time=rows.batch.time + 8 * stage.DAY)
    assert len(found(later, slots, state)[0]) == 1


def test_who_asked_canaries_in_the_clean_period_is_excused():
    rows, slots = shown([3])
    early, _ = shown([2], time=rows.batch.time - stage.DAY)
    none, state = found(early, slots)
    assert none == []
    assert found(rows, slots, state)[0] == []


def test_without_a_clean_period_canaries_are_known_all_the_same():
    rows, slots = shown([3])
    rows = dataclasses.replace(rows, reference=dataclasses.replace(rows.reference, learnt={}))
    assert len(found(rows, slots)[0]) == 1
