"""A request and an answer of OpenAI's API, and how an entry with them is read."""

import json
from types import SimpleNamespace
from typing import Any

from schemas.formats import named
from schemas.formats.reading import Reading
from schemas.record import Record

FORM = named("openai")
ASK = {"model": "m-1", "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hello"}]}
SAID = {"role": "assistant", "content": "hello to you"}
ANSWER = {
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1_767_571_245, "model": "m-1-2026",
    "choices": [{"index": 0, "message": SAID, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
}  # fmt: skip


def reading(entry: Any, *headers: tuple[str, bytes]) -> Reading:
    value = entry if isinstance(entry, bytes) else json.dumps(entry).encode()
    raw = SimpleNamespace(timestamp=1_767_571_250_000, key=b"some key", headers=headers)
    return FORM.read_many([value], [0], raws=[raw])


def record(entry: Any) -> Record:
    found = reading(entry)
    assert not found.rejects
    return found.records[0]


def pair(request: Any = ASK, response: Any = ANSWER, **beside: Any) -> dict[str, Any]:
    return {"request": request, "response": response, **beside}


def choice(message: Any, ended: str = "stop") -> dict[str, Any]:
    return {**ANSWER, "choices": [{"index": 0, "message": message, "finish_reason": ended}]}
