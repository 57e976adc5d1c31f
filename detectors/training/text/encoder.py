"""A BERT encoder with mean pooling in plain NumPy: what its ONNX graph is checked against.

Post-norm layers of Devlin et al. 2019 (https://arxiv.org/abs/1810.04805): with x the sum of embeddings of pieces,
places and text,

    x <- norm(x + heads(x) W_o),    x <- norm(x + gelu(x W_1) W_2),    e = mean(x) / |mean(x)|

What the deep heads read is mean(x) after each layer but the first.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import erf

from schemas.batch import Floats, Integers

EPSILON = 1e-12
SKIPPED = 1  # layers whose mean nobody reads
MASKED = -1e4  # what a padded place is given before the softmax: e^-10000 is 0, and f2 can hold it


class Encoder(NamedTuple):
    """Weights by the names of the transformers library, without prefix, and how many heads share a vector."""

    weights: dict[str, Floats]
    heads: int

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return sum(name.endswith("attention.self.query.weight") for name in self.weights)

    @property
    def width(self) -> int:
        """Length of a vector."""
        return int(self.weights["embeddings.word_embeddings.weight"].shape[1])


def encoder(tensors: dict[str, Floats], heads: int) -> Encoder:
    """An encoder of what a file holds; what pooling does not use is left away."""
    kept = {name.removeprefix("bert."): value for name, value in tensors.items() if "pooler" not in name}
    return Encoder(kept, heads)


def forward(made: Encoder, ids: Integers, mask: Integers) -> tuple[Floats, Floats]:
    """Directions (N, width) f4 and means of layers (N, (L - 1) width) f4 of texts.

    These are given as pieces ``ids`` (N, S), with 1 in ``mask`` (N, S) where one is.
    """
    weights = made.weights
    places = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    text = weights["embeddings.token_type_embeddings.weight"][0]
    x = _normed(made, "embeddings.LayerNorm", weights["embeddings.word_embeddings.weight"][ids] + places + text)
    means = []
    for layer in range(made.layers):
        part = f"encoder.layer.{layer}."
        mixed = _linear(made, part + "attention.output.dense", _attended(made, part + "attention.self.", x, mask))
        x = _normed(made, part + "attention.output.LayerNorm", x + mixed)
        wide = _linear(made, part + "intermediate.dense", x)
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        x = _normed(made, part + "output.LayerNorm", x + _linear(made, part + "output.dense", wide))
        means.append((x * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True))
    direction = means[-1] / np.linalg.norm(means[-1], axis=1, keepdims=True)
    return np.asarray(direction, np.float32), np.asarray(np.concatenate(means[SKIPPED:], axis=1), np.float32)


def _linear(made: Encoder, name: str, x: Floats) -> Floats:
    return np.asarray(x @ made.weights[name + ".weight"].T + made.weights[name + ".bias"], np.float32)


def _normed(made: Encoder, name: str, x: Floats) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    unit = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    return np.asarray(unit * made.weights[name + ".weight"] + made.weights[name + ".bias"], np.float32)


def _attended(made: Encoder, part: str, x: Floats, mask: Integers) -> Floats:
    """What each place takes from all others: softmax(Q K' / sqrt(d)) V, each head by itself."""
    rows, length, width = x.shape
    apart = (rows, length, made.heads, width // made.heads)
    query, key, value = (
        _linear(made, part + name, x).reshape(apart).transpose(0, 2, 1, 3) for name in ("query", "key", "value")
    )
    fit = query @ key.transpose(0, 1, 3, 2) / np.sqrt(apart[-1]) + ((1 - mask) * MASKED)[:, None, None, :]
    share = np.exp(fit - fit.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    return np.asarray((share @ value).transpose(0, 2, 1, 3).reshape(x.shape), np.float32)
