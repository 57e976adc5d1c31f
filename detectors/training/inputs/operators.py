"""ONNX operators as JAX functions, so that JAX differentiates a graph. What only shapes depend on stays NumPy.

Reference: https://onnx.ai/onnx/operators/. Operators without a gradient (trees, strings, labels) are not here.
"""

from typing import Any

import numpy as np

from detectors.training.inputs import layers, shapes
from detectors.training.inputs.jaxed import Attributes, Operator, jax_numpy, lax, space


def _elementwise(name: str) -> Operator:
    return lambda x, _: getattr(space(x), name)(*x)


def _many(name: str) -> Operator:
    def run(x: list[Any], _: Attributes) -> Any:
        made = x[0]
        for one in x[1:]:
            made = getattr(space([made, one]), name)(made, one)
        return made

    return run


def _nn(name: str, **named: tuple[str, Any]) -> Operator:
    def run(x: list[Any], a: Attributes) -> Any:
        import jax  # noqa: PLC0415

        return getattr(jax.nn, name)(x[0], **{key: a.get(*one) for key, one in named.items()})

    return run


OPERATORS: dict[str, Operator] = {
    "Add": _elementwise("add"), "Sub": _elementwise("subtract"), "Mul": _elementwise("multiply"),
    "Pow": _elementwise("power"), "Sqrt": _elementwise("sqrt"), "Exp": _elementwise("exp"), "Log": _elementwise("log"),
    "Abs": _elementwise("abs"), "Neg": _elementwise("negative"), "Tanh": _elementwise("tanh"),
    "Sin": _elementwise("sin"), "Cos": _elementwise("cos"), "Floor": _elementwise("floor"),
    "Sign": _elementwise("sign"), "Equal": _elementwise("equal"), "Greater": _elementwise("greater"),
    "Less": _elementwise("less"), "Where": _elementwise("where"), "Not": _elementwise("logical_not"),
    "MatMul": _elementwise("matmul"), "Max": _many("maximum"), "Min": _many("minimum"), "Sum": _many("add"),
    "Div": lambda x, _: (np.floor_divide if np.issubdtype(x[0].dtype, np.integer) else space(x).divide)(*x),
    "Reciprocal": lambda x, _: 1 / x[0],
    "Relu": _nn("relu"), "Sigmoid": _nn("sigmoid"), "Softplus": _nn("softplus"), "Selu": _nn("selu"),
    "HardSwish": _nn("hard_swish"), "Mish": _nn("mish"), "LeakyRelu": _nn("leaky_relu", negative_slope=("alpha", 0.01)),
    "Elu": _nn("elu", alpha=("alpha", 1.0)), "Softmax": _nn("softmax", axis=("axis", -1)),
    "LogSoftmax": _nn("log_softmax", axis=("axis", -1)),
    "Gelu": lambda x, a: _nn("gelu")(x, {}) if a.get("approximate", b"none") != b"none" else _exact_gelu(x[0]),
    "HardSigmoid": lambda x, a: jax_numpy().clip(a.get("alpha", 0.2) * x[0] + a.get("beta", 0.5), 0, 1),
    "PRelu": lambda x, _: jax_numpy().where(x[0] >= 0, x[0], x[1] * x[0]),
    "Erf": lambda x, _: lax().erf(x[0]),
    "Gemm": layers.gemm, "Conv": layers.conv, "ConvTranspose": layers.transposed,
    "MaxPool": lambda x, a: layers.pooled(x, a, -np.inf, "max"), "AveragePool": layers.averaged,
    "GlobalAveragePool": layers.globally("mean"), "GlobalMaxPool": layers.globally("max"),
    "BatchNormalization": layers.batch_normalised, "LayerNormalization": layers.layer_normalised,
    "ReduceMean": shapes.reduced("mean"), "ReduceSum": shapes.reduced("sum"), "ReduceMax": shapes.reduced("max"),
    "ReduceMin": shapes.reduced("min"), "ReduceProd": shapes.reduced("prod"),
    "TopK": shapes.top,
    "Reshape": shapes.reshaped, "Flatten": shapes.flattened, "Slice": shapes.sliced,
    "Split": shapes.split, "Pad": shapes.padded, "Clip": shapes.clipped,
    "Identity": lambda x, _: x[0], "Dropout": lambda x, _: x[0], "Cast": shapes.cast, "Constant": shapes.constant,
    "Transpose": lambda x, a: space(x).transpose(x[0], a.get("perm")),
    "Concat": lambda x, a: space(x).concatenate(x, a["axis"]),
    "Gather": lambda x, a: space(x).take(x[0], x[1], axis=a.get("axis", 0)),
    "Shape": lambda x, _: np.array(x[0].shape, np.int64),
    "Squeeze": lambda x, a: space(x[:1]).squeeze(x[0], shapes.axes_of(x, a)),
    "Unsqueeze": lambda x, a: space(x[:1]).expand_dims(x[0], shapes.axes_of(x, a)),
    "Expand": lambda x, _: x[0] * space(x).ones([int(n) for n in np.asarray(x[1])], x[0].dtype),
    "ConstantOfShape": lambda x, a: np.full([int(n) for n in x[0]], np.asarray(a.get("value", np.float32(0))).item(),
                                            np.asarray(a.get("value", np.float32(0))).dtype),
}  # fmt: skip


def _exact_gelu(x: Any) -> Any:
    return 0.5 * x * (1 + lax().erf(x / np.sqrt(2.0).astype(np.float32)))
