"""Chat bodies as OpenAI's API has them: requests and answers of ``/v1/chat/completions`` and ``/v1/completions``.

Of an answer with several choices all words count, one choice below the other; calls of tools are words too. What a
model thinks before it answers is not part of its answer. Log-probabilities of tokens are stepped over.

References
----------
https://platform.openai.com/docs/api-reference/chat
"""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.formats.bodies import words
from schemas.formats.rules import LIMITS, Limits

REFUSAL = "refusal"


def asked(body: Mapping[str, Any], limits: Limits = LIMITS) -> dict[str, Any]:
    """Fields of a Record that a request with one input holds."""
    rows = questions(body.get("messages"), body.get("prompt"), limits)
    return rows[0] if len(rows) == 1 else {"prompt": words.completion(*(row.get("prompt", "") for row in rows))}


def answered(body: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a Record that an answer holds: what was said, why it ended, and what it cost."""
    made = choices(body.get("choices"))
    made.update(used(body.get("usage")))
    return made


def questions(messages: Any, prompt: Any, limits: Limits = LIMITS) -> list[dict[str, Any]]:
    """Rows of what was asked: one of a conversation, one for each prompt of a completion."""
    if messages is not None:
        return [{"messages": words.messages(messages, limits)}]
    return [{"prompt": one} for one in prompts(prompt)]


def prompts(value: Any) -> list[str]:
    """Prompts of a completion, inputs of an embedding: each a string; tokens, whose words nobody logged, are none."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [words.said(one) for one in value if isinstance(one, str | dict)]
    return []


def choices(value: Any) -> dict[str, Any]:
    """What an answer's choices say."""
    found = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    if len(found) == 1:
        return choice(found[0])
    return merged([choice(one) for one in found])


def merged(each: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several choices as one answer: all that was said, and a refusal if there was one."""
    made: dict[str, Any] = {}
    texts = [one["completion"] for one in each if "completion" in one]
    ends = [one["finish_reason"] for one in each if "finish_reason" in one]
    if texts:
        made["completion"] = words.completion(*texts)
    if ends:
        made["finish_reason"] = REFUSAL if REFUSAL in ends else ends[0]
    return made


def choice(one: Mapping[str, Any]) -> dict[str, Any]:
    """What one choice says, and why it ended; a refusal that has its own field ended by that."""
    said = one.get("message")
    said = said if isinstance(said, dict) else one
    content = said.get("content") or said.get("text") or words.said(said.get("audio"))
    calls = said.get("tool_calls") or said.get("function_call")
    return spoken(content, said.get("refusal"), calls, one.get("finish_reason"))


def spoken(content: Any, refusal: Any, calls: Any, ended: Any) -> dict[str, Any]:
    """The fields of one answer from its words, its refusal, its calls of tools and why it ended."""
    made: dict[str, Any] = {}
    text = content if isinstance(content, str) else words.said(content)
    if refusal or calls:
        text = words.completion(text, words.said(refusal), words.called(calls) if calls else "")
    if text:
        made["completion"] = text
    if refusal and not content:
        made["finish_reason"] = REFUSAL
    elif isinstance(ended, str):
        made["finish_reason"] = ended
    return made


def used(usage: Any) -> dict[str, Any]:
    """Tokens of a call, by either pair of names."""
    if not isinstance(usage, dict):
        return {}
    read = usage.get("prompt_tokens", usage.get("input_tokens"))
    wrote = usage.get("completion_tokens", usage.get("output_tokens"))
    return {"tokens_in": read, "tokens_out": wrote}


def apportioned(inputs: int, answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The choices of several prompts at once, which come in the order of the prompts, as many for each."""
    each = max(1, len(answers) // inputs)
    return [merged(answers[i * each : (i + 1) * each]) for i in range(inputs)]
