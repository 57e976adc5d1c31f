"""The detector as an ONNX graph, before it has learnt: what it computes at run time is what is trained.

It looks at the input, at what a small neighbourhood or an autoencoder would have expected (residual, reconstruction
error), and at the watched model's answer. Weights whose names begin with ``ae.`` are the autoencoder's, with ``net.``
the detector's; all others are fixed.

References
----------
Meng, Chen, MagNet, 2017, https://arxiv.org/abs/1705.09064 (reconstruction). Xu et al., Feature squeezing, 2018,
https://arxiv.org/abs/1704.01155.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from detectors.classifiers.inputs import ANSWERS
from detectors.training.inputs.data import Place

Array = npt.NDArray[Any]

OPSET = 17
ASKED, LOGIT, ERROR, TRUE = "asked", "logit", "ae.error", "ae.true"
CLIP = 8.0  # standard deviations
TOP = 4  # of the answer's sorted probabilities
FLOOR = 1e-6


class Builder:
    """Nodes and weights of a graph, put together one after the other."""

    def __init__(self, seed: int) -> None:
        self.nodes: list[Any] = []
        self.weights: dict[str, Array] = {}
        self.draw = np.random.default_rng(seed)

    def node(self, operator: str, inputs: list[str], output: str = "", **attributes: Any) -> str:
        """Add an operator; returns its output's name."""
        output = output or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def fixed(self, name: str, value: Any) -> str:
        """Add a constant."""
        self.weights[name] = np.asarray(value)
        return name

    def dense(self, name: str, x: str, sizes: tuple[int, int], *, relu: bool = True) -> str:
        """A layer of a network."""
        inside, outside = sizes
        self.fixed(f"{name}.w", self.draw.normal(0, (2 / inside) ** 0.5, sizes).astype(np.float32))
        self.fixed(f"{name}.b", np.zeros(outside, np.float32))
        made = self.node("Gemm", [x, f"{name}.w", f"{name}.b"])
        return self.node("Relu", [made]) if relu else made

    def last(self, name: str, x: str, size: int) -> str:
        """A layer with one output, as a sum along rows: kernels of matrices of one column differ by a row's place."""
        self.fixed(f"{name}.w", self.draw.normal(0, (2 / size) ** 0.5, size).astype(np.float32))
        self.fixed(f"{name}.b", np.zeros(1, np.float32))
        total = self.node("ReduceSum", [self.node("Mul", [x, f"{name}.w"]), self.fixed("across", np.array([1]))])
        return self.node("Add", [total, f"{name}.b"], LOGIT)

    def conv(
        self, name: str, x: str, sizes: tuple[int, int], *, step: int = 1, back: bool = False, relu: bool = True
    ) -> str:
        """A convolution of 3 x 3, or of 4 x 4 backwards, which doubles width and height."""
        inside, outside = sizes
        k = 4 if back else 3
        shape = (inside, outside, k, k) if back else (outside, inside, k, k)
        self.fixed(f"{name}.w", self.draw.normal(0, (2 / (inside * 9)) ** 0.5, shape).astype(np.float32))
        self.fixed(f"{name}.b", np.zeros(outside, np.float32))
        kind = "ConvTranspose" if back else "Conv"
        made = self.node(kind, [x, f"{name}.w", f"{name}.b"], pads=[1] * 4, strides=[2, 2] if back else [step, step],
                         kernel_shape=[k, k])  # fmt: skip
        return self.node("Relu", [made]) if relu else made

    def answers(self, classes: int) -> tuple[str, int]:
        """Columns of what the watched model answered: its largest log probabilities, sorted, and its entropy."""
        top = min(TOP, classes)
        floor = self.fixed("floor", np.float32(FLOOR))
        p = self.node("Max", [ANSWERS, floor])
        logs = self.node("Log", [p])
        self.fixed("minus", np.float32(-1))
        surprise = self.node("ReduceSum", [self.node("Mul", [p, logs]), self.fixed("last", np.array([1]))], keepdims=1)
        self.nodes.append(
            helper.make_node("TopK", [logs, self.fixed("top", np.array([top]))], ["best", "which"], axis=1)
        )
        made = self.node("Concat", ["best", self.node("Mul", [surprise, "minus"])], axis=1)
        return self.node("Mul", [made, self.fixed("tenth", np.float32(0.25))]), top + 1

    def model(self, dims: tuple[int, ...], classes: int) -> ModelProto:
        """The graph of a detector of numbers; intermediate tensors that training looks at are no outputs."""
        asked = helper.make_tensor_value_info(ASKED, TensorProto.FLOAT, ["N", *dims])
        return self.finished([asked, helper.make_tensor_value_info(ANSWERS, TensorProto.FLOAT, ["N", classes])])

    def finished(self, inputs: list[Any]) -> ModelProto:
        """The graph from its inputs to one logit a row."""
        graph = helper.make_graph(
            self.nodes,
            "inputs",
            inputs,
            [helper.make_tensor_value_info(LOGIT, TensorProto.FLOAT, ["N", 1])],
            [numpy_helper.from_array(value, name) for name, value in self.weights.items()],
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        checker.check_model(made)
        return made


def tabular(place: Place, middle: Array, classes: int, seed: int = 0) -> ModelProto:
    """For rows (N, F): standardised values, what an autoencoder makes of them, distance from the grid, the answer."""
    b, size = Builder(seed), len(place.low)
    b.fixed("middle", middle.astype(np.float32))
    b.fixed("spread", place.spread.astype(np.float32))
    b.fixed("low", np.float32(-CLIP))
    b.fixed("high", np.float32(CLIP))
    z = b.node("Clip", [b.node("Div", [b.node("Sub", [ASKED, "middle"]), "spread"]), "low", "high"], TRUE)
    narrow = max(2, min(32, size // 2))
    h = b.dense("ae.1", z, (size, 64))
    h = b.dense("ae.2", h, (64, narrow))
    h = b.dense("ae.3", h, (narrow, 64))
    residual = b.node("Sub", [z, b.dense("ae.4", h, (64, size), relu=False)], ERROR)
    error = b.node("ReduceMean", [b.node("Mul", [residual, residual])], axes=[1], keepdims=1)
    b.fixed("little", np.float32(1e-4))
    far = b.node("Mul", [b.node("Log", [b.node("Add", [error, "little"])]), b.fixed("quarter", np.float32(0.25))])
    said, more = b.answers(classes)
    parts = b.node("Concat", [z, residual, b.node("Abs", [residual]), far, said], axis=1)
    h = b.dense("net.1", parts, (3 * size + 1 + more, 128))
    h = b.dense("net.2", h, (128, 64))
    b.last("net.3", h, 64)
    return b.model((size,), classes)


def image(place: Place, classes: int, seed: int = 0) -> ModelProto:
    """For images (N, C, H, W) or (N, H, W): pixels, fine structure, what an autoencoder misses, the answer."""
    b = Builder(seed)
    channels, height, width = place.shape if len(place.shape) == 3 else (1, *place.shape)
    b.fixed("low", np.float32(place.low.min()))
    b.fixed("span", np.float32(max(place.high.max() - place.low.min(), 1e-6)))
    x = ASKED
    if place.shape != (channels, height, width):
        x = b.node("Reshape", [x, b.fixed("shape", np.array([-1, channels, height, width]))])
    x = b.node("Div", [b.node("Sub", [x, "low"]), "span"])
    pad = [0, 0, 0, 0, 0, 0, -height % 4, -width % 4]
    x = (
        b.node("Pad", [x, b.fixed("pad", np.array(pad))], TRUE, mode="edge")
        if any(pad)
        else b.node("Identity", [x], TRUE)
    )
    h = b.conv("ae.1", x, (channels, 16), step=2)
    h = b.conv("ae.2", h, (16, 12), step=2)
    h = b.conv("ae.3", h, (12, 16), back=True)
    residual = b.node("Sub", [x, b.conv("ae.4", h, (16, channels), back=True, relu=False)], ERROR)
    kernel = np.zeros((channels, 1, 3, 3), np.float32)
    kernel[:] = -np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 16
    kernel[:, :, 1, 1] += 1
    fine = b.node("Conv", [x, b.fixed("fine", kernel)], group=channels, pads=[1] * 4, kernel_shape=[3, 3])
    b.fixed("louder", np.float32(4))
    parts = b.node("Concat", [x, b.node("Mul", [fine, "louder"]), b.node("Mul", [residual, "louder"])], axis=1)
    h = b.conv("net.1", parts, (3 * channels, 20))
    h = b.conv("net.2", h, (20, 32), step=2)
    h = b.conv("net.3", h, (32, 48), step=2)
    pooled = [b.node(f"Global{kind}Pool", [h]) for kind in ("Average", "Max")]
    pooled = [b.node("Flatten", [one]) for one in pooled]
    error = b.node("Flatten", [b.node("GlobalAveragePool", [b.node("Mul", [residual, residual])])])
    b.fixed("little", np.float32(1e-5))
    far = b.node("Mul", [b.node("Log", [b.node("Add", [error, "little"])]), b.fixed("quarter", np.float32(0.25))])
    said, more = b.answers(classes)
    h = b.dense("net.4", b.node("Concat", [*pooled, far, said], axis=1), (96 + channels + more, 64))
    b.last("net.5", h, 64)
    return b.model(place.shape, classes)


def learnt(model: ModelProto, weights: dict[str, Array]) -> bytes:
    """The graph with weights that were learnt, as a file."""
    for one in model.graph.initializer:
        if one.name in weights:
            one.CopyFrom(numpy_helper.from_array(np.asarray(weights[one.name], np.float32), one.name))
    checker.check_model(model)
    return bytes(model.SerializeToString())
