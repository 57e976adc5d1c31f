"""Envoy AI Gateway's access lines: whose address called which model, whatever wraps the line."""

import json
from typing import Any

import pytest

from schemas.formats import named, recognise
from schemas.formats.reading import Reading
from schemas.formats.rules import Source
from schemas.record import Record
from tests.schemas.formats.telemetry import otlp

FORM = named("envoy_ai_gateway")
LINE: dict[str, Any] = {
    "start_time": "2026-01-05T00:00:45.250Z", "x-request-id": "r-1", "method": "POST", "response_code": 200,
    "duration": 500, "response_flags": "-", "x-forwarded-for": "192.0.2.4", "user-agent": "curl/8",
    "downstream_remote_address": "198.51.100.1:4711", "gen_ai.request.model": "m-1",
    "gen_ai.request.model_override": None, "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3,
    "upstream_host": "203.0.113.9:443",
}  # fmt: skip


def reading(line: Any, **source: Any) -> Reading:
    return FORM.read_many([json.dumps(line).encode()], [0], source=Source(**source))


def record(line: Any) -> Record:
    return reading(line).records[0]


def test_a_line_is_a_record_without_words() -> None:
    one = record(LINE)
    assert (one.id, one.time, one.model, one.principal, one.status) == (
        "r-1",
        1_767_571_245.25,
        "m-1",
        "192.0.2.4",
        200,
    )
    assert (one.tokens_in, one.tokens_out, one.latency_ms, one.user_agent) == (7, 3, 500.0, "curl/8")
    assert (one.prompt, one.messages, one.completion) == (None, None, None)


@pytest.mark.parametrize("absent", [None, "-", ""])
def test_what_is_absent_is_null_or_a_dash(absent: Any) -> None:
    names = ("x-forwarded-for", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")
    found = reading({**LINE, **dict.fromkeys(names, absent)})
    one = found.records[0]
    assert (one.tokens_in, one.principal) == (None, "198.51.100.1")
    assert any("llmRequestCosts" in warning for warning in found.warnings)


def test_numbers_may_be_text() -> None:
    line = {**LINE, "duration": "500", "response_code": "429", "gen_ai.usage.input_tokens": "7"}
    assert (record(line).status, record(line).tokens_in, record(line).latency_ms) == (429, 7, 500.0)


def test_a_call_of_a_tool_is_one_of_its_provider() -> None:
    line = {
        **LINE,
        "gen_ai.request.model": None,
        "mcp.provider.name": "docs",
        "mcp.session.id": "s",
        "mcp.method.name": "x",
    }
    assert (record(line).model, record(line).session) == ("mcp/docs", "s")


def test_a_request_to_no_model_leaves_a_warning_unless_the_source_names_one() -> None:
    line = {**LINE, "gen_ai.request.model": None}
    assert len(reading(line).records) == 0
    assert any("to no model" in warning for warning in reading(line).warnings)
    assert reading(line, model="m-9").records[0].model == "m-9"


@pytest.mark.parametrize("under", ["log", "message"])
def test_a_line_in_a_shippers_object_is_the_line(under: str) -> None:
    assert record({under: json.dumps(LINE), "kubernetes": {"pod_name": "p"}}) == record(LINE)


def test_a_line_that_is_cut_is_refused_with_its_place() -> None:
    reject = FORM.read_many([json.dumps({"log": json.dumps(LINE)[:-5]}).encode()], [0]).rejects[0]
    assert (reject.path, reject.reason[:7]) == ("$.log", "no JSON")


@pytest.mark.parametrize("time", ["2026-01-05T00:00:45.250Z", None])
def test_a_line_as_a_log_record_of_opentelemetry_is_the_same(time: Any) -> None:
    attributes = {name: str(value) for name, value in {**LINE, "start_time": time}.items() if value is not None}
    for way in (otlp.batch(otlp.record("", attributes)), otlp.batch_json(otlp.record_json("", attributes))):
        one = named("otel").read_many([way], [0]).records[0]
        assert (one.id, one.model, one.status, one.tokens_in, one.client_ip) == ("r-1", "m-1", 200, 7, "192.0.2.4")
        assert one.time == (1_767_571_245.25 if time else 1_767_571_245.75)


def test_it_is_recognised() -> None:
    recognised = recognise([json.dumps(LINE).encode()])
    assert recognised is not None
    assert (recognised.name, recognised.tied) == ("envoy_ai_gateway", ())


def test_the_first_names_of_its_fields_are_read_too() -> None:
    names = {
        "gen_ai.request.model": "genai_model_name", "gen_ai.usage.input_tokens": "genai_tokens_input",
        "gen_ai.usage.output_tokens": "genai_tokens_output",
    }  # fmt: skip
    line = {names.get(name, name): value for name, value in LINE.items()}
    one = record(line)
    assert (one.model, one.tokens_in, one.tokens_out) == ("m-1", 7, 3)
    found = recognise([json.dumps(line).encode()])
    assert found is not None
    assert (found.name, found.tied) == ("envoy_ai_gateway", ())
