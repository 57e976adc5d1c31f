"""``python -m streams.prompt_evaluation PROMPTS``: what heads find among prompts that they have not seen.

PROMPTS is what ``python -m streams.prompt_training`` takes. Five folds by clusters of near copies, fitted once for each
draw of our own prompts, some minutes a draw; what ships is the mean of all draws. Prompts that were written by hand are
judged by the mean of all these heads. With ``--unseen`` every family of attacks and every hard source is left out as
well, beside a fold, which takes four times as long. With ``--disguised`` prompts are also judged in disguise and
mistyped, at the threshold of plain ones. With ``--deep FOLDER``, the transformer's, deep heads are fitted on the same
folds, and judged as one with the mean of the linear ones.
Needs the extra ``train``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer

from detectors.text import deep as heads
from detectors.text.canonical import AT
from detectors.text.heads import DECIDING, HEADS
from detectors.training.text import altered, leftout
from detectors.training.text import deep as fitted
from detectors.training.text.corpus import HARD, Corpus, Prompt, clusters, corpus, of_rows
from detectors.training.text.disguises import disguised
from detectors.training.text.leftout import FAMILIES, FOLDS, HARMFUL, Array, Away
from detectors.training.text.linear import Linear
from detectors.training.text.ours import ATTACKS, TWINS, own
from streams.deep_training import CACHE, added, layers
from streams.prompt_training import DRAWS, rows


class Asked(NamedTuple):
    """M prompts to be judged, and the parts that heads are fitted without."""

    prompts: list[Prompt]
    public: Corpus
    away: list[Away]


def main(
    prompts: Annotated[Path, typer.Argument(help="labelled prompts, JSON lines")],
    *,
    attacks: Annotated[int, typer.Option(help="prompts of our own families of attacks")] = ATTACKS,
    twins: Annotated[int, typer.Option(help="prompts of their honest twins")] = TWINS,
    seed: Annotated[int, typer.Option(help="of the first draw of our own families")] = 1,
    draws: Annotated[int, typer.Option(help="how often they are drawn")] = DRAWS,
    unseen: Annotated[bool, typer.Option(help="leave out families and hard sources as well")] = False,
    mistyped: Annotated[bool, typer.Option("--disguised", help="judge altered prompts as well")] = False,
    deep: Annotated[Path | None, typer.Option(help="folder of streams.text_export, to judge deep heads")] = None,
    cache: Annotated[Path, typer.Option(help="where the transformer's layers are kept")] = CACHE,
) -> None:
    """Fit on all folds but one in turn, and print what is found in it."""
    asked = put(of_rows(rows(prompts), shipped=False), unseen=unseen)
    single: list[Array] = []
    fits: list[list[Linear]] = []
    for k in range(draws):
        found, made = drawn(asked, seed + k, attacks, twins)
        single.append(found)
        fits.append(made[:FOLDS])
        said(asked, f"draw {k + 1}", single[-1])
        said(asked, f"mean of {k + 1}", np.mean(single, 0))
    for line in by_hand(asked, fits, np.mean(single, 0)):
        typer.echo(line)
    if mistyped:
        for line in in_disguise(asked, fits):
            typer.echo(f"mean of {draws}, {line}")
    if deep is not None:
        alone, both = together(asked, np.mean(single, 0), deep, cache, seed)
        said(asked, "deep heads alone", alone)
        said(asked, "deep mode", both)


def put(found: list[Prompt], *, unseen: bool) -> Asked:
    """What is judged, and how it is left out."""
    public = corpus(found)
    near = clusters([one.text for one in public.canonical])
    fold = leftout.folds(near)
    away = leftout.parts(fold) + (list(leftout.groups(fold, near, public.family)) if unseen else [])
    return Asked(found, public, away)


def drawn(asked: Asked, seed: int, attacks: int, twins: int) -> tuple[Array, list[Linear]]:
    """Logits (P, M, 2) of M prompts by heads fitted without each of P parts, with one draw of our own; these heads."""
    chance = np.random.default_rng(seed)
    every = leftout.numbered(asked.prompts + own(chance, attacks, twins))
    copies = disguised(every, chance)
    origin = np.array([int(one.licence) for one in every + copies])
    return leftout.unseen(corpus(every + copies), origin, asked.away)


def by_hand(asked: Asked, fits: list[list[Linear]], found: Array) -> Iterator[str]:
    """What is flagged of prompts written by hand, by the thresholds of logits (P, M, 2)."""
    ordinary = ~asked.public.positive.any(1) & ~np.isin(asked.public.family, HARD)
    own_fold = leftout.own_fold(found, asked.away)
    levels = [leftout.levels(own_fold[:, h], ordinary) for h in range(DECIDING)]
    for kind, shares in altered.by_hand([one for draw in fits for one in draw], levels):
        yield f"by hand, {kind}: " + ", ".join(f"{share:.2f}" for share in shares) + " flagged"


def in_disguise(asked: Asked, fits: list[list[Linear]]) -> Iterator[str]:
    """What is found of short prompts that are altered, at the threshold of 1 % of plain ordinary ones."""
    fold = np.stack([one.judged for one in asked.away[:FOLDS]]).argmax(0)
    for one in altered.judged(fits, asked.public, fold, [prompt.text for prompt in asked.prompts]):
        yield f"{one.head}, {one.name}: {one.found:.4f} found, {one.flagged:.4f} of ordinary prompts flagged"


def together(asked: Asked, linear: Array, folder: Path, cache: Path, seed: int) -> tuple[Array, Array]:
    """Logits (P, M, 2) of deep heads fitted without each of P parts, and of these with the linear ones."""
    more = added(seed)
    vectors = layers(folder, asked.prompts, more, cache)
    alone = fitted.unseen(corpus(asked.prompts + more), vectors, linear, asked.away)
    outside = np.array([one.features[AT["outside_ascii"]] for one in asked.public.canonical])
    seen = np.where(heads.legible(outside)[:, None], alone, np.nan)
    return alone, heads.mean(linear, seen)


def said(asked: Asked, name: str, found: Array) -> None:
    """Print what logits (P, M, 2) find."""
    attack = asked.public.positive.any(1)
    ordinary = ~attack & ~np.isin(asked.public.family, HARD)
    own_fold = leftout.own_fold(found, asked.away)
    for h in range(DECIDING):
        for one in leftout.judged(own_fold[:, h], asked.public.positive[:, h], ordinary, asked.public.family):
            shares = ", ".join(f"{family} {share:.3f}" for family, share in one.families.items())
            typer.echo(f"{name}, {HEADS[h]}, {one.rate:.1%} flagged: {one.attacks:.4f} found; {shares}")
        levels = leftout.levels(own_fold[:, h], ordinary)
        for line in unknown(asked.away, found[:, :, h], levels, HEADS[h]):
            typer.echo(f"{name}, {HEADS[h]}, {line}")
    typer.echo(f"{name}, {families(asked.away, found, own_fold, ordinary)}")


def unknown(away: list[Away], found: Array, levels: list[float], head: str) -> Iterator[str]:
    """What one head makes, in logits (P, M), of families that it is to find and of honest sources, never seen."""
    for one, logit in zip(away, found, strict=True):
        if one.name in HARD or (one.name and (one.name == HARMFUL) == (head == "harmful")):
            above = [int((logit[one.judged] > level).sum()) for level in levels]
            many = int(one.judged.sum())
            shares = ", ".join(f"{number / many:.4f} ({number} of {many})" for number in above)
            yield f"unseen {one.name}: {shares}"


def families(away: list[Away], found: Array, own_fold: Array, ordinary: Array) -> str:
    """Mean share found of families never seen, each by the head that is to find it."""
    shares = []
    for one, logit in zip(away, found, strict=True):
        if one.name in FAMILIES:
            h = HEADS.index("harmful" if one.name == HARMFUL else "subversion")
            levels = leftout.levels(own_fold[:, h], ordinary)
            shares.append([(logit[one.judged, h] > level).mean() for level in levels])
    made = ", ".join(f"{share:.4f}" for share in np.mean(shares, 0)) if shares else "not asked for (--unseen)"
    return f"mean of {len(shares)} families unseen: {made}"


if __name__ == "__main__":
    typer.run(main)
