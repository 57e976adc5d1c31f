"""``python -m streams.leftout``: what is caught of left-out victims at so many false alerts a day, and who is hit.

Draws worlds of the laboratory, keeps what was seen of them in a folder, judges each by a network that saw none of its
victim's worlds, lets honest traffic and six campaigns at a time through the gates, and writes the tables of
``docs/detection/laboratory.md``. Needs the extra ``train``. All worlds in the folder are judged, those of other runs
among them.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from detectors.library.attack_profile import CEILING
from detectors.network import Network, logits
from detectors.reference import NotEnough
from detectors.training import leftout
from detectors.training.lab.attacks.backdoor import implanted
from detectors.training.lab.campaigns import Campaign
from detectors.training.lab.lineup import lineup
from detectors.training.lab.population import Member
from detectors.training.lab.types import DAY, Victim
from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.world import world
from detectors.training.promise import BUDGETS, Kept
from detectors.training.samples import part, together
from detectors.training.watched import Watched, watched
from detectors.trimming import suspect
from detectors.tuned import Rows, tuned
from schemas.batch import Doubles, Flags
from streams import leftout_tables, page
from streams.training import NAME, ROWS, THREATS, fitted

CLEAN, SPOILT = ".world", ".spoilt"
TENTH = 0.1  # of the burn-in's principals that attack where it is spoilt


def main(
    folder: Annotated[Path, typer.Argument(help="where worlds are kept")],
    *,
    to: Annotated[Path, typer.Option("--page", help="the page that tables are written into")] = Path(
        "docs/detection/laboratory.md"
    ),
    name: Annotated[list[str], typer.Option("--victim", help="one of the laboratory's; several, or all")] = ["all"],  # noqa: B006
    seed: Annotated[list[int], typer.Option(help="worlds of each victim; 0 draws none")] = [1],  # noqa: B006
    days: Annotated[int, typer.Option(min=2, help="length, the first day is the burn-in")] = 5,
    principals: Annotated[int, typer.Option(min=10, help="honest principals")] = 160,
    campaigns: Annotated[int, typer.Option(min=1, help="attacks of a world")] = 24,
    adaptive: Annotated[float, typer.Option(help="share of attackers who know of detectors")] = 0.2,
    spoilt: Annotated[bool, typer.Option(help="draw also worlds with attackers in the burn-in")] = False,
    parts: Annotated[int, typer.Option(min=2, help="groups of victims, each left out in turn")] = 7,
) -> None:
    """Draw what is missing, judge all, write the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in filter(None, seed):
        for one in NAMES if list(name) == ["all"] else name:
            for ending in (CLEAN, SPOILT) if spoilt else (CLEAN,):
                file = folder / f"{one}-{number}{ending}"
                if not file.exists():
                    _draw(file, one, number, days, principals, campaigns, adaptive)
    made, pairs = judged(folder, parts)
    page.put(to, leftout_tables.text(made, pairs))
    typer.echo(leftout_tables.promises(made))


def _draw(file: Path, name: str, seed: int, days: int, principals: int, campaigns: int, adaptive: float) -> None:
    """Keep what is seen of one world, if its burn-in is enough to judge by."""
    attacked = implanted(victim(name, seed), seed)

    def raids(members: Sequence[Member]) -> list[Campaign]:
        chance = np.random.default_rng([seed, *b"lineup", *name.encode()])
        made = lineup(attacked, chance, days, members, campaigns, adaptive=adaptive)
        return made + _early(attacked, seed, members, made) if file.suffix == SPOILT else made

    drawn = world(attacked, seed, days, principals, raids, redeploy=False)
    try:
        file.write_bytes(watched(drawn).to_bytes())
    except NotEnough as error:
        typer.echo(f"{file.stem} is left out: {error}")
        return
    typer.echo(f"{file.name}: {len(drawn.time)} records")


def _early(attacked: Victim, seed: int, members: Sequence[Member], later: Sequence[Campaign]) -> list[Campaign]:
    """Campaigns on the first day, until a tenth of that day's principals attack."""
    taken = {name for one in later for name in one.visits}
    free = [one for one in members if one.name not in taken]
    wanted = TENTH * sum(bool((one.visit.time < DAY).any()) for one in members)
    chance, found = np.random.default_rng([seed, *b"early"]), list[Campaign]()
    draw = partial(lineup, attacked, chance, 1, free, 1, pacings=("fast", "human", "diluted"), begin=0.0)
    while sum(len(one.visits) for one in found) < wanted:
        found += draw()
    return found


def judged(folder: Path, parts: int) -> tuple[dict[float, Kept], dict[float, tuple[Kept, Kept]]]:
    """By budget, what became of all clean worlds; and of those that have a spoilt twin, of both."""
    files = sorted(folder.glob(f"*{CLEAN}"))
    worlds = {file: Watched.from_bytes(file.read_bytes()) for file in files}
    made = {budget: Kept(budget) for budget in BUDGETS}
    pairs = {budget: (Kept(budget), Kept(budget)) for budget in BUDGETS}
    data = {file: one.samples(THREATS, np.random.default_rng(0)) for file, one in worlds.items()}
    for group in leftout.folds([one.victim for one in worlds.values()], parts):
        others = together([data[file] for file, one in worlds.items() if one.victim not in group])
        network, rows = fitted(others), part(others, ROWS)
        for file, one in worlds.items():
            if one.victim not in group:
                continue
            twin = file.with_suffix(SPOILT)
            other = Watched.from_bytes(twin.read_bytes()) if twin.exists() else None
            mine = scored(network, rows, one)
            theirs = None if other is None else scored(network, rows, other)
            for budget, kept in made.items():
                kept.add(one, *mine)
                if other is not None and theirs is not None:
                    pairs[budget][0].add(one, *mine)
                    pairs[budget][1].add(_only(other, len(one.raids)), *theirs)
        typer.echo(f"judged: {', '.join(sorted(group))}")
    return made, pairs if pairs[BUDGETS[0]][0].campaigns else {}


def _only(spoilt: Watched, campaigns: int) -> Watched:
    """A spoilt world of whose campaigns only those count that its clean twin has too."""
    return Watched(**{name: getattr(spoilt, name) for name in Watched.__slots__} | {"raids": spoilt.raids[:campaigns]})


def scored(network: Network, rows: Rows, one: Watched) -> tuple[dict[str, Doubles], Flags]:
    """As in production: logits (N,) of a network that has met the burn-in's customers, and who (P,) teaches nothing."""
    z, early, value = one.z.astype(np.float32), one.time < DAY, np.empty(len(one.z))
    logits(z, network, value)
    top = np.full(len(one.kinds), -np.inf)
    np.maximum.at(top, one.principal[early], value[early])
    met = tuned(network, z[early], one.principal[early].astype(np.int64), CEILING, rows)
    logits(z, met or network, value)
    return {NAME: value}, suspect(top, *CEILING)


if __name__ == "__main__":
    typer.run(main)
