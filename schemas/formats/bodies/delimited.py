"""Bodies of numbers between commas, one input a line, as SageMaker's built-in models take and give them."""

from schemas.formats import lenient
from schemas.formats.bodies.answered import put
from schemas.formats.bodies.asked import type_of_rows
from schemas.formats.bodies.body import REQUEST, Body, kept
from schemas.formats.lenient import Refused
from schemas.formats.rules import Limits


def of(text: str, phase: str, limits: Limits) -> Body:
    """The body of a text; cells that are no numbers make the values of their line named.

    Raises
    ------
    Refused : more values in a line than allowed
    """
    warnings: list[str] = []
    lines = [line for line in text.replace("\r", "").split("\n") if line.strip()]
    cells = [_cells(line, limits) for line in kept(lines, "$.data", warnings)]
    if phase == REQUEST:
        return Body(REQUEST, [_asked(one) for one in cells], warnings=warnings)
    rows: type_of_rows = [{} for _ in cells]
    put(rows, "", [[_value(cell) for cell in one] for one in cells], warnings)
    return Body(phase, rows, warnings=warnings)


def _cells(line: str, limits: Limits) -> list[str]:
    cells = [cell.strip().strip('"') for cell in line.split(",")]
    if len(cells) > limits.features:
        raise Refused(f"there are more than {limits.features} values", "$.data")
    return cells


def _asked(cells: list[str]) -> dict[str, object]:
    values = [_value(cell) for cell in cells]
    if all(isinstance(one, float) or one is None for one in values):
        return {"features": values}
    if len(values) == 1:
        return {"prompt": cells[0]}
    return {"features": {f"column_{i}": one for i, one in enumerate(values)}}


def _value(cell: str) -> float | str | None:
    if not cell:
        return None
    number = lenient.number(cell)
    return number if number == number else cell  # noqa: PLR0124  # NaN
