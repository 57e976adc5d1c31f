"""What hiding costs attackers, from kept worlds to a page."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detectors.training.lab.victims import victim
from detectors.training.promise import Kept, Seen
from detectors.training.watched import Raid, Watched
from streams import adaptive, adaptive_tables
from tests.streams.test_leftout import kept

COURSE = tuple(np.linspace(0.0, 0.8, 65).tolist())


def seen(way: tuple[str, ...], queries: int | None) -> Seen:
    raid = Raid("simba", "query_evasion", "fast", way, 100, 2, 0.8, COURSE)
    return Seen(raid, "wines-network", 300, 1.5, queries, "attack_profile")


def test_each_family_is_run_in_each_form_in_the_same_pacing_from_accounts_of_its_own():
    made = list(adaptive.tried(victim("wines-network", 1, 0.1), 5, 3, ["rays", "patch"]))
    assert [one.adaptive for one in made] == [tuple(sorted(way)) for way in adaptive.WAYS]
    assert {(one.family, one.pacing) for one in made} == {("rays", made[0].pacing)}
    names = [name for one in made for name in one.visits]
    assert len(names) == len(set(names))


def test_who_is_caught_keeps_what_was_reached_by_then_and_who_is_not_keeps_all():
    assert adaptive_tables.kept(seen((), 50)) == pytest.approx(0.4)
    assert adaptive_tables.kept(seen((), None)) == pytest.approx(0.8)


def test_the_table_says_what_hiding_costs_and_what_is_kept():
    made = {budget: Kept(budget) for budget in adaptive_tables.BUDGETS}
    for one in made.values():
        one.campaigns += [seen((), 50), seen(("twin",), None), seen(adaptive_tables.ADAPTIVE, 100)]
    lines = adaptive_tables.ways(made).splitlines()
    assert lines[2] == "| none | 1 | 100% | 100% | 50 | 100 | 3.0 | 2.0 | 1.5 | 0.80 | 0.40 | 0.40 |"
    assert lines[3].startswith("| twin | 1 | 0% | 0% | - |")
    assert lines[4].startswith("| all five | 1 | 100% |")
    whole = adaptive_tables.text(made)
    assert "| simba | 1 | 100% |  |  |  |  | 0% | 100% |" in whole
    assert "| simba | 1 | 0.40 of 0.80 |" in whole


def test_the_page_gets_its_tables_from_kept_worlds(tmp_path: Path):
    for number, name in enumerate(("loans", "digits", "wines")):
        (tmp_path / f"{name}-1.world").write_bytes(kept(name, number))
    world = Watched.from_bytes(kept("wines", 7))
    raids = [replace(one, course=COURSE, kept=0.8) for one in world.raids]
    (tmp_path / "wines-101.ways").write_bytes(replace(world, raids=raids).to_bytes())
    page = tmp_path / "page.md"
    page.write_text("# Words\n\n<!-- tables: begin, written by make eval -->\n<!-- tables: end -->\n")
    adaptive.main(tmp_path, to=page, name=["all"], family=["all"], seed=0, parts=3)
    assert "| none | 1 | 100% |" in page.read_text()
