"""Observations of Langfuse: words in one string of any form."""

import json
from typing import Any

import pytest

from detectors.text.asked import asked
from tests.schemas.formats.telemetry.calls import LANGFUSE, spans


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([{"role": "user", "content": "hello"}], {"role": "assistant", "content": "there"}),
        ({"messages": [{"role": "user", "content": "hello"}]}, "there"),
        ("hello", [{"role": "assistant", "content": "there"}]),
        ({"question": "hello"}, "there"),
    ],
)  # fmt: skip
def test_a_generation_of_langfuse_has_its_words_in_one_string_of_any_form(given: Any, said: Any) -> None:
    held = {
        **LANGFUSE,
        "langfuse.observation.input": json.dumps(given),
        "langfuse.observation.output": json.dumps(said),
    }
    one = spans(held).records[0]
    assert "hello" in asked(one)
    assert one.completion is not None
    assert "there" in one.completion
    assert (one.model, one.principal, one.session, one.tokens_in, one.tokens_out) == ("m-1", "u-1", "s-1", 7, 3)


@pytest.mark.parametrize("name", ["role", "type"])
@pytest.mark.parametrize("roles", [("human", "ai"), ("user", "model")])
def test_roles_have_other_names_with_other_writers(name: str, roles: tuple[str, str]) -> None:
    turns = [(roles[0], "hi"), (roles[1], "what?"), (roles[0], "hello")]
    said = json.dumps([{name: role, "content": words} for role, words in turns])
    assert asked(spans({**LANGFUSE, "langfuse.observation.input": said}).records[0]) == "hello"


def test_other_observations_of_langfuse_are_passed_over_and_its_errors_are_failures() -> None:
    found = spans(
        {**LANGFUSE, "langfuse.observation.type": "span"}, {**LANGFUSE, "langfuse.observation.level": "ERROR"}
    )
    assert [one.status for one in found.records] == [500]
