"""``tidegate produce``: load a file into a topic."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import Config, readable, settings_of

if TYPE_CHECKING:
    from streams.brokers import Headers
    from streams.cli.progress import Bar
    from streams.settings import Settings

EXAMPLE = "tidegate produce traffic.jsonl.gz --topic traffic"


def produce(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="JSONL, .gz, .zst or Parquet; - is standard input."),
    ],
    topic: Annotated[str, typer.Option("--topic", help="Topic to load into; it must exist.")],
    rate: Annotated[float, typer.Option(min=0, help="Records a second; 0 is as fast as it goes.")] = 0.0,
    config: Config = None,
) -> None:
    """Load files into a Kafka topic, keyed by principal, so that one principal stays in one partition.

    Messages in envelopes (kcat -J) go as they were, with their own keys and headers.
    """
    from streams.brokers import Unreachable
    from streams.brokers import produce as send
    from streams.cli.failures import Failed
    from streams.cli.progress import bar
    from streams.files import total_bytes

    logging.getLogger("kafka").setLevel(logging.ERROR)  # its warnings are about itself: how long a task of its loop ran
    settings = settings_of(config)
    paths = readable(files)
    with bar("records sent", total_bytes(paths)) as progress:
        try:
            count = send(settings.kafka, topic, _messages(paths, topic, settings, rate, progress))
        except Unreachable as error:
            raise Failed(str(error)) from None
    print(f"{count} records in topic {topic}")


def _messages(
    paths: list[str], topic: str, settings: "Settings", rate: float, progress: "Bar"
) -> "Iterator[tuple[bytes | None, bytes, Headers]]":
    """Lines with their principal as key; what cannot be read goes too, without a key, for the worker to reject."""
    from streams.files import read_lines
    from streams.keys import keys
    from streams.pace import paced

    source = next((one for one in settings.source if one.topic == topic), settings.source[0])
    limits = settings.limits.rules()
    for chunk in paced(read_lines(paths, limit_bytes=limits.size_bytes), rate):
        named = keys(chunk, source.form, source.rules(b""), limits)
        if chunk.raws and chunk.raws[0].topic:
            for key, value, raw in zip(named, chunk.lines, chunk.raws, strict=True):
                yield raw.key or key, value, tuple(raw.headers)
        else:
            yield from ((key, value, ()) for key, value in zip(named, chunk.lines, strict=True))
        progress.to(chunk.consumed, len(chunk.lines))
