"""Readers of log formats: records/s on one core, beside ``json.loads`` and a look at its fields in the same run."""

import json
from collections.abc import Iterator, Sequence
from time import process_time
from typing import Any, NamedTuple

from schemas.formats import Source, named
from schemas.formats.message import Around
from streams.bench import language, model_servers, tables
from streams.collector import calmed

BYTES = 16 << 20  # of entries in a run
MOST = 20_000  # entries in a run
RUNS = 7  # the fastest counts; the middle one says how quiet the machine was
SLICE = 2_000  # entries that are read at once, as a worker does
TOLD = Source(model="bench")


class Case(NamedTuple):
    """One entry that is read again and again.

    Attributes
    ----------
    goal : records/s, 0 where none was set
    headers, topic : what is around it in Kafka
    """

    what: str
    form: str
    entry: bytes
    goal: int = 0
    headers: Sequence[tuple[str, bytes]] = ()
    topic: str = "traffic"


def cases() -> Iterator[Case]:
    """Everything that is measured."""
    for family in (tables, language, model_servers):
        yield from (Case(*one) for one in family.cases())


def measure() -> dict[str, dict[str, Any]]:
    """By what was read: records/s and bytes/s, the goal, and how fast plain Python decodes the same."""
    with calmed():
        return {one.what: _measured(one) for one in cases()}


def _measured(one: Case) -> dict[str, Any]:
    count = max(100, min(MOST, BYTES // len(one.entry)))
    values = [bytes(bytearray(one.entry)) for _ in range(count)]
    raws = [Around(1_767_571_246_000, None, tuple(one.headers))] * count
    source = tables.MAPPED if one.form == "mapping" else TOLD
    reader = named(one.form)

    def read(some: int) -> int:
        found = 0
        for at in range(0, some, SLICE):
            part = slice(at, min(at + SLICE, some))
            reading = reader.read_many(
                values[part], range(part.stop - at), topic=one.topic, source=source, raws=raws[part]
            )
            found += len(reading.records) + len(reading.halves)
        return found

    read(min(count, 100))  # compiles
    runs = sorted((_timed(lambda: read(count)) for _ in range(RUNS)), key=lambda run: run[0])
    seconds, found = runs[0]
    rate = found / seconds
    row: dict[str, Any] = {
        "records_per_second": round(rate), "median_per_second": round(found / runs[RUNS // 2][0]),
        "megabytes_per_second": round(count * len(one.entry) / seconds / 1e6, 1),
        "bytes_an_entry": len(one.entry), "records_an_entry": round(found / count, 2),
    }  # fmt: skip
    if one.goal:
        row |= {"goal": one.goal, "reached": rate >= one.goal}
    plain = _plain(values)
    return row | ({"json_loads_per_second": round(plain * found / count)} if plain else {})


def _timed(run: Any) -> tuple[float, int]:
    began = process_time()
    found = run()
    return max(process_time() - began, 1e-9), found


def _plain(values: Sequence[bytes]) -> float:
    """Entries a second that ``json.loads`` decodes and whose fields are looked at; 0 where they are no JSON."""
    try:
        names = list(json.loads(values[0]))
    except ValueError:
        return 0.0

    def look() -> int:
        for value in values:
            document = json.loads(value)
            for name in names:
                document[name]
        return len(values)

    seconds, found = min((_timed(look) for _ in range(RUNS)), key=lambda run: run[0])
    return found / seconds
