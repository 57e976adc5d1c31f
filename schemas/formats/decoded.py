"""JSON of foreign logs, decoded within bounds; what is wrong with it is said with its place."""

import json
from typing import Any

import msgspec

from schemas.formats import lenient
from schemas.formats.depth import shallow
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits

_decode = msgspec.json.Decoder().decode


def json_of(value: bytes | str, limits: Limits, path: str = "") -> Any:
    """Decode one JSON document.

    NaN and infinities, which are no JSON but which Python's writers write, are read; bytes that are no UTF-8 are
    replaced, as are halves of characters that escapes leave alone.

    Raises
    ------
    Refused : no JSON, with the byte where it ends to be, or nested too deep
    """
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    if not shallow(data, limits.depth):  # the parsers would follow them on the stack
        raise Refused(f"objects and lists are nested more than {limits.depth} deep", path)
    try:
        return _decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        pass
    try:
        return _clean(json.loads(data.decode("utf-8-sig", "replace"), strict=False, parse_int=_whole))
    except json.JSONDecodeError as error:
        raise Refused(f"no JSON: {error.msg} at character {error.pos}", path) from None
    except (ValueError, RecursionError) as error:
        raise Refused(f"no JSON: {error}", path) from None


def object_of(value: bytes | str, limits: Limits, path: str = "") -> dict[str, Any]:
    """Decode one JSON object.

    Raises
    ------
    Refused : as :func:`json_of`, or it is something else
    """
    found = json_of(value, limits, path)
    if not isinstance(found, dict):
        raise Refused("this must be an object with named fields", path)
    return found


def _clean(value: Any) -> Any:
    """Without lone surrogates, which no text that is written later can hold."""
    if isinstance(value, str):
        return lenient.text(value)
    if isinstance(value, dict):
        return {lenient.text(name): _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 300 else float(digits)
