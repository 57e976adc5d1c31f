"""The same encoder as an ONNX graph of standard operators, in f4 or, for GPUs, f2.

Input ``input_ids`` and ``attention_mask`` (N, S) i8, output ``embedding`` (N, width) f4 of length 1, and ``layers``
(N, (L - 1) width) f4, what the deep heads read: the mean over places after each of L layers but the first. Pooling is
in f4 whatever the weights are.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from detectors.text.deep import LAYERS
from detectors.training.text.encoder import EPSILON, MASKED, SKIPPED, Encoder

OPSET = 20  # the first with Gelu


class _Graph:
    """Nodes and constants in the making; every method returns the name of what it made."""

    def __init__(self, made: Encoder, kind: npt.DTypeLike) -> None:
        self.made, self.kind = made, np.dtype(kind)
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def op(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Append a node with one output."""
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name

    def value(self, name: str, array: npt.ArrayLike, kind: npt.DTypeLike | None = None) -> str:
        """Keep a constant, of the graph's own type if no other is named."""
        self.constants[name] = np.ascontiguousarray(array, self.kind if kind is None else kind)
        return name

    def weight(self, name: str) -> str:
        """Keep a weight under its own name."""
        return self.value(name, self.made.weights[name])

    def linear(self, name: str, x: str) -> str:
        """X W' + b."""
        turned = self.value(name + ".turned", self.made.weights[name + ".weight"].T)
        return self.op("Add", self.op("MatMul", x, turned), self.weight(name + ".bias"))

    def normed(self, name: str, x: str) -> str:
        """Each place's vector with mean 0 and variance 1, then stretched and moved."""
        scale, move = self.weight(name + ".weight"), self.weight(name + ".bias")
        return self.op("LayerNormalization", x, scale, move, axis=-1, epsilon=EPSILON)

    def attended(self, part: str, x: str, bias: str) -> str:
        """What each place takes from all others; each head by itself."""
        width, heads = self.made.width, self.made.heads
        apart = self.value("apart", [0, 0, heads, width // heads], np.int64)
        query, key, value = (
            self.op("Transpose", self.op("Reshape", self.linear(part + name, x), apart), perm=order)
            for name, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        fit = self.op("Mul", self.op("MatMul", query, key), self.value("root", (width // heads) ** -0.5))
        share = self.op("Softmax", self.op("Add", fit, bias), axis=-1)
        mixed = self.op("Transpose", self.op("MatMul", share, value), perm=[0, 2, 1, 3])
        return self.op("Reshape", mixed, self.value("joined", [0, 0, width], np.int64))

    def layer(self, part: str, x: str, bias: str) -> str:
        """One layer."""
        mixed = self.linear(part + "attention.output.dense", self.attended(part + "attention.self.", x, bias))
        x = self.normed(part + "attention.output.LayerNorm", self.op("Add", x, mixed))
        wide = self.op("Gelu", self.linear(part + "intermediate.dense", x))
        return self.normed(part + "output.LayerNorm", self.op("Add", x, self.linear(part + "output.dense", wide)))

    def begun(self) -> str:
        """Embeddings of pieces and places."""
        weights = self.made.weights
        places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        length = self.op("Shape", "input_ids", start=1, end=2)
        zero = self.value("zero", [0], np.int64)
        used = self.op("Slice", self.value("places", places), zero, length, zero)
        pieces = self.op("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        return self.normed("embeddings.LayerNorm", self.op("Add", pieces, used))

    def pooled(self, x: str) -> str:
        """Mean over the places that are there."""
        here = self.op("Cast", "attention_mask", to=TensorProto.FLOAT)
        each = self.op("Unsqueeze", here, self.value("last", [2], np.int64))
        one = self.value("one", [1], np.int64)
        total = self.op("ReduceSum", self.op("Mul", self.op("Cast", x, to=TensorProto.FLOAT), each), one, keepdims=0)
        return self.op("Div", total, self.op("ReduceSum", here, one, keepdims=1))

    def direction(self, mean: str) -> str:
        """The same with length 1."""
        return self.op("Div", mean, self.op("ReduceL2", mean, self.value("one", [1], np.int64), keepdims=1))

    def bias(self) -> str:
        """What keeps padded places from being taken from: (N, 1, 1, S)."""
        whole = helper.np_dtype_to_tensor_dtype(self.kind)
        missing = self.op("Sub", self.value("full", 1), self.op("Cast", "attention_mask", to=whole))
        low = self.op("Mul", missing, self.value("masked", MASKED))
        return self.op("Unsqueeze", low, self.value("inner", [1, 2], np.int64))


def graph(made: Encoder, kind: npt.DTypeLike = np.float32) -> ModelProto:
    """The model, with weights of this type."""
    drawn = _Graph(made, kind)
    x, bias = drawn.begun(), drawn.bias()
    means = []
    for layer in range(made.layers):
        x = drawn.layer(f"encoder.layer.{layer}.", x, bias)
        means.append(drawn.pooled(x))
    drawn.nodes.append(helper.make_node("Identity", [drawn.direction(means[-1])], ["embedding"]))
    drawn.nodes.append(helper.make_node("Concat", means[SKIPPED:], [LAYERS], axis=1))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["N", "S"]) for name in INPUTS]
    widths = {"embedding": made.width, LAYERS: made.width * (made.layers - SKIPPED)}
    outputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["N", width]) for n, width in widths.items()]
    constants = [numpy_helper.from_array(value, name) for name, value in drawn.constants.items()]
    body = helper.make_graph(drawn.nodes, "encoder", inputs, outputs, constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    checker.check_model(model)
    return model


INPUTS = ("input_ids", "attention_mask")
