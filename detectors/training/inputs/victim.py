"""The user's model, attacked: its logits and their gradients, or those of a copy that it taught where it has none."""

from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.session import FLOATING, Session
from detectors.training.inputs.fitting import adam
from detectors.training.inputs.graph import Graph
from detectors.training.inputs.jaxed import NotDifferentiable, jax_numpy

Array = npt.NDArray[Any]

AT_ONCE = 256
TINY = 1e-7
HIDDEN = 128  # of a copy


class Victim:
    """A classifier of numbers or images.

    Parameters
    ----------
    data : content of its ONNX file
    shape : of one input, where the file leaves it open

    Attributes
    ----------
    classes : how many, at least two
    why_copied : why gradients are those of a copy; empty where they are its own
    asked : rows it was asked about
    """

    def __init__(self, data: bytes, shape: tuple[int, ...] | None = None) -> None:
        self.session = Session(data)
        if len(self.session.inputs) != 1:
            raise Refused("it has several inputs; right would be one")
        self.input = self.session.inputs[0]
        found = [known or given for known, given in zip(self.input.dims, shape or self.input.dims, strict=False)]
        self.shape: tuple[int, ...] = tuple(size for size in found if size is not None)
        if len(self.shape) != len(self.input.dims):
            raise Refused(
                f"its input has the shape {list(self.input.dims)}, which leaves sizes of a row open; fix them"
            )
        self.output = self._scores()
        self.why_copied, self.asked = "", 0
        self._graph: Graph | None = None
        try:
            graph = Graph(data)
            graph.run({self.input.name: np.zeros((1, *self.shape), np.float32)}, [self.output])  # some say it only then
            self._graph = graph
        except NotDifferentiable as error:
            self.why_copied = str(error)
        self.classes = 2
        first = self._raw(np.zeros((1, *self.shape), np.float32))
        self.classes, self._two = max(2, first.shape[1]), first.shape[1] == 1

    def _scores(self) -> str:
        found = [name for name, kind in self.session.outputs.items() if kind in FLOATING]
        if not found:
            raise Refused("it gives no floating-point tensor of scores; export it so (scikit-learn: zipmap=False)")
        return str(found[-1])

    def _raw(self, x: Array) -> Array:
        rows = self.input.rows or AT_ONCE
        made = []
        for at in range(0, len(x), rows):
            part = np.zeros((rows, *self.shape), self.input.type)
            some = x[at : at + rows].reshape(-1, *self.shape)
            part[: len(some)] = some
            made.append(self.session.run({self.input.name: part}, [self.output])[0][: len(some)])
        out = np.concatenate(made).astype(np.float32)
        self.asked += len(x)
        return out.reshape(len(x), -1)

    def probabilities(self, x: Array) -> Array:
        """What it answers: (N, C) of inputs (N, F)."""
        raw = self._raw(x)
        p = raw if self.gives_probabilities else _softmax(np.hstack([-raw / 2, raw / 2]) if self._two else raw)
        return np.asarray(np.hstack([1 - p, p]) if p.shape[1] == 1 else p, np.float32)

    @cached_property
    def gives_probabilities(self) -> bool:
        """Whether its outputs are probabilities, else logits."""
        draw = np.random.default_rng(0)
        raw = self._raw(draw.uniform(0, 1, (64, *self.shape)).astype(np.float32))
        inside = bool((raw >= -TINY).all() and (raw <= 1 + 1e-4).all())
        return inside and (raw.shape[1] == 1 or bool(np.abs(raw.sum(1) - 1).max() < 1e-3))

    def label(self, x: Array) -> Array:
        """The class that it says (N,)."""
        return np.asarray(self.probabilities(x).argmax(1))

    def logits(self) -> Callable[[Any], Any]:
        """Return its logits (N, C) of inputs (N, F), for JAX; of its copy where it has no gradient."""
        jnp = jax_numpy()
        graph, known = self._graph, self.gives_probabilities
        if graph is None:
            raise NotDifferentiable(self.why_copied)

        def function(x: Any) -> Any:
            (raw,) = graph.run({self.input.name: x.reshape(-1, *self.shape)}, [self.output])
            raw = raw.reshape(len(x), -1)
            if known:
                p = jnp.clip(raw, TINY, 1 - TINY)
                return jnp.hstack([jnp.log1p(-p), jnp.log(p)]) if self._two else jnp.log(p)
            return jnp.hstack([-raw / 2, raw / 2]) if self._two else raw

        return function


def copied(victim: Victim, x: Array, spread: Array, middle: Array, seed: int = 0) -> Callable[[Any], Any]:
    """Logits of a small network that learns to answer as the victim does on inputs (N, F), with noise around them."""
    from jax.nn import log_softmax  # noqa: PLC0415 - heavy, and only in the extra train

    jnp, draw = jax_numpy(), np.random.default_rng(seed)
    noisy = [x] + [x + draw.normal(0, s, x.shape).astype(np.float32) * spread for s in (0.1, 0.3, 1.0)]
    rows = np.concatenate(noisy).astype(np.float32)
    answers = victim.probabilities(rows).astype(np.float32)
    sizes = [x.shape[1], HIDDEN, HIDDEN, answers.shape[1]]
    weights = {
        f"w{k}": draw.normal(0, (2 / a) ** 0.5, (a, b)).astype(np.float32) for k, (a, b) in enumerate(pairwise(sizes))
    }
    weights |= {f"b{k}": np.zeros(n, np.float32) for k, n in enumerate(sizes[1:])}

    def function(w: Any, u: Any) -> Any:
        h = (u - middle) / spread
        for k in range(3):
            h = h @ w[f"w{k}"] + w[f"b{k}"]
            h = jnp.maximum(h, 0) if k < 2 else h
        return h

    def loss(w: Any, u: Any, p: Any) -> Any:
        return -(p * log_softmax(function(w, u))).sum(1).mean()

    found = adam(loss, weights, (rows, answers), epochs=12, rate=2e-3, seed=seed)
    return lambda u: function(found, u)


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True), np.float32)
