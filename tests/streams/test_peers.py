import json
from dataclasses import replace

import numpy as np
import pytest

from detectors.peers.distance import Distance
from detectors.peers.nearest_queries import NearestQueries
from detectors.peers.prada import Prada
from detectors.plan import DAY, Plan
from detectors.training.traffic import CLEAN, traffic
from streams.peers import hear, tried
from streams.trials import groups
from streams.truth import read

PLAN = Plan(burn_in=DAY, alerts_per_day=2)


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    made = traffic(2, records=5000, attacks=("fuzzing", "inversion", "backdoor"))
    log = tmp_path_factory.mktemp("trace") / "demo.jsonl"
    with log.open("wb") as out:
        out.writelines(message.value + b"\n" for chunk in made.chunks() for message in chunk)
    return log, read(made.truth(), json.loads(json.dumps(made.manifest(CLEAN))))


@pytest.fixture(scope="module")
def heard(trace):
    return hear(trace[0], PLAN)


def test_a_log_is_heard_in_its_order_with_everybody_in_it(trace, heard):
    lines = trace[0].read_text().splitlines()
    rows = heard.traffic
    assert len(rows) == len(lines)
    assert rows.row.tolist() == list(range(len(lines)))
    for row in (0, 17, len(lines) - 1):
        assert json.loads(lines[row])["principal"] == heard.names[rows.principal[row]]


def test_records_of_another_form_are_left_out(trace, tmp_path):
    lines = trace[0].read_text().splitlines()
    odd = [*range(5), 3000]
    for row in odd:
        record = json.loads(lines[row])
        lines[row] = json.dumps(record | {"features": record["features"] + [1.0]})
    (tmp_path / "odd.jsonl").write_text("\n".join(lines) + "\n")
    assert not set(odd) & set(hear(tmp_path / "odd.jsonl", PLAN).traffic.row.tolist())


def test_inputs_by_name_are_encoded(trace, tmp_path):
    named = []
    for line in trace[0].read_text().splitlines()[:3000]:
        record = json.loads(line)
        named.append(json.dumps(record | {"features": {f"f{k}": v for k, v in enumerate(record["features"])}}))
    (tmp_path / "named.jsonl").write_text("\n".join(named) + "\n")
    assert len(hear(tmp_path / "named.jsonl", PLAN).traffic) == 3000


def test_impossible_inputs_are_found_by_their_distance(trace, heard):
    _, truth = trace
    found = tried(heard, truth, groups(truth, 2), Distance(over=1), PLAN)
    assert found.attempts == 2
    assert len(found.outcomes) == 3
    assert next(one for one in found.outcomes if one.campaign.label == "fuzzing").caught
    assert found.days == pytest.approx(2 * truth.days)


@pytest.mark.parametrize("kind", [Distance, NearestQueries, Prada])
def test_scores_that_are_kept_from_group_to_group_change_nothing(trace, heard, kind):
    _, truth = trace
    dealt = groups(truth, 2)
    quick, slow = (tried(heard, truth, dealt, kind(alone=alone), PLAN) for alone in (True, False))
    assert [one.queries for one in quick.outcomes] == [one.queries for one in slow.outcomes]
    assert [one.trigger for one in quick.false] == [one.trigger for one in slow.false]


def test_a_spoilt_burn_in_is_learnt_with_what_spoils_it(trace, heard):
    _, truth = trace
    early = replace(truth, campaign=np.where(np.arange(len(truth.campaign)) < 3, 0, truth.campaign))
    assert len(tried(heard, early, groups(early, 3), Distance(), PLAN).outcomes) == 3
