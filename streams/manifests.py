"""Manifests of training rows: made from files of records, written, and read for the configured models."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from detectors import fingerprints, manifest
from detectors.fingerprints import Keys
from detectors.manifest import Manifest, Models
from detectors.packing import Corrupt
from schemas.batch import Batch
from schemas.columns import batches
from schemas.formats import LIMITS, Format, Limits, Source
from schemas.record import Record, type_of_features
from streams.files import Chunk, read_lines
from streams.scan import Unreadable, recognised
from streams.settings import Invalid, Settings

SAMPLE = 8192  # rows by which columns' spread is measured
NAMES = 0  # features of rows whose values are named

Prints = npt.NDArray[np.uint64]


class Unfit(ValueError):
    """Rows that no manifest can be made of; the sentence says why."""


class _Row(msgspec.Struct):
    """A training row without the rest of a record."""

    features: type_of_features = None


@dataclass(frozen=True, slots=True)
class Made:
    """A manifest, and how many lines had no row of numbers or names that could be used."""

    manifest: Manifest
    refused: int


def make(
    paths: Sequence[str],
    secret: bytes,
    *,
    canaries: Sequence[str] = (),
    form: str = "auto",
    limits: Limits = LIMITS,
) -> Made:
    """The manifest of the rows in ``paths``; files are read twice, and only fingerprints are held.

    Raises
    ------
    Unfit : there are no rows, or rows of several forms
    Unreadable : no format can read the first lines
    OSError : a file cannot be read
    """
    rows = Rows(form, limits)
    sample: list[npt.NDArray[np.float32]] = []
    stride, seen = 1, 0
    for batch in rows.read(paths):
        x = batch.features[-seen % stride :: stride]
        sample.append(x)
        seen += len(batch)
        if sum(map(len, sample)) > 2 * SAMPLE:
            sample, stride = [np.concatenate(sample)[::2]], 2 * stride
    if rows.features is None:
        raise Unfit("there is no row with features, as numbers or by name")
    unit = fingerprints.spread(np.concatenate(sample)) if rows.features else np.zeros(0, np.float32)
    refused = rows.refused
    known = fingerprints.keys(secret, unit)
    prints = [_prints(known, secret, batch) for batch in rows.read(paths)]
    planted = [_prints(known, secret, batch) for batch in rows.read(canaries)]
    empty = np.zeros(0, np.uint64)
    made = Manifest.of_prints(np.concatenate(prints), np.concatenate([empty, *planted]), secret, unit)
    return Made(made, refused)


def _prints(known: Keys, secret: bytes, batch: Batch) -> Prints:
    good = batch.bad == 0
    if batch.named is not None:
        return fingerprints.of_names(secret, [row for row, usable in zip(batch.named, good, strict=True) if usable])
    made: Prints = fingerprints.of_numbers(known, batch.features[good])
    return made


class Rows:
    """Reads rows, all of one form: F numbers, or names.

    Attributes
    ----------
    features : F, 0 for names, None before the first row
    refused : lines that could not be used
    """

    def __init__(self, form: str, limits: Limits) -> None:
        self.form, self.limits = form, limits
        self.features: int | None = None
        self.refused = 0

    def read(self, paths: Sequence[str]) -> Iterator[Batch]:
        """Batches of usable rows; raises :class:`Unfit` where one has another form than the first."""
        self.refused = 0
        reader: Format | None = None
        for chunk in read_lines(paths, limit_bytes=self.limits.size_bytes):
            self.refused += len(chunk.rejects)
            if chunk.lines and reader is None and not _bare(chunk.lines[0]):
                _, reader, _ = recognised(self.form, chunk)
            records = self._records(reader, chunk)
            for batch in batches(records, np.arange(len(records), dtype=np.int64)):
                features = NAMES if batch.named is not None else batch.features.shape[1]
                if batch.named is None and not features:
                    self.refused += len(batch)
                    continue
                if features != (self.features if self.features is not None else features):
                    raise Unfit(f"{chunk.path} has rows of {_said(features)}, others have {_said(self.features or 0)}")
                self.features = features
                self.refused += int((batch.bad > 0).sum())
                yield batch

    def _records(self, reader: Format | None, chunk: Chunk) -> list[Record]:
        """Whole records, and rows that say nothing but their features."""
        if not chunk.lines:
            return []
        source = Source(model="-")
        numbers = range(len(chunk.lines))
        reading = None if reader is None else reader.read_many(chunk.lines, numbers, source=source, raws=chunk.raws)
        made = list(reading.records) if reading else []
        left = chunk.lines if reading is None else [chunk.lines[one.offset] for one in reading.rejects]
        bare = [row for line in left if (row := _bare(line)) is not None]
        self.refused += len(left) - len(bare)
        # one model and version for all: rows of one form make one batch
        same = [msgspec.structs.replace(one, model="-", version="") for one in made]
        return same + [Record(time=0.0, model="-", features=row) for row in bare]


def _said(features: int) -> str:
    return f"{features} numbers" if features else "named values"


def _bare(line: bytes) -> list[float | None] | dict[str, object] | None:
    """Features of a line of JSON that is no whole record; packed arrays come in whole records only."""
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        row = msgspec.json.decode(line, type=_Row).features
        if isinstance(row, list) or (isinstance(row, dict) and "b64" not in row):
            return row or None
    return None


def write(made: Manifest, path: Path) -> None:
    """Write a manifest; what was there before stays until the new one is whole."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(made.to_bytes())
    beside.replace(path)


def loaded(settings: Settings) -> Models:
    """The manifests of the configured models; raises ``Invalid`` naming every one that cannot be used."""
    found: dict[tuple[str, str], Manifest] = {}
    problems = []
    for number, one in enumerate(settings.manifest):
        try:
            found[one.model, one.version] = read(one.file, settings.secret())
        except (OSError, Corrupt) as error:
            problems.append(f"manifest.{number}.file: {one.file}: {getattr(error, 'strerror', None) or error}")
    if problems:
        raise Invalid(problems)
    return found


def read(path: Path, secret: bytes) -> Manifest:
    """A manifest that was made with this secret; raises ``Corrupt`` or ``OSError``."""
    if path.stat().st_size > manifest.LARGEST:
        raise Corrupt(f"a manifest is at most {manifest.LARGEST >> 20} MiB")
    return Manifest.from_bytes(path.read_bytes(), secret)


__all__ = ["Made", "Unfit", "Unreadable", "loaded", "make", "read", "write"]
