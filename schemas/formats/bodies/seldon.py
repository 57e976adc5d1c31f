"""Bodies of Seldon Core 1: ``data`` as nested lists or a tensor with its shape, or one of three other forms.

Requests and answers look alike, so the caller has to know which one it is.

References
----------
https://docs.seldon.ai/seldon-core-1/configuration/prediction-apis
"""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.formats.bodies import answered, v1
from schemas.formats.bodies.asked import picture_of, type_of_rows
from schemas.formats.bodies.body import REQUEST, Body, kept, name_of
from schemas.formats.bodies.tensors import Tensor, parts
from schemas.formats.bodies.v2 import shaped
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits

_FORMS = ("data", "strData", "jsonData", "binData")


def mine(found: Mapping[str, Any]) -> bool:
    """Tell whether a decoded object is such a body."""
    data = found.get("data")
    named = isinstance(data, dict) and ("ndarray" in data or "tensor" in data or "tftensor" in data)
    return named or any(name in found for name in _FORMS[1:])


def of(found: Mapping[str, Any], limits: Limits, phase: str) -> Body:
    """Return the body of a decoded object.

    Raises
    ------
    Refused : none of the four forms is in it, or it cannot be read
    """
    warnings: list[str] = []
    asks = phase == REQUEST
    meta = found.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    rows: type_of_rows
    if isinstance(found.get("data"), dict):
        rows = _data(found["data"], limits, asks, warnings)
    elif "strData" in found or "binData" in found:
        value = found.get("strData", found.get("binData"))
        picture = picture_of(value) if asks else ""
        rows = [{"image_b64": picture}] if picture else v1_rows([value], limits, asks, warnings)
    elif "jsonData" in found:
        rows = _json(found["jsonData"], limits, asks, warnings)
    else:
        raise Refused("there is none of data, strData, jsonData and binData", "$")
    return Body(phase, rows, id=name_of(meta.get("puid")), parameters=_tags(meta), warnings=warnings)


def _tags(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    tags = meta.get("tags")
    return tags if isinstance(tags, dict) else {}


def _data(data: Mapping[str, Any], limits: Limits, asks: bool, warnings: list[str]) -> type_of_rows:
    """Rows of an array; with the names of its columns where it has some."""
    names = data.get("names")
    names = [name_of(name) for name in names] if isinstance(names, list) else []
    if "ndarray" in data:
        some = data["ndarray"]
        some = kept(some if isinstance(some, list) else [some], "$.data.ndarray", warnings)
    else:
        some = _tensor(data, limits, warnings)
    if asks:
        return [_with_names(one, names, limits, f"$.data[{i}]") for i, one in enumerate(some)]
    classes = [name for name in names if not name.startswith("t:")] or [""]
    hint = classes[0] if len(classes) == 1 else ""
    made: type_of_rows = [{} for _ in some]
    answered.put(made, hint, [one if isinstance(one, list) else [one] for one in some], warnings)
    return made


def _tensor(data: Mapping[str, Any], limits: Limits, warnings: list[str]) -> Sequence[Any]:
    """Parts of a tensor with its shape; TensorFlow's form has its numbers by type."""
    tensor = data.get("tensor")
    if isinstance(tensor, dict):
        made = Tensor("data", "FP64", shaped(tensor.get("shape")), tensor.get("values") or [])
        return parts(made, limits, warnings)
    tensor = data.get("tftensor")
    if not isinstance(tensor, dict):
        raise Refused("there is none of ndarray, tensor and tftensor", "$.data")
    shape = tensor.get("tensorShape")
    dims = shape.get("dim") if isinstance(shape, dict) else None
    sizes = [one.get("size") if isinstance(one, dict) else None for one in dims] if isinstance(dims, list) else []
    values = next((v for name, v in tensor.items() if name.endswith("Val") and isinstance(v, list)), [])
    return parts(Tensor("data", "FP64", shaped(sizes), values), limits, warnings)


def _with_names(one: Any, names: list[str], limits: Limits, path: str) -> dict[str, Any]:
    """One input: by name where there are as many names as values and some of these are no numbers."""
    wordy = isinstance(one, list) and any(isinstance(value, str) for value in one)
    if wordy and len(names) == len(one) and len(one) > 1:
        return {"features": dict(zip(names, one, strict=True))}
    return v1.row(one, limits, path) if not isinstance(one, dict) or "b64" not in one else {"features": one}


def _json(some: Any, limits: Limits, asks: bool, warnings: list[str]) -> type_of_rows:
    some = v1.listed(some, "$.jsonData", warnings)
    return v1_rows(some, limits, asks, warnings)


def v1_rows(some: Sequence[Any], limits: Limits, asks: bool, warnings: list[str]) -> type_of_rows:
    """Rows of values that are as V1 has them."""
    if asks:
        return [v1.row(one, limits, f"$[{i}]") for i, one in enumerate(some)]
    return v1.answers(list(some), "$", warnings)
