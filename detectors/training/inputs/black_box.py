"""Attacks that only ask: the toolbox's, which see a victim's answers and nothing else.

References
----------
Chen et al. 2020, https://arxiv.org/abs/1904.02144 (HopSkipJump). Andriushchenko et al. 2020,
https://arxiv.org/abs/1912.00049 (Square). Nicolae et al. 2018, https://arxiv.org/abs/1807.01069 (the toolbox).
"""

import importlib
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.training.inputs.data import Place
from detectors.training.inputs.victim import Victim
from detectors.training.lab.attacks.toolbox import seeded, tool

Array = npt.NDArray[Any]


NAMES = {"square": "SquareAttack", "hopskipjump": "HopSkipJump", "boundary": "BoundaryAttack"}


def _options(name: str, eps: float) -> dict[str, Any]:
    if name == "square":
        return {"norm": np.inf, "eps": eps, "max_iter": 300, "p_init": 0.3, "verbose": False}
    if name == "boundary":
        return {
            "targeted": False,
            "max_iter": 60,
            "num_trial": 10,
            "sample_size": 10,
            "init_size": 50,
            "verbose": False,
        }
    return {
        "norm": 2,
        "targeted": False,
        "max_iter": 8,
        "max_eval": 200,
        "init_eval": 20,
        "init_size": 50,
        "verbose": False,
    }


def boxed(victim: Victim, place: Place) -> Any:
    """The victim as the toolbox asks it: coordinates in [0, 1], of free columns' ranges."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kinds = importlib.import_module("art.estimators.classification")
    shape = (1, *place.shape) if len(place.shape) == 2 else place.shape
    span = np.where(place.high > place.low, place.high - place.low, 1)

    def predict(u: Array) -> Array:
        return victim.probabilities((place.low + u.reshape(len(u), -1) * span).astype(np.float32))

    return kinds.BlackBoxClassifierNeuralNetwork(
        predict, shape, victim.classes, channels_first=True, clip_values=(0.0, 1.0)
    )


def run(name: str, victim: Victim, x: Array, label: Array, place: Place, far: float, seed: int = 0) -> Array:
    """Inputs (N, F) as one of ``NAMES`` changes them; flags and categories are put back."""
    box = boxed(victim, place)
    span = np.where(place.high > place.low, place.high - place.low, 1)
    u = ((x - place.low) / span).reshape(len(x), *box.input_shape).astype(np.float32)
    eps = float(np.median(far * place.spread / span))
    with seeded(np.random.default_rng(seed)):
        made = tool(NAMES[name])(box, **_options(name, eps))
        found = made.generate(u, y=np.eye(victim.classes, dtype=np.float32)[label])
    moved = place.low + found.reshape(len(x), -1) * span
    return place.snapped(np.where(place.free, moved, x))
