"""Bodies of the Open Inference Protocol, V2, with nothing around them: what Triton, KServe, MLServer and others take.

JSON, or JSON with binary tensors behind it. A request names no model and no time, so the source names the model and
Kafka's time counts.

References
----------
https://github.com/kserve/open-inference-protocol
"""

from collections.abc import Iterable

from schemas.formats.bodies import served, v2
from schemas.formats.exchange import Exchange
from schemas.formats.logged import CALLERS, bare
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "Open Inference Protocol V2 bodies"
PRINCIPALS = (*CALLERS, "parameters.user", "parameters.user_id")


def signs(one: Message) -> float:
    """A list of tensors with a datatype, at the top of the object."""
    if one.headers and served.head_of(one.headers) >= 0:
        return 0.9
    value = one.value
    if b'"datatype"' not in value or value.lstrip()[:1] != b"{":
        return 0.0
    enveloped = b'"specversion"' in value or b'"reqType"' in value
    return 0.0 if enveloped else 0.8


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The half of a call that a body is."""
    head = served.head_of(one.headers) if one.headers else -1
    return (bare(one, v2.read(one.value, limits, head=head), source),)
