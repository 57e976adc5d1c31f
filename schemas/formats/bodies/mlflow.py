"""Bodies of MLflow's scoring server: exactly one of four names holds the inputs, and ``predictions`` the answers.

A model that takes chat messages is asked by them, and gives its answer bare.

References
----------
https://mlflow.org/docs/latest/genai/serving/
"""

import csv
from collections.abc import Mapping
from typing import Any

from schemas.formats.bodies import v1
from schemas.formats.bodies.body import NOTHING, REQUEST, RESPONSE, ROWS, Body, kept
from schemas.formats.lenient import Refused, text
from schemas.formats.rules import Limits

INPUTS = ("dataframe_split", "dataframe_records", "instances", "inputs")


def mine(found: Mapping[str, Any]) -> bool:
    """Tell whether a decoded object is a body that only MLflow has."""
    return "dataframe_split" in found or "dataframe_records" in found or ("error_code" in found and "message" in found)


def of(found: Any, limits: Limits) -> Body:
    """Return the body of a decoded document.

    Raises
    ------
    Refused : no inputs or answers of a known form in it
    """
    if isinstance(found, list):
        warnings: list[str] = []
        return Body(RESPONSE, v1.answers(found, "$", warnings), warnings=warnings)
    if not isinstance(found, dict):
        raise Refused("there must be an object with inputs or predictions", "$")
    if "error_code" in found:
        return failed(found)
    names = [name for name in INPUTS if name in found]
    if not names:
        return v1.of(found, limits)
    body = _asked(found, names[0], limits)
    if len(names) > 1:
        what = f"$.{names[1]}: beside {names[0]}, of which MLflow allows only one; {names[0]} was read"
        body = body._replace(warnings=[*body.warnings, what])
    return body


def failed(found: Mapping[str, Any]) -> Body:
    """The answer to a call that failed."""
    return Body(RESPONSE, ({"finish_reason": text(found["error_code"], 128)},), status=400)


def _asked(found: Mapping[str, Any], name: str, limits: Limits) -> Body:
    warnings: list[str] = []
    some = found[name]
    if name == "dataframe_split":
        some = _split(some)
    rows = [
        v1.row(one, limits, f"$.{name}[{i}]")
        for i, one in enumerate(kept(v1.listed(some, f"$.{name}", warnings), f"$.{name}", warnings))
    ]
    params = found.get("params")
    return Body(REQUEST, rows, parameters=params if isinstance(params, dict) else NOTHING, warnings=warnings)


def _split(frame: Any) -> list[Any]:
    """Rows of a frame that has its columns' names and its data apart."""
    if not isinstance(frame, dict) or not isinstance(frame.get("data"), list):
        raise Refused("there must be columns and a list of data", "$.dataframe_split.data")
    data: list[Any] = frame["data"][: ROWS + 1]
    columns = frame.get("columns")
    if not isinstance(columns, list):
        return data
    names = [text(name, 256) for name in columns]
    return [
        dict(zip(names, values, strict=False)) if isinstance(values, list) else {names[0] if names else "": values}
        for values in data
    ]


def of_csv(written: str, limits: Limits) -> Body:
    """Return the body of a table of commas whose first line names the columns.

    Raises
    ------
    Refused : it cannot be read, with its line
    """
    warnings: list[str] = []
    reader = csv.DictReader(written.splitlines(keepends=True))
    rows = []
    try:
        for i, line in enumerate(reader):
            if i >= ROWS:
                warnings.append(f"$: more than {ROWS} inputs in one call, the others were left out")
                break
            features = {text(name, 256): _number(value) for name, value in line.items() if name is not None}
            rows.append({"features": features})
    except csv.Error as error:
        raise Refused(f"no CSV: {error} in line {reader.line_num}") from None
    if rows and len(rows[0]["features"]) > limits.features:
        raise Refused(f"there are more than {limits.features} columns")
    return Body(REQUEST, rows, warnings=warnings)


def _number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value or None
