"""ONNX operators as JAX functions, so that JAX differentiates a graph. What only shapes depend on stays NumPy.

Reference: https://onnx.ai/onnx/operators/. Operators without a gradient (trees, strings, labels) are not here.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Attributes = dict[str, Any]
Operator = Callable[[list[Any], Attributes], Any]


class NotDifferentiable(ValueError):
    """A graph with operators that have no gradient here; the sentence names them."""


def jax_numpy() -> Any:
    """JAX's NumPy, loaded when it is first needed."""
    import jax.numpy as jnp  # noqa: PLC0415 - heavy, and only in the extra train

    return jnp


def _lax() -> Any:
    from jax import lax  # noqa: PLC0415

    return lax


def _space(inputs: list[Any]) -> Any:
    """NumPy where all is known beforehand, else JAX's."""
    return np if all(x is None or isinstance(x, np.ndarray | np.generic) for x in inputs) else jax_numpy()


def _elementwise(name: str) -> Operator:
    return lambda x, _: getattr(_space(x), name)(*x)


def _many(name: str) -> Operator:
    def run(x: list[Any], _: Attributes) -> Any:
        made = x[0]
        for one in x[1:]:
            made = getattr(_space([made, one]), name)(made, one)
        return made

    return run


def _nn(name: str, **named: tuple[str, Any]) -> Operator:
    def run(x: list[Any], a: Attributes) -> Any:
        import jax  # noqa: PLC0415

        return getattr(jax.nn, name)(x[0], **{key: a.get(*one) for key, one in named.items()})

    return run


def _reduced(name: str) -> Operator:
    def run(x: list[Any], a: Attributes) -> Any:
        axes = x[1] if len(x) > 1 and x[1] is not None else a.get("axes")
        if axes is None and a.get("noop_with_empty_axes"):
            return x[0]
        axis = None if axes is None else tuple(int(k) for k in np.asarray(axes).ravel())
        return getattr(_space(x[:1]), name)(x[0], axis=axis, keepdims=bool(a.get("keepdims", 1)))

    return run


def _gemm(x: list[Any], a: Attributes) -> Any:
    one, other = (x[0].T if a.get("transA") else x[0]), (x[1].T if a.get("transB") else x[1])
    made = a.get("alpha", 1.0) * (one @ other)
    return made + a.get("beta", 1.0) * x[2] if len(x) > 2 and x[2] is not None else made


