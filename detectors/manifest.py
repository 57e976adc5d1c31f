"""Manifest: which rows a model was trained on, as keyed fingerprints, and canaries that were planted among them.

It holds no row and nothing that a row could be made of: a Bloom filter of fingerprints, the spread of each column, and
the fingerprints of canaries. Whoever has the file but not the installation's secret learns how many rows there were and
how far columns spread, and cannot ask whether a row is among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors import fingerprints
from detectors.fingerprints import UNKNOWN, Keys
from detectors.packing import Corrupt, pack, unpack
from schemas.batch import Batch

MAGIC = b"tgM1"
DIGEST = 16
LARGEST = 1 << 32  # bytes of a file; 24 bits a row are enough for a thousand million rows
NAME = "manifest"  # of what a reference remembers of it

Array = npt.NDArray[Any]
Named = Sequence[Mapping[str, object]] | None
Models = Mapping[tuple[str, str], "Manifest"]
"""Manifests by model and version; version "" is for all versions without one of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """The training rows of one model.

    Attributes
    ----------
    rows : how many there are
    unit : (F,) f4, spread of each column; F = 0 where values are named
    blocks : (B, 8) u8, the filter
    canaries : (n,) u8, rising
    secret : keys the fingerprints; not in the file
    digest : of the file's content
    learnt : whether the clean period was looked at with it; where it was not, only canaries are known
    """

    rows: int
    unit: Array
    blocks: Array
    canaries: Array
    secret: bytes
    digest: bytes = b""
    learnt: bool = True

    @classmethod
    def of_prints(cls, prints: Array, canaries: Array, secret: bytes, unit: Array) -> "Manifest":
        """Of fingerprints of rows (N,) and of canaries (n,), which were made with this secret and unit."""
        rows = np.unique(prints)
        blocks = fingerprints.blocks_for(len(rows))
        fingerprints.fill(rows, blocks)
        made = cls(len(rows), unit, blocks, np.unique(canaries), secret)
        return cls.from_bytes(made.to_bytes(), secret)

    @classmethod
    def of_numbers(cls, rows: Array, canaries: Array, secret: bytes) -> "Manifest":
        """Of rows (N, F) and canaries (n, F)."""
        unit = fingerprints.spread(rows)
        known = fingerprints.keys(secret, unit)
        return cls.of_prints(
            fingerprints.of_numbers(known, rows), fingerprints.of_numbers(known, canaries), secret, unit
        )

    @property
    def features(self) -> int:
        """Return F."""
        return len(self.unit)

    def keys(self) -> Keys:
        """Return what makes fingerprints."""
        return fingerprints.keys(self.secret, self.unit)

    def to_bytes(self) -> bytes:
        """The file: the same rows in the same order give the same bytes."""
        body = pack({"rows": self.rows}, {"unit": self.unit, "blocks": self.blocks, "canaries": self.canaries})
        return MAGIC + _digest(body) + _seal(body, self.secret) + body

    @classmethod
    def from_bytes(cls, data: bytes, secret: bytes) -> "Manifest":
        """Undo :meth:`to_bytes`; raises ``Corrupt`` for anything else, and where it was made with another secret."""
        digest, seal, body = data[4 : 4 + DIGEST], data[4 + DIGEST : 4 + 2 * DIGEST], data[4 + 2 * DIGEST :]
        if data[:4] != MAGIC:
            raise Corrupt("no manifest of training rows")
        if _digest(body) != digest:
            raise Corrupt("the manifest is damaged")
        if _seal(body, secret) != seal:
            raise Corrupt("the manifest was made with another secret")
        plain, arrays = unpack(body)
        try:
            made = cls(int(plain["rows"]), arrays["unit"], arrays["blocks"], arrays["canaries"], secret, digest)
        except (KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"the manifest lacks {error}") from error
        if made.blocks.ndim != 2 or made.blocks.shape[1] != fingerprints.WORDS or not len(made.blocks):
            raise Corrupt("the manifest's filter has another form")
        if any(one.dtype != np.uint64 for one in (made.blocks, made.canaries)) or made.unit.dtype != np.float32:
            raise Corrupt("the manifest's arrays have other types")
        return made


class Lookup:
    """Says of records whether they were trained on. Keys are made once."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self._keys = manifest.keys() if manifest.features else None

    def codes(self, features: Array, named: Named, bad: Array) -> Array:
        """What N records are (N,) u1: UNKNOWN, OTHER or MEMBER, and CANARY; UNKNOWN where numbers are ``bad``."""
        made = np.full(len(bad), UNKNOWN, np.uint8)
        known = self.manifest
        if self._keys is None:
            if named is None:
                return made
            prints = fingerprints.of_names(known.secret, named)
        elif named is not None or features.shape[1] != known.features:
            return made
        else:
            prints = fingerprints.of_numbers(self._keys, features)
        fingerprints.look_up(prints, known.blocks, known.canaries, made)
        if not known.learnt:
            made &= fingerprints.CANARY
        made[bad > 0] = UNKNOWN
        return made

    def of_batch(self, batch: Batch) -> Array:
        """The same of a batch."""
        return self.codes(batch.features, batch.named, batch.bad)


def find(manifests: Models, model: str, version: str) -> Manifest | None:
    """The manifest of a model version, if there is one."""
    return manifests.get((model, version)) or manifests.get((model, ""))


def lookup(manifests: Models, model: str, version: str, learnt: Mapping[str, Mapping[str, Array]]) -> Lookup | None:
    """What a judge looks records up in; only canaries where the clean period was not looked at with this manifest."""
    found = find(manifests, model, version)
    if found is None:
        return None
    before = learnt.get(NAME, {}).get("digest", np.zeros(0, np.uint8)).tobytes()
    return Lookup(replace(found, learnt=before == found.digest))


def remembered(found: Manifest) -> dict[str, Array]:
    """What a reference remembers of a manifest."""
    return {"digest": np.frombuffer(found.digest, np.uint8)}


def unwatched(found: Lookup | None, features: int) -> str:
    """Why shares of training rows are not watched, of a model with so many features; empty if they are."""
    if found is None:
        return ""
    if not found.manifest.learnt:
        return "another manifest than in the clean period: only canaries are known"
    if found.manifest.features not in (0, features):
        return f"the manifest's rows have {found.manifest.features} features, the model's {features}"
    return ""


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=DIGEST).digest()


def _seal(body: bytes, secret: bytes) -> bytes:
    key = blake2b(secret, digest_size=32, person=b"tidegate.seal").digest()
    return blake2b(body, key=key, digest_size=DIGEST).digest()
