"""Batches that are none, are damaged, or are built to hurt: refused with a reason, never raised."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats.rules import Source
from tests.schemas.formats.telemetry import otlp
from tests.schemas.formats.telemetry.calls import (
    CALL,
    DETAILS,
    INFERENCE,
    KNOWN,
    LANGFUSE,
    MESSAGES,
    both_ways,
    reading,
    spans,
)


def test_a_batch_in_which_nothing_is_a_call_leaves_a_warning() -> None:
    found = spans({"http.request.method": "GET"})
    assert len(found.records) == 0
    assert found.warnings == {"1 spans or log records are no calls of a model": 1}


@pytest.mark.parametrize("nanoseconds", [0, 2**63, 2**64 - 1])
def test_a_time_that_is_none_is_the_brokers(nanoseconds: int) -> None:
    span = otlp.span(CALL).replace(otlp.fixed(7, otlp.BEGAN), otlp.fixed(7, nanoseconds))
    assert reading(otlp.batch(span)).records[0].time == 1_767_571_300.0
    assert reading(otlp.batch(span), time=None).rejects[0].path == "$.time"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (otlp.batch(otlp.span(CALL))[:-3], "runs over the end of its message at byte"),
        (b"\x0a\x00", "there is none in it"),
        (otlp.batch(otlp.held(5, "a name")), "without a trace or a time at byte"),
        (b'{"resourceSpans": [}', "no JSON"),
        (b'{"a": 1}', "there is none in it"),
        (json.dumps(MESSAGES).encode(), "messages or spans without the request"),
    ],
)  # fmt: skip
def test_what_is_no_batch_is_refused_with_the_reason(value: bytes, reason: str) -> None:
    assert reason in reading(value).rejects[0].reason


@both_ways
def test_a_tower_of_values_is_not_climbed(way: Any) -> None:
    tower: Any = "x"
    for _ in range(60):
        tower = [tower]
    found = reading(way.batch(way.record(DETAILS, {**KNOWN, "gen_ai.input.messages": tower})))
    said = [one.reason for one in found.rejects] or list(found.warnings)
    assert "nested more than" in said[0]


@both_ways
def test_arguments_of_a_tool_may_be_nested_as_they_are_in_life(way: Any) -> None:
    call = {"type": "tool_call", "name": "mail", "arguments": {"to": [{"name": "x", "tags": ["a", {"b": "c"}]}]}}
    said = [{"role": "assistant", "parts": [call]}]
    found = reading(way.batch(way.record(DETAILS, {**KNOWN, "gen_ai.output.messages": said})))
    assert found.records[0].completion == 'mail({"to":[{"name":"x","tags":["a",{"b":"c"}]}]})'


CORPUS = [otlp.batch(otlp.span(one)) for one in (CALL, INFERENCE, LANGFUSE)] + [
    otlp.batch(otlp.record(DETAILS, {**KNOWN, "gen_ai.input.messages": MESSAGES})),
    otlp.batch(otlp.record("gen_ai.user.message", {}, {"content": "x"})),
    otlp.batch_json(otlp.span_json(CALL)),
]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(CORPUS), st.integers(0, 4000), st.binary(max_size=8), st.sampled_from(["cut", "put", "set"]))
def test_no_damage_to_a_batch_raises(value: bytes, at: int, bits: bytes, how: str) -> None:
    at %= len(value)
    changed: dict[str, Callable[[], bytes]] = {
        "cut": lambda: value[:at], "put": lambda: value[:at] + bits + value[at:],
        "set": lambda: value[:at] + bits + value[at + len(bits) :],
    }  # fmt: skip
    found = reading(changed[how](), source=Source(model="m"))
    assert len(found.records) + len(found.rejects) + len(found.halves) + len(found.warnings) > 0
