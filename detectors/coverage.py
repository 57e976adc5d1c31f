"""CoverageTable: of every record read, whether it was scored, and by whom it was not watched."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from schemas.batch import Batch, Doubles, Integers
from schemas.principal import UNKNOWN
from schemas.record import Reject

BUCKET = 4096  # offsets a row covers: re-delivered records fall into the same rows and replace them
HOUR = 3600.0


@dataclass(slots=True)
class CoverageRow:
    """What happened to the records of one bucket of offsets, one model version and one hour of record time.

    ``not_watched`` says by detector why it did not look, ``unnamed`` how many do not say who asked.
    """

    bucket: int
    model: str
    version: str
    hour: int
    records: int = 0
    scored: int = 0
    rejected: int = 0
    not_watched: dict[str, str] = field(default_factory=dict)
    unpaired: int = 0
    unnamed: int = 0


Key = tuple[int, str, str, int]


class CoverageTable:
    """Counts of a partition. Rows that changed are handed out whole, so that writing one again replaces it."""

    def __init__(self) -> None:
        self.rows: dict[Key, CoverageRow] = {}
        self.changed: set[Key] = set()

    def add(
        self, model: str, version: str, offsets: Integers, clock: Doubles, *, scored: bool, not_watched: dict[str, str]
    ) -> None:
        """Count N records; ``clock`` (N,) s is the partition's."""
        buckets, hours = offsets // BUCKET, (clock // HOUR).astype(np.int64)
        changes = (np.diff(buckets) != 0) | (np.diff(hours) != 0)  # both rise: what is equal lies together
        starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(offsets)), np.bool_), changes]))
        counts = np.diff(starts, append=len(offsets))
        for at, n in zip(starts.tolist(), counts.tolist(), strict=True):
            row = self._row(int(buckets[at]), model, version, int(hours[at]))
            row.records += n
            row.scored += n if scored else 0
            if not_watched != row.not_watched:
                row.not_watched = dict(sorted((row.not_watched | not_watched).items()))  # in no order of arrival

    def reject(self, offset: int, clock: float) -> None:
        """Count one record that could not be read."""
        row = self._row(offset // BUCKET, "", "", int(clock // HOUR))
        row.records += 1
        row.rejected += 1

    def refuse(self, rejects: Sequence[Reject], before: float, clocks: Sequence[tuple[Integers, Doubles]]) -> None:
        """Count what could not be read at the record time that the partition had reached there, whatever the cuts."""
        at = np.array([reject.offset for reject in rejects], np.int64)
        now = np.full(len(at), before)
        for offsets, clock in clocks if len(at) else ():
            place = np.searchsorted(offsets, at)
            now = np.where(place > 0, np.maximum(now, clock[place - 1]), now)
        for reject, time in zip(rejects, now.tolist(), strict=True):
            self.reject(reject.offset, time)

    def unpair(self, model: str, version: str, offsets: Integers, clock: Doubles, lone: Integers) -> None:
        """Count those of N records, counted already, of whose calls only one half is known: at the offsets ``lone``."""
        rows = np.flatnonzero(np.isin(offsets, lone)) if len(lone) else lone
        for offset, time in zip(offsets[rows].tolist(), clock[rows].tolist(), strict=True):
            self._row(offset // BUCKET, model, version, int(time // HOUR)).unpaired += 1

    def unname(self, model: str, version: str, some: Sequence[Batch], offsets: Integers, clock: Doubles) -> None:
        """Count those of N records, counted already, that do not say who asked; they are in ``some`` batches."""
        for batch in some:
            if UNKNOWN in batch.principals:
                nobody = batch.offsets[batch.principal == batch.principals.index(UNKNOWN)]
                hours = (clock[np.searchsorted(offsets, nobody)] // HOUR).astype(np.int64)
                places, counts = np.unique(np.stack([nobody // BUCKET, hours]), axis=1, return_counts=True)
                for (bucket, hour), n in zip(places.T.tolist(), counts.tolist(), strict=True):
                    self._row(bucket, model, version, hour).unnamed += n

    def _row(self, bucket: int, model: str, version: str, hour: int) -> CoverageRow:
        key = (bucket, model, version, hour)
        self.changed.add(key)
        found = self.rows.get(key)
        if found is None:
            found = self.rows[key] = CoverageRow(bucket, model, version, hour)
        return found

    def take(self, next_offset: int) -> list[CoverageRow]:
        """Rows changed since the last call, oldest first; rows of buckets that are complete are then forgotten."""
        made = [self.rows[k] for k in sorted(self.changed)]
        self.changed.clear()
        for key in [k for k in self.rows if (k[0] + 1) * BUCKET <= next_offset]:
            del self.rows[key]
        return made

    def plain(self) -> list[list[object]]:
        """Rows as plain data, for a snapshot."""
        fields = CoverageRow.__slots__
        return [[getattr(self.rows[key], f) for f in fields] for key in sorted(self.rows)]

    def load(self, rows: list[list[object]]) -> None:
        """Undo :meth:`plain`."""
        made = [CoverageRow(*row) for row in rows]  # type: ignore[arg-type]  # a snapshot's content has our MAC
        self.rows = {(r.bucket, r.model, r.version, r.hour): r for r in made}
        self.changed.clear()
