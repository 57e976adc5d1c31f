"""Input consistency: what it says of fuzzers, broken clients, honest oddities, and whole models."""

import dataclasses

import numpy as np

from detectors import stage
from detectors.features.named import NamedSchema
from detectors.library.input_consistency import InputConsistency


def changed(change, *, days=1):
    """Day one as it was, and again with its inputs changed from noon on: columns, slots, scores."""
    first, second = stage.day(0, stage.customers()), stage.day(days, stage.customers())
    both = first.followed_by(second)
    late = both.time >= stage.MONDAY + stage.DAY * days + 12 * 3600
    both.features[late] = change(both.features[late].copy(), both.code[late])
    rows, slots = stage.columns(stage.reference(), both.batch(), both.slots() + 1), both.slots() + 1
    scores, _ = stage.play(InputConsistency(), rows, slots)
    return rows, slots, scores, late


def explained(rows, scores, slots, slot):
    mine = np.flatnonzero(slots == slot)
    row = int(mine[scores.value[mine].argmax()])
    return InputConsistency().explain(rows, scores, row), scores.value[row]


def test_a_deploy_that_changes_a_column_for_all_is_one_finding_and_few_alerts_of_principals():
    def scaled(x, _):
        x[:, 6] = x[:, 6] * 100 + 100
        return x

    rows, slots, scores, late = changed(scaled)
    found = InputConsistency().findings(rows, scores)
    assert len(found) == 1
    row, said = found[0]
    assert late[row]
    assert len(set(slots[late.nonzero()[0][0] : row + 1])) < 15
    assert (said.threat, said.verdict) == ("schema_change", "fault")
    assert "feature 6" in said.message
    afterwards = slots[row + 1 :][scores.value[row + 1 :] > 1]
    assert len(set(afterwards)) <= 3


def test_ordinary_days_have_no_findings():
    rows, _, scores, _ = changed(lambda x, _: x)
    assert InputConsistency().findings(rows, scores) == []


def test_one_client_with_one_column_in_another_unit_is_a_fault_of_that_client():
    client = stage.day(0, stage.customers()).names.index("service-0")

    def scaled(x, code):
        x[code == client, 7] = 5000
        return x

    rows, slots, scores, _ = changed(scaled)
    said, value = explained(rows, scores, slots, client + 1)
    assert value > 0.5
    assert (said.threat, said.verdict) == ("schema_change", "fault")
    assert "feature 7" in said.title
    assert InputConsistency().findings(rows, scores) == []


def test_a_fuzzer_is_called_one_and_its_statistics_are_shown():
    rows, slots, names = stage.performance("fuzzing", "other_rounding")
    scores, _ = stage.play(InputConsistency(), rows, slots)
    attacker = names.index("attack-0")
    said, _ = explained(rows, scores, slots, attacker)
    assert (said.threat, said.verdict) == ("fuzzing", "attack")
    assert len(said.why) >= 2
    assert all(value > typical for _, value, typical, _ in said.why)


def test_honest_customers_score_nothing_on_another_day():
    _, _, scores, _ = changed(lambda x, _: x, days=3)
    assert (scores.value > 0).mean() < 0.01


def test_columns_are_called_as_the_log_calls_them():
    schema = NamedSchema.learn([{f"n{i:02d}": float(j) for i in range(8)} for j in range(50)])
    rows, slots, names = stage.performance("fuzzing", "other_rounding")
    learnt = {**rows.reference.learnt, "named": schema.to_arrays()}
    rows = dataclasses.replace(rows, reference=dataclasses.replace(rows.reference, learnt=learnt))
    scores, _ = stage.play(InputConsistency(), rows, slots)
    said, _ = explained(rows, scores, slots, names.index("attack-1"))
    assert "'n0" in said.message