def _pads(a: Attributes, spatial: int, sizes: tuple[int, ...], kernel: tuple[int, ...]) -> list[tuple[int, int]]:
    """Padding of each spatial dimension, also where it is to be the same as the input's."""
    auto = a.get("auto_pad", b"NOTSET")
    if auto in (b"NOTSET", b"VALID"):
        given = a.get("pads", [0] * 2 * spatial)
        return [(given[k], given[k + spatial]) for k in range(spatial)]
    steps, wide = a.get("strides", [1] * spatial), a.get("dilations", [1] * spatial)
    made = []
    for size, k, step, d in zip(sizes, kernel, steps, wide, strict=True):
        total = max(0, (-(-size // step) - 1) * step + (k - 1) * d + 1 - size)
        made.append((total // 2, total - total // 2) if auto == b"SAME_UPPER" else (total - total // 2, total // 2))
    return made


def _conv(x: list[Any], a: Attributes) -> Any:
    spatial = x[0].ndim - 2
    made = _lax().conv_general_dilated(
        x[0], x[1],
        a.get("strides", [1] * spatial),
        _pads(a, spatial, x[0].shape[2:], x[1].shape[2:]),
        rhs_dilation=a.get("dilations", [1] * spatial),
        feature_group_count=a.get("group", 1),
    )  # fmt: skip
    return made + x[2].reshape(1, -1, *[1] * spatial) if len(x) > 2 and x[2] is not None else made


def _transposed(x: list[Any], a: Attributes) -> Any:
    """ConvTranspose, as the convolution of a spread-out input with the turned kernel."""
    spatial = x[0].ndim - 2
    if a.get("group", 1) != 1 or a.get("auto_pad", b"NOTSET") != b"NOTSET":
        raise NotDifferentiable("there is no gradient for ConvTranspose with groups or automatic padding")
    steps, wide = a.get("strides", [1] * spatial), a.get("dilations", [1] * spatial)
    pads, extra = a.get("pads", [0] * 2 * spatial), a.get("output_padding", [0] * spatial)
    reach = [(k - 1) * d for k, d in zip(x[1].shape[2:], wide, strict=True)]
    around = [(reach[k] - pads[k], reach[k] - pads[k + spatial] + extra[k]) for k in range(spatial)]
    turned = jax_numpy().flip(x[1], tuple(range(2, 2 + spatial))).swapaxes(0, 1)
    made = _lax().conv_general_dilated(x[0], turned, [1] * spatial, around, lhs_dilation=steps, rhs_dilation=wide)
    return made + x[2].reshape(1, -1, *[1] * spatial) if len(x) > 2 and x[2] is not None else made


def _pooled(x: list[Any], a: Attributes, start: float, how: str) -> Any:
    spatial = x[0].ndim - 2
    kernel = tuple(a["kernel_shape"])
    if a.get("ceil_mode") or any(d != 1 for d in a.get("dilations", [])):
        raise NotDifferentiable("there is no gradient for pooling with ceil_mode or dilations")
    window, step = (1, 1, *kernel), (1, 1, *a.get("strides", [1] * spatial))
    around = [(0, 0), (0, 0), *_pads(a, spatial, x[0].shape[2:], kernel)]
    return _lax().reduce_window(x[0], start, getattr(_lax(), how), window, step, around)


def _averaged(x: list[Any], a: Attributes) -> Any:
    total = _pooled(x, a, 0.0, "add")
    if a.get("count_include_pad"):
        return total / np.prod(a["kernel_shape"])
    return total / _pooled([jax_numpy().ones_like(x[0])], a, 0.0, "add")


def _globally(name: str) -> Operator:
    return lambda x, _: getattr(jax_numpy(), name)(x[0], axis=tuple(range(2, x[0].ndim)), keepdims=True)


def _batch_normalised(x: list[Any], a: Attributes) -> Any:
    scale, bias, mean, var = (one.reshape(1, -1, *[1] * (x[0].ndim - 2)) for one in x[1:5])
    return (x[0] - mean) / (var + a.get("epsilon", 1e-5)) ** 0.5 * scale + bias


def _layer_normalised(x: list[Any], a: Attributes) -> Any:
    axes = tuple(range(a.get("axis", -1) % x[0].ndim, x[0].ndim))
    mean = x[0].mean(axes, keepdims=True)
    made = (x[0] - mean) / (((x[0] - mean) ** 2).mean(axes, keepdims=True) + a.get("epsilon", 1e-5)) ** 0.5 * x[1]
    return made + x[2] if len(x) > 2 and x[2] is not None else made


def _reshaped(x: list[Any], a: Attributes) -> Any:
    wanted = [int(n) for n in np.asarray(x[1])]
    if not a.get("allowzero"):
        wanted = [x[0].shape[k] if n == 0 else n for k, n in enumerate(wanted)]
    return x[0].reshape(wanted)


def _flattened(x: list[Any], a: Attributes) -> Any:
    axis = a.get("axis", 1) % (x[0].ndim + 1)
    return x[0].reshape(int(np.prod(x[0].shape[:axis])) if axis else 1, -1)


def _axes(x: list[Any], a: Attributes) -> tuple[int, ...] | None:
    axes = x[1] if len(x) > 1 and x[1] is not None else a.get("axes")
    return None if axes is None else tuple(int(k) for k in np.asarray(axes).ravel())


def _sliced(x: list[Any], a: Attributes) -> Any:
    starts, ends = (np.asarray(one).tolist() for one in (x[1:3] if len(x) > 2 else (a["starts"], a["ends"])))
    axes = np.asarray(x[3]).tolist() if len(x) > 3 and x[3] is not None else a.get("axes", list(range(len(starts))))
    steps = np.asarray(x[4]).tolist() if len(x) > 4 and x[4] is not None else [1] * len(starts)
    index = [slice(None)] * x[0].ndim
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        below = end < -x[0].shape[axis] and step < 0
        index[axis] = slice(start, None if below else end, step)
    return x[0][tuple(index)]


def _split(x: list[Any], a: Attributes) -> Any:
    sizes = np.asarray(x[1]).tolist() if len(x) > 1 and x[1] is not None else a.get("split")
    axis, space = a.get("axis", 0), _space(x[:1])
    if sizes is None:
        return tuple(space.split(x[0], a["num_outputs"], axis))
    return tuple(space.split(x[0], np.cumsum(sizes)[:-1].tolist(), axis))


def _padded(x: list[Any], a: Attributes) -> Any:
    pads = np.asarray(x[1] if len(x) > 1 else a["pads"]).tolist()
    n = x[0].ndim
    around = [(pads[k], pads[k + n]) for k in range(n)]
    mode = {b"constant": "constant", b"reflect": "reflect", b"edge": "edge"}[a.get("mode", b"constant")]
    value = {"constant_values": x[2] if len(x) > 2 and x[2] is not None else 0} if mode == "constant" else {}
    return jax_numpy().pad(x[0], around, mode=mode, **value)


def _cast(x: list[Any], a: Attributes) -> Any:
    from onnx import helper  # noqa: PLC0415 - only in the extra train

    return x[0].astype(helper.tensor_dtype_to_np_dtype(a["to"]))


def _constant(_: list[Any], a: Attributes) -> Any:
    for name in ("value", "value_float", "value_int", "value_floats", "value_ints"):
        if name in a:
            return np.asarray(a[name])
    raise NotDifferentiable("there is no gradient for Constant of this sort")


def _clipped(x: list[Any], a: Attributes) -> Any:
    low = x[1] if len(x) > 1 and x[1] is not None else a.get("min")
    high = x[2] if len(x) > 2 and x[2] is not None else a.get("max")
    return _space(x).clip(x[0], low, high)


def _top(x: list[Any], a: Attributes) -> Any:
    if a.get("axis", -1) not in (-1, x[0].ndim - 1) or not a.get("largest", 1):
        raise NotDifferentiable("there is no gradient for TopK of the smallest, or along another axis than the last")
    return tuple(_lax().top_k(x[0], int(np.asarray(x[1]).ravel()[0])))


OPERATORS: dict[str, Operator] = {
    "Add": _elementwise("add"), "Sub": _elementwise("subtract"), "Mul": _elementwise("multiply"),
    "Pow": _elementwise("power"), "Sqrt": _elementwise("sqrt"), "Exp": _elementwise("exp"), "Log": _elementwise("log"),
    "Abs": _elementwise("abs"), "Neg": _elementwise("negative"), "Tanh": _elementwise("tanh"),
    "Sin": _elementwise("sin"), "Cos": _elementwise("cos"), "Floor": _elementwise("floor"),
    "Sign": _elementwise("sign"), "Equal": _elementwise("equal"), "Greater": _elementwise("greater"),
    "Less": _elementwise("less"), "Where": _elementwise("where"), "Not": _elementwise("logical_not"),
    "MatMul": _elementwise("matmul"), "Max": _many("maximum"), "Min": _many("minimum"), "Sum": _many("add"),
    "Div": lambda x, _: (np.floor_divide if np.issubdtype(x[0].dtype, np.integer) else _space(x).divide)(*x),
    "Reciprocal": lambda x, _: 1 / x[0],
    "Relu": _nn("relu"), "Sigmoid": _nn("sigmoid"), "Softplus": _nn("softplus"), "Selu": _nn("selu"),
    "HardSwish": _nn("hard_swish"), "Mish": _nn("mish"), "LeakyRelu": _nn("leaky_relu", negative_slope=("alpha", 0.01)),
    "Elu": _nn("elu", alpha=("alpha", 1.0)), "Softmax": _nn("softmax", axis=("axis", -1)),
    "LogSoftmax": _nn("log_softmax", axis=("axis", -1)),
    "Gelu": lambda x, a: _nn("gelu")(x, {}) if a.get("approximate", b"none") != b"none" else _exact_gelu(x[0]),
    "HardSigmoid": lambda x, a: jax_numpy().clip(a.get("alpha", 0.2) * x[0] + a.get("beta", 0.5), 0, 1),
    "PRelu": lambda x, _: jax_numpy().where(x[0] >= 0, x[0], x[1] * x[0]),
    "Erf": lambda x, _: _lax().erf(x[0]),
    "Gemm": _gemm, "Conv": _conv, "ConvTranspose": _transposed,
    "MaxPool": lambda x, a: _pooled(x, a, -np.inf, "max"), "AveragePool": _averaged,
    "GlobalAveragePool": _globally("mean"), "GlobalMaxPool": _globally("max"),
    "BatchNormalization": _batch_normalised, "LayerNormalization": _layer_normalised,
    "ReduceMean": _reduced("mean"), "ReduceSum": _reduced("sum"), "ReduceMax": _reduced("max"),
    "ReduceMin": _reduced("min"), "ReduceProd": _reduced("prod"),
    "TopK": _top,
    "Reshape": _reshaped, "Flatten": _flattened, "Slice": _sliced, "Split": _split, "Pad": _padded, "Clip": _clipped,
    "Identity": lambda x, _: x[0], "Dropout": lambda x, _: x[0], "Cast": _cast, "Constant": _constant,
    "Transpose": lambda x, a: _space(x).transpose(x[0], a.get("perm")),
    "Concat": lambda x, a: _space(x).concatenate(x, a["axis"]),
    "Gather": lambda x, a: _space(x).take(x[0], x[1], axis=a.get("axis", 0)),
    "Shape": lambda x, _: np.array(x[0].shape, np.int64),
    "Squeeze": lambda x, a: _space(x[:1]).squeeze(x[0], _axes(x, a)),
    "Unsqueeze": lambda x, a: _space(x[:1]).expand_dims(x[0], _axes(x, a)),
    "Expand": lambda x, _: x[0] * _space(x).ones([int(n) for n in np.asarray(x[1])], x[0].dtype),
    "ConstantOfShape": lambda x, a: np.full([int(n) for n in x[0]], np.asarray(a.get("value", np.float32(0))).item(),
                                            np.asarray(a.get("value", np.float32(0))).dtype),
}  # fmt: skip


def _exact_gelu(x: Any) -> Any:
    return 0.5 * x * (1 + _lax().erf(x / np.sqrt(2.0).astype(np.float32)))
