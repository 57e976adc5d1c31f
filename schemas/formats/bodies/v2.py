"""Bodies of the Open Inference Protocol, V2: JSON, JSON with binary tensors behind it, and JSON made of its protobuf.

Where binary tensors follow and nobody kept ``Inference-Header-Content-Length``, as in KServe's log, the JSON ends where
its brackets close. A raw request (that header is 0) has no JSON at all: its type and shape are in the model's settings.

References
----------
https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
"""

import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from schemas.formats.bodies import answered, asked
from schemas.formats.bodies.body import NOTHING, REQUEST, RESPONSE, TENSORS, Body, name_of
from schemas.formats.bodies.tensors import SIZES, WORDS, Tensor
from schemas.formats.bodies.v2_frames import framed, remember
from schemas.formats.decoded import object_of
from schemas.formats.depth import length_of_json
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits

_INT = frozenset((int,))
_decode = msgspec.json.Decoder().decode
_RAW = ("rawInputContents", "raw_input_contents", "rawOutputContents", "raw_output_contents")


def mine(document: Mapping[str, Any]) -> bool:
    """Tell whether a decoded object is such a body: its tensors have a datatype."""
    some = document.get("inputs") or document.get("outputs")
    first = some[0] if isinstance(some, list) and some else None
    return isinstance(first, dict) and ("datatype" in first or "shape" in first)


def binary(value: bytes) -> bool:
    """Tell whether tensors may follow the JSON."""
    return b'"binary_data_size"' in value


def read(value: bytes, limits: Limits, *, head: int = -1, phase: str = "") -> Body:
    """Read one body.

    Parameters
    ----------
    head : bytes of JSON before the tensors; below 0 where nobody says it
    phase : ``request`` or ``response``, where that is known better than by the body

    Raises
    ------
    Refused : no JSON, or tensors that cannot be read, with the byte or the field
    """
    if head == 0:
        size = f"$: {'some' if value else 'no'} bytes of a raw tensor, whose type and shape the model's settings have"
        return Body(phase or REQUEST, ({},), warnings=(size,))
    known = repeated(value, limits, head=head, phase=phase)
    if known:
        return known
    if head < 0:
        head = length_of_json(value) if binary(value) else len(value)
    if head > len(value):
        raise Refused(f"byte {len(value)}: the head is said to have {head} bytes")
    return of(document(value[:head], limits), limits, tail=value, at=head, phase=phase, whole=value)


def repeated(value: bytes, limits: Limits, *, head: int = -1, phase: str = "") -> Body | None:
    """Return a body that has a frame that is known, else None; the rest is as for :func:`read`."""
    known = framed(value, head)
    if known is None:
        return None
    frame, tensor = known
    warnings: list[str] = []
    phase = phase or frame.phase
    rows = (asked if phase == REQUEST else answered).rows([tensor], limits, warnings)
    return Body(phase, rows, frame.id, frame.model, frame.version, NOTHING, None, warnings)


def document(value: bytes, limits: Limits) -> Mapping[str, Any]:
    """Decode one JSON object whose lists are looked at no deeper than tensors are.

    Raises
    ------
    Refused : no JSON, with the byte, or something else
    """
    try:
        found = _decode(value)
        if type(found) is dict:
            return found
    except (msgspec.MsgspecError, ValueError, RecursionError):
        pass
    return object_of(value, limits)


def of(
    found: Mapping[str, Any], limits: Limits, *, tail: bytes = b"", at: int = 0, phase: str = "", whole: bytes = b""
) -> Body:
    """Return the body of a decoded object.

    Parameters
    ----------
    tail, at : the bytes of binary tensors, and where they begin
    phase : where it is known better than by ``inputs`` or ``outputs``, as topics know it
    whole : the bytes that all of this was decoded from

    Raises
    ------
    Refused : no tensors, or one that cannot be read
    """
    written = RESPONSE if "outputs" in found and "inputs" not in found else REQUEST
    names = "outputs" if written == RESPONSE else "inputs"
    some = found.get(names)
    if not isinstance(some, list):
        raise Refused(f"there must be a list of tensors in {names}", f"$.{names}")
    warnings: list[str] = []
    parameters = found.get("parameters")
    codec = _codec(parameters) if parameters else ""
    tensors: list[Tensor] = []
    for i, one in enumerate(some[:TENSORS] if len(some) > TENSORS else some):
        if not isinstance(one, dict):
            raise Refused("a tensor must be an object with a name, a shape, a datatype and data", f"$.{names}[{i}]")
        at, tensor = _tensor(one, i, codec, tail, at, found)
        tensors.append(tensor)
    if len(some) > TENSORS:
        warnings.append(f"$.{names}: more than {TENSORS} tensors, the others were left out")
    rows = (asked if (phase or written) == REQUEST else answered).rows(tensors, limits, warnings)
    id_, model, version = found.get("id"), found.get("model_name"), found.get("model_version")
    about = (
        id_ if type(id_) is str else name_of(id_),
        model if type(model) is str else name_of(found.get("modelName")),
        version if type(version) is str else name_of(version or found.get("modelVersion")),
    )
    if whole and not about[0] and len(tensors) == 1:
        remember(whole, found, written, about, tensors[0])
    return Body(phase or written, rows, *about, parameters if isinstance(parameters, dict) else NOTHING, None, warnings)


