"""Models that ship with tidegate: weights as plain arrays, each checked against the digest in ``manifest.json``.

Beside ``attack_profile.arrays`` lies the same model as ``attack_profile.onnx``, for those who want to run it elsewhere.
How they were made: ``python -m streams.training`` and its neighbours; what they can and cannot: ``docs/detection``.
"""

import pkgutil
from collections.abc import Mapping
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
    return from_bytes(checked(f"{name}.arrays"))


def stored(name: str) -> dict[str, Any]:
    """Arrays of a model that is nothing else. Raises ``Corrupt`` as :func:`checked` does."""
    return unpack(checked(f"{name}.arrays"))[1]


def checked(file: str) -> bytes:
    """Content of a shipped file. Raises ``Corrupt`` if it is not there or not the one that the manifest names."""
    data = _read(file)
    if sha256(data).hexdigest() != _listed().get(file):
        raise Corrupt(f"detectors/models/{file} is not the file that {MANIFEST} lists: install tidegate again")
    return data


def manifest(contents: Mapping[str, bytes]) -> bytes:
    """The manifest with these files added or replaced; what it lists besides them stays."""
    digests = _listed() | {file: sha256(data).hexdigest() for file, data in contents.items()}
    return msgspec.json.format(msgspec.json.encode({"files": dict(sorted(digests.items()))})) + b"\n"


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


def _listed() -> dict[str, str]:
    return dict(msgspec.json.decode(_read(MANIFEST))["files"])


def _read(name: str) -> bytes:
    data = pkgutil.get_data(__name__, name)
    if data is None:
        raise Corrupt(f"detectors/models/{name} is missing: install tidegate again")
    return data
