"""What every operator in JAX needs: JAX where a gradient passes, NumPy where all is known beforehand."""

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


def lax() -> Any:
    """JAX's own operations, likewise."""
    from jax import lax as found  # noqa: PLC0415 - heavy, and only in the extra train

    return found


def space(inputs: list[Any]) -> Any:
    """NumPy where all is known beforehand, else JAX's."""
    return np if all(x is None or isinstance(x, np.ndarray | np.generic) for x in inputs) else jax_numpy()
