"""Layers of ONNX graphs in JAX: products, convolutions, pooling, normalisation.

Reference: https://onnx.ai/onnx/operators/.
"""

from typing import Any

import numpy as np

from detectors.training.inputs.jaxed import Attributes, NotDifferentiable, Operator, jax_numpy, lax


def gemm(x: list[Any], a: Attributes) -> Any:
    """Gemm: a product of two matrices, scaled, and a bias."""
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


def conv(x: list[Any], a: Attributes) -> Any:
    """Conv, in any number of dimensions, with groups."""
    spatial = x[0].ndim - 2
    made = lax().conv_general_dilated(
        x[0], x[1],
        a.get("strides", [1] * spatial),
        _pads(a, spatial, x[0].shape[2:], x[1].shape[2:]),
        rhs_dilation=a.get("dilations", [1] * spatial),
        feature_group_count=a.get("group", 1),
    )  # fmt: skip
    return made + x[2].reshape(1, -1, *[1] * spatial) if len(x) > 2 and x[2] is not None else made


def transposed(x: list[Any], a: Attributes) -> Any:
    """ConvTranspose, as the convolution of a spread-out input with the turned kernel."""
    spatial = x[0].ndim - 2
    if a.get("group", 1) != 1 or a.get("auto_pad", b"NOTSET") != b"NOTSET":
        raise NotDifferentiable("there is no gradient for ConvTranspose with groups or automatic padding")
    steps, wide = a.get("strides", [1] * spatial), a.get("dilations", [1] * spatial)
    pads, extra = a.get("pads", [0] * 2 * spatial), a.get("output_padding", [0] * spatial)
    reach = [(k - 1) * d for k, d in zip(x[1].shape[2:], wide, strict=True)]
    around = [(reach[k] - pads[k], reach[k] - pads[k + spatial] + extra[k]) for k in range(spatial)]
    turned = jax_numpy().flip(x[1], tuple(range(2, 2 + spatial))).swapaxes(0, 1)
    made = lax().conv_general_dilated(x[0], turned, [1] * spatial, around, lhs_dilation=steps, rhs_dilation=wide)
    return made + x[2].reshape(1, -1, *[1] * spatial) if len(x) > 2 and x[2] is not None else made


def pooled(x: list[Any], a: Attributes, start: float, how: str) -> Any:
    """A reduction ``how`` over windows, from ``start`` on."""
    spatial = x[0].ndim - 2
    kernel = tuple(a["kernel_shape"])
    if a.get("ceil_mode") or any(d != 1 for d in a.get("dilations", [])):
        raise NotDifferentiable("there is no gradient for pooling with ceil_mode or dilations")
    window, step = (1, 1, *kernel), (1, 1, *a.get("strides", [1] * spatial))
    around = [(0, 0), (0, 0), *_pads(a, spatial, x[0].shape[2:], kernel)]
    return lax().reduce_window(x[0], start, getattr(lax(), how), window, step, around)


def averaged(x: list[Any], a: Attributes) -> Any:
    """AveragePool."""
    total = pooled(x, a, 0.0, "add")
    if a.get("count_include_pad"):
        return total / np.prod(a["kernel_shape"])
    return total / pooled([jax_numpy().ones_like(x[0])], a, 0.0, "add")


def globally(name: str) -> Operator:
    """GlobalAveragePool and its like."""
    return lambda x, _: getattr(jax_numpy(), name)(x[0], axis=tuple(range(2, x[0].ndim)), keepdims=True)


def batch_normalised(x: list[Any], a: Attributes) -> Any:
    """BatchNormalization with what was learnt."""
    scale, bias, mean, var = (one.reshape(1, -1, *[1] * (x[0].ndim - 2)) for one in x[1:5])
    return (x[0] - mean) / (var + a.get("epsilon", 1e-5)) ** 0.5 * scale + bias


def layer_normalised(x: list[Any], a: Attributes) -> Any:
    """LayerNormalization over the last axes."""
    axes = tuple(range(a.get("axis", -1) % x[0].ndim, x[0].ndim))
    mean = x[0].mean(axes, keepdims=True)
    made = (x[0] - mean) / (((x[0] - mean) ** 2).mean(axes, keepdims=True) + a.get("epsilon", 1e-5)) ** 0.5 * x[1]
    return made + x[2] if len(x) > 2 and x[2] is not None else made
