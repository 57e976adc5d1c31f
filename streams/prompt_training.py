"""``python -m streams.prompt_training PROMPTS``: fit the prompt heads and the letter pairs that ship with tidegate.

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
from detectors.training.text import fit
from detectors.training.text.corpus import Prompt, corpus, of_rows
from detectors.training.text.disguises import disguised
from detectors.training.text.ours import ATTACKS, TWINS, own
from detectors.training.text.pairs import letter_pairs

MODELS = Path(models.__file__).parent
PAIRS, HEADS = "letter_pairs.arrays", "prompt_heads.arrays"


def main(
    prompts: Annotated[Path, typer.Argument(help="labelled prompts, JSON lines")],
    *,
    out: Annotated[Path, typer.Option(help="the folder to write to")] = MODELS,
    attacks: Annotated[int, typer.Option(help="prompts of our own families of attacks")] = ATTACKS,
    twins: Annotated[int, typer.Option(help="prompts of their honest twins")] = TWINS,
    seed: Annotated[int, typer.Option(help="of our own families")] = 1,
) -> None:
    """Fit and write what reads prompts."""
    found = of_rows(rows(prompts))
    pairs = letter_pairs(prompt.text for prompt in found if honest_english(prompt))
    chance = np.random.default_rng(seed)
    drawn = found + own(chance, attacks, twins)
    taught = corpus(drawn + disguised(drawn, chance))
    typer.echo(f"{len(taught.family)} prompts, {len(set(taught.cluster.tolist()))} clusters of near copies")
    heads = fit.fit_heads(taught, fit.ngrams(taught.canonical), np.arange(len(taught.family)))
    assert heads.weights.shape[0] == PLACES
    written = {PAIRS: pack({}, {"pairs": pairs}), HEADS: pack({}, heads._asdict())}
    for name, data in written.items():
        (out / name).write_bytes(data)
    (out / models.MANIFEST).write_bytes(models.manifest(written))


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
