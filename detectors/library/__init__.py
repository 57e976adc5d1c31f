"""One file per detector; a file here that sets ``DETECTOR`` is one. Nothing else registers it."""

import pkgutil
from importlib import import_module
from typing import Any

from detectors.api import Detector


def discover() -> dict[str, type[Detector]]:
    """Every detector's class by name, in alphabetical order."""
    found = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        found[module.name] = import_module(f"{__name__}.{module.name}").DETECTOR
    return found


def build(settings: dict[str, dict[str, Any]]) -> dict[str, Detector]:
    """The enabled detectors with their settings; ``enabled = false`` leaves one out.

    Raises ``ValueError`` naming the detector and the key where one is unknown.
    """
    known = discover()
    for name in settings:
        if name not in known:
            raise ValueError(f"detectors.{name}: no such detector; there are {', '.join(known)}")
    made: dict[str, Detector] = {}
    for name, kind in known.items():
        options = dict(settings.get(name, {}))
        if options.pop("enabled", True):
            try:
                made[name] = kind(**options)
            except TypeError as error:
                raise ValueError(f"detectors.{name}: {error}") from error
    return made
