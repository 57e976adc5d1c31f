"""What a record asks in words: a prompt, or the messages that the caller and its tools sent in."""

from collections.abc import Iterator
from typing import Any

from schemas.record import Record

MOST_MESSAGES = 256  # of a conversation, the last ones
LONGEST = 1 << 16  # characters of one record's words that are read, half from each end
THEIRS = frozenset({"assistant", "system", "developer"})  # roles of the model and of its owner


def asked(record: Record) -> str:
    """Words of the caller, and of documents and tools, since the model last answered; never raises."""
    if record.prompt is not None:
        return _short(record.prompt)
    parts: list[str] = []
    for message in reversed((record.messages or [])[-MOST_MESSAGES:]):
        role = message.get("role")
        if role == "assistant" and parts:
            break
        if not isinstance(role, str) or role not in THEIRS:
            parts.append(" \n ".join(_words(message.get("content"))))
    return _short("\n".join(reversed(parts)))


def _words(content: Any) -> Iterator[str]:
    """Texts of a message: one, or those among its parts."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for part in content[:MOST_MESSAGES]:
            text = part.get("text") if isinstance(part, dict) else part
            if isinstance(text, str):
                yield text


def _short(text: str) -> str:
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} {text[-half:]}"
