"""Operators in JAX say what ONNX Runtime says, and their gradients are those of small differences."""

import numpy as np
import pytest
from onnx import TensorProto, helper

from detectors.classifiers.session import Session
from detectors.training.inputs.graph import Graph
from detectors.training.inputs.jaxed import NotDifferentiable
from tests.detectors.classifiers.conftest import model

DRAW = np.random.default_rng(0)
IMAGE = DRAW.normal(0, 1, (2, 3, 8, 8)).astype(np.float32)
ROWS = DRAW.uniform(0.1, 2, (4, 6)).astype(np.float32)
N = helper.make_node
CASES = {
    "gemm": ([N("Gemm", ["x", "w", "b"], ["y"], transB=1)], ROWS,
             {"w": DRAW.normal(0, 1, (5, 6)).astype("f"), "b": np.ones(5, "f")}),
    "conv": ([N("Conv", ["x", "w", "b"], ["y"], pads=[1, 0, 1, 2], strides=[2, 1])], IMAGE,
             {"w": DRAW.normal(0, 1, (4, 3, 3, 3)).astype("f"), "b": np.ones(4, "f")}),
    "conv, same": ([N("Conv", ["x", "w"], ["y"], auto_pad="SAME_UPPER", strides=[2, 2])], IMAGE,
                   {"w": DRAW.normal(0, 1, (4, 3, 3, 3)).astype("f")}),
    "conv, groups": ([N("Conv", ["x", "w"], ["y"], group=3, dilations=[2, 2])], IMAGE,
                     {"w": DRAW.normal(0, 1, (3, 1, 3, 3)).astype("f")}),
    "transposed": ([N("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 0])],
                   IMAGE, {"w": DRAW.normal(0, 1, (3, 4, 4, 4)).astype("f")}),
    "pooled": ([N("MaxPool", ["x"], ["p"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
                N("AveragePool", ["p"], ["y"], kernel_shape=[2, 2], pads=[1, 1, 0, 0])], IMAGE, {}),
    "global": ([N("GlobalAveragePool", ["x"], ["a"]), N("GlobalMaxPool", ["x"], ["b"]),
                N("Concat", ["a", "b"], ["c"], axis=1), N("Flatten", ["c"], ["y"])], IMAGE, {}),
    "normalised": ([N("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"])], IMAGE,
                   {k: np.array([0.5, 1, 2], "f") for k in "sbmv"}),
    "layer": ([N("LayerNormalization", ["x", "s", "b"], ["y"])], ROWS,
              {"s": np.full(6, 2, "f"), "b": np.ones(6, "f")}),
    "activations": ([N("Gelu", ["x"], ["a"]), N("LeakyRelu", ["a"], ["b"], alpha=0.2), N("Elu", ["b"], ["c"]),
                     N("HardSigmoid", ["c"], ["d"]), N("Tanh", ["d"], ["e"]), N("Erf", ["e"], ["f"]),
                     N("Softplus", ["f"], ["y"])], ROWS, {}),
    "softmax": ([N("LogSoftmax", ["x"], ["a"], axis=1), N("Exp", ["a"], ["y"])], ROWS, {}),
    "shapes": ([N("Shape", ["x"], ["s"]), N("Gather", ["s", "i"], ["n"], axis=0),
                N("Concat", ["n", "r"], ["t"], axis=0), N("Reshape", ["x", "t"], ["u"]),
                N("Transpose", ["u"], ["v"], perm=[0, 2, 1]), N("Slice", ["v", "from", "to", "axes"], ["w"]),
                N("Unsqueeze", ["w", "i"], ["z"]), N("Squeeze", ["z", "i"], ["y"])], ROWS,
               {"i": np.array([0]), "r": np.array([2, 3]), "from": np.array([-2]), "to": np.array([1 << 62]),
                "axes": np.array([1])}),
    "parts": ([N("Split", ["x", "sizes"], ["a", "b"], axis=1), N("ReduceMean", ["a"], ["c"], axes=[1], keepdims=1),
               N("ReduceSum", ["b", "axes"], ["d"], keepdims=1), N("Mul", ["c", "d"], ["e"]),
               N("Pad", ["e", "pads"], ["y"])], ROWS,
              {"sizes": np.array([2, 4]), "axes": np.array([1]), "pads": np.array([0, 1, 0, 0])}),
    "bounds": ([N("Clip", ["x", "low", "high"], ["a"]), N("Pow", ["a", "two"], ["b"]), N("Sqrt", ["b"], ["c"]),
                N("Max", ["c", "low"], ["d"]), N("Where", ["is", "d", "x"], ["y"])], ROWS,
               {"low": np.float32(0.3), "high": np.float32(1.5), "two": np.float32(2),
                "is": np.array([True, False] * 3)}),
    "constant": ([N("Constant", [], ["c"], value_float=2.0), N("Div", ["x", "c"], ["d"]),
                  N("TopK", ["d", "k"], ["y", "j"], axis=1)], ROWS, {"k": np.array([3])}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_operator_says_what_onnx_runtime_says(name):
    import jax

    nodes, x, weights = CASES[name]
    opsets = [helper.make_opsetid("", 20 if name in ("activations", "layer") else 17)]
    data = model(nodes, [("x", TensorProto.FLOAT, [None] * x.ndim)], [("y", TensorProto.FLOAT, None)], weights, opsets)
    (expected,) = Session(data).run({"x": x}, ["y"])
    graph = Graph(data)
    run = jax.jit(lambda u: graph.run({"x": u}, ["y"])[0])
    assert np.abs(np.asarray(run(x)) - expected).max() < 1e-4
    towards = DRAW.normal(0, 1, x.shape).astype(np.float32)
    slope = float((jax.grad(lambda u: (run(u) ** 2).sum())(x) * towards).sum())
    step = 1e-3
    ahead, behind = (float((np.asarray(run(x + s * towards), np.float64) ** 2).sum()) for s in (step, -step))
    assert slope == pytest.approx((ahead - behind) / (2 * step), rel=0.05, abs=0.05)


def test_what_has_no_gradient_is_named():
    node = N("TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml")
    data = model([node], [("x", TensorProto.FLOAT, [None, 2])], [("y", TensorProto.FLOAT, [None, 1])])
    with pytest.raises(NotDifferentiable, match="TreeEnsembleRegressor"):
        Graph(data)
