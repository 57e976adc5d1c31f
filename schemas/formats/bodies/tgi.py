"""Text Generation Inference's own bodies (``/generate``, ``/generate_stream``) as completions have them.

References
----------
https://huggingface.github.io/text-generation-inference/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.formats.bodies import words


def asks(found: Mapping[str, Any]) -> bool:
    """Whether this is a request of this API."""
    given = found.get("inputs")
    return isinstance(given, str) or (isinstance(given, dict) and isinstance(given.get("text"), str))


def question(found: Mapping[str, Any]) -> dict[str, Any]:
    """A request as chat has it."""
    return {"model": found.get("model"), "prompt": words.said(found.get("inputs"))}


def answers(found: Mapping[str, Any]) -> bool:
    """Whether this is an answer of this API."""
    return "generated_text" in found or ("error" in found and isinstance(found.get("error_type"), str))


def answer(found: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as chat has it."""
    return assembled([found])


def piece(chunk: Mapping[str, Any]) -> bool:
    """Whether this is a piece of an answer in a stream, or one of several answers."""
    return isinstance(chunk.get("token"), dict) or answers(chunk)


def assembled(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One answer of the pieces of a stream, the last of which has all of the text; or of several answers."""
    whole: dict[str, Any] = {"object": "text_completion", "choices": []}
    pieces: list[str] = []
    for chunk in chunks:
        token, details = _object(chunk, "token"), _object(chunk, "details")
        if token and not token.get("special"):
            pieces.append(words.said(token.get("text")))
        if isinstance(chunk.get("generated_text"), str):
            choice = {"text": chunk["generated_text"], "finish_reason": details.get("finish_reason")}
            whole["choices"].append(choice)
        if details:
            whole["usage"] = {"prompt_tokens": _read(details), "completion_tokens": details.get("generated_tokens")}
        if chunk.get("error"):
            whole["error"] = {"type": chunk.get("error_type"), "message": chunk["error"]}
    if pieces and not whole["choices"]:
        whole["choices"] = [{"text": "".join(pieces)}]
    return whole


def _read(details: Mapping[str, Any]) -> Any:
    """Tokens of what was asked, where they are told or listed."""
    listed = details.get("prefill")
    return details.get("input_length") or (len(listed) if isinstance(listed, list) and listed else None)


def _object(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    held = found.get(name)
    return held if isinstance(held, dict) else {}
