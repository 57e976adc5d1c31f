"""From kept rows to a model, its manifest and a page."""

import json
import re

import numpy as np
import pytest

from detectors import models, threat_naming
from detectors.training.naming import Named, to_bytes
from streams import naming_training
from streams.page import BEGIN, END


def rows(seed: int) -> Named:
    random = np.random.default_rng(seed)
    threat = np.repeat(np.arange(9), 6)
    x = random.normal(0, 0.3, (54, threat_naming.WIDTH)).astype(np.float32)
    x[np.arange(54), threat] += 3.0
    return Named(x, threat, np.tile([0, 8, 64], 18), np.arange(54) // 3, np.arange(54) // 6)


def together(seed: int) -> Named:
    """Accounts taken for one: 64 deviations, and nothing that comes later."""
    one = rows(seed)
    return one._replace(x=one.x[:, :64], since=np.zeros_like(one.since), moment=np.arange(54))


@pytest.fixture
def folder(tmp_path):
    for number, victim in enumerate(("loans", "digits", "wines")):
        (tmp_path / f"{victim}-1.naming").write_bytes(to_bytes(rows(number)))
        (tmp_path / f"{victim}-1.cohorts").write_bytes(to_bytes(together(number)))
    return tmp_path


def test_what_is_kept_becomes_a_model_and_tables(folder, tmp_path):
    page, out = folder / "naming.md", tmp_path / "models"
    out.mkdir()
    page.write_text(f"# Names\n\n{BEGIN}\n{END}\n")
    naming_training.main(folder, out=out, to=page, seed=[0], parts=3)
    made = models.from_bytes((out / "threat_naming.arrays").read_bytes())
    assert made.threats == naming_training.THREATS
    assert made.network.first.shape[0] == threat_naming.WIDTH
    assert "threat_naming.arrays" in json.loads((out / models.MANIFEST).read_text())["files"]
    said = page.read_text()
    assert "3 worlds, victims left out." in said
    assert "| those that go on for 8 requests |" in said
    assert said.count("| fuzzing | 3 |") == 2
    share = re.search(r"Accounts taken for one, 3 worlds, victims left out: (\d+)% are named right\.", said)
    assert share is not None
    assert int(share[1]) > 80


def test_accounts_that_are_taken_for_one_get_a_network_of_their_own(folder, tmp_path):
    page = tmp_path / "naming.md"
    page.write_text(f"{BEGIN}\n{END}\n")
    naming_training.main(folder, out=tmp_path, to=page, seed=[0], parts=3)
    made = models.from_bytes((tmp_path / "cohort_naming.arrays").read_bytes())
    assert made.threats == naming_training.THREATS
    assert made.network.first.shape == (64, 64)
    assert "cohort_naming.arrays" in json.loads((tmp_path / models.MANIFEST).read_text())["files"]


def test_the_latest_look_of_each_moment_counts():
    one = rows(0)
    assert one.since[naming_training._latest(one, 0)].tolist() == [0] * 18
    assert one.since[naming_training._latest(one, 32)].tolist() == [8] * 18
    assert one.since[naming_training._latest(one, 1024)].tolist() == [64] * 18
