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
from schemas.formats.rules import LIMITS, Limits, Source

TITLE = "TensorFlow Serving and KServe V1 bodies"
PRINCIPALS = CALLERS
_FIRST = ("examples", "results", "result", "outputs")  # of classify, of regress, and of answers in columns


def signs(one: Message) -> float:
    """Instances or predictions as the first names of the object."""
    head = one.value[:4096]
    if head.lstrip()[:1] != b"{" or b'"specversion"' in head:
        return 0.0
    if b'"instances"' in head or b'"signature_name"' in head:
        return 0.7
    if b'"predictions"' in head:
        return 0.6
    first = next(iter(v2.document(one.value, LIMITS)), "")
    return 0.5 * (first in _FIRST and b'"datatype"' not in head and b'"object"' not in head)


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The half of a call that a body is."""
    return (bare(one, v1.of(v2.document(one.value, limits), limits), source),)
