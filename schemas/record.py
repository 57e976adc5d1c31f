"""Record: one request to a model and its answer, as every log format is mapped to."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

FEEDBACK = "feedback"  # the phase of records that are no traffic, but say what was true of some
LATEST = 4102444800.0  # s, the year 2100: with years to spare before ClickHouse's ``DateTime`` ends in 2106

type_of_features = list[float | None] | dict[str, Any] | None
Name = Annotated[str, Meta(max_length=128)]
Text = Annotated[str, Meta(max_length=256)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class Record(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One request and its answer. Every field but ``time`` and ``model`` may be missing: real logs are poor.

    The bounds are checked by decoders, so what passes them needs no second look; readers bring what is outside
    into them (a longer name is cut and ends in its hash) or refuse it with a reason.

    Attributes
    ----------
    id : at most 256 characters
    time : seconds since the epoch, UTC, from 1970 to 2099
    model, version, tenant : at most 128 characters, ``model`` not empty
    principal : who asked, at most 256 characters
    features : numbers in the model's own units; or ``{"b64", "dtype", "shape"}``; or named values
    probabilities : one per class, in [0, 1]; or named by class
    latency_ms : milliseconds from request to answer
    image_b64 : an image as it was sent, PNG or JPEG in base64
    finish_reason : why the answer ended, as the model server said it
    phase : ``feedback`` where the record says afterwards what was true: ``label`` is that, ``principal`` who says it
    request_id : of feedback, the id of the request it is about
    """

    id: Text = ""
    time: Annotated[float, Meta(ge=0, lt=LATEST)]
    model: Annotated[str, Meta(min_length=1, max_length=128)]
    version: Name = ""
    principal: Text = ""
    tenant: Name = ""
    features: type_of_features = None
    probabilities: list[float | None] | dict[str, float | None] | None = None
    logits: list[float | None] | None = None
    label: Text | Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None = None
    value: float | None = None
    prompt: str | None = None
    messages: list[dict[str, Any]] | None = None
    completion: str | None = None
    image_b64: str | None = None
    latency_ms: Annotated[float, Meta(ge=0, le=1e9)] | None = None
    tokens_in: Count | None = None
    tokens_out: Count | None = None
    status: Count | None = None
    client_ip: Text = ""
    user_agent: Annotated[str, Meta(max_length=512)] = ""
    session: Text = ""
    trace_id: Text = ""
    finish_reason: Name = ""
    phase: Name = ""
    request_id: Text = ""


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
