"""Exchange: what one entry of a foreign log says of a request, its answer or both; and the records made of it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import force_setattr

from schemas.formats import lenient
from schemas.formats.addresses import client, telling
from schemas.formats.fields import found, id_of, record
from schemas.formats.lenient import Refused
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source
from schemas.principal import UNKNOWN, hash_principal, looked_up, shortened
from schemas.record import Record

REQUEST, RESPONSE, PAIR, ACCESS, ASIDE = "request", "response", "pair", "access", "aside"
PAYLOAD, OBSERVED, BROKER = "payload", "observed", "broker"
NOTHING: Mapping[str, Any] = {}
TOKENS = ("tokens_in", "tokens_out")
_OBJECTS = frozenset((dict,))
CONSTANT = "const:"  # begins what stands for a principal's name itself


class Exchange(NamedTuple):
    """What one entry of a log says of one call of a model. A call may ask about many inputs: each is a row.

    Attributes
    ----------
    common : fields of a Record that hold for the whole call: ``id``, ``time``, ``model``, ``latency_ms``, ...
    rows : for each input, the fields of a Record that hold for it: ``features``, ``probabilities``, ``prompt``, ...
    phase : ``request`` or ``response`` of a log that has them apart, ``pair``, ``access``: neither is in it, or
        ``aside``: no call of a model, of which nothing is kept but its warnings
    key : scope and id that both halves of one call share; empty where the log has whole calls
    attributes : where principals may be looked up beside ``common`` and the message's own headers: metadata
    clock : whose time it is: ``payload``, ``observed`` (by a collector) or ``broker``
    warnings : what was odd, each a sentence that names the field
    """

    common: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]] = ()
    phase: str = PAIR
    key: str = ""
    attributes: Mapping[str, Any] = NOTHING
    clock: str = PAYLOAD
    warnings: Sequence[str] = ()

    @property
    def half(self) -> bool:
        """Whether the other half of the call is another entry of the log."""
        return bool(self.key) and self.phase in (REQUEST, RESPONSE)


def records(
    exchange: Exchange, message: Message, *, source: Source, limits: Limits, principals: Sequence[str]
) -> list[Record]:
    """Make the records of a whole call, one for each of its rows.

    Parameters
    ----------
    principals : where to look for who asked, first found first

    Raises
    ------
    schemas.formats.lenient.Refused : there is no time, or no model and none configured
    """
    common = {**exchange.common}
    if not common.get("id"):
        common["id"] = id_of(message.value)
    if common.get("time") is None:
        if not message.time >= 0:  # NaN is not
            raise Refused("there is no time in the record, and the log keeps none", "$.time")
        common["time"] = message.time
    common["principal"] = ranked(exchange, principals, source, message.headers)[1]
    if common.get("client_ip"):
        common["client_ip"] = client(lenient.text(common["client_ip"]), source)
    common["model"] = common.get("model") or source.model
    common["version"] = common.get("version") or source.version
    common["tenant"] = common.get("tenant") or source.tenant
    common["phase"] = common.get("phase") or source.phase
    rows = exchange.rows
    if len(rows) < 2:
        if rows:
            common.update(rows[0])
        return [_record(common, source, limits)]
    for count in TOKENS:
        if type(common.get(count)) is int:
            common[count] //= len(rows)  # they were counted for the call
    name = lenient.text(common["id"], 240)
    return [_record(common | dict(row) | {"id": f"{name}:{i}"}, source, limits) for i, row in enumerate(rows)]


def distinct(calls: Sequence[Exchange], value: bytes) -> list[Exchange]:
    """The calls of one entry, each with an id: those that have none are numbered."""
    if len(calls) < 2 or all(call.common.get("id") for call in calls):
        return list(calls)
    name = id_of(value)
    return [
        call if call.common.get("id") else call._replace(common={**call.common, "id": f"{name}:{i}"})
        for i, call in enumerate(calls)
    ]


def who(exchange: Exchange, principals: Sequence[str], source: Source, headers: Mapping[str, str] = NOTHING) -> str:
    """Who asked, from the first place that says it; hashed where there is a secret."""
    return ranked(exchange, principals, source, headers)[1]


def ranked(
    exchange: Exchange, principals: Sequence[str], source: Source, headers: Mapping[str, str] = NOTHING
) -> tuple[int, str]:
    """Which of the places says who asked, -1 if none does; and who, hashed where there is a secret."""
    rank, path, name = _found_at(exchange, principals, source, headers)
    if rank < 0:
        return -1, UNKNOWN
    raw = not source.secret or path.startswith("const:")
    return rank, name if raw else hash_principal(source.secret, name)


def found_at(
    exchange: Exchange, principals: Sequence[str], source: Source, headers: Mapping[str, str] = NOTHING
) -> tuple[str, str]:
    """The first of the places that says who asked, and what it says; both empty if none does.

    ``headers.NAME`` is also looked up in the message's own headers. Where a place holds addresses, the caller's counts.
    """
    return _found_at(exchange, principals, source, headers)[1:]


def _found_at(
    exchange: Exchange, principals: Sequence[str], source: Source, headers: Mapping[str, str]
) -> tuple[int, str, str]:
    common, attributes = exchange.common, exchange.attributes
    places, heads, names, constant = _places(principals if type(principals) is tuple else tuple(principals))
    if not constant and heads.isdisjoint(common) and heads.isdisjoint(attributes):
        if names.isdisjoint(headers):
            return -1, "", ""
        for rank, (path, _, _, header, address) in enumerate(places):
            if header and header in headers and (name := lenient.text(headers[header])):
                return rank, path, shortened(client(name, source) if address else name, 256)
        return -1, "", ""
    for rank, (path, first, rest, header, address) in enumerate(places):
        if header == CONSTANT:
            return rank, path, first
        found = common.get(path)
        if found is None and rest and type(inner := common.get(first)) is dict:
            found = looked_up(inner, rest)
        if found is None:
            found = attributes.get(path)
            if found is None and rest and type(inner := attributes.get(first)) is dict:
                found = looked_up(inner, rest)
            if found is None and header:
                found = headers.get(header)
        if found is not None and (name := lenient.text(found)):
            return rank, path, shortened(client(name, source) if address else name, 256)
    return -1, "", ""


Place = tuple[str, str, str, str, bool]


@lru_cache(1024)
def _places(principals: tuple[str, ...]) -> tuple[tuple[Place, ...], frozenset[str], frozenset[str], bool]:
    """Each place: its path, the first name of that, the others, the header that it may be, and whether of addresses.

    And the names of fields and of headers, one of which must be there for any place but a constant to say anything; and
    whether there is a constant.
    """
    made: list[Place] = []
    for path in principals:
        first, _, rest = path.partition(".")
        if path.startswith(CONSTANT):
            made.append((path, path.removeprefix(CONSTANT), "", CONSTANT, False))
        else:
            made.append((path, first, rest, rest.lower() if first == "headers" else "", telling(path)))
    heads = frozenset(name for place in made for name in place[:2])
    names = frozenset(place[3] for place in made if place[3])
    return tuple(made), heads, names, CONSTANT in names


def _record(values: dict[str, Any], source: Source, limits: Limits) -> Record:
    """One record, first the short way: what has the right types already needs no second look."""
    features = values.get("features")
    if type(features) is dict and type(features.get("b64")) is bytes:
        values["features"] = lenient.features(features, limits)  # as found, a checked form
        features = None
    if type(features) is not dict or lenient.ready(features, limits):
        for name in ("features", "probabilities", "logits"):
            if len(values.get(name) or ()) > limits.features:
                raise Refused(f"there are more than {limits.features} values", f"$.{name}")
        spoken = values.pop("messages", None)
        try:
            made = msgspec.convert(values, Record)
        except (msgspec.ValidationError, RecursionError):
            values["messages"] = spoken
        else:
            if spoken is not None:  # converting them would copy them
                force_setattr(made, "messages", spoken if _messages(spoken) else lenient.messages(spoken))
            return made
    return record(found(values, limits), source)


def _messages(value: Any) -> bool:
    return type(value) is list and _OBJECTS.issuperset(map(type, value))


def _shared(answer: Mapping[str, Any], inputs: int) -> Mapping[str, Any]:
    """One answer to several inputs: its tokens were counted for all of them."""
    tokens = {name: answer[name] // inputs for name in TOKENS if type(answer.get(name)) is int}
    return {**answer, **tokens} if tokens else answer


def joined(request: Exchange, response: Exchange) -> Exchange:
    """The whole call of two halves: the request's words come first, the answer adds what it alone knows."""
    asked, answered = list(request.rows), list(response.rows)
    warnings = [*request.warnings, *response.warnings]
    if len(asked) != len(answered) and asked and answered:
        warnings.append(f"{len(asked)} inputs were asked about and {len(answered)} answered")
        answered = answered if len(answered) == 1 else answered[: len(asked)]
    length = max(len(asked), len(answered))
    asked += [NOTHING] * (length - len(asked))
    if len(answered) == 1 < length:
        answered = [_shared(answered[0], length)] * length
    answered += [NOTHING] * (length - len(answered))
    common = {**response.common, **{name: value for name, value in request.common.items() if value not in (None, "")}}
    began, ended = request.common.get("time"), response.common.get("time")
    if isinstance(began, float) and isinstance(ended, float) and ended >= began:
        common.setdefault("latency_ms", (ended - began) * 1000.0)
    rows = [{**answer, **ask} for ask, answer in zip(asked, answered, strict=True)]
    attributes = {**response.attributes, **request.attributes}
    return Exchange(common, rows, PAIR, "", attributes, request.clock, warnings)
