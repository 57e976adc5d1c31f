"""Small ONNX models, made by hand."""

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from detectors.classifiers.classifier import opened
from detectors.classifiers.declared import Declared
from detectors.text.embedding import pieces

OPSET = [helper.make_opsetid("", 20), helper.make_opsetid("ai.onnx.ml", 3)]


def model(nodes, inputs, outputs, weights=(), opsets=OPSET):
    """Bytes of a model; ``inputs`` and ``outputs`` are (name, type, shape)."""
    graph = helper.make_graph(
        nodes, "g",
        [helper.make_tensor_value_info(*one) for one in inputs],
        [helper.make_tensor_value_info(*one) for one in outputs],
        [numpy_helper.from_array(value, name) for name, value in dict(weights).items()],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()


def network(features=16, hidden=32, seed=0, rows="N"):
    """Two layers of random weights, and a softmax over two classes."""
    draw = np.random.default_rng(seed)
    weights = {
        "a": draw.normal(0, 1, (features, hidden)).astype(np.float32),
        "b": draw.normal(0, 1, hidden).astype(np.float32),
        "c": draw.normal(0, 0.3, (hidden, 2)).astype(np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "a"], ["h"]),
        helper.make_node("Add", ["h", "b"], ["i"]),
        helper.make_node("Relu", ["i"], ["j"]),
        helper.make_node("MatMul", ["j", "c"], ["k"]),
        helper.make_node("Softmax", ["k"], ["p"], axis=-1),
    ]
    inputs, outputs = [("x", TensorProto.FLOAT, [rows, features])], [("p", TensorProto.FLOAT, [rows, 2])]
    return model(nodes, inputs, outputs, weights)


def open_(data, **declared):
    """A classifier on the CPU."""
    return opened(data, Declared(**({"name": "one"} | declared)), pieces, memory=1 << 28)


@pytest.fixture
def plain():
    return open_(network())
