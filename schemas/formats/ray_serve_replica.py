"""Ray Serve's access log where only replicas' lines are kept: one record for each deployment that a request passes."""

from collections.abc import Iterable

from schemas.formats import ray_serve
from schemas.formats.exchange import Exchange
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "Ray Serve access log of replicas"
PRINCIPALS = ray_serve.PRINCIPALS


def signs(one: Message) -> float:
    """The names that only Ray has, of a replica; less sure, since proxies know more."""
    return 0.9 * ray_serve.of(one, ray_serve.REPLICA)


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The request of a replica's line; none of a proxy's."""
    return ray_serve.calls(one, source, limits, ray_serve.REPLICA)
