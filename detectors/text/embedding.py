"""Embedding of a text without running a network: the mean of its pieces' vectors, as a direction in 64 dimensions.

    e = s / |s|,    s = sum over pieces t of a_t v_t,    v_t (64,) i1, a_t f4

The vectors are distilled from a sentence transformer: its own vectors of single pieces, weighted by how rare they are
(Arora et al. 2017, https://openreview.net/forum?id=SyK00v5xx), then moved so that sums agree with what the transformer
says of whole texts. What it can and cannot: ``docs/detection/embeddings.md``.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.models import checked
from detectors.packing import Corrupt, pack, unpack
from detectors.text.wordpiece import Vocabulary, tokenize, vocabulary
from schemas.batch import Codes, Floats
from schemas.compiled import compiled

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]
DIMENSIONS = 64
LONGEST = 4096  # bytes of a text that are read
NAME = "text_embedding.arrays"


class Table(NamedTuple):
    """Vectors of P pieces.

    Attributes
    ----------
    vectors : (P, 64) i1
    scale : (P,) f4, what one step of a piece's vector is worth
    pieces : names of the pieces, in order
    """

    vectors: npt.NDArray[np.int8]
    scale: Floats
    pieces: tuple[str, ...]


def quantized(vectors: Floats, pieces: Iterable[str]) -> Table:
    """A table of plain vectors (P, 64), each with its own step, so that rare and common pieces lose equally little."""
    scale = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / np.float32(127)
    steps = np.rint(vectors / scale[:, None]).astype(np.int8)
    return Table(steps, scale, tuple(pieces))


def to_bytes(table: Table) -> bytes:
    """A table as the bytes of its file."""
    words = np.frombuffer("\n".join(table.pieces).encode(), np.uint8)
    return pack({}, {"vectors": table.vectors, "scale": table.scale, "pieces": words})


def from_bytes(data: bytes) -> Table:
    """Undo :func:`to_bytes`; raises ``Corrupt``."""
    _, arrays = unpack(data)
    try:
        pieces = tuple(arrays["pieces"].tobytes().decode().split("\n"))
        table = Table(np.asarray(arrays["vectors"], np.int8), np.asarray(arrays["scale"], np.float32), pieces)
    except (KeyError, UnicodeDecodeError) as error:
        raise Corrupt(f"not a table of vectors: {error}") from error
    if table.vectors.shape != (len(pieces), DIMENSIONS) or table.scale.shape != (len(pieces),):
        raise Corrupt("a table of vectors whose parts do not fit")
    return table


@cache
def _shipped() -> tuple[Vocabulary, npt.NDArray[np.int8], Floats]:
    table = from_bytes(checked(NAME))
    return vocabulary(table.pieces), table.vectors, table.scale


def known() -> Vocabulary:
    """The vocabulary that ships with tidegate; raises ``Corrupt``."""
    return _shipped()[0]


def pieces(text: Bytes) -> Codes:
    """Numbers of the pieces of a text (n,), UTF-8, in order: (k,) i4."""
    ids = np.empty(LONGEST, np.int32)
    return ids[: tokenize(text[:LONGEST], _shipped()[0], ids)]


def embed(text: Bytes, out: Floats) -> None:
    """Fill ``out`` (64,) f4 with the direction of a text (n,) of UTF-8, of length 1; zeros if it says nothing."""
    _embed(text[:LONGEST], *_shipped(), out)


def embed_many(texts: Iterable[Bytes]) -> Floats:
    """Directions (N, 64) f4 of N texts; each is what :func:`embed` gives."""
    found = list(texts)
    out = np.empty((len(found), DIMENSIONS), np.float32)
    for text, row in zip(found, out, strict=True):
        embed(text, row)
    return out


@compiled
def _embed(text: Array, vocab: Vocabulary, vectors: Array, scale: Array, out: Array) -> None:
    ids = np.empty(len(text), np.int32)
    pool(ids[: tokenize(text, vocab, ids)], vectors, scale, out)


@compiled
def pool(ids: Array, vectors: Array, scale: Array, out: Array) -> None:
    """Fill ``out`` (64,) with the sum of the vectors of pieces (k,), scaled to length 1."""
    out[:] = 0
    for piece in ids:
        step = scale[piece]
        for j in range(DIMENSIONS):
            out[j] += step * np.float32(vectors[piece, j])
    square = 0.0
    for j in range(DIMENSIONS):
        square += np.float64(out[j]) * np.float64(out[j])
    if square > 1e-18:
        factor = np.float32(1 / np.sqrt(square))
        for j in range(DIMENSIONS):
            out[j] *= factor
    else:
        out[:] = 0
