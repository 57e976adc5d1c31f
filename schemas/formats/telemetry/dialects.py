"""Dialects: which attributes hold what was asked and answered, by who wrote the span.

- GenAI conventions from 1.37 on: ``gen_ai.input.messages``, ``gen_ai.output.messages``, ``gen_ai.system_instructions``
- before: events of the span, ``gen_ai.content.prompt``, ``gen_ai.user.message``, ...; of OpenLLMetry,
  ``gen_ai.prompt.0.content``
- OpenInference: ``llm.input_messages.0.message.content``, else ``input.value``
- Langfuse: ``langfuse.observation.input``
- frameworks that have attributes of their own: :mod:`schemas.formats.telemetry.frameworks`

References
----------
https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
https://langfuse.com/integrations/native/opentelemetry
"""

from collections.abc import Mapping
from typing import Any

from schemas.formats.bodies import chat, openai
from schemas.formats.rules import Limits
from schemas.formats.telemetry import flat, frameworks, messages
from schemas.formats.telemetry.item import Item

DETAILS = "gen_ai.client.inference.operation.details"
_EVENTS = frozenset({DETAILS, "gen_ai.content.prompt", "gen_ai.content.completion"})
_SAID = ("gen_ai.system.message", "gen_ai.user.message", "gen_ai.assistant.message", "gen_ai.tool.message")
Rows = list[dict[str, Any]]


def rows(item: Item, limits: Limits, odd: list[str]) -> Rows:
    """What was asked and answered, a row for each input; one that is empty where the span holds no words."""
    held = _with_events(item, limits, odd) if item.events else item.attributes
    if item.log and isinstance(item.body, dict):
        held = {**item.body, **held}
    if "gen_ai.input.messages" in held or "gen_ai.output.messages" in held:
        return [_genai(held, limits, odd)]
    if "openinference.span.kind" in held:
        return _openinference(held, limits, odd)
    if "langfuse.observation.input" in held or "langfuse.observation.output" in held:
        return [_langfuse(held, limits, odd)]
    row = _earlier(held, limits, odd)
    return [row] if row else _framework(held, limits, odd)


def _with_events(item: Item, limits: Limits, odd: list[str]) -> Mapping[str, Any]:
    """Attributes of a span with those of its events, where its words were written until 1.36."""
    told: dict[str, Any] = {}
    said: list[Any] = []
    choices: list[Any] = []
    for event, attributes in item.events:
        if event in _SAID:
            said.append({"role": event.split(".")[1], **frameworks.event(attributes, limits, odd)})
        elif event == "gen_ai.choice":
            choices.append(frameworks.event(attributes, limits, odd))
        elif event in _EVENTS:
            told.update(attributes)
    held = {**told, **item.attributes}
    return {**held, **({"messages": said} if said else {}), **({"choices": choices} if choices else {})}


def _genai(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> dict[str, Any]:
    given, said = held.get("gen_ai.input.messages"), held.get("gen_ai.output.messages")
    instructions = held.get("gen_ai.system_instructions")
    row: dict[str, Any] = {}
    plain = messages.plain(given) if instructions is None else None
    if plain is not None:
        row = messages.plainly_asked(plain)
    elif given is not None or instructions is not None:
        if instructions is not None:
            instructions = messages.decoded(instructions, limits, "gen_ai.system_instructions", odd)
        row = messages.asked(messages.decoded(given, limits, "gen_ai.input.messages", odd), instructions)
    plain = messages.plain(said)
    if plain is not None:
        row.update(messages.plainly_answered(plain))
    elif said is not None:
        row.update(messages.answered(messages.decoded(said, limits, "gen_ai.output.messages", odd)))
    return row


def _earlier(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> dict[str, Any]:
    """Words of the generations before 1.37 and of OpenLLMetry."""
    row: dict[str, Any] = {}
    if "messages" in held:
        row = messages.asked(held["messages"])
    elif "gen_ai.prompt" in held:
        row = _asked(messages.decoded(held["gen_ai.prompt"], limits, "gen_ai.prompt", odd), limits)
    else:
        found = flat.gathered(held, "gen_ai.prompt")
        row = {"messages": flat.messages(found)} if found else {}
    if "choices" in held:
        row.update(messages.answered(list(held["choices"])))
    elif "gen_ai.completion" in held:
        row.update(messages.answered(messages.decoded(held["gen_ai.completion"], limits, "gen_ai.completion", odd)))
    else:
        said = flat.gathered(held, "gen_ai.completion")
        row.update(messages.answered(flat.messages(said)) if said else {})
    return row


def _framework(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> Rows:
    """Words that a framework keeps in attributes of its own."""
    given, said = frameworks.bodies(held, limits, odd)
    if given is None and said is None and "events" in held:
        given, said = frameworks.told(held, limits, odd)
    rows: Rows = [{}]
    if isinstance(given, dict) and isinstance(given.get("input"), list):
        rows = openai.asked(openai.question(given), limits).rows or rows
    elif given:
        rows = [_asked(given, limits)]
    if said:
        rows = [{**_answered(said, limits, odd), **row} for row in rows]
    return rows


def _openinference(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> Rows:
    made = _inputs(held, limits, odd)
    said = flat.gathered(held, "llm.output_messages")
    texts = [one["completion.text"] for one in flat.gathered(held, "llm.choices") if "completion.text" in one]
    answer: dict[str, Any] = {}
    if said:
        answer = messages.answered(flat.messages(said))
    elif texts:
        answer = messages.answered([{"content": one} for one in texts])
    elif "output.value" in held and str(held["openinference.span.kind"]).upper() == "LLM":
        answer = _answered(messages.decoded(held["output.value"], limits, "output.value", odd), limits, odd)
    return [{**answer, **row} for row in made]


def _inputs(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> Rows:
    found = flat.gathered(held, "llm.input_messages")
    if found:
        return [{"messages": flat.messages(found)}]
    prompts = [one.get("prompt.text") for one in flat.gathered(held, "llm.prompts")]
    prompts = prompts or [one.get("embedding.text") for one in flat.gathered(held, "embedding.embeddings")]
    texts = [{"prompt": one} for one in prompts if isinstance(one, str)]
    if texts:
        return texts
    if "input.value" in held:
        return [_asked(messages.decoded(held["input.value"], limits, "input.value", odd), limits)]
    return [{}]


def _langfuse(held: Mapping[str, Any], limits: Limits, odd: list[str]) -> dict[str, Any]:
    given, said = held.get("langfuse.observation.input"), held.get("langfuse.observation.output")
    row: dict[str, Any] = {}
    if given is not None:
        row = _asked(messages.decoded(given, limits, "langfuse.observation.input", odd), limits)
    if said is not None:
        row.update(_answered(messages.decoded(said, limits, "langfuse.observation.output", odd), limits, odd))
    return row


def _asked(value: Any, limits: Limits) -> dict[str, Any]:
    """What was asked, as messages, as a body of OpenAI's API, or as any text."""
    if isinstance(value, dict):
        question = openai.question(value)
        if openai.asking(question):
            found = openai.asked(question, limits).rows
            return found[0] if len(found) == 1 else {"prompt": "\n".join(row.get("prompt", "") for row in found)}
        if "role" not in value:
            return {"prompt": chat.prompts([value])[0]}
    return messages.asked(value) if value else {}


def _answered(value: Any, limits: Limits, odd: list[str]) -> dict[str, Any]:
    if isinstance(value, dict) and ("choices" in value or "output" in value or "candidates" in value):
        answer, more = openai.answer(value, limits, "output")
        odd += more
        found = openai.answered(answer).rows
        return found[0] if found else {}
    return messages.answered(value)
