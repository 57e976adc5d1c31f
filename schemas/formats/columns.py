"""Columns: flat rows, as CSV, Parquet and tables of logs have them; what is no field of a record is a named feature.

A column that is called like a field of a record is that field. Some other usual names are understood; what was taken
for what is counted as a warning, so that nothing is guessed in silence.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from schemas.formats.decoded import object_of
from schemas.formats.exchange import ACCESS, PAIR, Exchange
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source
from schemas.record import Record

TITLE = "flat rows, as of CSV and Parquet"
PRINCIPALS = ("principal", "client_ip")
TABLES = frozenset({"text/csv", "application/vnd.apache.parquet"})  # content types of rows out of files
WORDS = 64  # characters from which on a text with spaces is words, not a category
_CONTENT = frozenset({"features", "probabilities", "logits", "prompt", "messages", "completion", "image_b64"})
_FEEDBACK = frozenset({"request_id", "phase"})  # fields of what says afterwards what was true
_FIELDS = frozenset(Record.__struct_fields__) - _FEEDBACK
ALSO = {  # other names of fields, the first that is there wins
    "time": ("timestamp", "ts", "event_time", "request_time", "datetime", "created_at", "logged_at", "date"),
    "principal": ("user_id", "user", "userid", "customer_id", "customer", "account_id", "account", "client_id",
                  "caller", "requester"),
    "id": ("request_id", "event_id", "inference_id", "transaction_id", "uuid"),
    "model": ("model_name", "endpoint_name", "deployment"),
    "version": ("model_version",),
    "client_ip": ("ip", "ip_address", "remote_addr", "source_ip"),
    "user_agent": ("useragent",),
    "session": ("session_id",),
    "latency_ms": ("latency", "duration_ms", "response_time_ms"),
    "label": ("prediction", "predicted", "predicted_label", "pred", "y_pred", "output", "class"),
    "value": ("score", "y_hat", "probability"),
    "prompt": ("input_text", "question", "query", "text"),
    "completion": ("output_text", "response", "answer", "generated_text"),
    "status": ("status_code", "http_status"),
    "tenant": ("tenant_id", "organization", "org_id"),
}  # fmt: skip
TRUE = frozenset({"target", "ground_truth", "actual", "y_true", "is_fraud", "label_true"})  # what was true, no input
_CHANCES = ("probability_", "prob_", "proba_")


class Plan(NamedTuple):
    """Which column is what: by field, the features, the probabilities by class, and what was guessed."""

    fields: tuple[tuple[str, str], ...]
    features: tuple[str, ...]
    chances: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def signs(one: Message) -> float:
    """A flat object, surely where it was a row of a table, unless it has what the native format has."""
    row = object_of(one.value, Limits())
    if len(row) < 2 or _nested(row) or _CONTENT & row.keys():
        return 0.0
    if one.headers.get("content-type") in TABLES:
        return 0.94  # less than what only one format has
    return 0.3 if any(name in row for name in ("time", *ALSO["time"])) else 0.0


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """One row."""
    row = object_of(one.value, limits)
    if name := _nested(row):
        raise Refused("this is no flat row: a value is an object or a list", f"$.{name[:64]}")
    return [exchange(row, one, source, planned(tuple(row), feedback=bool(source.phase)), "the row")]


def exchange(row: Mapping[str, Any], one: Message, source: Source, plan: Plan, what: str) -> Exchange:
    """What a row says, by a plan; what stands for a missing model is said."""
    common = {name: row[column] for name, column in plan.fields if row[column] not in (None, "")}
    warnings = list(plan.warnings)
    if not common.get("model") and not source.model:
        common["model"] = named_after(one.topic)
        warnings.append(f"$.model: {what} names no model, the name of the topic or file stands for it")
    features = {name: row[name] for name in plan.features}
    for name, value in features.items():
        if isinstance(value, str) and len(value) > WORDS and " " in value:
            _as_words(name, common, warnings)
            common[_free(common)] = value
    worded = {name for name in features if common.get("prompt") is features[name]}
    worded |= {name for name in features if common.get("completion") is features[name]}
    features = {name: value if value != "" else None for name, value in features.items() if name not in worded}
    if "label" in common:
        _labelled(common)
    if features:
        common["features"] = features
    if plan.chances:
        common["probabilities"] = {name: row[column] for name, column in plan.chances}
    content = _CONTENT & common.keys() or common.keys() & {"label", "value"}
    return Exchange(common, (), PAIR if content else ACCESS, "", row, warnings=warnings)


@lru_cache(256)
def planned(names: tuple[str, ...], left_out: tuple[str, ...] = (), *, feedback: bool = False) -> Plan:
    """What each of a row's columns is."""
    known = _FIELDS | _FEEDBACK if feedback or "phase" in names else _FIELDS
    fields = {name: name for name in names if name in known and name not in left_out}
    warnings = []
    for name, others in ALSO.items():
        there = [other for other in others if other in names and other not in left_out]
        if name not in fields and there:
            fields[name] = there[0]
            also = f", not {' or '.join(there[1:])}" if there[1:] else ""
            warnings.append(f"$.{there[0]}: taken for {name}{also}")
    chances = [(name.removeprefix(p), name) for name in names for p in _CHANCES if name.startswith(p) and name != p]
    chances = chances if len(chances) > 1 and "probabilities" not in fields else []
    used = {*fields.values(), *(column for _, column in chances), *left_out}
    true = [name for name in names if name.lower() in TRUE and name not in used]
    warnings += [f"$.{name}: left out, it says what was true and not what was asked" for name in true]
    features = () if "features" in fields else tuple(n for n in names if n not in used and n not in true)
    return Plan(tuple(fields.items()), features, tuple(chances), tuple(warnings))


def _nested(row: Mapping[str, Any]) -> str:
    """The first column that is no field of a record and holds more than a value; empty if none does."""
    return next((n for n, value in row.items() if isinstance(value, dict | list) and n not in _FIELDS), "")


def named_after(topic: str) -> str:
    """A name for a model that has none: the last part of the topic or file, without endings."""
    name = topic.replace("\\", "/").rstrip("/").rpartition("/")[2]
    for ending in (".gz", ".zst", ".jsonl", ".json", ".csv", ".tsv", ".parquet", ".log"):
        name = name.removesuffix(ending)
    return name if name not in ("", "-") else "unnamed"


def _as_words(column: str, common: Mapping[str, Any], warnings: list[str]) -> None:
    warnings.append(f"$.{column}: long text, taken for {_free(common)}")


def _free(common: Mapping[str, Any]) -> str:
    return "prompt" if "prompt" not in common else "completion"


def _labelled(common: dict[str, Any]) -> None:
    """A fraction is a number that was answered, not a label."""
    label = common["label"]
    if isinstance(label, float) and not label.is_integer() and "value" not in common:
        common["value"] = common.pop("label")
