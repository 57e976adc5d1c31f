"""Left-out victims from kept worlds to a page."""

from pathlib import Path

import numpy as np
import pytest

from detectors.training.promise import BUDGETS
from detectors.training.watched import Raid, Watched
from streams import leftout

DAY = 86_400.0


def kept(victim: str, seed: int, *, spoilt: bool = False) -> bytes:
    """Thirty customers for three days, and one campaign whose profile deviates; where spoilt, another on day one."""
    random = np.random.default_rng(seed)
    who = np.concatenate([np.tile(np.arange(30), 9), np.full(20, 30), np.full(5 * spoilt, 31)])
    time = np.concatenate([
        np.repeat(np.arange(9), 30) * DAY / 3 + random.uniform(0, DAY / 4, 270),
        DAY + np.arange(20) * 60.0,
        np.arange(5 * spoilt) * 60.0,
    ])  # fmt: skip
    order = np.argsort(time)
    time, who = time[order], who[order].astype(np.int32)
    of = np.where(who == 30, 0, np.where(who == 31, 1, -1)).astype(np.int32)
    z = random.normal(size=(len(time), 64)).astype(np.float16)
    z[of >= 0, :20] += 6.0
    score = z[:, :20].mean(1).astype(np.float32)
    raids = [
        Raid("simba", "query_evasion", "fast", (), 20, 1),
        *[Raid("zoo", "query_evasion", "fast", (), 5, 1)] * spoilt,
    ]
    kinds = [*["clerk"] * 30, *["attacker"] * (1 + spoilt)]
    scores = {"attack_profile": score, "unusual_profile": score}
    return Watched(victim, time, who, of, of, kinds, raids, z, scores).to_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, victim in enumerate(("loans", "digits", "wines")):
        (tmp_path / f"{victim}-1.world").write_bytes(kept(victim, number))
    (tmp_path / "wines-1.spoilt").write_bytes(kept("wines", 2, spoilt=True))
    return tmp_path


def test_every_world_is_judged_by_a_network_that_did_not_see_its_victim(folder: Path):
    made, pairs = leftout.judged(folder, 3)
    assert list(made) == list(BUDGETS)
    assert {one.victim for one in made[2.0].campaigns} == {"loans", "digits", "wines"}
    assert made[10.0].caught() == 1.0
    clean, dirty = pairs[10.0]
    assert len(clean.campaigns) == len(dirty.campaigns) == 1


def test_the_page_gets_its_tables_and_keeps_its_words(folder: Path):
    page = folder / "page.md"
    page.write_text("# Words\n\n<!-- tables: begin, written by make eval -->\nold\n<!-- tables: end -->\nmore\n")
    leftout.main(folder, to=page, name=["all"], seed=[0], parts=3)
    text = page.read_text()
    assert text.startswith("# Words")
    assert text.endswith("more\n")
    assert "old" not in text
    assert "| simba | 3 |" in text
    assert "## Attackers in the burn-in" in text
