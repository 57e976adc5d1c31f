"""The course of a training on numbers or images: what is attacked, what is learnt, what is measured.

Every step is a function of what came before it and of the seed, so that it can be kept and taken up again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers.inputs import ANSWERS
from detectors.training.inputs import benign, black_box, gradient, network
from detectors.training.inputs.data import Place, columns, pixels, sides
from detectors.training.inputs.fitting import adam
from detectors.training.inputs.graph import Graph
from detectors.training.inputs.jaxed import jax_numpy
from detectors.training.inputs.victim import Victim, copied

Array = npt.NDArray[Any]
Told = Callable[[int, float], None]

TAUGHT = ("fgsm", "pgd", "pgd_l2", "deepfool", "patch")
ASKING = {"image": ("hopskipjump", "square"), "tabular": ("hopskipjump", "boundary")}
NEAR, FAR = {"image": 0.06, "tabular": 0.3}, {"image": 0.12, "tabular": 0.8}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is attacked, asked and learnt."""

    rows: int = 2000
    asked: int = 60
    epochs: int = 12
    seed: int = 0


@dataclass
class Course:
    """A victim, honest rows, and everything that follows from them.

    Attributes
    ----------
    kind : ``image`` or ``tabular``
    taught, levels, tested : honest inputs (N, F) that are learnt from, that set thresholds, that are measured
    """

    kind: str
    victim: Victim
    place: Place
    taught: Array
    levels: Array
    tested: Array
    sizes: Sizes

    @classmethod
    def of(cls, kind: str, victim: Victim, x: Array, sizes: Sizes) -> "Course":
        """Split honest rows in a half that teaches, a quarter that sets thresholds, and a quarter that measures."""
        order = np.random.default_rng(sizes.seed).permutation(len(x))
        x = np.asarray(x[order], np.float32)
        half, rest = len(x) // 2, len(x) * 3 // 4
        place = pixels(x, sides(victim.shape)) if kind == "image" else columns(x)
        return cls(kind, victim, place, x[:half], x[half:rest], x[rest:], sizes)

    def logits(self) -> gradient.Logits:
        """The victim's logits with gradients; where it has none, those of a copy."""
        if not self.victim.why_copied:
            return self.victim.logits()
        return copied(self.victim, self.taught[: 2 * self.sizes.rows], self.place.spread, self.taught.mean(0))

    def attacks(self) -> list[str]:
        """Names of all attacks but the adaptive one."""
        taught = [name for name in TAUGHT if self.kind == "image" or name != "patch"]
        return [*taught, *ASKING[self.kind]]

    def attacked(self, name: str, part: str, follow: gradient.Follower) -> Array:
        """Inputs (N, F) of one attack on one part of the rows, only those that changed the victim's answer."""
        some = {"taught": self.taught, "tested": self.tested}[part]
        asking = name in ASKING[self.kind]
        x = some[: self.sizes.asked if asking else self.sizes.rows]
        label, seed = self.victim.label(x), self.sizes.seed + len(part)
        near, far = NEAR[self.kind], FAR[self.kind]
        made = []
        if asking:
            made.append(black_box.run(name, self.victim, x, label, self.place, far, seed))
        made += [self._followed(name, follow, x, label, reach, seed) for reach in (() if asking else (near, far))]
        fooled = [one[self.victim.label(one) != label] for one in made]
        return np.concatenate(fooled)

    def _followed(self, name: str, follow: gradient.Follower, x: Array, label: Array, far: float, seed: int) -> Array:
        if name == "fgsm":
            return follow.fgsm(x, label, far)
        if name == "deepfool":
            return follow.deepfool(x, label, far)
        if name == "patch":
            return follow.patch(x, label, 0.15 if far == NEAR[self.kind] else 0.25, seed)
        return follow.pgd(x, label, gradient.Reach(far, l2=name == "pgd_l2"), seed=seed)

    def corruptions(self) -> list[str]:
        """Names of what happens to honest inputs."""
        return list(benign.IMAGE if self.kind == "image" else benign.TABULAR)

    def honest(self, name: str, part: str) -> Array:
        """Honest inputs of a part after a corruption, or as they are."""
        x = {"taught": self.taught, "levels": self.levels, "tested": self.tested}[part]
        if name == "clean":
            return x
        seed = self.sizes.seed + sum(name.encode()) + 7 * len(part)
        some = np.random.default_rng(seed).permutation(len(x))[: self.sizes.rows] if part == "taught" else slice(None)
        return benign.changed(name, x[some], self.place, seed)

    # -- learning

    def graph(self) -> Any:
        """The detector's graph, which has learnt nothing yet."""
        if self.kind == "image":
            return network.image(self.place, self.victim.classes, self.sizes.seed)
        return network.tabular(self.place, self.taught.mean(0), self.victim.classes, self.sizes.seed)

    def autoencoder(self, told: Told) -> dict[str, Array]:
        """Weights of the autoencoder, fitted on honest inputs."""
        graph = self._learner
        shape = self.place.shape

        def loss(w: Any, x: Any) -> Any:
            (error,) = graph.run({network.ASKED: x.reshape(-1, *shape)}, [network.ERROR], w, partly=True)
            return (error**2).mean()

        return adam(loss, graph.trainable("ae."), [self.taught], epochs=self.sizes.epochs, rate=3e-3, seed=1, told=told)

    def detector(self, known: Mapping[str, Array], attacks: list[Array], told: Told, seed: int = 2) -> dict[str, Array]:
        """Weights of the detector: attacks against honest inputs and their corruptions; each kind weighs the same."""
        graph = self._learner
        names = ["clean", *self.corruptions()]
        kinds = [(self.honest(name, "taught"), 0, 2.0 if name == "clean" else 1.0) for name in names]
        kinds += [(x, 1, 1.0) for x in attacks if len(x)]
        x = np.concatenate([one for one, _, _ in kinds]).astype(np.float32)
        y = np.concatenate([np.full(len(one), label, np.float32) for one, label, _ in kinds])
        weight = np.concatenate([np.full(len(one), share / len(one), np.float32) for one, _, share in kinds])
        for label in (0, 1):
            weight[y == label] *= len(y) / 2 / weight[y == label].sum()
        p, jnp, shape = self.victim.probabilities(x), jax_numpy(), self.place.shape

        def loss(w: Any, u: Any, a: Any, label: Any, share: Any) -> Any:
            inputs = {network.ASKED: u.reshape(-1, *shape), ANSWERS: a}
            (z,) = graph.run(inputs, [network.LOGIT], {**known, **w})
            return (share * jnp.logaddexp(0.0, (1 - 2 * label) * z[:, 0])).mean()

        return adam(
            loss, graph.trainable("net."), (x, p, y, weight), epochs=self.sizes.epochs, rate=2e-3, seed=seed, told=told
        )

    @cached_property
    def _learner(self) -> Graph:
        """The detector's graph for JAX."""
        return Graph(self.graph().SerializeToString())

    @cached_property
    def _scored(self) -> Any:
        import jax  # noqa: PLC0415 - heavy, and only in the extra train

        def run(weights: Any, u: Any, p: Any) -> Any:
            inputs = {network.ASKED: u.reshape(-1, *self.place.shape), ANSWERS: p}
            return self._learner.run(inputs, [network.LOGIT], weights)[0][:, 0]

        return jax.jit(run)

    def scores(self, weights: Mapping[str, Array], x: Array) -> Array:
        """Logits (N,) of a detector with these weights."""
        made = [np.zeros(0)]
        for at in range(0, len(x), gradient.ROWS):
            part = np.zeros((gradient.ROWS, x.shape[1]), np.float32)
            some = x[at : at + gradient.ROWS]
            part[: len(some)] = some
            found = self._scored(dict(weights), part, self.victim.probabilities(part))
            made.append(np.asarray(found)[: len(some)])
        return np.concatenate(made)

    def alarm(self, weights: Mapping[str, Array], logits: gradient.Logits) -> gradient.Logits:
        """The detector's logit (N,) of inputs (N, F), through the victim's answer too, for JAX."""
        import jax  # noqa: PLC0415 - as above

        graph, shape = self._learner, self.place.shape

        def function(u: Any) -> Any:
            p = jax.nn.softmax(logits(u), axis=1)
            return graph.run({network.ASKED: u.reshape(-1, *shape), ANSWERS: p}, [network.LOGIT], weights)[0][:, 0]

        return function

    def adapted(self, weights: Mapping[str, Array], part: str, level: float, logits: gradient.Logits) -> Array:
        """Inputs that fool the victim and, as far as they can, a detector with these weights."""
        x = {"taught": self.taught, "tested": self.tested}[part][: self.sizes.rows]
        label, alarm = self.victim.label(x), self.alarm(weights, logits)
        reach = gradient.Reach(FAR[self.kind], 60)
        made = gradient.Follower(logits, self.place, alarm, level).pgd(x, label, reach, seed=self.sizes.seed)
        return np.asarray(made[self.victim.label(made) != label])
