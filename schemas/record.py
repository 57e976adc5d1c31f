"""Record: one request to a model and its answer, as every log format is mapped to."""

from typing import Any

import msgspec

type_of_features = list[float | None] | dict[str, Any] | None


class Record(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One request and its answer. Every field but ``time`` and ``model`` may be missing: real logs are poor.

    Attributes
    ----------
    time : seconds since the epoch, UTC
    features : numbers in the model's own units; or ``{"b64", "dtype", "shape"}``; or named values
    probabilities : one per class, in [0, 1]; or named by class
    latency_ms : milliseconds from request to answer
    image_b64 : an image as it was sent, PNG or JPEG in base64
    """

    id: str = ""
    time: float
    model: str
    version: str = ""
    principal: str = ""
    tenant: str = ""
    features: type_of_features = None
    probabilities: list[float | None] | dict[str, float | None] | None = None
    logits: list[float | None] | None = None
    label: str | int | None = None
    value: float | None = None
    prompt: str | None = None
    messages: list[dict[str, Any]] | None = None
    completion: str | None = None
    image_b64: str | None = None
    latency_ms: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    status: int | None = None
    client_ip: str = ""
    user_agent: str = ""
    session: str = ""
    trace_id: str = ""


class Reject(msgspec.Struct, frozen=True, gc=False):
    """Bytes that are no record, and why: what goes to the rejects topic or ``--rejects`` file.

    Attributes
    ----------
    offset : position in the topic partition, or line number in a file (from 0)
    reason : one sentence in plain words
    path : where in the record, as a JSON path such as ``$.features[3]``; empty if the whole
    value : the bytes, cut at a cap by the reader
    """

    offset: int
    topic: str
    partition: int
    reason: str
    path: str = ""
    value: bytes = b""
