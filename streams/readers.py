"""Readers: in which format each topic is read, as configured or as its first messages say."""

import structlog

from schemas import formats
from streams.batches import RecordBatch
from streams.passage import Reader
from streams.settings import Settings
from streams.settings.connections import Source

log = structlog.get_logger()

SAMPLES = 64  # messages from which a topic's format is recognised


class Readers:
    """The readers of some sources, by topic."""

    def __init__(self, settings: Settings, sources: list[Source]) -> None:
        self.settings = settings
        self.sources = {source.topic: source for source in sources}
        self.known: dict[str, Reader] = {}

    def reader(self, batch: RecordBatch) -> Reader:
        """How a slice is read. What cannot be recognised is read as native, and looked at anew next time."""
        topic = batch.tp.topic
        if topic in self.known:
            return self.known[topic]
        source = self.sources[topic]
        rules, name = source.rules(self.settings.secret()), source.form
        found = None
        if name not in formats.FORMATS:
            some = [raw for raw in batch.records if raw.value][:SAMPLES]
            values = [raw.value for raw in some if raw.value]
            found = formats.recognise(values, rules, topic=topic, raws=some)
            name = found.name if found else next(iter(formats.FORMATS))
            if found and found.doubt:
                log.warning("format in doubt", topic=topic, problem=found.doubt, cure="set [[source]] format")
        limits, skew = self.settings.limits.rules(), self.settings.kafka.max_skew
        made = Reader(name, formats.named(name), rules, limits, skew)
        if found or source.form in formats.FORMATS:
            log.info("reading", topic=topic, format=name)
            self.known[topic] = made
        return made
