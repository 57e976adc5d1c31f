"""The key that a record has in Kafka: who asked, so that all of one principal lies in one partition."""

from schemas import formats
from schemas.formats import LIMITS, SOURCE, Limits, Source
from schemas.principal import UNKNOWN
from streams.files import Chunk


def keys(chunk: Chunk, form: str = "auto", source: Source = SOURCE, limits: Limits = LIMITS) -> list[bytes | None]:
    """Return for each of a chunk's N lines its principal, None where a line cannot be read or does not say.

    Parameters
    ----------
    form : name of a format, or ``auto`` to recognise it from the lines
    """
    found: list[bytes | None] = [None] * len(chunk.lines)
    if form == "auto":
        raws = chunk.raws and chunk.raws[:64]
        recognised = formats.recognise(chunk.lines[:64], source, topic=chunk.path, raws=raws)
        if recognised is None:
            return found
        form = recognised.name
    numbers = range(chunk.first, chunk.first + len(chunk.lines))
    reading = formats.named(form).read_many(
        chunk.lines, numbers, topic=chunk.path, limits=limits, source=source, raws=chunk.raws
    )  # fmt: skip
    for record, number in zip(reading.records, reading.offsets.tolist(), strict=True):
        if record.principal != UNKNOWN:
            found[number - chunk.first] = record.principal.encode("utf-8", "replace")
    for half in reading.halves:
        if half.rank >= 0:
            found[half.offset - chunk.first] = half.who.encode("utf-8", "replace")
    return found
