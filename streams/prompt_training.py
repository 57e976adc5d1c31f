"""``python -m streams.prompt_training PROMPTS``: fit what reads prompts and ships with tidegate.

That is heads, letter pairs, and words of our own prompts that are known when broken words are mended.

PROMPTS is JSON lines (or .gz) with ``text``, ``family``, ``source`` and ``licence``; families are those of
``detectors.training.text.corpus.KINDS``, any other is honest. Prompts of our own families are added.
Needs the extra ``train``.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import typer

from detectors import models
from detectors.packing import pack
from detectors.text.grams import PLACES
from detectors.text.waves import drawn
from detectors.training.text import fit
from detectors.training.text.corpus import Corpus, Prompt, corpus, of_rows
from detectors.training.text.disguises import disguised
from detectors.training.text.linear import Linear, averaged, quantised
from detectors.training.text.ours import ATTACKS, TWINS, own
from detectors.training.text.pairs import letter_pairs
from detectors.training.text.words import words

MODELS = Path(models.__file__).parent
DRAWS = 3
PAIRS, HEADS, WORDS = "letter_pairs.arrays", "prompt_heads.arrays", "words.arrays"


def main(
    prompts: Annotated[Path, typer.Argument(help="labelled prompts, JSON lines")],
    *,
    out: Annotated[Path, typer.Option(help="the folder to write to")] = MODELS,
    attacks: Annotated[int, typer.Option(help="prompts of our own families of attacks")] = ATTACKS,
    twins: Annotated[int, typer.Option(help="prompts of their honest twins")] = TWINS,
    seed: Annotated[int, typer.Option(help="of the first draw of our own families")] = 1,
    draws: Annotated[int, typer.Option(help="how often they are drawn; what is fitted on each is averaged")] = DRAWS,
) -> None:
    """Fit and write what reads prompts."""
    found = of_rows(rows(prompts))
    pairs = letter_pairs(prompt.text for prompt in found if honest_english(prompt))
    fits: list[Linear] = []
    for k in range(draws):
        taught = mixed(found, seed + k, attacks, twins)
        typer.echo(f"{len(taught.family)} prompts, {len(set(taught.cluster.tolist()))} clusters of near copies")
        every, by = np.arange(len(taught.family)), fits[0].shown if fits else None
        fits.append(fit.fit_linear(taught, fit.ngrams(taught.canonical), every, by=by))
    heads = quantised(averaged(fits), *drawn(fit.SEED))
    assert heads.weights.shape[0] == PLACES
    written = {
        PAIRS: pack({}, {"pairs": pairs}),
        HEADS: pack({}, heads._asdict()),
        WORDS: own_words(seed, attacks, twins),
    }
    for name, data in written.items():
        (out / name).write_bytes(data)
    (out / models.MANIFEST).write_bytes(models.manifest(written))


def mixed(found: list[Prompt], seed: int, attacks: int, twins: int) -> Corpus:
    """Prompts that somebody sent, a draw of our own, and copies of both in disguise."""
    chance = np.random.default_rng(seed)
    every = found + own(chance, attacks, twins)
    return corpus(every + disguised(every, chance))


def own_words(seed: int, attacks: int, twins: int) -> bytes:
    """Words of one draw of our own prompts, as the bytes of their file."""
    made = words(prompt.text for prompt in own(np.random.default_rng(seed), attacks, twins))
    return pack({}, {"words": np.frombuffer("\n".join(made).encode("ascii"), np.uint8)})


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a file of JSON lines."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line)


def honest_english(prompt: Prompt) -> bool:
    """Whether a prompt shows how ordinary English is spelt."""
    return prompt.text.isascii() and prompt.family in {"coding", "instruction", "math", "nlp_task", "roleplay", "tool"}


if __name__ == "__main__":
    typer.run(main)
