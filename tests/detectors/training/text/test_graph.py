"""The encoder by hand: NumPy and ONNX agree, padding changes nothing, and half precision is near."""

import numpy as np
import onnxruntime
import pytest

from detectors.text.deep import LAYERS
from detectors.training.text.encoder import Encoder, encoder, forward
from detectors.training.text.graph import graph

WIDTH, HEADS, PIECES, PLACES = 24, 3, 50, 16


def small(layers: int = 2) -> Encoder:
    """An encoder of random weights that has every part of a real one."""
    chance = np.random.default_rng(5)
    shapes = {
        "embeddings.word_embeddings.weight": (PIECES, WIDTH),
        "embeddings.position_embeddings.weight": (PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
        "pooler.dense.weight": (WIDTH, WIDTH),
    }
    for layer in range(layers):
        sizes = {f"attention.self.{name}": (WIDTH, WIDTH) for name in ("query", "key", "value")}
        sizes |= {"attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (48, WIDTH)}
        sizes |= {"output.dense": (WIDTH, 48), "attention.output.LayerNorm": (WIDTH,), "output.LayerNorm": (WIDTH,)}
        for name, size in sizes.items():
            shapes |= {f"encoder.layer.{layer}.{name}.weight": size, f"encoder.layer.{layer}.{name}.bias": size[:1]}
    return encoder(
        {f"bert.{name}": chance.normal(0, 0.3, size).astype(np.float32) for name, size in shapes.items()}, HEADS
    )


def asked(lengths: list[int], places: int) -> tuple[np.ndarray, np.ndarray]:
    mask = (np.arange(places) < np.array(lengths)[:, None]).astype(np.int64)
    return np.random.default_rng(1).integers(0, PIECES, mask.shape) * mask, mask


def answered(kind: type, ids: np.ndarray, mask: np.ndarray) -> list[np.ndarray]:
    """Embedding and layers."""
    session = onnxruntime.InferenceSession(graph(small(), kind).SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["embedding", LAYERS], {"input_ids": ids, "attention_mask": mask})


def test_the_graph_answers_as_the_formulas_do():
    ids, mask = asked([3, 16, 1, 9], PLACES)
    found = answered(np.float32, ids, mask)
    for one, formula in zip(found, forward(small(), ids, mask), strict=True):
        np.testing.assert_allclose(one, formula, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found[0], axis=1), 1, atol=1e-6)


def test_layers_are_those_behind_the_first_and_the_last_of_them_points_where_the_embedding_does():
    ids, mask = asked([3, 16, 1, 9], PLACES)
    _, means = forward(small(layers=3), ids, mask)
    assert means.shape == (4, 2 * WIDTH)
    direction, last = forward(small(), ids, mask)
    np.testing.assert_allclose(last / np.linalg.norm(last, axis=1, keepdims=True), direction, atol=1e-6)


def test_padding_changes_nothing():
    ids, mask = asked([5, 7], 8)
    wide = [np.pad(one, ((0, 0), (0, 8))) for one in (ids, mask)]
    for one, padded in zip(answered(np.float32, ids, mask), answered(np.float32, *wide), strict=True):
        np.testing.assert_allclose(one, padded, atol=1e-6)


def test_half_precision_points_the_same_way():
    ids, mask = asked([3, 16, 1, 9], PLACES)
    cosines = (answered(np.float16, ids, mask)[0] * forward(small(), ids, mask)[0]).sum(axis=1)
    assert cosines.min() > 0.999


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_the_graph_has_standard_operators_only(kind: type):
    assert {one.domain for one in graph(small(), kind).opset_import} == {""}
