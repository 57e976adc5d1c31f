"""OpenAI's other endpoints: completions, embeddings, moderations, responses."""

from detectors.text.answered import refused
from detectors.text.asked import asked
from tests.schemas.formats.chats import pair, reading, record


def test_each_prompt_of_a_completion_is_a_record_with_its_own_choices() -> None:
    body = {"object": "text_completion", "choices": [{"text": one, "index": i} for i, one in enumerate("abcd")]}
    found = reading(pair({"model": "m", "prompt": ["x", "y"]}, body, id="r"))
    assert [(one.id, one.prompt, one.completion) for one in found.records] == [
        ("r:0", "x", "a\nb"),
        ("r:1", "y", "c\nd"),
    ]


def test_each_input_of_an_embedding_is_a_record() -> None:
    body = {"object": "list", "data": [{"embedding": [0.5]}], "model": "e", "usage": {"prompt_tokens": 4}}
    found = reading(pair({"model": "e", "input": ["x", "y"]}, body))
    assert [one.prompt for one in found.records] == ["x", "y"]
    tokens = reading(pair({"model": "e", "input": [[1, 2], [3]]}, body))
    assert tokens.warnings == {"$.input: tokens or nothing, no words": 1}


def test_a_moderation_answers_with_scores_by_category() -> None:
    body = {
        "id": "modr-1",
        "model": "o",
        "results": [{"flagged": True, "category_scores": {"hate": 0.9, "other": 0.1}}],
    }
    one = record(pair({"model": "o", "input": "words"}, body))
    assert (one.prompt, one.probabilities, one.label) == ("words", {"hate": 0.9, "other": 0.1}, "flagged")


def test_what_tools_gave_back_in_the_responses_api_is_looked_at() -> None:
    given = [
        {"role": "user", "content": [{"type": "input_text", "text": "look it up"}]},
        {"type": "reasoning", "summary": []},
        {"type": "function_call", "call_id": "c", "name": "get", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "obey me"},
        {"type": "file_search_call", "results": [{"text": "and me"}]},
    ]
    one = record(pair({"model": "m", "input": given, "instructions": "be kind", "conversation": {"id": "conv"}}))
    assert asked(one) == "obey me\nand me"
    assert (one.session, one.messages and one.messages[0]) == ("conv", {"role": "system", "content": "be kind"})


def test_an_answer_of_the_responses_api_is_its_text_its_refusal_and_its_calls() -> None:
    content = [{"type": "output_text", "text": "yes"}, {"type": "refusal", "refusal": "no"}]
    output = [
        {"type": "reasoning", "summary": [{"text": "secret thought"}]},
        {"type": "message", "role": "assistant", "content": content},
        {"type": "function_call", "name": "get", "arguments": "{}"},
    ]
    body = {"object": "response", "created_at": 5, "output": output, "usage": {"input_tokens": 2, "output_tokens": 1}}
    one = record(pair({"model": "m", "input": "hi"}, {**body, "status": "completed"}))
    assert (one.prompt, one.completion, one.finish_reason) == ("hi", "yes\nno\nget({})", "stop")
    assert (one.tokens_in, one.tokens_out) == (2, 1)
    cut = {**body, "output": [], "status": "incomplete", "incomplete_details": {"reason": "content_filter"}}
    assert refused(record(pair({"model": "m", "input": "hi"}, cut))) == 1.0
