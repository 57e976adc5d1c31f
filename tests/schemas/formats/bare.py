"""The least record of the native format, read, and the assertion that a value is refused."""

import json

from schemas.formats import Source
from schemas.formats.native import read
from schemas.record import Reject

BARE = {"id": "0f62", "time": 1767571245.525, "model": "fraud", "principal": "u-1"}


def one(fields=None, **source):
    value = json.dumps(BARE | (fields or {})).encode()
    return read(value, offset=0, source=Source(**source))


def refused(value, **arguments):
    outcome = read(value, offset=7, topic="t", partition=3, **arguments)
    assert isinstance(outcome, Reject)
    assert (outcome.offset, outcome.topic, outcome.partition) == (7, "t", 3)
    assert outcome.reason
    return outcome
