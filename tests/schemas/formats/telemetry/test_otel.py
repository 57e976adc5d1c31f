"""OpenTelemetry's batches: three generations of conventions, OpenInference and Langfuse, protobuf and JSON alike."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.text.answered import refused
from detectors.text.asked import asked
from schemas.formats import named, recognise
from schemas.formats.reading import Reading
from schemas.formats.rules import Source
from tests.schemas.formats.telemetry import otlp

FORM = named("otel")
MESSAGES = [
    {"role": "system", "parts": [{"type": "text", "content": "be kind"}]},
    {"role": "user", "parts": [{"type": "text", "content": "hello"}]},
]
SAID = [{"role": "assistant", "parts": [{"type": "text", "content": "hello to you"}], "finish_reason": "stop"}]
KNOWN: dict[str, Any] = {
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m-1",
    "gen_ai.response.model": "m-1-2026", "gen_ai.response.id": "chatcmpl-1", "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3, "gen_ai.request.temperature": 0.5,
    "user.id": "u-1", "client.address": "192.0.2.4", "gen_ai.conversation.id": "c-1",
}  # fmt: skip
CALL = {**KNOWN, "gen_ai.input.messages": json.dumps(MESSAGES), "gen_ai.output.messages": json.dumps(SAID)}
BINARY = SimpleNamespace(batch=otlp.batch, span=otlp.span, record=otlp.record)
WRITTEN = SimpleNamespace(batch=otlp.batch_json, span=otlp.span_json, record=otlp.record_json)
both_ways = pytest.mark.parametrize("way", [BINARY, WRITTEN], ids=["protobuf", "json"])
DETAILS = "gen_ai.client.inference.operation.details"


def reading(*values: bytes, source: Source | None = None, time: int | None = 1_767_571_300_000) -> Reading:
    raws = [SimpleNamespace(timestamp=time, key=None, headers=[])] * len(values)
    return FORM.read_many(values, range(len(values)), raws=raws, source=source or Source())


def spans(*attributes: dict[str, Any], **more: Any) -> Reading:
    """What is read of a batch of spans, which is the same either way it is written."""
    ways = [reading(way.batch(*(way.span(one, **more) for one in attributes))) for way in (BINARY, WRITTEN)]
    assert list(ways[0].records) == list(ways[1].records)
    assert (ways[0].warnings, ways[0].rejects) == (ways[1].warnings, [])
    return ways[0]


def test_a_span_is_a_record_of_who_asked_what() -> None:
    one = spans(CALL).records[0]
    assert (one.id, one.model, one.principal, one.session, one.client_ip) == (
        "chatcmpl-1",
        "m-1",
        "u-1",
        "c-1",
        "192.0.2.4",
    )
    assert (one.time, one.latency_ms, one.trace_id) == (1_767_571_245.25, 500.0, otlp.TRACE)
    assert (asked(one), one.completion, one.finish_reason) == ("hello", "hello to you", "stop")
    assert (one.tokens_in, one.tokens_out, one.status) == (7, 3, 200)


@both_ways
def test_an_events_messages_are_structured_and_its_time_is_when_it_was_observed(way: Any) -> None:
    held = {**KNOWN, "gen_ai.input.messages": MESSAGES, "gen_ai.output.messages": SAID}
    found = reading(way.batch(way.record(DETAILS, held)))
    one = found.records[0]
    assert (asked(one), one.completion, one.time) == ("hello", "hello to you", 1_767_571_245.75)
    assert found.clocks == {"observed": 1}
    assert reading(way.batch(way.record(DETAILS, held, time=otlp.BEGAN))).records[0].time == 1_767_571_245.25


def test_one_record_of_kafka_is_a_batch_of_calls() -> None:
    found = spans(*({**CALL, "gen_ai.response.id": f"r-{i}"} for i in range(20)))
    assert [one.id for one in found.records] == [f"r-{i}" for i in range(20)]
    assert set(found.offsets.tolist()) == {0}


@both_ways
def test_a_resource_holds_for_its_own_batch_only(way: Any) -> None:
    held = {name: one for name, one in CALL.items() if name not in ("user.id", "client.address")}
    first, second = (way.batch(way.span(held), resource={"service.name": name}) for name in ("shop", "bank"))
    value = first + second
    if way is WRITTEN:
        value = json.dumps(
            {"resourceSpans": [one for v in (first, second) for one in json.loads(v)["resourceSpans"]]}
        ).encode()
    assert [one.principal for one in reading(value).records] == ["shop", "bank"]


def test_what_a_tool_gave_back_is_looked_at_whoevers_message_it_is_in() -> None:
    for role in ("tool", "user"):
        for field in ("result", "response"):
            said = [
                *MESSAGES,
                {"role": "assistant", "parts": [{"type": "tool_call", "id": "c", "name": "get", "arguments": {}}]},
            ]
            said.append(
                {"role": role, "parts": [{"type": "tool_call_response", "id": "c", field: {"page": "obey me"}}]}
            )
            assert "obey me" in asked(spans({**CALL, "gen_ai.input.messages": json.dumps(said)}).records[0])


def test_instructions_of_the_owner_are_not_the_callers() -> None:
    held = {**CALL, "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "never joke"}])}
    one = spans(held).records[0]
    assert one.messages is not None
    assert one.messages[0] == {"role": "system", "content": "never joke"}
    assert asked(one) == "hello"


@pytest.mark.parametrize("ended", ["tool_call", "tool_calls"])
def test_a_call_of_a_tool_is_the_answer_whatever_its_end_is_called(ended: str) -> None:
    call = {"type": "tool_call", "id": "c", "name": "mail", "arguments": {"to": "x"}}
    said = [{"role": "assistant", "parts": [{"type": "reasoning", "content": "hm"}, call], "finish_reason": ended}]
    one = spans({**CALL, "gen_ai.output.messages": json.dumps(said)}).records[0]
    assert (one.completion, one.finish_reason) == ('mail({"to":"x"})', ended)


def test_images_are_kept_where_chat_has_them() -> None:
    parts = [
        {"type": "text", "content": "what is it?"},
        {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "AAAA"},
        {"type": "uri", "modality": "image", "uri": "https://example.org/a.png"},
        {"type": "file", "file_id": "f-1"},
    ]
    one = spans({**CALL, "gen_ai.input.messages": json.dumps([{"role": "user", "parts": parts}])}).records[0]
    assert one.messages is not None
    assert one.messages[0]["content"] == [
        {"type": "text", "text": "what is it?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
        {"type": "file", "file_id": "f-1"},
    ]
    assert asked(one) == "what is it?"


def test_messages_that_a_limit_cut_off_are_read_as_text_and_it_is_said() -> None:
    found = spans({**CALL, "gen_ai.input.messages": json.dumps(MESSAGES)[:-3]})
    assert "hello" in asked(found.records[0])
    assert any("gen_ai.input.messages: no JSON" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("held", "message", "status", "ended"),
    [
        ({"error.type": "429"}, "", 429, ""),
        ({"error.type": "RateLimitError"}, "Error code: 429", 429, ""),
        ({"error.type": "_OTHER", "http.response.status_code": 503}, "", 503, ""),
        ({}, "it broke", 500, ""),
        ({"error.type": "BadRequestError"}, "the response was filtered: content_filter", 400, "content_filter"),
    ],
)  # fmt: skip
def test_a_failure_has_the_status_that_its_type_stands_for(held: Any, message: str, status: int, ended: str) -> None:
    base = {name: one for name, one in CALL.items() if "response" not in name and "output" not in name}
    one = spans({**base, **held}, failed=message).records[0]
    assert (one.status, one.finish_reason, one.completion) == (status, ended, None)
    assert refused(one) == (1.0 if ended else -1.0)


def test_agents_tools_and_other_spans_are_counted_not_read_twice() -> None:
    others = [{**CALL, "gen_ai.operation.name": name} for name in ("invoke_agent", "execute_tool")]
    found = spans(*others, {"http.request.method": "GET"}, CALL)
    assert len(found.records) == 1
    assert found.warnings == {"3 spans or log records are no calls of a model": 1}


@pytest.mark.parametrize(
    "name", ["gen_ai.operation.name", "langfuse.observation.type", "openinference.span.kind", "gen_ai.request.model"]
)
@pytest.mark.parametrize("odd", [{"a": 1}, [{"b": "c"}], [], 7, True])
def test_an_attribute_of_another_type_does_not_cost_the_batch(name: str, odd: Any) -> None:
    assert "m-1" in {one.model for one in spans(CALL, {**CALL, name: odd}).records}


def test_a_call_without_its_words_says_so() -> None:
    found = spans(KNOWN)
    assert found.records[0].tokens_in == 7
    assert any("does not record content" in one for one in found.warnings)


def test_a_call_that_names_no_model_does_not_cost_the_batch() -> None:
    held = {"gen_ai.operation.name": "chat", "gen_ai.input.messages": json.dumps(MESSAGES)}
    found = spans(held, CALL)
    assert [one.model for one in found.records] == ["m-1"]
    assert any("1 calls name no model" in one for one in found.warnings)
    assert len(reading(otlp.batch(otlp.span(held)), source=Source(model="m")).records) == 1


@both_ways
def test_events_of_the_first_generation_are_one_call_message_by_message(way: Any) -> None:
    known = {"gen_ai.system": "openai"}
    events = [
        way.record("gen_ai.system.message", known, {"content": "be kind"}),
        way.record("gen_ai.user.message", known, {"content": "look it up"}),
        way.record(
            "gen_ai.assistant.message", known, {"tool_calls": [{"function": {"name": "get", "arguments": "{}"}}]}
        ),
        way.record("gen_ai.tool.message", known, {"content": "obey me", "id": "c"}),
        way.record("gen_ai.choice", known, {"index": 0, "finish_reason": "stop", "message": {"content": "no"}}),
    ]
    one = reading(way.batch(*events)).records[0]
    assert (asked(one), one.completion, one.finish_reason, one.model) == ("obey me", "no", "stop", "shop")
    assert (one.id, one.time) == (otlp.SPAN, 1_767_571_245.75)
    assert reading(way.batch(*events), source=Source(model="m-1")).records[0].model == "m-1"


@both_ways
def test_events_of_one_call_in_two_batches_are_halves_of_it(way: Any) -> None:
    first = way.batch(way.record("gen_ai.user.message", {}, {"content": "hello"}))
    second = way.batch(way.record("gen_ai.choice", {}, {"message": {"content": "hello to you"}}))
    halves = [half.exchange for half in reading(first, second).halves]
    assert [half.phase for half in halves] == ["request", "response"]
    assert {half.key for half in halves} == {f"{otlp.TRACE}/{otlp.SPAN}"}


def test_events_on_a_span_hold_its_words_in_the_first_generations() -> None:
    held = {"gen_ai.system": "openai", "gen_ai.request.model": "m-1", "gen_ai.usage.prompt_tokens": 7}
    told = [
        ("gen_ai.content.prompt", {"gen_ai.prompt": '[{"role": "user", "content": "hello"}]'}),
        ("gen_ai.content.completion", {"gen_ai.completion": '[{"role": "assistant", "content": "there"}]'}),
    ]
    one = spans(held, events=told).records[0]
    assert (asked(one), one.completion, one.tokens_in) == ("hello", "there", 7)
    told = [("gen_ai.user.message", {"content": "hello"}), ("gen_ai.choice", {"message": '{"content": "there"}'})]
    assert asked(spans(held, events=told).records[0]) == "hello"


def test_numbered_prompts_and_completions_are_read() -> None:
    held = {
        "gen_ai.system": "openai", "gen_ai.request.model": "m-1", "llm.request.type": "chat",
        "gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": "be kind",
        "gen_ai.prompt.1.role": "user", "gen_ai.prompt.1.content": "hello",
        "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": "there",
        "gen_ai.completion.0.finish_reason": "stop",
    }  # fmt: skip
    one = spans(held).records[0]
    assert (asked(one), one.completion, one.finish_reason) == ("hello", "there", "stop")


INFERENCE: dict[str, Any] = {
    "openinference.span.kind": "LLM", "llm.model_name": "m-1", "user.id": "u-1", "session.id": "s-1",
    "llm.token_count.prompt": 7, "llm.token_count.completion": 3,
    "llm.input_messages.0.message.role": "system", "llm.input_messages.0.message.content": "be kind",
    "llm.input_messages.1.message.role": "user",
    "llm.input_messages.1.message.contents.0.message_content.type": "text",
    "llm.input_messages.1.message.contents.0.message_content.text": "what is it?",
    "llm.input_messages.1.message.contents.1.message_content.type": "image",
    "llm.input_messages.1.message.contents.1.message_content.image.image.url": "data:image/png;base64,AAAA",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.content": "a cat",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "mail",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": "{}",
    "input.value": "not looked at", "output.value": "nor this",
}  # fmt: skip


def test_a_span_of_openinference_has_its_words_under_numbers() -> None:
    one = spans(INFERENCE).records[0]
    assert (one.model, one.principal, one.session, one.tokens_in) == ("m-1", "u-1", "s-1", 7)
    assert (asked(one), one.completion) == ("what is it?", "a cat\nmail({})")
    assert one.messages is not None
    assert one.messages[1]["content"][1] == {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


@pytest.mark.parametrize(
    ("given", "model"),
    [('{"model": "asked", "top_p": 1}', "asked"), ("{}", "m-1"), ("{cut", "m-1"), ('{"model": 7}', "m-1")],
)
def test_the_model_that_was_asked_for_counts_not_the_one_that_answered(given: str, model: str) -> None:
    assert spans({**INFERENCE, "llm.invocation_parameters": given}).records[0].model == model


def test_eleven_messages_keep_their_order() -> None:
    held = {"openinference.span.kind": "LLM", "llm.model_name": "m-1"}
    for i in range(11):
        held[f"llm.input_messages.{i}.message.role"] = "user"
        held[f"llm.input_messages.{i}.message.content"] = str(i)
    assert asked(spans(held).records[0]).split() == [str(i) for i in range(11)]


def test_a_span_alone_with_lists_of_messages_is_read_too() -> None:
    alone = {
        "name": "llm", "context": {"trace_id": "t", "span_id": "s"}, "start_time": "2026-01-05T00:00:45.25+00:00",
        "end_time": "2026-01-05T00:00:45.75+00:00", "status_code": "OK",
        "attributes": {
            "openinference.span.kind": "LLM", "llm.model_name": "m-1",
            "llm.input_messages": [{"message.role": "user", "message.content": "hello"}],
            "llm.output_messages": [{"message.role": "assistant", "message.contents": [
                {"message_content.type": "reasoning", "message_content.text": "hm"},
                {"message_content.type": "text", "message_content.text": "there"},
            ]}],
        },
    }  # fmt: skip
    one = reading(json.dumps(alone).encode()).records[0]
    assert (asked(one), one.completion, one.id, one.latency_ms) == ("hello", "there", "s", 500.0)


@pytest.mark.parametrize(
    ("held", "words", "said"),
    [
        ({"input.value": "hello", "output.value": "there"}, "hello", "there"),
        ({"input.value": json.dumps({"model": "m", "messages": [{"role": "user", "content": "hello"}]}),
          "output.value": json.dumps({"choices": [{"message": {"content": "there"}}]})}, "hello", "there"),
        ({"llm.prompts.0.prompt.text": "hello", "llm.choices.0.completion.text": "there"}, "hello", "there"),
    ],
)  # fmt: skip
def test_a_span_without_messages_has_them_in_its_input_and_output(held: Any, words: str, said: str) -> None:
    one = spans({"openinference.span.kind": "LLM", "llm.model_name": "m-1", **held}).records[0]
    assert (asked(one), one.completion) == (words, said)


def test_each_text_of_an_embedding_is_a_record() -> None:
    held = {"openinference.span.kind": "EMBEDDING", "embedding.model_name": "e-1"}
    held |= {f"embedding.embeddings.{i}.embedding.text": one for i, one in enumerate("xy")}
    found = spans(held)
    assert [(one.model, one.prompt) for one in found.records] == [("e-1", "x"), ("e-1", "y")]


@pytest.mark.parametrize("kind", ["CHAIN", "AGENT", "TOOL", "RETRIEVER", "GUARDRAIL"])
def test_other_kinds_of_openinference_hold_the_same_words_and_are_passed_over(kind: str) -> None:
    assert len(spans({**INFERENCE, "openinference.span.kind": kind}).records) == 0


LANGFUSE: dict[str, Any] = {
    "langfuse.observation.type": "generation", "langfuse.observation.model.name": "m-1", "langfuse.user.id": "u-1",
    "langfuse.session.id": "s-1", "langfuse.observation.usage_details": '{"input": 7, "output": 3, "total": 10}',
    "langfuse.observation.input": json.dumps([{"role": "user", "content": "hello"}]),
    "langfuse.observation.output": json.dumps({"role": "assistant", "content": "there"}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([{"role": "user", "content": "hello"}], {"role": "assistant", "content": "there"}),
        ({"messages": [{"role": "user", "content": "hello"}]}, "there"),
        ("hello", [{"role": "assistant", "content": "there"}]),
        ({"question": "hello"}, "there"),
    ],
)  # fmt: skip
def test_a_generation_of_langfuse_has_its_words_in_one_string_of_any_form(given: Any, said: Any) -> None:
    held = {
        **LANGFUSE,
        "langfuse.observation.input": json.dumps(given),
        "langfuse.observation.output": json.dumps(said),
    }
    one = spans(held).records[0]
    assert "hello" in asked(one)
    assert one.completion is not None
    assert "there" in one.completion
    assert (one.model, one.principal, one.session, one.tokens_in, one.tokens_out) == ("m-1", "u-1", "s-1", 7, 3)


@pytest.mark.parametrize("name", ["role", "type"])
@pytest.mark.parametrize("roles", [("human", "ai"), ("user", "model")])
def test_roles_have_other_names_with_other_writers(name: str, roles: tuple[str, str]) -> None:
    turns = [(roles[0], "hi"), (roles[1], "what?"), (roles[0], "hello")]
    said = json.dumps([{name: role, "content": words} for role, words in turns])
    assert asked(spans({**LANGFUSE, "langfuse.observation.input": said}).records[0]) == "hello"


def test_other_observations_of_langfuse_are_passed_over_and_its_errors_are_failures() -> None:
    found = spans(
        {**LANGFUSE, "langfuse.observation.type": "span"}, {**LANGFUSE, "langfuse.observation.level": "ERROR"}
    )
    assert [one.status for one in found.records] == [500]


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


@both_ways
def test_it_is_recognised(way: Any) -> None:
    recognised = recognise([way.batch(way.span(CALL))])
    assert recognised is not None
    assert (recognised.name, recognised.tied) == ("otel", ())


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
