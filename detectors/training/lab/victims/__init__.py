"""Victims: models of every kind over data of every kind, each with its own way of logging.

::

    tables, small, pictures, vectors ──► Data     models, convolution ──► a model trained on it
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from detectors.training.lab.types import Generator, Logged, Victim
from detectors.training.lab.victims import models
from detectors.training.lab.victims.data import Data, Size
from detectors.training.lab.victims.pictures import digits, shapes, silhouettes, textures
from detectors.training.lab.victims.small import diabetes, tumours, wines
from detectors.training.lab.victims.tables import Plan, table
from detectors.training.lab.victims.vectors import glimpses, sentences, tastes

__all__ = ["NAMES", "victim"]

LARGE, MEDIUM, WIDE = Size(4_000, 40_000), Size(4_000, 12_000), Size(3_000, 9_000)
STRICT = 0.4  # of services bring what they get into its types before the model sees it
PAYMENTS = Plan(amounts=10, shares=6, counts=5, whole=3, flags=6, groups=(6, 4, 9), derived=2)
LOANS = Plan(amounts=6, shares=3, counts=4, whole=4, flags=4, groups=(5, 3), derived=1, classes=5)
CLICKS = Plan(counts=30, shares=2, flags=4, groups=(7,), classes=3, causes=10, segments=14)
SURVEY = Plan(ordinal=26, whole=1, groups=(4, 5), classes=4, causes=5)
TELEMETRY = Plan(readings=28, flags=2, classes=3, causes=7, segments=5)
INTRUSION = Plan(
    amounts=4, shares=22, counts=8, flags=8, groups=(3, 40, 11), classes=5, causes=9, segments=12, scaled=True
)


class _Recipe(NamedTuple):
    data: Callable[[Generator, Size], Data]
    size: Size
    model: models.Model
    logged: Logged
    digits: int = 15


def _table(plan: Plan) -> Callable[[Generator, Size], Data]:
    return lambda rng, size: table(rng, plan, size)


_RECIPES = {
    "payments-trees": _Recipe(_table(PAYMENTS), LARGE, models.trees, "full"),
    "payments-linear": _Recipe(_table(PAYMENTS), LARGE, models.linear, "rounded", 2),
    "loans-network": _Recipe(_table(LOANS), LARGE, models.network, "top1"),
    "clicks-forest": _Recipe(_table(CLICKS), LARGE, models.forest, "rounded", 3),
    "survey-bayes": _Recipe(_table(SURVEY), LARGE, models.bayes, "rounded", 4),
    "telemetry-kernel": _Recipe(_table(TELEMETRY), LARGE, models.kernel, "full"),
    "telemetry-trees": _Recipe(_table(TELEMETRY), LARGE, models.trees, "top1"),
    "intrusion-reduced": _Recipe(_table(INTRUSION), LARGE, models.reduced, "rounded", 4),
    "tumours-linear": _Recipe(tumours, LARGE, models.linear, "rounded", 3),
    "wines-network": _Recipe(wines, LARGE, models.network, "full"),
    "diabetes-trees": _Recipe(diabetes, LARGE, models.trees, "rounded", 2),
    "digits8-network": _Recipe(partial(digits, side=8, levels=16), MEDIUM, models.network, "rounded", 4),
    "digits12-linear": _Recipe(partial(digits, side=12, levels=255), MEDIUM, models.linear, "top1"),
    "digits16-convolutional": _Recipe(partial(digits, side=16, levels=255), MEDIUM, models.convolutional, "full"),
    "shapes20-reduced": _Recipe(partial(shapes, side=20, levels=255), MEDIUM, models.reduced, "rounded", 3),
    "silhouettes28-convolutional": _Recipe(
        partial(silhouettes, side=28, levels=255), WIDE, models.convolutional, "rounded", 4
    ),
    "textures24-kernel": _Recipe(partial(textures, side=24, levels=255), WIDE, models.kernel, "rounded", 4),
    "sentences64-linear": _Recipe(partial(sentences, width=64), LARGE, models.linear, "full"),
    "sentences96-network": _Recipe(partial(sentences, width=96), LARGE, models.network, "top1"),
    "glimpses48-forest": _Recipe(partial(glimpses, width=48), MEDIUM, models.forest, "rounded", 2),
    "tastes32-reduced": _Recipe(partial(tastes, width=32), LARGE, models.reduced, "rounded", 4),
}
NAMES = tuple(_RECIPES)


@lru_cache(maxsize=4)
def victim(name: str, seed: int, scale: float = 1.0) -> Victim:
    """Make and train a victim; seconds. ``scale`` below 1 makes it smaller, for a first look.

    Raises
    ------
    KeyError
        for a name that is none of ``NAMES``
    """
    recipe = _RECIPES[name]
    size = Size(max(1_500, round(recipe.size.train * scale)), max(400, round(recipe.size.pool * scale)))
    data = recipe.data(_chance(seed, name, "data"), size)
    strict = bool(_chance(seed, name, "service").random() < STRICT)
    return _trained(name, recipe, data, _chance(seed, name, "model"), strict=strict)


def _trained(name: str, recipe: _Recipe, data: Data, rng: Generator, *, strict: bool) -> Victim:
    scores = recipe.model(rng, data)
    later = int(rng.integers(2**31))

    def successor() -> Victim:
        """The next version, trained on other rows drawn from the same."""
        chance = np.random.default_rng(later)
        rows = chance.choice(len(data.train), len(data.train))
        others = data._replace(train=data.train[rows], train_class=data.train_class[rows])
        return _trained(name, recipe, others, chance, strict=strict)

    return Victim(
        name=name,
        kind=data.kind,
        shape=data.shape,
        classes=int(data.train_class.max()) + 1,
        logged=recipe.logged,
        digits=recipe.digits,
        pool=data.pool,
        pool_class=data.pool_class,
        train=data.train,
        train_class=data.train_class,
        grid=data.grid,
        scores=scores,
        successor=successor,
        strict=strict,
    )


def _chance(seed: int, *purpose: str) -> Generator:
    """A generator for one purpose."""
    return np.random.default_rng([seed, *"/".join(purpose).encode()])
