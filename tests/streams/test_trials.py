import gzip
import json

import pytest

from detectors.plan import DAY, Plan
from detectors.training.traffic import CLEAN, traffic
from streams.trials import attempt, groups, together, traces
from streams.truth import read


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One labelled trace, compressed, with three campaigns."""
    made = traffic(2, records=5000, attacks=("fuzzing", "inversion", "backdoor"))
    folder = tmp_path_factory.mktemp("traces")
    with gzip.open(folder / "demo.jsonl.gz", "wb", compresslevel=1) as out:
        out.writelines(message.value + b"\n" for chunk in made.chunks() for message in chunk)
    (folder / "demo.truth.csv").write_text("".join(made.truth()))
    (folder / "demo.manifest.json").write_text(json.dumps(made.manifest(CLEAN)))
    (folder / "lonely.truth.csv").write_text("")
    return folder


def test_a_trace_is_a_log_with_its_truth(folder):
    (trace,) = traces(folder)
    assert (trace.name, trace.log.name) == ("demo", "demo.jsonl.gz")
    assert trace.manifest is not None


def test_every_campaign_is_in_exactly_one_group_and_kinds_are_spread():
    truth = read(f"r{n},{'ab'[n % 2]},{n // 3 + 1}\n" for n in range(30))
    dealt = groups(truth, 4)
    assert sorted(index for group in dealt for index in group) == list(range(10))
    assert max(map(len, dealt)) <= 4
    assert all(len({truth.campaigns[index].label for index in group}) == 2 for group in dealt)


def test_a_log_without_campaigns_is_watched_once():
    (group,) = groups(read(["r0,benign,"]), 6)
    assert not len(group)


def test_an_attempt_meets_only_its_own_campaigns_and_attempts_add_up(folder, tmp_path):
    (trace,) = traces(folder)
    manifest = json.loads(trace.manifest.read_text())
    with trace.truth.open() as lines:
        truth = read(lines, manifest)
    plan = Plan(burn_in=DAY, alerts_per_day=2)
    dealt = groups(truth, 2)
    parts = [attempt(trace.log, truth, group, plan, tmp_path / "log.jsonl") for group in dealt]
    assert [len(part.outcomes) for part in parts] == [2, 1]
    whole = together(parts)
    assert {one.campaign.id for one in whole.outcomes} == {"fuzzing", "inversion", "backdoor"}
    assert whole.attempts == 2
    assert whole.days == pytest.approx(2 * truth.days)
    fuzz = next(one for one in whole.outcomes if one.campaign.id == "fuzzing")
    assert fuzz.caught
    assert fuzz.queries is not None
    assert fuzz.queries <= 240
    written = (tmp_path / "log.jsonl").read_bytes().count(b"\n")
    assert written == int((truth.campaign < 0).sum()) + sum(len(one.campaign.places) for one in parts[-1].outcomes)
