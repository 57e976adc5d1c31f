"""LiteLLM's entries: whoever holds the key asked, failures have their code, and hidden words are told of."""

import json
from typing import Any

import pytest

from detectors.text.answered import refused
from detectors.text.asked import asked
from schemas.formats import named, recognise
from schemas.formats.reading import Reading
from schemas.record import Record

FORM = named("litellm")
METADATA = {"user_api_key_hash": "k" * 64, "user_api_key_user_id": "u-1", "user_api_key_team_id": "team", "spend": None}
RESPONSE = {
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1_767_571_246, "model": "m-1-2026",
    "choices": [{"finish_reason": "stop", "index": 0, "message": {"content": "sunny", "role": "assistant"}}],
    "usage": {"prompt_tokens": 7, "completion_tokens": 3},
}  # fmt: skip
CALL = {
    "id": "chatcmpl-1", "litellm_call_id": "call-1", "trace_id": "t-1", "session_id": "", "call_type": "acompletion",
    "stream": True, "status": "success", "status_fields": {"guardrail_status": "not_run"},
    "startTime": 1_767_571_245.25, "endTime": 1_767_571_245.75, "completionStartTime": 1_767_571_245.5,
    "model": "m-1", "model_group": "chat", "metadata": METADATA, "prompt_tokens": 7, "completion_tokens": 3,
    "end_user": "e-1", "requester_ip_address": "192.0.2.7", "user_agent": None,
    "messages": [{"role": "user", "content": "weather?"}], "response": RESPONSE,
    "hidden_params": {"additional_headers": {"x": "y"}}, "model_map_information": {"model_map_value": {"price": 1e-6}},
    "error_str": None, "error_information": {"error_code": "", "error_class": ""},
}  # fmt: skip
FAILED = {
    **CALL, "id": "call-1", "status": "failure", "response": {}, "prompt_tokens": 0, "completion_tokens": 0,
    "error_str": "too many", "error_information": {"error_code": "429", "error_class": "RateLimitError"},
}  # fmt: skip


def reading(*calls: Any) -> Reading:
    return FORM.read_many(
        [one if isinstance(one, bytes) else json.dumps(one).encode() for one in calls], range(len(calls))
    )


def record(call: Any) -> Record:
    found = reading(call)
    assert not found.rejects
    return found.records[0]


def test_an_entry_is_a_record_of_who_asked_what() -> None:
    one = record(CALL)
    assert (one.id, one.time, one.model, one.tenant, one.principal) == (
        "call-1",
        1_767_571_245.25,
        "chat",
        "team",
        "k" * 64,
    )
    assert (one.latency_ms, one.status, one.tokens_in, one.tokens_out) == (500.0, 200, 7, 3)
    assert (asked(one), one.completion, one.finish_reason) == ("weather?", "sunny", "stop")
    assert (one.client_ip, one.trace_id, one.session, one.user_agent) == ("192.0.2.7", "t-1", "", "")


@pytest.mark.parametrize(
    ("metadata", "end_user", "principal"),
    [
        ({"user_api_key_hash": None, "user_api_key_user_id": "u"}, "e", "u"),
        ({}, "e", "e"),
        ({}, None, "192.0.2.7"),
        (None, "", "192.0.2.7"),
    ],
)  # fmt: skip
def test_without_a_key_the_user_counts_and_then_the_address(metadata: Any, end_user: Any, principal: str) -> None:
    assert record({**CALL, "metadata": metadata, "end_user": end_user}).principal == principal


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"error_code": "429", "error_class": "RateLimitError"}, 429),
        ({"error_code": "", "error_class": "Timeout"}, 408),
        ({"error_code": "None", "error_class": "BadRequestError"}, 400),
        ({"error_code": None, "error_class": "AuthenticationError"}, 401),
        ({}, 500),
        (None, 500),
    ],
)  # fmt: skip
def test_a_failure_has_the_status_of_its_code_or_of_its_class(error: Any, status: int) -> None:
    found = reading({**FAILED, "error_information": error})
    one = found.records[0]
    assert (one.status, one.completion, one.tokens_in, asked(one)) == (status, None, None, "weather?")
    assert not found.warnings


def test_a_filters_or_a_guardrails_no_is_a_refusal() -> None:
    error = {"error_code": "400", "error_class": "ContentPolicyViolationError"}
    assert refused(record({**FAILED, "error_information": error})) == 1.0
    assert refused(record({**CALL, "status_fields": {"guardrail_status": "guardrail_intervened"}})) == 1.0


@pytest.mark.parametrize(
    "response",
    [
        {"text": "redacted-by-litellm"},
        {**RESPONSE, "choices": [{"message": {"content": "redacted-by-litellm"}, "finish_reason": "stop"}]},
    ],
)  # fmt: skip
def test_where_message_logging_is_off_there_are_no_words_and_it_is_said(response: Any) -> None:
    hidden = [{"role": "user", "content": "redacted-by-litellm"}]
    found = reading({**CALL, "messages": hidden, "response": response})
    one = found.records[0]
    assert (one.messages, one.prompt, one.completion, one.tokens_out) == (None, None, None, 3)
    assert any("$.messages: message logging is off" in warning for warning in found.warnings)
    assert any("$.response: message logging is off" in warning for warning in found.warnings)


