"""Routes: which sources workers read as they are, and which ones a router re-keys for them first."""

from collections.abc import Callable, Mapping

from schemas.formats.rules import Source as Rules
from streams.batches import TopicPartition
from streams.forwarder import Forwarder
from streams.pairing import PairingAgent
from streams.part import Part
from streams.readers import Readers
from streams.retention import Retention
from streams.router import Router
from streams.settings import Settings, connections
from streams.settings.connections import Source


def routed(settings: Settings) -> list[Source]:
    """The sources that a router re-keys."""
    return list(filter(connections.routed, settings.source))


def watched(settings: Settings) -> list[Source]:
    """What workers read: the other sources, and the topic that the router writes, if there is any for it to do."""
    others = routed(settings)
    direct = [one for one in settings.source if one not in others]
    if not others:
        return direct
    weight = sum(one.weight for one in others if one.phase != "feedback") or 1.0
    return [*direct, Source(topic=settings.kafka.topics.records, format="native", weight=weight)]


def shares(settings: Settings) -> dict[str, float]:
    """What part of the false-alert budget the models of each topic have that workers read.

    Feedback is not judged by gates and takes nothing from it.
    """
    weights = {one.topic: one.weight for one in watched(settings) if one.phase != "feedback"}
    return {topic: weight / sum(weights.values()) for topic, weight in weights.items()}


def parts(
    settings: Settings, options: Mapping[str, object], retention: Callable[[TopicPartition], Retention]
) -> dict[str, Part]:
    """The router and the pairing agent, by topic; nothing where no source is routed."""
    sources = routed(settings)
    if not sources:
        return {}
    rules: dict[str, Rules] = {one.topic: one.rules(settings.secret()) for one in sources}
    forwarder = Forwarder(dict(options))
    router = Router(settings, Readers(settings, sources), forwarder)
    pairing = PairingAgent(settings, rules, forwarder, retention)
    router.waiting = lambda: pairing.waiting > 0
    return {one.topic: router for one in sources} | {settings.kafka.topics.halves: pairing}
