"""Attacks that follow a model's gradients, and one that also follows the detector's.

Distances are in the place's spread, so that one size of step fits every column. All of them leave inputs inside the
bounds, on the grid, and with untouched categories: what an attacker could really send.

References
----------
Goodfellow et al. 2015, https://arxiv.org/abs/1412.6572 (FGSM). Madry et al. 2018, https://arxiv.org/abs/1706.06083
(PGD). Moosavi-Dezfooli et al. 2016, https://arxiv.org/abs/1511.04599 (DeepFool). Carlini, Wagner 2017,
https://arxiv.org/abs/1608.04644 (the margin as loss). Bryniarski et al. 2022, https://arxiv.org/abs/2106.15023
(selective PGD: follow the detector where the model is already fooled).
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.training.inputs.data import Place
from detectors.training.inputs.jaxed import jax_numpy

Array = npt.NDArray[Any]
Logits = Callable[[Any], Any]

TINY = 1e-12
ROWS = 128  # attacked at once; the last ones are filled up, so that JAX compiles once


class Reach(NamedTuple):
    """How far an attack may go, in spreads, and in how many steps."""

    far: float
    steps: int = 20
    l2: bool = False


def margin(z: Any, label: Any) -> Any:
    """How much the label's logit is above the next one: (N,)."""
    jnp = jax_numpy()
    own = jnp.take_along_axis(z, label[:, None], 1)[:, 0]
    others = jnp.where(jnp.arange(z.shape[1])[None] == label[:, None], -jnp.inf, z)
    return own - others.max(1)


class Follower:
    """Follows gradients of one model; what JAX compiles serves all attacks on it.

    Parameters
    ----------
    logits : of the model, (N, C) of inputs (N, F)
    alarm : a detector's logit (N,), where attacks are to pass it too
    level : that it should stay below
    """

    def __init__(self, logits: Logits, place: Place, alarm: Logits | None = None, level: float = 0.0) -> None:
        self.logits, self.place, self.alarm, self.level = logits, place, alarm, level
        self.room = (
            float(len(place.low) ** 0.5) / 2
        )  # a Euclidean length that compares to the largest change of a column

    def _loss(self, u: Any, y: Any) -> Any:
        """What is made small: the margin; where that is gone, the alarm above its level."""
        m = margin(self.logits(u), y)
        if self.alarm is None:
            return m.sum()
        jnp = jax_numpy()
        return jnp.where(m > -0.1, m, jnp.maximum(self.alarm(u) - self.level, -1.0)).sum()

    @cached_property
    def _step(self) -> Any:
        """One step of PGD: against the sign of the gradient, or along it within a ball."""
        import jax  # noqa: PLC0415 - heavy, and only in the extra train

        jnp, place, room, slope = jax.numpy, self.place, self.room, jax.grad(self._loss)

        def step(u: Any, origin: Any, y: Any, free: Any, size: Any, far: Any, l2: bool) -> Any:
            g = slope(u, y) * place.spread * free
            moved = (u - origin) / place.spread
            if l2:
                d = moved - size * room * g / (jnp.linalg.norm(g, axis=1, keepdims=True) + TINY)
                d = d * jnp.minimum(1.0, far * room / (jnp.linalg.norm(d, axis=1, keepdims=True) + TINY))
            else:
                d = jnp.clip(moved - size * jnp.sign(g), -far, far)
            return jnp.clip(origin + d * place.spread, place.low, place.high)

        return jax.jit(step, static_argnums=6)

    def pgd(
        self, x: Array, label: Array, reach: Reach, *, seed: int = 0, start: float = 1.0, free: Array | None = None
    ) -> Array:
        """Inputs within reach, after many steps; ``start`` of the reach is where they begin, at random."""
        draw, spread = np.random.default_rng(seed), self.place.spread
        may = (self.place.free if free is None else free).astype(np.float32)
        size = reach.far if reach.steps == 1 else 2.5 * reach.far / reach.steps
        made = []
        for origin, y, n in _blocks(x, label):
            noise = draw.uniform(-1, 1, origin.shape) * reach.far * start * may * (0.1 if reach.l2 else 1.0)
            u: Any = np.clip(origin + noise.astype(np.float32) * spread, self.place.low, self.place.high)
            for _ in range(reach.steps):
                u = self._step(u, origin, y, may, size, reach.far, reach.l2)
            made.append(np.asarray(u)[:n])
        return self.place.snapped(np.concatenate(made))

    def fgsm(self, x: Array, label: Array, far: float) -> Array:
        """One step as far as it goes."""
        return self.pgd(x, label, Reach(far, 1), start=0.0)

    @cached_property
    def _newton(self) -> Any:
        import jax  # noqa: PLC0415 - as above

        jnp, place = jax.numpy, self.place
        spread, free = place.spread, place.free.astype(np.float32)
        slope = jax.grad(lambda u, y: margin(self.logits(u), y).sum())

        @jax.jit
        def step(u: Any, origin: Any, y: Any, far: Any) -> Any:
            m = margin(self.logits(u), y)
            g = slope(u, y) * spread * free
            move = (jnp.maximum(m, 0) + 1e-3)[:, None] * g / ((g**2).sum(1, keepdims=True) + TINY)
            moved = jnp.clip((u - origin) / spread - 1.05 * move, -far, far)
            return jnp.where((m > 0)[:, None], jnp.clip(origin + moved * spread, place.low, place.high), u)

        return step

    def deepfool(self, x: Array, label: Array, far: float, steps: int = 12) -> Array:
        """Least change: a Newton step on the margin at a time, a little too far, until the label falls."""
        made = []
        for origin, y, n in _blocks(x, label):
            u: Any = origin
            for _ in range(steps):
                u = self._newton(u, origin, y, far)
            made.append(np.asarray(u)[:n])
        return self.place.snapped(np.concatenate(made))

    def patch(self, x: Array, label: Array, share: float = 0.2, seed: int = 0) -> Array:
        """A square of an image, a share of its side wide, may become anything; each block has its own place for it."""
        draw, shape = np.random.default_rng(seed), self.place.shape
        channels, height, width = shape if len(shape) == 3 else (1, *shape)
        side = max(2, round(share * min(height, width)))
        made = np.empty_like(x)
        for at in range(0, len(x), ROWS):
            top, left = draw.integers(0, height - side + 1), draw.integers(0, width - side + 1)
            mask = np.zeros((channels, height, width), np.bool_)
            mask[:, top : top + side, left : left + side] = True
            some = slice(at, at + ROWS)
            made[some] = self.pgd(x[some], label[some], Reach(1.0, 20), seed=seed + at, free=mask.ravel())
        return made


def _blocks(x: Array, label: Array) -> Iterator[tuple[Array, Array, int]]:
    """Inputs and labels in blocks of one size, and how many of them are no filling."""
    for at in range(0, len(x), ROWS):
        part, y = x[at : at + ROWS].astype(np.float32), label[at : at + ROWS].astype(np.int32)
        fill = ROWS - len(part)
        yield (
            np.concatenate([part, np.repeat(part[:1], fill, 0)]),
            np.concatenate([y, np.repeat(y[:1], fill)]),
            len(part),
        )
