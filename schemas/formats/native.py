"""The native format: one JSON or msgpack object a record, as ``schemas.record.Record`` lists the fields."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from schemas.formats import lenient
from schemas.formats.addresses import client, telling
from schemas.formats.depth import deeper, depth_of_json
from schemas.formats.fields import Fields, found, id_of, record
from schemas.formats.lenient import Refused
from schemas.formats.message import Raw, headers
from schemas.formats.reading import Reading
from schemas.formats.rules import LIMITS, SOURCE, Limits, Source
from schemas.principal import UNKNOWN, hash_principal, looked_up, shortened
from schemas.record import Record, Reject
from schemas.scanner.scan import Scan

_JSON = msgspec.json.Decoder(Record).decode
_MSGPACK = msgspec.msgpack.Decoder(Record).decode
_LOOSE_JSON = msgspec.json.Decoder(Fields).decode
_LOOSE_MSGPACK = msgspec.msgpack.Decoder(Fields).decode
_ODD = (msgspec.MsgspecError, ValueError, TypeError, IndexError, OverflowError, RecursionError)
_NAMES = frozenset(Record.__struct_fields__)
FEW = 32  # fewer records are read one by one
_MAPS = frozenset((*range(0x80, 0x90), 0xDE, 0xDF))  # what a msgpack object begins with, and no UTF-8 text can


def read(
    value: bytes | None,
    *,
    offset: int,
    topic: str = "",
    partition: int = 0,
    limits: Limits = LIMITS,
    source: Source = SOURCE,
) -> Record | Reject:
    """Read one record; never raises, whatever the bytes."""
    reading = read_many([value], [offset], topic=topic, partition=partition, limits=limits, source=source)
    return (reading.records or reading.rejects)[0]


def read_many(
    values: Sequence[bytes | None],
    offsets: Iterable[int],
    *,
    topic: str = "",
    partition: int = 0,
    limits: Limits = LIMITS,
    source: Source = SOURCE,
    raws: Sequence[Raw] | None = None,
) -> Reading:
    """Read N records; never raises, whatever the bytes. Every value becomes a record or a reject."""
    told = source.secret or source.version or source.tenant or source.phase
    full = source.principal[:1] == ("principal",) and not told
    small = min(limits.features, limits.size_bytes)  # so few bytes hold no more numbers than allowed
    places = np.fromiter(offsets, np.int64, len(values))
    scan = Scan(values, small) if full and len(values) >= FEW else None
    read: dict[int, Record] = {}
    rejects: list[Reject] = []
    for i in range(len(values)) if scan is None else scan.odd:
        try:
            read[i] = _one(values[i], full, small, limits, source, None if raws is None else raws[i])
        except Refused as refused:
            cut = bytes((values[i] or b"")[: limits.kept_bytes])
            rejects.append(Reject(int(places[i]), topic, partition, str(refused), refused.path, cut))
    if scan is not None:
        records, kept = scan.records(read)
        return Reading(records, places[kept], rejects)
    return Reading(list(read.values()), places[list(read)], rejects)


def _one(value: bytes | None, full: bool, small: int, limits: Limits, source: Source, raw: Raw | None) -> Record:
    """Read one record, first the short way; raises ``Refused``."""
    one = None
    try:
        if len(value) <= small:  # type: ignore[arg-type]  # None raises, as odd
            one = _JSON(value) if value[0] == 0x7B else _MSGPACK(value)  # type: ignore[arg-type,index]
            if full and one.id and one.principal and one.messages is None and type(one.features) is list:
                return one
    except _ODD:
        pass
    return _settled(value, one, limits, source, raw)


def attributes(value: bytes, limits: Limits = LIMITS) -> dict[str, Any]:
    """Return the fields that are no fields of a Record, decoded from the bytes on demand; none if unreadable."""
    try:
        return {name: one for name, one in _object(value, limits).items() if name not in _NAMES}
    except Refused:
        return {}


def _settled(value: bytes | None, one: Record | None, limits: Limits, source: Source, raw: Raw | None) -> Record:
    """Finish a record that was decoded but is not complete, or decode it with patience."""
    if not value:
        raise Refused("the message is empty")
    if len(value) > limits.size_bytes:
        raise Refused(f"the record is longer than {limits.size_bytes} bytes")
    return _finished(one or record(_fields(value, limits), source), value, limits, source, raw)


def _fields(value: bytes, limits: Limits) -> Fields:
    try:
        return _LOOSE_MSGPACK(value) if value[0] in _MAPS else _LOOSE_JSON(value)
    except _ODD:
        return found(_object(value, limits), limits)


def _object(value: bytes, limits: Limits) -> dict[str, Any]:
    decoded = _msgpack(value) if value[:1] and value[0] in _MAPS else _json(value, limits)
    if not isinstance(decoded, dict):
        raise Refused("a record must be an object with named fields")
    if deeper(decoded, limits.depth):
        raise Refused(f"objects and lists are nested more than {limits.depth} deep")
    return {lenient.text(name): one for name, one in decoded.items()}


def _msgpack(value: bytes) -> Any:
    try:
        return msgspec.msgpack.decode(value)
    except RecursionError:
        raise Refused("objects and lists are nested too deep") from None
    except _ODD as error:
        raise Refused(f"not valid msgpack: {error}") from None


def _json(value: bytes, limits: Limits) -> Any:
    if depth_of_json(value) > limits.depth:  # the parser would follow them on the stack
        raise Refused(f"objects and lists are nested more than {limits.depth} deep")
    try:
        return json.loads(value.decode("utf-8-sig", "replace"), strict=False, parse_int=_whole)
    except json.JSONDecodeError as error:  # its own words count lines, and the record is one line of a file
        said = error.msg.removesuffix(" starting at").removesuffix(" at")
        raise Refused(f"not valid JSON: {said} at character {error.pos + 1}") from None
    except (ValueError, RecursionError) as error:
        raise Refused(f"not valid JSON: {error}") from None


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 300 else float(digits)


def _finished(one: Record, value: bytes, limits: Limits, source: Source, raw: Raw | None) -> Record:
    changes: dict[str, Any] = {}
    if not one.id:
        changes["id"] = id_of(value)
    for name in ("version", "tenant", "phase"):
        if getattr(source, name) and not getattr(one, name):
            changes[name] = getattr(source, name)
    who = _principal(one, value, limits, source, raw)
    if who != one.principal:
        changes["principal"] = who
    if one.messages is not None:
        if deeper(one.messages, limits.depth - 1):
            raise Refused(f"objects and lists are nested more than {limits.depth} deep", "$.messages")
        if value[0] in _MAPS:
            changes["messages"] = lenient.messages(one.messages)
    if type(one.features) is dict:
        changes["features"] = lenient.features(one.features, limits)
    for name, values in (("features", one.features), ("probabilities", one.probabilities), ("logits", one.logits)):
        if values is not None and len(values) > limits.features:
            raise Refused(f"there are more than {limits.features} values", f"$.{name}")
    return msgspec.structs.replace(one, **changes) if changes else one


def _principal(one: Record, value: bytes, limits: Limits, source: Source, raw: Raw | None) -> str:
    for path in source.principal:
        if path.startswith("const:"):
            return path.removeprefix("const:")
        found = getattr(one, path) if path in _NAMES else looked_up(attributes(value, limits), path)
        if found is None and raw is not None and path.startswith("headers."):
            found = headers(raw.headers).get(path.removeprefix("headers.").lower())
        name = lenient.text(found)
        if name:
            name = shortened(client(name, source) if telling(path) else name, 256)
            return hash_principal(source.secret, name) if source.secret else name
    return UNKNOWN
