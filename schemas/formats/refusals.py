"""Refusals on their way: what a router could not read, in a message of the topic that it writes; a worker counts it."""

import base64
import binascii

import msgspec

from schemas.record import Reject

_MARK = b'{"tidegate":"reject",'


class _Refusal(msgspec.Struct, tag="reject", tag_field="tidegate"):
    """A reject, and where it was."""

    topic: str
    partition: int
    offset: int
    reason: str
    path: str
    bytes_b64: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Refusal).decode


def wrapped(reject: Reject) -> bytes:
    """A reject as a message: JSON that is no record of any format."""
    kept = base64.b64encode(reject.value).decode()
    return _encode(_Refusal(reject.topic, reject.partition, reject.offset, reject.reason, reject.path, kept))


def opened(reject: Reject, value: bytes) -> Reject:
    """What was wrapped, of a reject whose message is that; the reject itself otherwise.

    It keeps its place in the topic that is read; where it was before is in its reason.
    """
    if not value.startswith(_MARK):
        return reject
    try:
        one = _decode(value)
        kept = base64.b64decode(one.bytes_b64, validate=True)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        return reject
    reason = f"{one.reason} (offset {one.offset} of {one.topic}/{one.partition})"
    return Reject(reject.offset, reject.topic, reject.partition, reason, one.path, kept)
