"""What tensors ask a model: they become the features, the prompt, the messages or the image of each input.

A tensor of words is a prompt if its name says so or it is alone; with numbers beside it that count the same inputs, and
one value each, all are the columns of a table. Tensors of numbers are joined in the order of their names, which their
writer cannot change without the model's noticing.
"""

import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from schemas.arrays import DTYPES
from schemas.formats.bodies.tensors import WORDS, Tensor, parts
from schemas.formats.rules import Limits

PROMPTS = frozenset((
    "prompt", "prompts", "text", "texts", "text_input", "input_text", "query", "question", "instruction", "message",
    "user_input", "content",
))  # fmt: skip
_CHAT = {"role", "content"}
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_IN_BASE64 = ("iVBORw0KGgo", "/9j/")

type_of_rows = list[dict[str, Any]]


def rows(tensors: Sequence[Tensor], limits: Limits, warnings: list[str]) -> type_of_rows:
    """Return for each input the fields of a Record that tensors hold.

    Raises
    ------
    schemas.formats.lenient.Refused : a tensor that cannot be read
    """
    if len(tensors) == 1:
        (tensor,) = tensors
        name = "features" if tensor.datatype != WORDS else ""
        found = parts(tensor, limits, warnings)
        return [{name: part} for part in found] if name else [said(part) for part in found]
    if _listed(tensors):
        tensors = [tensor._replace(codec="pd") for tensor in tensors]
    cut = {tensor.name: parts(tensor, limits, warnings) for tensor in sorted(tensors, key=_name)}
    wordy = {tensor.name for tensor in tensors if tensor.datatype == WORDS}
    if wordy >= _CHAT:
        return [_chat(cut)]
    prompt = next((name for name in cut if name in wordy and name.lower() in PROMPTS), "")
    if prompt:
        wide = {name: found for name, found in cut.items() if name not in wordy and _wide(found)}
        return _joined({prompt: cut[prompt], **wide}, {prompt}, warnings)
    if _table(cut, any(tensor.codec == "pd" for tensor in tensors)):
        return _columns(cut)
    return _joined(cut, wordy, warnings)


def _listed(tensors: Sequence[Tensor]) -> bool:
    """Tell words and numbers in lists of one length, of which each is a column, not an input of as many numbers."""
    lengths = {tuple(tensor.shape) for tensor in tensors}
    kinds = {tensor.datatype == WORDS for tensor in tensors}
    return len(lengths) == 1 == len(next(iter(lengths))) and len(kinds) == 2


def _wide(found: Sequence[Any]) -> bool:
    """Tell tensors of numbers that are asked about from settings of one number beside a prompt."""
    return any(type(part) is dict or len(part) > 1 for part in found)


def _name(tensor: Tensor) -> str:
    return tensor.name


def said(part: Sequence[Any]) -> dict[str, Any]:
    """Return what the words of one input are: a picture, or a prompt."""
    first = part[0] if part else ""
    picture = picture_of(first)
    if picture:
        return {"image_b64": picture}
    return {"prompt": text_of(first) if len(part) == 1 else "\n".join(map(text_of, part))}


def picture_of(value: object) -> str:
    """Return a PNG or JPEG, as bytes or base64, in base64; empty if it is none."""
    if isinstance(value, bytes):
        if value.startswith(_PICTURES):
            return binascii.b2a_base64(value, newline=False).decode()
        return picture_of(value.decode("ascii", "replace")) if value[:11].isascii() else ""
    if not isinstance(value, str):
        return ""
    if value.startswith("data:image/"):
        value = value[value.find(",", 0, 128) + 1 :]
    return value if value.startswith(_IN_BASE64) and len(value) > 64 else ""


def text_of(value: object) -> str:
    """Return words as text; bytes that are no UTF-8 are replaced."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else "" if value is None else str(value)


def _chat(cut: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Messages whose roles and words are two tensors, as servers of language models under V2 take them."""
    roles = [text_of(value) for part in cut["role"] for value in part]
    contents = [text_of(value) for part in cut["content"] for value in part]
    return {"messages": [{"role": r, "content": c} for r, c in zip(roles, contents, strict=False)]}


def _table(cut: Mapping[str, list[Any]], declared: bool) -> bool:
    """Tell whether tensors are the columns of a table: as long as each other, one value an input."""
    lengths = {len(found) for found in cut.values()}
    if len(lengths) != 1 or (lengths == {1} and len(cut) < 2):
        return False
    return declared or all(type(part) is not dict and len(part) == 1 for found in cut.values() for part in found)


def _columns(cut: Mapping[str, list[Any]]) -> type_of_rows:
    names = list(cut)
    made: type_of_rows = []
    for values in zip(*cut.values(), strict=True):
        row: dict[str, Any] = {}
        for name, part in zip(names, values, strict=True):
            value = part[0] if type(part) is not dict and len(part) == 1 else numbers_of(part)
            row[name] = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        made.append({"features": row})
    return made


def _joined(cut: Mapping[str, list[Any]], wordy: set[str], warnings: list[str]) -> type_of_rows:
    """Numbers of all tensors of an input after each other, and beside them what words there are."""
    longest = max((len(found) for found in cut.values()), default=0)
    if any(len(found) != longest for found in cut.values()):
        warnings.append("$.inputs: tensors are for different numbers of inputs, joined as far as they go")
    made: type_of_rows = [{} for _ in range(longest)]
    numeric = [found for name, found in cut.items() if name not in wordy]
    for name in cut:
        if name in wordy:
            if any("prompt" in row for row in made):
                warnings.append(f"$.{name[:64]}: which words are the prompt is a guess: the first by name")
                break
            for row, part in zip(made, cut[name], strict=False):
                row.update(said(part))
    for i, row in enumerate(made):
        mine = [found[i] for found in numeric if i < len(found)]
        if mine:
            row["features"] = mine[0] if len(mine) == 1 else [v for part in mine for v in numbers_of(part)]
    return made


def numbers_of(part: Any) -> list[Any]:
    """Return numbers as a list, whatever form they are in."""
    if type(part) is dict:
        found: list[Any] = np.frombuffer(part["b64"], DTYPES[part["dtype"]]).tolist()
        return found
    return list(part)
