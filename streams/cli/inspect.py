"""``tidegate inspect``: how a log is read, and what is missing."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import Config, Format, Rows, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.formats import Raw
    from streams.inspection import Inspection
    from streams.settings import Settings

EXAMPLE = "tidegate inspect traffic.jsonl -n 20"
CLOCKS = {
    "payload": "the record's own",
    "observed": "the collector's, when it saw the call",
    "broker": "Kafka's, or the file's: the record has none",
}
TOPIC = re.compile(r"[a-zA-Z0-9._-]{1,249}")
FILES = (".jsonl", ".ndjson", ".json", ".gz", ".zst", ".csv", ".tsv", ".parquet", ".log", ".txt", ".bin")
SAMPLES = 64  # read to recognise the format, even if fewer are shown


def inspect(
    place: Annotated[str, typer.Argument(metavar="FILE|TOPIC", help="A file, - for standard input, or a topic.")],
    count: Annotated[int, typer.Option("-n", min=1, help="How many records to look at.")] = 5,
    input_format: Annotated[str, typer.Option(help="Format of the log; auto recognises it.")] = "auto",
    form: Rows = Format.TABLE,
    config: Config = None,
) -> None:
    """Show how a log is read: its format, each field, what is missing for which detector, what is rejected and why."""
    from schemas.formats import FORMATS
    from streams.cli.failures import Failed, Wrong
    from streams.inspection import inspect as look

    if Path(place).is_dir():
        raise Wrong(f"{place} is a directory; name one of its files")
    if input_format not in ("auto", *FORMATS):
        raise Wrong(f"--input-format {input_format}: known are auto, {', '.join(FORMATS)}")
    settings = settings_of(config)
    source = next((one for one in settings.source if one.topic == place), settings.source[0])
    chosen = source.form if input_format == "auto" else input_format
    values, numbers, raws, lost = _samples(place, max(count, SAMPLES if chosen == "auto" else 0), settings)
    if not values and lost:
        raise Failed(lost[0])
    if not values:
        raise Failed(f"{place}: nothing in it to look at")
    seen = look(
        values,
        numbers,
        count=count,
        topic=place,
        form=chosen,
        raws=raws,
        source=source.rules(settings.secret()),
        limits=settings.limits.rules(),
        manifest=bool(settings.manifest),
    )
    _print(seen, place, form)
    if not seen.read:
        raise typer.Exit(1)


def _samples(
    place: str, count: int, settings: "Settings"
) -> tuple[list[bytes], list[int], "list[Raw | None]", list[str]]:
    """Values, their lines from 1 of a file of that name, else their offsets in a topic; what is around them.

    The last is what could not even be taken out of the file, and why.
    """
    from streams import brokers
    from streams.cli.failures import Failed, Wrong
    from streams.files import STDIN, read_lines

    values: list[bytes] = []
    numbers: list[int] = []
    raws: list[Raw | None] = []
    lost: list[str] = []
    if place == STDIN or Path(place).exists():
        for chunk in read_lines([place], at_most=count, limit_bytes=settings.limits.record_bytes):
            values += chunk.lines
            numbers += range(chunk.first + 1, chunk.first + 1 + len(chunk.lines))
            raws += chunk.raws or [None] * len(chunk.lines)
            lost += [f"{place}, entry {one.offset + 1}: {one.reason}" for one in chunk.rejects]
            if len(values) >= count:
                break
        return values[:count], numbers[:count], raws[:count], lost
    if not TOPIC.fullmatch(place):
        raise Wrong(f"{place}: no such file, and no topic can have that name")
    try:
        found = brokers.samples(settings.kafka, place, count)
        missing = not found and not brokers.partitions(settings.kafka, place)
    except brokers.Unreachable as error:
        if place.endswith(FILES):
            raise Wrong(f"{place}: no such file; as a topic: {error}") from None
        raise Failed(f"{place} is no file here, and as a topic: {error}") from None
    if missing:
        raise Wrong(f"{place}: no such file, nor a topic of that name")
    return [one.value or b"" for one in found], [one.offset for one in found], list(found), lost


def _print(seen: "Inspection", place: str, form: Format) -> None:
    from dataclasses import asdict

    from schemas.display import plain
    from streams.cli.output import as_json, show

    rejects = [{"line": one.offset, "path": one.path, "reason": one.reason} for one in seen.rejects]
    if form is Format.CSV:
        show([asdict(one) for one in seen.fields], form, columns=("name", "meaning", "share", "place", "example"))
        return
    if form is not Format.TABLE:
        print(as_json(asdict(seen) | {"rejects": rejects}))
        return
    total = seen.read + len(rejects)
    how = f"format {seen.format}{f' ({seen.encoding})' if seen.encoding else ''}" if seen.format else "no format fits"
    print(f"{plain(place)}: {how}; {seen.read} of {total} records read")
    if seen.fields:
        print()
        rows = [asdict(one) | {"share": f"{one.share:.0%}"} for one in seen.fields]
        show(rows, form, columns=("name", "share", "place", "meaning", "example"), times=())
        print()
    for line in told(seen):
        print(plain(line))
    if rejects:
        print()
        show(rejects, form, columns=("line", "path", "reason"))


def told(seen: "Inspection") -> "Iterator[str]":
    """What is to be known beside the fields, in sentences."""
    from streams.cli.output import by_reason

    if seen.title:
        yield f"that is: {seen.title}"
    if seen.doubt:
        yield f"in doubt: {seen.doubt}"
    yield from (f"lacking: {one}" for one in seen.lacks)
    odd = [f"odd: {warning} ({n})" for warning, n in seen.warnings.items()]
    if not seen.fields:
        yield from odd
        return
    yield f"clock: {', '.join(f'{CLOCKS[one]} ({n})' for one, n in seen.clocks.items())}"
    if seen.apart:
        halves = " and ".join(f"{n} {phase}s" for phase, n in seen.apart.items())
        yield f"apart: {halves}, joined by their ids where a router runs"
    for one in seen.callers:
        yield f"who asked: {one.place or 'nobody is named: all such calls count as one caller'} ({one.share:.0%})"
    yield from odd
    yield f"can look at this: {', '.join(seen.watched) or 'no detector'}"
    yield from (f"not watched by {', '.join(names)}: {lack}" for lack, names in by_reason(seen.blind).items())
