"""``python -m streams.adaptive WORLDS``: what hiding costs an attacker, and what he has of his goal when he is told of.

Runs each family of attack in each adaptive form against victims of the laboratory, from the same chance, in the same
honest traffic; judges all by a network that saw none of the victim's worlds, with gates as in production, six campaigns
at a time; and writes the tables of ``docs/detection/adaptive.md``. Networks are fitted on the worlds in the folder,
which ``python -m streams.leftout`` draws. Needs the extra ``train``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from detectors.reference import NotEnough
from detectors.training import leftout
from detectors.training.lab.adaptive import ADAPTIVE
from detectors.training.lab.attacks import FAMILIES
from detectors.training.lab.attacks.backdoor import implanted
from detectors.training.lab.campaigns import Campaign, campaign, suits
from detectors.training.lab.pacing import PACINGS
from detectors.training.lab.types import Victim
from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.world import world
from detectors.training.promise import Kept
from detectors.training.samples import part, together
from detectors.training.watched import Watched, watched
from streams import adaptive_tables, page
from streams.leftout import CLEAN, scored
from streams.training import ROWS, THREATS, fitted

WAYS: tuple[tuple[str, ...], ...] = ((), *((way,) for way in ADAPTIVE), ADAPTIVE)
KEPT = ".ways"


def main(
    folder: Annotated[Path, typer.Argument(help="where worlds are kept")],
    *,
    to: Annotated[Path, typer.Option("--page", help="the page that tables are written into")] = Path(
        "docs/detection/adaptive.md"
    ),
    name: Annotated[list[str], typer.Option("--victim", help="one of the laboratory's; several, or all")] = ["all"],  # noqa: B006
    family: Annotated[list[str], typer.Option(help="of attack; several, or all")] = ["all"],  # noqa: B006
    seed: Annotated[int, typer.Option(help="of worlds that no network is fitted on; 0 draws none")] = 101,
    days: Annotated[int, typer.Option(min=2, help="length, the first day is the burn-in")] = 5,
    principals: Annotated[int, typer.Option(min=10, help="honest principals")] = 160,
    parts: Annotated[int, typer.Option(min=2, help="groups of victims, each left out in turn")] = 7,
) -> None:
    """Draw what is missing, judge all, write the tables."""
    chosen = tuple(FAMILIES) if list(family) == ["all"] else family
    for one in NAMES if list(name) == ["all"] else name:
        file = folder / f"{one}-{seed}{KEPT}"
        if seed and not file.exists():
            _draw(file, one, seed, days, principals, chosen)
    made = judged(folder, parts)
    page.put(to, adaptive_tables.text(made))
    typer.echo(adaptive_tables.ways(made))


def _draw(file: Path, name: str, seed: int, days: int, principals: int, families: Sequence[str]) -> None:
    """Keep what is seen of one world, if its burn-in is enough to judge by."""
    attacked = implanted(victim(name, seed), seed)
    drawn = world(attacked, seed, days, principals, list(tried(attacked, seed, days, families)), redeploy=False)
    try:
        file.write_bytes(watched(drawn).to_bytes())
    except NotEnough as error:
        typer.echo(f"{file.stem} is left out: {error}")
        return
    typer.echo(f"{file.name}: {len(drawn.time)} records, {len(drawn.campaigns)} campaigns")


def tried(attacked: Victim, seed: int, days: int, families: Sequence[str]) -> Iterator[Campaign]:
    """Each family in each form, from the same chance and in the same pacing; stolen accounts are made up."""
    turn = NAMES.index(attacked.name) if attacked.name in NAMES else 0
    for number, family in enumerate(families):
        paces = FAMILIES[family].pacings or PACINGS
        pacing = paces[(number + turn) % len(paces)]
        if suits(attacked, family, pacing):
            for knows in WAYS:
                chance = np.random.default_rng([seed, *family.encode(), 0, *attacked.name.encode()])
                yield _told_apart(campaign(attacked, family, pacing, chance, days, knows), "-".join(knows))


def _told_apart(one: Campaign, by: str) -> Campaign:
    """The same under other names, for the same chance gives the same ones."""
    return replace(
        one,
        visits={f"{name}-{by}": visit for name, visit in one.visits.items()},
        own={f"{name}-{by}": marks for name, marks in one.own.items()},
        stolen=frozenset(f"{name}-{by}" for name in one.stolen),
    )


def judged(folder: Path, parts: int) -> dict[float, Kept]:
    """By budget, what became of all campaigns; the networks saw other victims only."""
    worlds = [Watched.from_bytes(file.read_bytes()) for file in sorted(folder.glob(f"*{CLEAN}"))]
    data = [(one.victim, one.samples(THREATS, np.random.default_rng(0))) for one in worlds]
    made = {budget: Kept(budget) for budget in adaptive_tables.BUDGETS}
    files = [(Watched.from_bytes(file.read_bytes()).victim, file) for file in sorted(folder.glob(f"*{KEPT}"))]
    for group in leftout.folds([name for name, _ in data], parts):
        mine = [file for name, file in files if name in group]
        if not mine:
            continue
        others = together([rows for name, rows in data if name not in group])
        network, rows = fitted(others), part(others, ROWS)
        for file in mine:
            one = Watched.from_bytes(file.read_bytes())
            found = scored(network, rows, one)
            for kept in made.values():
                kept.add(one, *found)
            typer.echo(f"judged: {file.stem}")
    return made


if __name__ == "__main__":
    typer.run(main)
