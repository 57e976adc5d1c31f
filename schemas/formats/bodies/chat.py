"""Chat bodies as OpenAI's API has them: requests and answers of ``/v1/chat/completions`` and ``/v1/completions``.

References
----------
https://platform.openai.com/docs/api-reference/chat
"""

from collections.abc import Mapping
from typing import Any


def asked(body: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a Record that a request holds."""
    made: dict[str, Any] = {}
    messages, prompt = body.get("messages"), body.get("prompt")
    if isinstance(messages, list):
        made["messages"] = [one for one in messages if isinstance(one, dict)]
    elif isinstance(prompt, str):
        made["prompt"] = prompt
    elif isinstance(prompt, list):
        made["prompt"] = "\n".join(one for one in prompt if isinstance(one, str))
    return made


def answered(body: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a Record that an answer holds: the first choice's words, and what they cost."""
    made: dict[str, Any] = {}
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    said = first.get("message") if isinstance(first.get("message"), dict) else first
    text = said.get("content") or said.get("refusal") or said.get("text")
    if isinstance(text, str):
        made["completion"] = text
    if isinstance(first.get("finish_reason"), str):
        made["finish_reason"] = first["finish_reason"]
    usage = body.get("usage")
    if isinstance(usage, dict):
        made["tokens_in"], made["tokens_out"] = usage.get("prompt_tokens"), usage.get("completion_tokens")
    return made
