"""What outputs of a model answer: they become probabilities, logits, a label, a value or words of each input.

The rule, in this order; where it ends in a guess, a warning says so:

1. the name: ``prob``, ``score``, ``softmax``, ``confidence`` (numbers in [0, 1] only), ``logit``, ``label``,
   ``class``, ``text``, ``completion``, ``generated``, ``embedding`` (left out);
2. two numbers or more in [0, 1] that sum to 1 within 0.01: probabilities;
3. one number: a whole one, or of a whole datatype, is a label, any other a value;
4. words: up to 64 characters without a line break a label, else a completion;
5. a guess: more numbers in [0, 1] are probabilities of labels that do not exclude each other; others are logits.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from schemas.formats.bodies.asked import numbers_of, text_of, type_of_rows
from schemas.formats.bodies.tensors import WHOLE, WORDS, Tensor, parts, single
from schemas.formats.rules import Limits

PROBABILITIES, LOGITS, LABEL, VALUE, COMPLETION, NOTHING = (
    "probabilities", "logits", "label", "value", "completion", "",
)  # fmt: skip
_NAMES = (
    ("logit", LOGITS), ("prob", PROBABILITIES), ("score", PROBABILITIES), ("softmax", PROBABILITIES),
    ("confidence", PROBABILITIES), ("label", LABEL), ("class", LABEL), ("completion", COMPLETION),
    ("generated", COMPLETION), ("text", COMPLETION), ("embedding", NOTHING), ("hidden_state", NOTHING),
)  # fmt: skip
_NUMBERS = frozenset((int, float, bool, type(None)))
_SHORT = 64
_MANY_CLASSES = 10_000  # more numbers than that are no classes


def rows(tensors: Sequence[Tensor], limits: Limits, warnings: list[str]) -> type_of_rows:
    """Return for each input the fields of a Record that outputs hold; of two outputs for one field the first counts.

    Raises
    ------
    schemas.formats.lenient.Refused : a tensor that cannot be read
    """
    if len(tensors) == 1 and (likely := _likely(tensors[0], limits)):
        return [{PROBABILITIES: likely}]
    made: type_of_rows = []
    for tensor in tensors:
        found = _each(tensor, limits, warnings)
        while len(made) < len(found):
            made.append({})
        put(made, tensor.name, found, warnings, whole=tensor.datatype in WHOLE)
    return made


def _likely(tensor: Tensor, limits: Limits) -> list[Any] | None:
    """The probabilities of one input, where a tensor plainly holds them; None where it takes a closer look."""
    row = single(tensor, limits.features)
    if row is None or len(row) < 2 or not within(row):
        return None
    named = _by_name(tensor.name)
    summed = named is None and tensor.datatype not in WHOLE and sums_to_one(row)
    return row if summed or named == PROBABILITIES else None


def _each(tensor: Tensor, limits: Limits, warnings: list[str]) -> list[list[Any]]:
    """Values by input; one dimension is a number an input, but for probabilities of one input."""
    found = [part if type(part) is list else numbers_of(part) for part in parts(tensor, limits, warnings)]
    if len(found) == 1 and len(tensor.shape) == 1 and tensor.datatype != WORDS and len(found[0]) > 1:
        if tensor.datatype not in WHOLE and sums_to_one(found[0]):
            return found
        return [[value] for value in found[0][:4096]]
    return found


def put(
    made: type_of_rows, name: str, found: Sequence[Sequence[Any]], warnings: list[str], *, whole: bool = False
) -> None:
    """Add what one output says to the fields of each input, if nothing has said that before."""
    field, guessed = meaning(name, found, whole=whole)
    if guessed:
        what = f"{field} is a guess from its numbers" if field else "not understood, left out"
        warnings.append(f"$.{name[:64] or 'predictions'}: {what}")
    if not field:
        return
    for row, values in zip(made, found, strict=False):
        if values and field not in row:
            row[field] = _value(field, values)


def _value(field: str, values: Sequence[Any]) -> Any:
    if field in (PROBABILITIES, LOGITS):
        if len(values) == 1 and field == PROBABILITIES and values[0] is not None:
            return [1.0 - values[0], values[0]]
        return values
    if field == COMPLETION:
        return "\n".join(map(text_of, values))
    value = values[0]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, bytes):
        value = text_of(value)
    if field == LABEL and isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return float(value) if field == VALUE and isinstance(value, int) else value


def meaning(name: str, found: Sequence[Sequence[Any]], *, whole: bool) -> tuple[str, bool]:
    """Return the field that values (N inputs, each some) belong to, empty if to none; and whether that is a guess."""
    first = found[0] if found else ()
    if not first:
        return NOTHING, False
    named = _by_name(name)
    if not _NUMBERS.issuperset(map(type, first)):
        return _of_words(named, found), False
    inside = all(map(within, found))
    if named is not None and _possible(named, len(first), inside, whole):
        return named, False
    if len(first) == 1:
        label = whole or all(isinstance(values[0], int) for values in found if values)
        return (LABEL if label else VALUE), False
    return _of_vectors(found, inside, whole or len(first) > _MANY_CLASSES)


def _of_vectors(found: Sequence[Sequence[Any]], inside: bool, unlikely: bool) -> tuple[str, bool]:
    """As :func:`meaning`, of two numbers or more that have no telling name."""
    if unlikely:
        return NOTHING, True
    if inside and all(map(sums_to_one, found)):
        return PROBABILITIES, False
    return (PROBABILITIES if inside else LOGITS), True


@lru_cache(1024)
def _by_name(name: str) -> str | None:
    """Return what a name says, None if nothing."""
    lower = name.lower()
    for part, field in _NAMES:
        if part in lower:
            return field
    return None


def _possible(field: str, width: int, inside: bool, whole: bool) -> bool:
    """Tell whether numbers can be what their name says."""
    if field == PROBABILITIES:
        return inside and not (whole and width == 1)
    if field == COMPLETION:
        return False
    return width == 1 if field == LABEL else True


def _of_words(named: str | None, found: Sequence[Sequence[Any]]) -> str:
    if named in (LABEL, COMPLETION):
        return named
    long = any(len(values) != 1 or _long(values[0]) for values in found)
    return COMPLETION if long else LABEL


def _long(value: object) -> bool:
    text = text_of(value)
    return len(text) > _SHORT or "\n" in text


def within(values: Sequence[Any]) -> bool:
    """Tell whether numbers are in [0, 1], as far as rounding goes."""
    try:
        return bool(values) and min(values) >= -1e-6 and max(values) <= 1.000001
    except TypeError:
        return False


def sums_to_one(values: Sequence[Any]) -> bool:
    """Tell whether numbers sum to 1 within 0.01."""
    try:
        return len(values) > 1 and within(values) and abs(sum(values) - 1.0) <= 0.01
    except TypeError:
        return False
