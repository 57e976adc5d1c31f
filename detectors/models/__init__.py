"""Models that ship with tidegate: weights as plain arrays, each checked against the digest in ``manifest.json``.

Beside each ``NAME.arrays`` lies the same model as ``NAME.onnx``, for those who want to run it elsewhere. How they were
made: ``python -m streams.training``; what they can and cannot: ``docs/detection/models.md``.
"""

import pkgutil
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
import numpy as np

from detectors.network import Network
from detectors.packing import Corrupt, pack, unpack

MANIFEST = "manifest.json"


class Shipped(NamedTuple):
    """A network, and the threats that its outputs stand for."""

    network: Network
    threats: tuple[str, ...]


def shipped(name: str) -> Shipped:
    """Load a model. Raises ``Corrupt`` if it is not there or not the one that the manifest names."""
    return from_bytes(_checked(name))


def stored(name: str) -> dict[str, Any]:
    """Arrays of a model by name. Raises ``Corrupt`` if it is not there or not the one that the manifest names."""
    return unpack(_checked(name))[1]


def to_bytes(made: Shipped) -> bytes:
    """A model as the bytes of its file."""
    arrays: dict[str, Any] = {k: np.ascontiguousarray(v, np.float32) for k, v in made.network._asdict().items()}
    return pack({"threats": list(made.threats)}, arrays)


def from_bytes(data: bytes) -> Shipped:
    """Undo :func:`to_bytes`; raises ``Corrupt``."""
    plain, arrays = unpack(data)
    try:
        network = Network(*(np.ascontiguousarray(arrays[k], np.float32) for k in Network._fields))
        return Shipped(network, tuple(plain["threats"]))
    except KeyError as error:
        raise Corrupt(f"not a model: no {error}") from error


def _checked(name: str) -> bytes:
    data, listed = _read(f"{name}.arrays"), msgspec.json.decode(_read(MANIFEST))["files"]
    if sha256(data).hexdigest() != listed.get(f"{name}.arrays"):
        raise Corrupt(f"detectors/models/{name}.arrays is not the file that {MANIFEST} lists: install tidegate again")
    return data


def _read(name: str) -> bytes:
    data = pkgutil.get_data(__name__, name)
    if data is None:
        raise Corrupt(f"detectors/models/{name} is missing: install tidegate again")
    return data
