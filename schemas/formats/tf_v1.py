"""Bodies of TensorFlow Serving's and KServe's V1 protocol with nothing around them.

They have no id, so that requests and answers are joined only where the log has one as key or header; the source names
the model, and Kafka's time counts.

References
----------
https://www.tensorflow.org/tfx/serving/api_rest
"""

from collections.abc import Iterable

from schemas.formats.bodies import v1, v2
from schemas.formats.exchange import Exchange
from schemas.formats.logged import CALLERS, bare
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "TensorFlow Serving and KServe V1 bodies"
PRINCIPALS = CALLERS


def signs(one: Message) -> float:
    """Instances or predictions as the first names of the object."""
    head = one.value[:4096]
    if head.lstrip()[:1] != b"{" or b'"specversion"' in head:
        return 0.0
    return (b'"instances"' in head) * 0.7 or (b'"predictions"' in head) * 0.6


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The half of a call that a body is."""
    return (bare(one, v1.of(v2.document(one.value, limits), limits), source),)
