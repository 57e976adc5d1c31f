"""Weights fitted by Adam, in mini-batches whose order a seed fixes.

References
----------
Kingma, Ba, Adam, 2015, https://arxiv.org/abs/1412.6980.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FIRST, SECOND, TINY = 0.9, 0.999, 1e-8


def adam(
    loss: Callable[..., Any],
    weights: Mapping[str, Array],
    data: Sequence[Array],
    *,
    epochs: int,
    rate: float,
    seed: int,
    rows: int = 128,
    told: Callable[[int, float], None] = lambda _epoch, _loss: None,
) -> dict[str, Array]:
    """Weights that make ``loss(weights, *columns)`` small on columns of N rows; the rate falls to a tenth."""
    import jax  # noqa: PLC0415 - heavy, and only in the extra train

    jnp, draw = jax.numpy, np.random.default_rng(seed)
    gradient = jax.value_and_grad(loss)

    @jax.jit
    def step(w: Any, m: Any, v: Any, t: Any, speed: Any, *columns: Any) -> Any:
        value, g = gradient(w, *columns)
        m = jax.tree.map(lambda a, b: FIRST * a + (1 - FIRST) * b, m, g)
        v = jax.tree.map(lambda a, b: SECOND * a + (1 - SECOND) * b * b, v, g)
        scale = speed * jnp.sqrt(1 - SECOND**t) / (1 - FIRST**t)
        return jax.tree.map(lambda a, b, c: a - scale * b / (jnp.sqrt(c) + TINY), w, m, v), m, v, value

    w: Any = {name: jnp.asarray(one) for name, one in weights.items()}
    m = v = jax.tree.map(jnp.zeros_like, w)
    n = len(data[0])
    rows = min(rows, n)
    steps = max(1, n // rows)
    at = 0
    for epoch in range(epochs):
        order, total = draw.permutation(n), 0.0
        for k in range(steps):
            at += 1
            part = order[k * rows : (k + 1) * rows]
            speed = rate * (1 - 0.9 * at / (epochs * steps))
            w, m, v, value = step(w, m, v, float(at), speed, *(column[part] for column in data))
            total += float(value)
        told(epoch + 1, total / steps)
    return {name: np.asarray(one, np.float32) for name, one in w.items()}
