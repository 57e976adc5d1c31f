"""Signed requests as https://www.standardwebhooks.com has them, so that receivers can use a library that exists.

Three headers: ``webhook-id`` (the alert's id, the same in every try: a receiver drops what it has seen),
``webhook-timestamp`` (seconds since the epoch, of this try) and ``webhook-signature``: ``v1,`` and the base64 of
HMAC-SHA256 with the shared key over ``id.timestamp.body``.
"""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256

TOLERANCE = 300.0  # s that the clocks of sender and receiver may differ
PREFIX = "whsec_"


class WrongKey(ValueError):
    """A key that cannot be used."""


def key_of(text: str) -> bytes:
    """Return the key that a secret file holds: ``whsec_`` and base64, or anything else as it stands.

    Raises
    ------
    WrongKey
        if it is empty, or is no base64 after ``whsec_``
    """
    stripped = text.strip()
    try:
        key = b64decode(stripped[len(PREFIX) :], validate=True) if stripped.startswith(PREFIX) else stripped.encode()
    except binascii.Error:
        raise WrongKey(f"what follows {PREFIX} is no base64") from None
    if not key:
        raise WrongKey("the key is empty")
    return key


def headers(key: bytes, *, id: str, time: float, body: bytes) -> dict[str, str]:  # noqa: A002  # the standard's word
    """Return the three headers of a request with this body, sent at ``time`` s since the epoch."""
    moment = str(int(time))
    return {
        "webhook-id": id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{_signature(key, id, moment, body)}",
    }


def genuine(key: bytes, received: Mapping[str, str], body: bytes, *, now: float) -> bool:
    """Whether a receiver should believe a request: signed with the key, and not older or newer than ``TOLERANCE``.

    Parameters
    ----------
    received : the request's headers, names in lower case
    now : s since the epoch
    """
    moment = received.get("webhook-timestamp", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 16 and abs(now - int(moment)) <= TOLERANCE):
        return False
    wanted = f"v1,{_signature(key, received.get('webhook-id', ''), moment, body)}".encode()
    given = received.get("webhook-signature", "").encode("utf-8", "replace")
    return any(hmac.compare_digest(wanted, each) for each in given.split(b" "))


def _signature(key: bytes, name: str, moment: str, body: bytes) -> str:
    signed = f"{name}.{moment}.".encode("utf-8", "replace") + body
    return b64encode(hmac.digest(key, signed, sha256().name)).decode()
