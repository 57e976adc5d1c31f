"""Body: what a request or an answer says, whatever protocol it is in."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

NOTHING: Mapping[str, Any] = {}
REQUEST, RESPONSE = "request", "response"
ROWS = 4096  # inputs of one call that are read; of a call with more the others are left out, and that is said
TENSORS = 256  # of one body


class Body(NamedTuple):
    """One body of a call.

    Attributes
    ----------
    phase : ``request`` or ``response``
    rows : for each input, the fields of a Record that the body holds
    id, model, version : as the body has them; empty where it has none
    parameters : what was sent beside the inputs
    status : of the call, where the body says it
    warnings : what was odd, each a sentence that names the field
    """

    phase: str
    rows: Sequence[Mapping[str, Any]] = ()
    id: str = ""
    model: str = ""
    version: str = ""
    parameters: Mapping[str, Any] = NOTHING
    status: int | None = None
    warnings: Sequence[str] = ()


def kept(rows: Sequence[Any], path: str, warnings: list[str]) -> Sequence[Any]:
    """Return the rows that are read; says so where these are not all."""
    if len(rows) > ROWS:
        warnings.append(f"{path}: more than {ROWS} inputs in one call, the others were left out")
        return rows[:ROWS]
    return rows


def name_of(value: object) -> str:
    """Return a name that is a string or a number, else an empty one."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