def test_a_list_and_lines_of_entries_are_as_many_records() -> None:
    line = json.dumps(CALL).encode()
    for value in (b"[" + line + b"," + line + b"]", line + b"\n" + line + b"\n", b"  " + line + b"\r\n" + line):
        assert len(reading(value).records) == 2


def test_entries_without_ids_have_one_each() -> None:
    call = {"model": "m", "startTime": 1_767_571_245.25}
    names = [one.id for one in reading([call, {**CALL}, call]).records]
    assert len(set(names)) == 3
    assert names[1] == "call-1"
    assert names == [one.id for one in reading([call, {**CALL}, call]).records]


@pytest.mark.parametrize("value", [b"[" + b"{}," * 50_000 + b"{}]", b"{}\n" * 50_000])
def test_a_million_of_nothing_is_one_reject(value: bytes) -> None:
    assert reading(value).rejects[0].reason == "no call: it has neither an id nor a time nor a model"


def test_one_odd_entry_does_not_cost_the_others_their_words() -> None:
    found = reading([CALL, {**CALL, "response": "sunny, as text"}, {**CALL, "response": {**RESPONSE, "choices": "?"}}])
    assert [asked(one) for one in found.records] == ["weather?"] * 3
    assert len(found.warnings) >= 2


def test_each_input_of_an_embedding_is_a_record() -> None:
    response = {"object": "list", "data": [{"embedding": [0.25] * 8, "index": 0}], "usage": {"prompt_tokens": 5}}
    call = {**CALL, "call_type": "aembedding", "messages": ["x", "y"], "response": response}
    assert [(one.id, one.prompt) for one in reading(call).records] == [("call-1:0", "x"), ("call-1:1", "y")]
    assert record({**call, "messages": "x"}).prompt == "x"


def test_the_responses_api_and_plain_completions_are_read_too() -> None:
    output = [{"type": "message", "content": [{"type": "output_text", "text": "sunny"}]}]
    response = {"object": "response", "output": output, "status": "completed"}
    given = [{"type": "function_call_output", "call_id": "c", "output": "obey"}]
    one = record({**CALL, "call_type": "aresponses", "messages": given, "response": response})
    assert (asked(one), one.completion, one.finish_reason) == ("obey", "sunny", "stop")
    response = {"object": "text_completion", "choices": [{"text": "there", "finish_reason": "length"}]}
    one = record({**CALL, "call_type": "atext_completion", "messages": "hello", "response": response})
    assert (one.prompt, one.completion, one.finish_reason) == ("hello", "there", "length")


@pytest.mark.parametrize(
    ("value", "place", "reason"),
    [
        (b"[1]", "$[0]", "a call must be an object"),
        (b'{"litellm_call_id": }', "$", "character 20"),
        (b'{"model": "m", "messages": ' + b"[" * 40 + b"]" * 40 + b"}", "$.messages", "nested more than 32 deep"),
    ],
)  # fmt: skip
def test_what_is_no_entry_is_refused_with_its_place(value: bytes, place: str, reason: str) -> None:
    reject = reading(value).rejects[0]
    assert reject.path == place
    assert reason in reject.reason


def test_it_is_recognised() -> None:
    recognised = recognise([json.dumps(CALL).encode(), json.dumps(FAILED).encode()])
    assert recognised is not None
    assert (recognised.name, recognised.tied) == ("litellm", ())


SPENT = {
    "request_id": "s-1", "call_type": "acompletion", "api_key": "k" * 64, "spend": 0.1, "prompt_tokens": 7,
    "completion_tokens": 3, "startTime": "2026-01-05T00:00:45.25Z", "endTime": "2026-01-05T00:00:45.75Z",
    "model": "m-1", "user": "u-1", "team_id": "team", "metadata": "{}", "end_user": "", "response": "{}",
    "messages": None, "proxy_server_request": {"messages": CALL["messages"], "model": "m-1"},
}  # fmt: skip


def test_a_row_of_its_table_of_spend_is_a_call() -> None:
    one = record(SPENT)
    assert (one.id, one.principal, one.tenant, one.latency_ms) == ("s-1", "k" * 64, "team", 500.0)
    assert (asked(one), one.tokens_in, one.time) == ("weather?", 7, 1_767_571_245.25)
    assert record(SPENT | {"messages": json.dumps(CALL["messages"])}).messages == CALL["messages"]
    found = recognise([json.dumps(SPENT).encode()])
    assert found is not None
    assert (found.name, found.tied) == ("litellm", ())


def test_json_that_a_caller_wrote_is_his_prompt() -> None:
    assert record(CALL | {"messages": '[{"command": 1}]', "call_type": "text_completion"}).prompt == '[{"command": 1}]'


def test_a_key_itself_is_nobodys_name() -> None:
    assert record(SPENT | {"api_key": "sk-secret"}).principal == "u-1"


@pytest.mark.parametrize("response", [RESPONSE, "sunny"])
def test_a_payload_in_a_callbacks_arguments_is_the_call(response: Any) -> None:
    inner = CALL | {"response": response}
    one = record({"model": "m-1", "litellm_call_id": "x", "call_type": "y", "standard_logging_object": inner})
    assert (one.id, one.principal, one.completion, one.model) == ("call-1", "k" * 64, "sunny", "chat")


def test_a_list_without_calls_is_refused() -> None:
    (reject,) = reading([]).rejects
    assert (reject.reason, reject.path) == ("a list without a call in it", "$")
