"""Bodies of TensorFlow Serving's and KServe's V1 protocol: ``instances`` and ``predictions``, or columns.

An instance is a number, nested lists of numbers, a text, an image ``{"b64": ...}`` or named values of any of these.

References
----------
https://www.tensorflow.org/tfx/serving/api_rest
https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
"""

import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.formats.bodies.answered import put, sums_to_one, within
from schemas.formats.bodies.asked import PROMPTS, picture_of, text_of, type_of_rows
from schemas.formats.bodies.body import NOTHING, REQUEST, RESPONSE, Body, kept, name_of
from schemas.formats.bodies.tensors import flat, packed
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits

_ANSWERS = ("predictions", "results", "result", "outputs")
_CLASSES, _SCORES = ("displayNames", "classes", "labels"), ("confidences", "scores", "probabilities")
_QUESTIONS = ("instances", "examples", "inputs")


def mine(found: Mapping[str, Any]) -> bool:
    """Tell whether a decoded object is such a body."""
    return any(name in found for name in (*_QUESTIONS, *_ANSWERS))


def of(found: Mapping[str, Any], limits: Limits) -> Body:
    """Return the body of a decoded object.

    Raises
    ------
    Refused : neither inputs nor answers in it, or more numbers in one than allowed
    """
    warnings: list[str] = []
    about = name_of(found.get("id")), name_of(found.get("model_name"))
    parameters = {name: found[name] for name in ("signature_name", "parameters", "params") if name in found}
    for name in _QUESTIONS:
        if name in found:
            some = listed(found[name], f"$.{name}", warnings)
            rows = [row(one, limits, f"$.{name}[{i}]") for i, one in enumerate(some)]
            return Body(REQUEST, rows, *about, parameters=parameters or NOTHING, warnings=warnings)
    for name in _ANSWERS:
        if name in found:
            return Body(RESPONSE, answers(found[name], f"$.{name}", warnings), *about, warnings=warnings)
    raise Refused("there is neither instances nor predictions", "$")


def listed(some: Any, path: str, warnings: list[str]) -> Sequence[Any]:
    """Return inputs or answers as a list: columns by name become rows, a single one a list of one."""
    if isinstance(some, dict):
        lengths = {len(column) if isinstance(column, list) else -1 for column in some.values()}
        if len(lengths) == 1 and lengths != {-1}:
            names = list(some)
            return [dict(zip(names, values, strict=True)) for values in zip(*map(_cut, some.values()), strict=True)]
        if lengths - {-1}:
            warnings.append(f"{path}: its columns are not of one length, read as one input")
        return [some]
    return kept(some, path, warnings) if isinstance(some, list) else [some]


def _cut(column: list[Any]) -> list[Any]:
    return column[:4096]


def row(one: Any, limits: Limits, path: str) -> dict[str, Any]:
    """Return the fields of a Record that one input holds.

    Raises
    ------
    Refused : more numbers than allowed, lists nested too deep
    """
    if isinstance(one, list):
        values = flat(one, path)
        if len(values) > limits.features:
            raise Refused(f"there are more than {limits.features} numbers", path)
        if values and all(isinstance(value, str) for value in values):
            return {"prompt": "\n".join(values)}
        return {"features": packed(values)}
    if isinstance(one, dict):
        return _named(one, limits, path)
    if isinstance(one, str):
        picture = picture_of(one)
        return {"image_b64": picture} if picture else {"prompt": one}
    return {"features": [one]}


def _named(one: Mapping[str, Any], limits: Limits, path: str) -> dict[str, Any]:
    """Named values: an image and a prompt by what they look like and are called, the rest are features."""
    made: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    if set(one) == {"b64"}:
        one = {"": one}
    for name, value in one.items():
        encoded = value.get("b64") if isinstance(value, dict) else value
        picture = picture_of(encoded) if isinstance(encoded, str) else ""
        if picture and "image_b64" not in made:
            made["image_b64"] = picture
        elif isinstance(value, str) and "prompt" not in made and (name.lower() in PROMPTS or len(one) == 1):
            made["prompt"] = value
        elif isinstance(value, dict) and isinstance(encoded, str):
            rest[name] = _decoded(encoded)
        else:
            rest[name] = value
    if rest:
        made["features"] = _features(rest, limits, path)
    return made


def _decoded(encoded: str) -> str:
    """Bytes that are no image, as text."""
    try:
        return text_of(binascii.a2b_base64(encoded))
    except ValueError:
        return encoded


def _features(rest: Mapping[str, Any], limits: Limits, path: str) -> Any:
    """Named single values as they are; tensors by name joined in the order of their names."""
    if not all(isinstance(value, list) for value in rest.values()):
        return dict(rest)
    values = [value for name in sorted(rest) for value in flat(rest[name], path)]
    if len(values) > limits.features:
        raise Refused(f"there are more than {limits.features} numbers", path)
    return packed(values)


def answers(some: Any, path: str, warnings: list[str]) -> type_of_rows:
    """Return the fields of a Record that each answer holds, by the rule of ``bodies.answered``."""
    some = listed(some, path, warnings)
    made: type_of_rows = [{} for _ in some]
    named = [_by_class(one) for one in some] if some and type(some[0]) in (dict, list) else []
    if named and all(named):
        return [{"probabilities": one} for one in named]
    if some and all(isinstance(one, dict) for one in some):
        if all(sums_to_one(list(one.values())) for one in some):
            return [{"probabilities": one} for one in some]
        for name in {name: None for one in some for name in list(one)[:64]}:
            column = [_values(one.get(name), path) for one in some]
            put(made, name, column, warnings)
        return made
    put(made, "", [_values(one, path) for one in some], warnings)
    return made


def _by_class(one: Any) -> dict[str, Any]:
    """Probabilities by class of an answer with names and numbers in two lists, or in a list of pairs; else nothing."""
    names: Sequence[Any] = ()
    numbers: Sequence[Any] = ()
    if isinstance(one, dict):
        names = next((one[name] for name in _CLASSES if isinstance(one.get(name), list)), ())
        numbers = next((one[name] for name in _SCORES if isinstance(one.get(name), list)), ())
    elif isinstance(one, list) and len(one) > 1 and all(isinstance(each, dict) for each in one):
        names, numbers = [each.get("label") for each in one], [each.get("score") for each in one]
    if len(names) != len(numbers) or not all(type(name) in (str, int) for name in names) or not within(numbers):
        return {}
    return {text_of(name): p for name, p in zip(names, numbers, strict=True)}


def _values(one: Any, path: str) -> Sequence[Any]:
    if one is None or isinstance(one, dict):
        return () if one is None else (text_of(one),)
    if isinstance(one, list) and one and all(map(_classified, one)):
        return [p for _, p in sorted(one)]
    return flat(one, path)


def _classified(pair: Any) -> bool:
    """Whether it is a label and how likely that is, as TensorFlow's classify answers."""
    return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and type(pair[1]) in (int, float)
