"""``python -m streams.naming_training``: fit the network that names attacks, and say how often it is right.

Draws worlds of the laboratory, keeps what is learnt from each in a folder, fits ``threat_naming``, judges it on victims
that it was not fitted on, and writes weights, manifest and the tables of ``docs/detection/naming.md``. Needs the extra
``train``. All worlds in the folder are learnt from, those of other runs among them.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from detectors import models
from detectors.reference import NotEnough
from detectors.training import leftout
from detectors.training.lab.attacks.backdoor import implanted
from detectors.training.lab.campaigns import Campaign
from detectors.training.lab.lineup import lineup
from detectors.training.lab.population import Member
from detectors.training.lab.types import Generator, Victim
from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.world import world
from detectors.training.naming import Named, from_bytes, named, to_bytes, together
from detectors.training.naming_fit import fit, shares
from schemas.batch import Doubles, Flags, Integers
from streams import page
from streams.tables import markdown

NAME, ENDING = "threat_naming", ".naming"
THREATS = (
    "backdoor", "evasion", "extraction", "flood", "fuzzing", "inversion", "membership", "probing", "query_evasion",
)  # fmt: skip
AFTER = (0, 8, 16, 32, 64, 128, 256, 512, 1024)
SHOWN = 64  # requests after the alert, for the table of what is taken for what


def main(
    folder: Annotated[Path, typer.Argument(help="where what is learnt from is kept")],
    *,
    out: Annotated[Path, typer.Option(help="where the model goes")] = Path("detectors/models"),
    to: Annotated[Path, typer.Option("--page", help="the page that tables are written into")] = Path(
        "docs/detection/naming.md"
    ),
    seed: Annotated[list[int], typer.Option(help="worlds of each victim; 0 draws none")] = [1],  # noqa: B006
    days: Annotated[int, typer.Option(min=2, help="length, the first day is the burn-in")] = 4,
    principals: Annotated[int, typer.Option(min=10, help="honest principals")] = 160,
    campaigns: Annotated[int, typer.Option(min=1, help="attacks of a world")] = 24,
    parts: Annotated[int, typer.Option(min=2, help="groups of victims, each left out in turn")] = 7,
) -> None:
    """Draw what is missing, judge, fit, write."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in filter(None, seed):
        for one in NAMES:
            file = folder / f"{one}-{number}{ENDING}"
            if not file.exists():
                _draw(file, one, number, days, principals, campaigns)
    data = {file.stem: from_bytes(file.read_bytes()) for file in sorted(folder.glob(f"*{ENDING}"))}
    page.put(to, text(*judged(data, parts)))
    network = fit(together(list(data.values())), len(THREATS))
    content = {f"{NAME}.arrays": models.to_bytes(models.Shipped(network, THREATS))}
    (out / f"{NAME}.arrays").write_bytes(content[f"{NAME}.arrays"])
    (out / models.MANIFEST).write_bytes(models.manifest(content))


def _draw(file: Path, name: str, seed: int, days: int, principals: int, campaigns: int) -> None:
    attacked = implanted(victim(name, seed), seed)
    chance = np.random.default_rng([seed, *b"lineup", *name.encode()])
    drawn = world(
        attacked, seed, days, principals, partial(_raids, attacked, chance, days, campaigns), redeploy=False
    )  # fmt: skip
    try:
        file.write_bytes(to_bytes(named(drawn, THREATS, np.random.default_rng(seed))))
    except NotEnough as error:
        typer.echo(f"{file.stem} is left out: {error}")
        return
    typer.echo(f"{file.name}: {len(drawn.time)} records")


def _raids(attacked: Victim, chance: Generator, days: int, count: int, members: Sequence[Member]) -> list[Campaign]:
    return lineup(attacked, chance, days, members, count)


def judged(data: Mapping[str, Named], parts: int) -> tuple[Named, Doubles, int]:
    """All rows, what networks that saw none of the victim's worlds say of them (M, K), and how many worlds."""
    victims = {name: name.rsplit("-", 1)[0] for name in data}
    said: list[Doubles] = []
    order: list[Named] = []
    for group in leftout.folds(list(victims.values()), parts):
        network = fit(together([data[n] for n, v in victims.items() if v not in group]), len(THREATS))
        mine = [data[n] for n, v in victims.items() if v in group]
        order += mine
        said += [shares(network, one.x) for one in mine]
        typer.echo(f"judged: {', '.join(sorted(group))}")
    return together(order), np.concatenate(said), len(data)


def text(rows: Named, said: Doubles, worlds: int) -> str:
    """Return the tables in Markdown."""
    right = said.argmax(1) == rows.threat
    followed = np.unique(rows.moment[rows.since > 0])
    lines = [[f"{after:,}" for after in AFTER], [], []]
    for after in AFTER:
        at = _latest(rows, after)
        lines[1].append(_share(rows, right, at))
        lines[2].append(_share(rows, right, at[np.isin(rows.moment[at], followed)]))
    overview = markdown(
        ["requests after the alert, at most", *lines[0]],
        [["all", *lines[1]], ["those that go on for 8 requests", *lines[2]]],
    )
    at = _latest(rows, SHOWN)
    at = at[np.isin(rows.moment[at], followed)]
    return f"{worlds} worlds, victims left out.\n\n{overview}\n\n{_confusion(rows, said, at)}"


def _latest(rows: Named, after: int) -> Integers:
    """The last row of each moment, up to so many requests after it: (moments,)."""
    near = np.flatnonzero(rows.since <= after)
    order = near[np.lexsort((rows.since[near], rows.moment[near]))]
    latest: Integers = order[np.append(np.diff(rows.moment[order]) != 0, True)]
    return latest


def _share(rows: Named, right: Flags, at: Integers) -> str:
    """Share of rows that are right, every campaign weighing alike."""
    campaign = rows.campaign[at]
    weight = 1 / np.bincount(campaign)[campaign]
    return f"{(right[at] * weight).sum() / weight.sum():.0%}"


def _confusion(rows: Named, said: Doubles, at: Integers) -> str:
    weight = 1 / np.bincount(rows.campaign[at])[rows.campaign[at]]
    table = np.zeros((len(THREATS), len(THREATS)))
    np.add.at(table, (rows.threat[at], said[at].argmax(1)), weight)
    lines = [
        [name, round(table[k].sum()), *(f"{share:.0%}" for share in table[k] / max(table[k].sum(), 1e-9))]
        for k, name in enumerate(THREATS)
    ]
    return markdown([f"aim, and what it is taken for after {SHOWN}", "campaigns", *THREATS], lines)


if __name__ == "__main__":
    typer.run(main)
