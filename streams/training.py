"""``python -m streams.training``: train the models that ship with tidegate, and say what they miss.

Draws worlds of the laboratory, fits ``attack_profile``, judges it on victims that it was not fitted on, and writes
weights, the ONNX file, rows for :mod:`detectors.tuned`, the manifest and the tables of the model card. Needs the extra
``train``.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from detectors import models, tuned
from detectors.network import Network, logits
from detectors.packing import pack
from detectors.reference import NotEnough
from detectors.statistics import TIMING
from detectors.training import leftout
from detectors.training.export import onnx_bytes
from detectors.training.fit import fit, joined, shuffled
from detectors.training.lab.attacks.backdoor import implanted
from detectors.training.lab.lineup import lineup
from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.world import world
from detectors.training.leftout import Seen, Tally
from detectors.training.observed import observed
from detectors.training.samples import Samples, part, samples, together
from schemas.batch import Doubles

ALL = np.ones(64, np.bool_)
TIMELESS = ~np.isin(np.arange(64), TIMING)
NAME = "attack_profile"
ROWS = 20_000  # that ship, to be fitted on again beside a model's own customers
SHUFFLED = 0.5  # share of rows whose pace is somebody else's while the head that knows of time is fitted
THREATS = (
    "account_anomaly", "backdoor", "evasion", "extraction", "flood", "fuzzing", "inversion", "membership", "probing",
    "query_evasion",
)  # fmt: skip
BUDGETS = (0.5, 2.0, 10.0)


def main(
    *,
    out: Annotated[Path, typer.Option(help="where the models go")] = Path("detectors/models"),
    card: Annotated[Path, typer.Option(help="where the left-out tables go")] = Path("docs/detection/models-tables.md"),
    seeds: Annotated[int, typer.Option(help="worlds of each victim")] = 4,
    days: Annotated[int, typer.Option(help="length of a world; the first day is clean")] = 5,
    principals: Annotated[int, typer.Option(help="honest principals of a world")] = 160,
    campaigns: Annotated[int, typer.Option(help="attacks of a world")] = 24,
    parts: Annotated[int, typer.Option(help="groups of victims, each left out in turn")] = 7,
) -> None:
    """Train, judge and write."""
    drawn = list(_worlds(seeds, days, principals, campaigns))
    everything = together([one for one, _ in drawn])
    network = fitted(everything)
    contents = {
        f"{tuned.NAME}.arrays": pack({}, tuned.packed(part(everything, ROWS))),
        f"{NAME}.arrays": models.to_bytes(models.Shipped(network, THREATS)),
        f"{NAME}.onnx": onnx_bytes(network, THREATS),
    }
    for file, data in contents.items():
        (out / file).write_bytes(data)
    (out / models.MANIFEST).write_bytes(models.manifest(contents))
    tables = table(NAME, tallies(drawn, parts))
    card.write_text(f"# Left-out tables\n\n{len(drawn)} worlds, written by `python -m streams.training`.\n{tables}")


def fitted(data: Samples) -> Network:
    """Two heads side by side: one without the statistics of time, and one of its own that has them."""
    content = fit(data, len(THREATS), TIMELESS)
    pace = fit(shuffled(data, TIMING, SHUFFLED), len(THREATS), ALL, seed=1)
    return joined([content, pace])


def _worlds(seeds: int, days: int, principals: int, campaigns: int) -> Iterator[tuple[Samples, Seen]]:
    """What is learnt from and what is judged of each world. One whose burn-in is too thin to judge by is left out."""
    for seed in range(1, seeds + 1):
        for name in NAMES:
            attacked = implanted(victim(name, seed), seed)
            chance = np.random.default_rng([seed, *b"lineup", *name.encode()])
            raids = partial(lineup, attacked, chance, days, count=campaigns)
            made = world(attacked, seed, days, principals, raids, redeploy=False)
            try:
                watched = observed(made)
            except NotEnough as error:
                typer.echo(f"{name} {seed} is left out: {error}")
                continue
            typer.echo(f"{name} {seed}: {len(made.time)} records")
            yield samples(made, watched, THREATS, np.random.default_rng(seed)), leftout.seen(made, watched)


def scores(network: Network, world: Seen) -> Doubles:
    """The attack's logit of every row of a world: (N,)."""
    value = np.empty(len(world.z))
    logits(world.z.astype(np.float32), network, value)
    return value


def tallies(drawn: list[tuple[Samples, Seen]], parts: int) -> dict[float, Tally]:
    """By budget, what is caught in worlds of victims that were left out of training."""
    made = {budget: Tally() for budget in BUDGETS}
    for group in leftout.folds([one.victim for _, one in drawn], parts):
        network = fitted(together([one for one, at in drawn if at.victim not in group]))
        for _, at in drawn:
            if at.victim in group:
                value = scores(network, at)
                for budget, tally in made.items():
                    leftout.judged(at, value, budget, tally)
    return made


def table(name: str, made: dict[float, Tally]) -> str:
    """Return one model's tables in Markdown."""
    whole = made[2.0]
    lines = [f"\n## {name}\n", "| | campaigns | " + " | ".join(f"{b:g} a day" for b in made) + " |",
             "| --- | --- |" + " --- |" * len(made)]  # fmt: skip
    for what in sorted(whole.campaigns, key=lambda w: (w != "all", w)):
        total = whole.campaigns[what]
        shares = " | ".join(f"{tally.caught[what] / total:.0%}" for tally in made.values())
        lines.append(f"| {what} | {total} | {shares} |")
    flagged = ", ".join(f"{kind} {count}" for kind, count in whole.false.most_common(12))
    median = int(np.median(whole.queries)) if whole.queries else 0
    lines += [f"\nMedian of the attack's queries until it is caught at 2 a day: {median}.",
              f"\nWho is flagged wrongly at 2 a day: {flagged}.\n"]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    typer.run(main)
