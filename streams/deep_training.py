"""``python -m streams.deep_training FOLDER PROMPTS``: fit the deep heads that ship with tidegate.

FOLDER is what ``python -m streams.text_export`` wrote, PROMPTS what ``python -m streams.prompt_training`` takes, which
comes first: deep heads are brought to the scale of the linear ones. Some prompts of our own families are added. What a
transformer makes of prompts takes minutes, and is kept. ``python -m streams.prompt_evaluation PROMPTS --deep FOLDER``
judges them. Needs the extra ``train``.
"""

from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import typer

from detectors import models
from detectors.packing import pack
from detectors.text.deep import LAYERS, NAME
from detectors.text.heads import Heads, Reader, shipped
from detectors.training.text.corpus import Prompt, corpus, of_rows
from detectors.training.text.deep import fit_deep
from detectors.training.text.ours import own
from streams.prompt_training import MODELS, rows
from streams.text_model import transformer
from streams.text_training import plain

OURS = 3_000, 4_500  # attacks and honest twins of our own families that are added
CACHE = Path(".cache/text")


def main(
    folder: Annotated[Path, typer.Argument(help="folder of streams.text_export")],
    prompts: Annotated[Path, typer.Argument(help="labelled prompts, JSON lines")],
    *,
    out: Annotated[Path, typer.Option(help="the folder to write to")] = MODELS,
    cache: Annotated[Path, typer.Option(help="where the transformer's layers are kept")] = CACHE,
    seed: Annotated[int, typer.Option(help="of our own families")] = 1,
) -> None:
    """Fit and write."""
    found = of_rows(rows(prompts))
    more = added(seed)
    taught, vectors = corpus(found + more), layers(folder, found, more, cache)
    made = fit_deep(taught, vectors, linear(shipped(), found), np.arange(len(vectors)))
    written = {f"{NAME}.arrays": pack({}, made._asdict())}
    (out / f"{NAME}.arrays").write_bytes(written[f"{NAME}.arrays"])
    (out / models.MANIFEST).write_bytes(models.manifest(written))


def added(seed: int) -> list[Prompt]:
    """Prompts of our own families."""
    return own(np.random.default_rng(seed), *OURS)


def layers(folder: Path, found: list[Prompt], more: list[Prompt], cache: Path) -> Any:
    """What the transformer makes of prompts, one after the other: (N, 1920) f4."""
    return np.concatenate([_layers(folder, [one.text for one in part], cache) for part in (found, more)])


def linear(heads: Heads, prompts: list[Prompt]) -> Any:
    """Logits (N, H) of linear heads."""
    reader = Reader(heads)
    return np.stack([reader.read(one.text).logits for one in prompts])


def _layers(folder: Path, texts: list[str], cache: Path) -> Any:
    file = cache / f"layers-{blake2b(msgspec.json.encode(texts), digest_size=8).hexdigest()}.npy"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(file, transformer(folder, output=LAYERS).vectors([plain(text) for text in texts]))
    return np.asarray(np.load(file, allow_pickle=False), np.float32)


if __name__ == "__main__":
    typer.run(main)