def _codec(parameters: object) -> str:
    found = parameters.get("content_type") if isinstance(parameters, dict) else None
    if isinstance(found, dict):  # as protobuf's JSON has it
        found = found.get("string_param") or found.get("stringParam")
    return found if isinstance(found, str) else ""


def _tensor(
    one: Mapping[str, Any], i: int, codec: str, tail: bytes, at: int, found: Mapping[str, Any]
) -> tuple[int, Tensor]:
    """Return one tensor, and where the binary data of the next begin."""
    name, datatype, parameters = one.get("name"), one.get("datatype"), one.get("parameters")
    name = name if type(name) is str else name_of(name)
    datatype = datatype if type(datatype) is str else ""
    values = one.get("data")
    if parameters is None and type(values) is list and datatype:
        return at, Tensor(name, datatype, shaped(one.get("shape")), values, codec)
    if parameters is not None:
        codec = _codec(parameters) or codec
        size = parameters.get("binary_data_size") if isinstance(parameters, dict) else None
        if type(size) is int:
            if size < 0 or at + size > len(tail):
                raise Refused(f"byte {at}: {size} bytes of a tensor are said to follow", f"$[{i}].{name[:64]}")
            values, at = tail[at : at + size], at + size
    if values is None:
        values = _contents(one, i, next((found[name] for name in _RAW if isinstance(found.get(name), list)), ()))
    if type(values) is bytes and datatype != WORDS and datatype not in SIZES:
        raise Refused(f"bytes of the unknown datatype {datatype[:32]!r}", f"$[{i}].{name[:64]}")
    if not datatype and not isinstance(values, bytes):
        datatype = WORDS if _wordy(values) else "FP64"
    elif isinstance(values, str):
        values = [values]
    return at, Tensor(name, datatype, shaped(one.get("shape")), values, codec)


def _wordy(values: Any) -> bool:
    while isinstance(values, list) and values:
        values = values[0]
    return isinstance(values, str)


def _contents(one: Mapping[str, Any], i: int, raws: Sequence[Any]) -> Any:
    """Values of a tensor as the protobuf's JSON has them; raw ones count more than others."""
    if i < len(raws) and isinstance(raws[i], str):
        return _base64(raws[i], i)
    contents = one.get("contents")
    for kind, values in contents.items() if isinstance(contents, dict) else ():
        if isinstance(values, list):
            if kind in ("bytesContents", "bytes_contents"):
                return [_base64(value, i) if isinstance(value, str) else value for value in values]
            if kind in ("int64Contents", "int64_contents", "uint64Contents", "uint64_contents"):
                return [int(v) if isinstance(v, str) and v.lstrip("-").isdigit() and len(v) < 22 else v for v in values]
            return values
    return []


def _base64(value: str, i: int) -> bytes:
    try:
        return binascii.a2b_base64(value)
    except ValueError as error:
        raise Refused(f"no base64: {error}", f"$.tensors[{i}]") from None


def shaped(shape: object) -> Sequence[int]:
    """Return a shape: a list of whole numbers, or of their digits; a bare number is a list of one; else nothing."""
    if type(shape) is int and shape > 0:
        return [shape]
    if type(shape) is not list or len(shape) > 16:
        return []
    if _INT.issuperset(map(type, shape)):
        return shape if not shape or min(shape) >= 0 else []
    digits = all(isinstance(n, str) and n.isascii() and n.isdigit() and len(n) < 10 for n in shape)
    return [int(n) for n in shape] if digits else []
