"""What the first generations of OpenTelemetry's conventions wrote: a message an event, numbered attributes."""

from typing import Any

from detectors.text.asked import asked
from schemas.formats.rules import Source
from tests.schemas.formats.telemetry import otlp
from tests.schemas.formats.telemetry.calls import both_ways, reading, spans


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
