"""Item: one span or log record of a batch, whichever way it was written."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

NOTHING: Mapping[str, Any] = {}


class Item(NamedTuple):
    """One span or log record.

    Attributes
    ----------
    name : event name of a log record
    attributes, resource : by name; values are strings, numbers, truth values, lists and objects
    trace, span : ids in hex, lower case
    began, ended : nanoseconds since the epoch, 0 where it is not said; of a log record, its time is ``began``
    observed : of a log record, when the collector saw it, in the same unit
    failed : whether a span's status is an error
    message : of its status
    body : of a log record
    events : of a span, names and attributes
    log : whether it is a log record
    """

    name: str
    attributes: Mapping[str, Any]
    resource: Mapping[str, Any]
    trace: str = ""
    span: str = ""
    began: int = 0
    ended: int = 0
    observed: int = 0
    failed: bool = False
    message: str = ""
    body: Any = None
    events: Sequence[tuple[str, Mapping[str, Any]]] = ()
    log: bool = False
