"""Calls of two halves: what is kept of one on its way to the other, and the records made of both.

Who asked is looked up before, so that headers with keys and addresses need not be kept.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Literal

import msgspec
import numpy as np

from schemas.formats import lenient
from schemas.formats.exchange import NOTHING, REQUEST, Exchange, joined, records
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.reading import Half, Reading
from schemas.formats.rules import SOURCE, Limits, Source
from schemas.formats.versions import Versions
from schemas.pairing import LATE, PAIR, REUSED, TAKEN, Call
from schemas.pairing import Half as Content
from schemas.principal import UNKNOWN
from schemas.record import Record, Reject

AGAIN = (LATE, REUSED, TAKEN)  # another record has the id of the call


class Kept(msgspec.Struct, array_like=True):
    """One half, as it is kept.

    Attributes
    ----------
    topic : the source that it is from, whose configuration says what it leaves out
    rank, who : which of the source's places for the principal named somebody, -1 if none; and whom
    """

    topic: str
    phase: str
    common: dict[str, Any]
    rows: list[dict[str, Any]]
    clock: str
    warnings: list[str]
    rank: int
    who: str


def _plain(value: Any) -> Any:
    """Arrays as lists; of anything else what it prints."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


_encode = msgspec.msgpack.Encoder(enc_hook=_plain).encode
_decode = msgspec.msgpack.Decoder(Kept).decode
_message = msgspec.msgpack.Decoder(tuple[Literal["request", "response"], str, bytes]).decode


def content(half: Half, topic: str) -> Content:
    """What pairing needs of a half of a source."""
    one = half.exchange
    rows = [dict(row) for row in one.rows]
    kept = Kept(topic, one.phase, dict(one.common), rows, one.clock, list(one.warnings), half.rank, half.who)
    return Content(one.key, one.phase, half.time, half.who if half.rank >= 0 else "", _written(kept))


def _written(kept: Kept) -> bytes:
    """A half as bytes; what these cannot hold, numbers of more than 64 bits, becomes what they can."""
    try:
        return _encode(kept)
    except (OverflowError, ValueError):
        return _encode(_holdable(msgspec.structs.astuple(kept)))


def _holdable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {lenient.text(name): _holdable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_holdable(one) for one in value]
    if isinstance(value, str):
        return lenient.text(value)
    return lenient.number(value) if isinstance(value, int) and not -(2**63) <= value < 2**63 else value


def packed(one: Content) -> bytes:
    """A half as a message; its key and its time are the message's."""
    return msgspec.msgpack.encode((one.phase, one.who, one.body))


def unpacked(message: Message) -> Content:
    """Undo :func:`packed`. Raises ``Refused``."""
    try:
        phase, who, body = _message(message.value)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refused(f"not one half of a call: {error}") from None
    return Content(message.key.decode("utf-8", "replace"), phase, message.time, who, body)


def read(
    call: Call, sources: Mapping[str, Source], limits: Limits, versions: Versions, other: Source = SOURCE
) -> list[Record]:
    """Records of a call; one whose other half is missing says so in its phase.

    Parameters
    ----------
    sources, other : what is known of the topics that halves are from, and of all others
    versions : which version of each model answered last; learns from this call too

    Raises
    ------
    Refused : there is no time, or no model and none configured; or the bytes are no half
    """
    try:
        halves = [_decode(body) for body in (call.request, call.response) if body is not None]
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refused(f"not one half of a call: {error}") from None
    parts = [Exchange(one.common, one.rows, one.phase, "", NOTHING, one.clock, one.warnings) for one in halves]
    exchange = joined(*parts) if len(parts) == 2 else parts[0]
    named = min((one for one in halves if one.rank >= 0), key=lambda one: one.rank, default=None)
    common = {
        **exchange.common,
        "principal": named.who if named else call.who or UNKNOWN,
        "id": _id(call, exchange.common),
    }
    if call.kind != PAIR:
        common["phase"] = call.kind
    told = sources.get(halves[0].topic, other)
    told = Source(model=told.model, version=told.version, tenant=told.tenant, phase=told.phase)
    message = Message(b"-", topic=halves[0].topic, time=call.time)
    whole = exchange._replace(common=common)
    return versions.settled(records(whole, message, source=told, limits=limits, principals=("principal",)))


def unjoined(reading: Reading, topic: str, source: Source, limits: Limits) -> Reading:
    """A reading whose halves are records alone, where nobody looks for the other half of any."""
    made: list[tuple[int, Record]] = list(zip(reading.offsets.tolist(), reading.records, strict=True))
    rejects, versions = list(reading.rejects), Versions()
    for half in reading.halves:
        one = content(half, topic)
        bodies = (one.body, None) if one.phase == REQUEST else (None, one.body)
        try:
            found = read(Call(one.phase, one.key, one.time, *bodies), {topic: source}, limits, versions)
            made += [(half.offset, record) for record in found]
        except Refused as refused:
            rejects.append(Reject(half.offset, topic, 0, str(refused), refused.path, one.body[: limits.kept_bytes]))
    made.sort(key=lambda each: each[0])
    rejects.sort(key=lambda each: each.offset)
    offsets = np.array([offset for offset, _ in made], np.int64)
    return reading._replace(records=[record for _, record in made], offsets=offsets, rejects=rejects, halves=())


def _id(call: Call, common: Mapping[str, Any]) -> str:
    """The call's id; with a digest behind it where another record has that id."""
    name = lenient.text(common.get("id"), 200) or lenient.text(call.key, 200)
    if call.kind not in AGAIN:
        return name
    body = call.request if call.request is not None else call.response or b""
    return f"{name}~{blake2b(body, digest_size=4, person=b'tidegate.again').hexdigest()}"
