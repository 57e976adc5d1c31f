"""Spans of OpenInference: words under numbers, in lists, or in input and output."""

import json
from typing import Any

import pytest

from detectors.text.asked import asked
from tests.schemas.formats.telemetry.calls import INFERENCE, reading, spans


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
