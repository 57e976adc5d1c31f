"""``python -m streams.deep_training FOLDER PROMPTS``: fit the deep heads that ship with tidegate, and judge them.

FOLDER is what ``python -m streams.text_export`` wrote, PROMPTS what ``python -m streams.prompt_training`` takes. A
quarter of the clusters of near copies is left out first, to say what the mean with the linear heads finds there; what
ships is then fitted on all of them. Prompts of our own families are added to what is fitted on. Vectors, which take
minutes, are kept. Needs the extra ``train``.
"""

from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import typer

from detectors import models
from detectors.packing import pack
from detectors.text.deep import NAME, Deep, mean
from detectors.text.heads import SUBVERSION, Heads, Reader, shipped
from detectors.training.text import fit
from detectors.training.text.corpus import HARD, Corpus, corpus, of_rows
from detectors.training.text.deep import fit_deep
from detectors.training.text.ours import ATTACKS, TWINS, own
from streams.prompt_training import MODELS, rows
from streams.text_model import transformer
from streams.text_training import plain

RATES = (1e-2, 1e-3)
QUARTER = 4


def main(
    folder: Annotated[Path, typer.Argument(help="folder of streams.text_export")],
    prompts: Annotated[Path, typer.Argument(help="labelled prompts, JSON lines")],
    *,
    out: Annotated[Path, typer.Option(help="the folder to write to")] = MODELS,
    cache: Annotated[Path, typer.Option(help="where the transformer's vectors are kept")] = Path(".cache/text"),
    seed: Annotated[int, typer.Option(help="of our own families")] = 1,
) -> None:
    """Judge, fit and write."""
    found, ours = of_rows(rows(prompts)), own(np.random.default_rng(seed), ATTACKS, TWINS)
    texts = [prompt.text for prompt in found + ours]
    taught = corpus(found + ours)
    sentence = np.concatenate([vectors(folder, part, cache) for part in (texts[: len(found)], texts[len(found) :])])
    clusters = np.unique(taught.cluster[: len(found)])
    away = np.isin(taught.cluster, np.random.default_rng(0).permutation(clusters)[: len(clusters) // QUARTER])
    away[len(found) :] = False
    for line in judged(taught, sentence, away):
        typer.echo(line)
    everything = np.arange(len(texts))
    made = fit_deep(taught, sentence, linear(shipped(), texts), everything)
    written = {f"{NAME}.arrays": pack({}, made._asdict())}
    (out / f"{NAME}.arrays").write_bytes(written[f"{NAME}.arrays"])
    (out / models.MANIFEST).write_bytes(models.manifest(written))


def vectors(folder: Path, texts: list[str], cache: Path) -> Any:
    """The transformer's vectors (N, 384) of texts."""
    file = cache / f"deep-{blake2b(msgspec.json.encode(texts), digest_size=8).hexdigest()}.npy"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(file, transformer(folder).vectors([plain(text) for text in texts]))
    return np.asarray(np.load(file, allow_pickle=False), np.float32)


def linear(heads: Heads, texts: list[str]) -> Any:
    """Logits (N, H) of linear heads."""
    reader = Reader(heads)
    return np.stack([reader.read(text).logits for text in texts])


def judged(taught: Corpus, sentence: Any, away: Any) -> list[str]:
    """Recall on clusters that were left out, of either head and of their mean."""
    use, some = np.flatnonzero(~away), fit.ngrams(taught.canonical)
    heads = fit.fit_heads(taught, some, use)
    reader = Reader(heads)
    plainly = np.stack([reader.judged(one)[0] for one in taught.canonical])
    deep: Deep = fit_deep(taught, sentence, plainly, use)
    test = np.flatnonzero(away & taught.counts[:, SUBVERSION])
    attack = taught.positive[test, SUBVERSION]
    both = plainly[test, SUBVERSION], deep.logits(sentence[test])[:, SUBVERSION]
    hard = np.isin(taught.family[test][~attack], HARD)
    lines = [f"{attack.sum()} attacks and {(~attack).sum()} honest prompts left out; recall, hard honest ones flagged"]
    for name, z in (("linear", both[0]), ("deep", both[1]), ("mean", mean(*both))):
        levels = [np.quantile(z[~attack], 1 - rate) for rate in RATES]
        caught = ", ".join(f"{(z[attack] > level).mean():.3f}" for level in levels)
        flagged = ", ".join(f"{(z[~attack][hard] > level).mean():.3f}" for level in levels)
        lines.append(f"{name}: {caught} at FPR 1e-2 and 1e-3; {flagged}")
    return lines


if __name__ == "__main__":
    typer.run(main)
