"""``python -m streams.naming_training``: fit the network that names attacks, and say how often it is right.

Draws worlds of the laboratory, keeps what is learnt from each in a folder, fits ``threat_naming``, and from worlds in
which every attack is spread over accounts ``cohort_naming``, judges both on victims that they were not fitted on, and
writes weights, manifest and the tables of ``docs/detection/naming.md``. Needs the extra ``train``. All worlds in the
folder are learnt from, those of other runs among them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from detectors import models
from detectors.network import Network
from detectors.reference import NotEnough
from detectors.training import cohort_naming, leftout
from detectors.training.lab.attacks import FAMILIES
from detectors.training.lab.attacks.backdoor import implanted
from detectors.training.lab.campaigns import Campaign
from detectors.training.lab.lineup import lineup
from detectors.training.lab.pacing import PACINGS
from detectors.training.lab.population import Member
from detectors.training.lab.types import Generator, Victim
from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.world import World, world
from detectors.training.naming import Named, from_bytes, named, to_bytes, together
from detectors.training.naming_fit import fit, shares
from schemas.batch import Doubles, Flags, Integers
from streams import page
from streams.tables import markdown

NAME, ENDING = "threat_naming", ".naming"
MANY, TOGETHER = "cohort_naming", ".cohorts"
THREATS = (
    "backdoor", "evasion", "extraction", "flood", "fuzzing", "inversion", "membership", "probing", "query_evasion",
)  # fmt: skip
Keep = Callable[[World[Campaign], Sequence[str], Generator], Named]
Fit = Callable[[Named, int], Network]
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
            _draw(folder / f"{one}-{number}{ENDING}", named, number, days, principals, campaigns, PACINGS)
            file = folder / f"{one}-{number}{TOGETHER}"
            _draw(file, cohort_naming.named, number, days, principals, len(FAMILIES), ("sybil",))
    alone, many = _kept(folder, ENDING), _kept(folder, TOGETHER)
    page.put(to, text(*judged(alone, parts, fit)) + many_text(*judged(many, parts, fit_many)))
    fitted = {NAME: fit(_all(alone), len(THREATS)), MANY: fit_many(_all(many), len(THREATS))}
    content = {f"{name}.arrays": models.to_bytes(models.Shipped(one, THREATS)) for name, one in fitted.items()}
    for name, data in content.items():
        (out / name).write_bytes(data)
    (out / models.MANIFEST).write_bytes(models.manifest(content))


def _kept(folder: Path, ending: str) -> dict[str, Named]:
    return {file.stem: from_bytes(file.read_bytes()) for file in sorted(folder.glob(f"*{ending}"))}


def _all(data: Mapping[str, Named]) -> Named:
    return together(list(data.values()))


def _draw(
    file: Path, keep: Keep, seed: int, days: int, principals: int, campaigns: int, pacings: Sequence[str]
) -> None:  # fmt: skip
    """Draw the world that a file is named after, and keep what is learnt from it, unless that is there."""
    if file.exists():
        return
    name = file.stem.rsplit("-", 1)[0]
    attacked = implanted(victim(name, seed), seed)
    chance = np.random.default_rng([seed, *b"lineup", *name.encode()])
    raids = partial(_raids, attacked, chance, days, campaigns, pacings)
    drawn = world(attacked, seed, days, principals, raids, redeploy=False)
    try:
        file.write_bytes(to_bytes(keep(drawn, THREATS, np.random.default_rng(seed))))
    except NotEnough as error:
        typer.echo(f"{file.stem} is left out: {error}")
        return
    typer.echo(f"{file.name}: {len(drawn.time)} records")


def _raids(
    attacked: Victim, chance: Generator, days: int, count: int, pacings: Sequence[str], members: Sequence[Member]
) -> list[Campaign]:  # fmt: skip
    return lineup(attacked, chance, days, members, count, pacings=pacings)


def judged(data: Mapping[str, Named], parts: int, fitted: Fit) -> tuple[Named, Doubles, int]:
    """All rows, what networks that saw none of the victim's worlds say of them (M, K), and how many worlds."""
    victims = {name: name.rsplit("-", 1)[0] for name in data}
    said: list[Doubles] = []
    order: list[Named] = []
    for group in leftout.folds(list(victims.values()), parts):
        network = fitted(together([data[n] for n, v in victims.items() if v not in group]), len(THREATS))
        mine = [data[n] for n, v in victims.items() if v in group]
        order += mine
        said += [shares(network, one.x) for one in mine]
        typer.echo(f"judged: {', '.join(sorted(group))}")
    return together(order), np.concatenate(said), len(data)


def fit_many(data: Named, threats: int) -> Network:
    """Fit on M rows of accounts taken for one: there are few, so they are learnt for longer, and more is dropped."""
    return fit(data, threats, epochs=200, dropped=0.3)


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
    title = f"aim, and what it is taken for after {SHOWN}"
    return f"{worlds} worlds, victims left out.\n\n{overview}\n\n{_confusion(rows, said, at, title)}"


def many_text(rows: Named, said: Doubles, worlds: int) -> str:
    """Return the table of accounts taken for one in Markdown."""
    at = np.arange(len(rows.threat))
    share = _share(rows, said.argmax(1) == rows.threat, at)
    table = _confusion(rows, said, at, "aim, and what accounts together are taken for")
    return f"\n\nAccounts taken for one, {worlds} worlds, victims left out: {share} are named right.\n\n{table}"


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


def _confusion(rows: Named, said: Doubles, at: Integers, title: str) -> str:
    weight = 1 / np.bincount(rows.campaign[at])[rows.campaign[at]]
    table = np.zeros((len(THREATS), len(THREATS)))
    np.add.at(table, (rows.threat[at], said[at].argmax(1)), weight)
    lines = [
        [name, round(table[k].sum()), *(f"{share:.0%}" for share in table[k] / max(table[k].sum(), 1e-9))]
        for k, name in enumerate(THREATS)
    ]
    return markdown([title, "campaigns", *THREATS], lines)


if __name__ == "__main__":
    typer.run(main)
