import json

import numpy as np
import pytest

from detectors.training.lab.customers import GROUPS
from detectors.training.lab.drifts import drift
from detectors.training.lab.lineup import lineup
from detectors.training.lab.types import DAY
from detectors.training.lab.victims import victim
from detectors.training.lab.world import world
from streams.files import read_lines
from streams.laboratory import attack_ids, main, write
from streams.trials import traces
from streams.truth import read


@pytest.fixture(scope="module")
def drawn():
    made = victim("wines-network", 1, 0.1)
    families = ("natural", "mixtures")

    def raids(members):
        return lineup(made, np.random.default_rng(1), 3, members, 3, families=families, pacings=("fast", "diluted"))

    return world(made, 1, 3, 30, raids, mean=15)


@pytest.mark.parametrize("compress", [False, True])
def test_what_is_written_is_read_as_a_labelled_trace(tmp_path, drawn, compress):
    write(tmp_path, "wines-1", drawn, compress=compress)
    (trace,) = traces(tmp_path)
    lines = [line for chunk in read_lines([str(trace.log)]) for line in chunk.lines]
    with trace.truth.open() as file:
        truth = read(file, json.loads(trace.manifest.read_bytes()))
    assert trace.name == "wines-1"
    assert len(lines) == len(truth.campaign) == len(drawn.time)
    assert json.loads(lines[-1])["id"] in truth.place
    assert {one.id for one in truth.campaigns} == set(attack_ids(drawn))


def test_the_truth_knows_campaigns_accounts_and_customers(tmp_path, drawn):
    write(tmp_path, "wines-1", drawn)
    manifest = json.loads((tmp_path / "wines-1.manifest.json").read_bytes())
    with (tmp_path / "wines-1.truth.csv").open() as file:
        truth = read(file, manifest)
    assert truth.days == pytest.approx(2)
    assert set(truth.personas) == set(drawn.names)
    by_id = dict(zip(attack_ids(drawn), drawn.campaigns, strict=True))
    for one in truth.campaigns:
        made = by_id[one.id]
        assert one.label == made.family
        assert one.principals == set(made.visits)
        assert len(one.places) == sum(len(visit.time) for visit in made.visits.values())
        assert one.start >= drawn.start + DAY


def test_the_same_world_is_written_the_same(tmp_path, drawn):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, "w", drawn)
    files = [sorted((tmp_path / name).iterdir()) for name in ("a", "b")]
    assert [one.read_bytes() for one in files[0]] == [one.read_bytes() for one in files[1]]


def test_a_world_that_moves_is_nobodys_attack(tmp_path):
    made = victim("wines-network", 1, 0.1)
    moved = drift(made, np.random.default_rng(1), "offset", DAY)
    drawn = world(made, 1, 2, 20, mean=10, moved=moved)
    write(tmp_path, "w", drawn)
    manifest = json.loads((tmp_path / "w.manifest.json").read_bytes())
    lines = (tmp_path / "w.truth.csv").read_text().splitlines()
    assert manifest["drift"]["kind"] == "offset"
    assert sum("drift-offset" in line for line in lines) == (drawn.time >= DAY).sum() > 0
    assert not read(lines, manifest).campaigns


def test_the_command_writes_worlds_of_the_wanted_kind(tmp_path, capsys):
    main(
        tmp_path / "new",
        name=["wines-network"],
        seed=7,
        days=2,
        principals=20,
        campaigns=1,
        mean=5,
        kind="grain",
        drift_day=1.0,
        without=["faulty", "changing", "launch"],
    )
    manifest = json.loads((tmp_path / "new" / "wines-network-7.manifest.json").read_bytes())
    absent = {*GROUPS["faulty"], *GROUPS["changing"], "launch"}
    assert "1 campaigns" in capsys.readouterr().out
    assert manifest["drift"]["kind"] == "grain"
    assert not absent & set(manifest["personas"].values())
    assert len(manifest["attacks"]) == 1


def test_guests_and_training_rows_are_there_where_they_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr("streams.laboratory.victim", lambda name, seed: victim(name, seed, 0.1))
    main(
        tmp_path,
        name=["wines-network"],
        days=2,
        principals=10,
        campaigns=0,
        mean=10,
        guest=["evaluation=2"],
        train=True,
    )
    manifest = json.loads((tmp_path / "wines-network-1.manifest.json").read_bytes())
    assert list(manifest["personas"].values()).count("evaluation") == 2
    rows = [json.loads(line) for line in (tmp_path / "wines-network-1.train.jsonl").read_bytes().splitlines()]
    assert len(rows) == len(victim("wines-network", 1, 0.1).train)
