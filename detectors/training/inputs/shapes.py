"""What ONNX graphs do with shapes in JAX: reshaping, cutting, padding, summing up.

What only shapes depend on stays NumPy. Reference: https://onnx.ai/onnx/operators/.
"""

from typing import Any

import numpy as np

from detectors.training.inputs.jaxed import Attributes, NotDifferentiable, Operator, jax_numpy, lax, space


def reduced(name: str) -> Operator:
    """ReduceMean and its like, axes as attribute or as input."""

    def run(x: list[Any], a: Attributes) -> Any:
        axes = x[1] if len(x) > 1 and x[1] is not None else a.get("axes")
        if axes is None and a.get("noop_with_empty_axes"):
            return x[0]
        axis = None if axes is None else tuple(int(k) for k in np.asarray(axes).ravel())
        return getattr(space(x[:1]), name)(x[0], axis=axis, keepdims=bool(a.get("keepdims", 1)))

    return run


def reshaped(x: list[Any], a: Attributes) -> Any:
    """Reshape."""
    wanted = [int(n) for n in np.asarray(x[1])]
    if not a.get("allowzero"):
        wanted = [x[0].shape[k] if n == 0 else n for k, n in enumerate(wanted)]
    return x[0].reshape(wanted)


def flattened(x: list[Any], a: Attributes) -> Any:
    """Flatten."""
    axis = a.get("axis", 1) % (x[0].ndim + 1)
    return x[0].reshape(int(np.prod(x[0].shape[:axis])) if axis else 1, -1)


def axes_of(x: list[Any], a: Attributes) -> tuple[int, ...] | None:
    """Axes as input or attribute; none is all of them."""
    axes = x[1] if len(x) > 1 and x[1] is not None else a.get("axes")
    return None if axes is None else tuple(int(k) for k in np.asarray(axes).ravel())


def sliced(x: list[Any], a: Attributes) -> Any:
    """Slice, also as it was before opset 10."""
    starts, ends = (np.asarray(one).tolist() for one in (x[1:3] if len(x) > 2 else (a["starts"], a["ends"])))
    axes = np.asarray(x[3]).tolist() if len(x) > 3 and x[3] is not None else a.get("axes", list(range(len(starts))))
    steps = np.asarray(x[4]).tolist() if len(x) > 4 and x[4] is not None else [1] * len(starts)
    index = [slice(None)] * x[0].ndim
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        below = end < -x[0].shape[axis] and step < 0
        index[axis] = slice(start, None if below else end, step)
    return x[0][tuple(index)]


def split(x: list[Any], a: Attributes) -> Any:
    """Split, into given sizes or so many parts."""
    sizes = np.asarray(x[1]).tolist() if len(x) > 1 and x[1] is not None else a.get("split")
    axis, where = a.get("axis", 0), space(x[:1])
    if sizes is None:
        return tuple(where.split(x[0], a["num_outputs"], axis))
    return tuple(where.split(x[0], np.cumsum(sizes)[:-1].tolist(), axis))


def padded(x: list[Any], a: Attributes) -> Any:
    """Pad."""
    pads = np.asarray(x[1] if len(x) > 1 else a["pads"]).tolist()
    n = x[0].ndim
    around = [(pads[k], pads[k + n]) for k in range(n)]
    mode = {b"constant": "constant", b"reflect": "reflect", b"edge": "edge"}[a.get("mode", b"constant")]
    value = {"constant_values": x[2] if len(x) > 2 and x[2] is not None else 0} if mode == "constant" else {}
    return jax_numpy().pad(x[0], around, mode=mode, **value)


def cast(x: list[Any], a: Attributes) -> Any:
    """Cast."""
    from onnx import helper  # noqa: PLC0415 - only in the extra train

    return x[0].astype(helper.tensor_dtype_to_np_dtype(a["to"]))


def constant(_: list[Any], a: Attributes) -> Any:
    """Constant."""
    for name in ("value", "value_float", "value_int", "value_floats", "value_ints"):
        if name in a:
            return np.asarray(a[name])
    raise NotDifferentiable("there is no gradient for Constant of this sort")


def clipped(x: list[Any], a: Attributes) -> Any:
    """Clip, bounds as inputs or attributes."""
    low = x[1] if len(x) > 1 and x[1] is not None else a.get("min")
    high = x[2] if len(x) > 2 and x[2] is not None else a.get("max")
    return space(x).clip(x[0], low, high)


def top(x: list[Any], a: Attributes) -> Any:
    """TopK of the largest along the last axis."""
    if a.get("axis", -1) not in (-1, x[0].ndim - 1) or not a.get("largest", 1):
        raise NotDifferentiable("there is no gradient for TopK of the smallest, or along another axis than the last")
    return tuple(lax().top_k(x[0], int(np.asarray(x[1]).ravel()[0])))
