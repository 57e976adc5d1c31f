"""``python -m streams.prompt_evaluation PROMPTS``: what heads find among prompts that they have not seen.

PROMPTS is what ``python -m streams.prompt_training`` takes. Five folds by clusters of near copies, fitted once for each
draw of our own prompts; the last lines are those of the mean of all draws. Some minutes a draw.
Needs the extra ``train``.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from detectors.text.heads import DECIDING, HEADS
from detectors.training.text.corpus import HARD, Prompt, clusters, corpus, of_rows
from detectors.training.text.disguises import disguised
from detectors.training.text.leftout import Array, folds, followed, judged, numbered, unseen
from detectors.training.text.ours import ATTACKS, TWINS, own
from streams.prompt_training import DRAWS, rows


def main(
    prompts: Annotated[Path, typer.Argument(help="labelled prompts, JSON lines")],
    *,
    attacks: Annotated[int, typer.Option(help="prompts of our own families of attacks")] = ATTACKS,
    twins: Annotated[int, typer.Option(help="prompts of their honest twins")] = TWINS,
    seed: Annotated[int, typer.Option(help="of the first draw of our own families")] = 1,
    draws: Annotated[int, typer.Option(help="how often they are drawn")] = DRAWS,
) -> None:
    """Fit on all folds but one in turn, and print what is found in it."""
    found = of_rows(rows(prompts), shipped=False)
    public = corpus(found)
    fold = folds(clusters([one.text for one in public.canonical]))
    attack = public.positive.any(1)
    ordinary = ~attack & ~np.isin(public.family, HARD)
    single: list[Array] = []
    for k in range(draws):
        single.append(drawn(found, fold, seed + k, attacks, twins))
        for name, made in ((f"draw {k + 1}", single[-1]), (f"mean of {k + 1}", np.mean(single, 0))):
            for h in range(DECIDING):
                for one in judged(made[:, h], public.positive[:, h], ordinary, public.family):
                    shares = ", ".join(f"{family} {share:.2f}" for family, share in one.families.items())
                    typer.echo(f"{name}, {HEADS[h]}, {one.rate:.1%} flagged: {one.attacks:.3f} found; {shares}")


def drawn(found: list[Prompt], fold: Array, seed: int, attacks: int, twins: int) -> Array:
    """Logits (M, 2) of M prompts by heads that did not see them, with one draw of our own prompts."""
    chance = np.random.default_rng(seed)
    every = numbered(found + own(chance, attacks, twins))
    copies = disguised(every, chance)
    taught = corpus(every + copies)
    origin = np.array([int(one.licence) for one in every + copies])
    return unseen(taught, followed(fold, taught.cluster, origin), len(found))


if __name__ == "__main__":
    typer.run(main)
