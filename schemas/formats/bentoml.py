"""BentoML's monitoring log: one flat JSON object a prediction, every logged column beside a time and a request id.

Which column is an input and which an answer stands in another log, of the schema, whose lines are refused with what
they say. Times are local and have no zone; a request id of "None" and a trace id of "0" mean that there is none.

References
----------
https://docs.bentoml.com/en/latest/build-with-bentoml/observability/monitoring-and-data-collection.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats.bodies.answered import within
from schemas.formats.bodies.tensors import flat
from schemas.formats.columns import ALSO, exchange, planned
from schemas.formats.decoded import object_of
from schemas.formats.exchange import Exchange
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source

TITLE = "BentoML monitoring"
PRINCIPALS = ("principal", "user_id", "client_ip")
MOST = 4096  # values of a sequence that become columns
_OWN = ("timestamp", "request_id", "trace_id")


def signs(one: Message) -> float:
    """Its own columns behind all others, and values that only it writes for what is missing."""
    row = object_of(one.value, Limits())
    if set(row) == {"meta_data", "columns"}:
        return 0.9
    last = list(row)[-3:]
    if "timestamp" not in last or "request_id" not in last or any(isinstance(v, dict) for v in row.values()):
        return 0.0
    time, name = row["timestamp"], row["request_id"]
    naive = isinstance(time, str) and len(time) >= 19 and time[10] == "T" and not time.endswith("Z") and "+" not in time
    return (
        0.4
        + 0.3 * naive
        + 0.2 * (name == "None" or (isinstance(name, str) and name.isdecimal()))
        + 0.05 * ("trace_id" in last)
    )


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """One prediction."""
    row = object_of(one.value, limits)
    if set(row) == {"meta_data", "columns"}:
        raise Refused(_schema(row["columns"]), "$.columns")
    if "timestamp" not in row:
        raise Refused("there is no timestamp, which BentoML always writes", "$.timestamp")
    if any(isinstance(value, list) for value in row.values()):
        row = _spread(row)
    made = exchange(row, one._replace(topic=_monitor(one.topic)), source, planned(tuple(row), _OWN), "BentoML's log")
    time = row["timestamp"]
    common = {**made.common, "time": time}
    for name, own, missing in (("id", "request_id", "None"), ("trace_id", "trace_id", "0")):
        common[name] = row.get(own) if row.get(own) != missing else None
    warnings = [*made.warnings]
    if isinstance(time, str) and len(time) > 10 and not time.endswith("Z") and "+" not in time[10:]:
        warnings.append("$.timestamp: local time without a zone, read as UTC")
    return [made._replace(common=common, warnings=warnings)]


def _spread(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose sequences are columns of their own, ``NAME.0`` and on; one that was answered is the probabilities."""
    made: dict[str, Any] = {}
    for name, value in row.items():
        if not isinstance(value, list):
            made[name] = value
        elif within(value) and (name in ALSO["label"] or name.startswith(("prob", "score"))):
            made["probabilities"] = value
        else:
            made.update({f"{name}.{i}": one for i, one in enumerate(flat(value, name)[:MOST])})
    return made


def _monitor(topic: str) -> str:
    """The topic, or of a file ``MONITOR/data/data.0.log`` the monitor."""
    parts = topic.split("/")
    return parts[-3] if len(parts) > 2 and parts[-2] == "data" else topic


def _schema(columns: object) -> str:
    """What the schema says, for whoever writes the configuration."""
    roles: dict[str, list[str]] = {}
    for column in columns if isinstance(columns, list) else []:
        if isinstance(column, Mapping):
            role, name = (str(column.get(key, ""))[:64] for key in ("role", "name"))
            roles.setdefault(role, []).append(name)
    said: list[Any] = [f"{role}: {', '.join(names[:8])}" for role, names in list(roles.items())[:4]]
    text = "; ".join(said).encode("ascii", "replace").decode()
    return f"this is the log's schema and no prediction ({''.join(c for c in text if c.isprintable())[:300]})"
