"""Alerts as JSON lines: the form of files, of topic ``tidegate.alerts`` and of ``body`` in table ``alerts``."""

import msgspec

from schemas.alert import Alert

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Alert)


def encode(alert: Alert) -> bytes:
    """Return one JSON object without a line end. Every field is there, in the order of ``Alert``."""
    return _encoder.encode(alert)


def decode(line: bytes | str) -> Alert:
    """Undo :func:`encode`; fields that are not known here are left out.

    Raises
    ------
    msgspec.DecodeError : not an alert
    """
    return _decoder.decode(line)
