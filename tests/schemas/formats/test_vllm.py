"""vLLM's lines, of every generation: prompts where they are printed, answers and accesses each for themselves."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formats import named, recognise
from schemas.formats.reading import Reading
from schemas.formats.rules import Source
from schemas.record import Record

FORM = named("vllm")
PARAMS = "SamplingParams(n=1, temperature=0.5, stop=[], max_tokens=16), prompt_token_ids: None, lora_request: None."
PROMPT = 'it\'s "quoted"\nand é \\ back'


def lines(prompt: str) -> list[str]:
    return [
        f"INFO 02-01 06:36:12 async_llm_engine.py:436] Received request cmpl-1-0: prompt: {prompt}, sampling: {PARAMS}",
        f"INFO 04-20 17:17:47 [logger.py:39] Received request cmpl-1-0: prompt: {prompt}, params: {PARAMS}",
        f"2026-01-05 00:00:45.250 1647 kserve.trace Received request cmpl-1-0: prompt: {prompt}, params: {PARAMS}",
        f"(APIServer pid=9) DEBUG 02-13 11:33:33 [logger.py:60] Request cmpl-1-0 details: prompt: {prompt}, {PARAMS}",
    ]


def reading(line: str | bytes, time: int | None = 5_000, model: str = "m") -> Reading:
    value = line if isinstance(line, bytes) else line.encode()
    raws = [SimpleNamespace(timestamp=time, key=None, headers=[])]
    return FORM.read_many([value], [7], raws=raws, source=Source(model=model))


def record(line: str) -> Record:
    return reading(line).records[0]


@pytest.mark.parametrize("line", lines(repr(PROMPT)), ids=["0.3", "0.8", "kserve", "debug"])
def test_every_generation_of_the_line_has_the_prompt_as_it_was(line: str) -> None:
    one = record(line)
    assert (one.id, one.prompt, one.time, one.model) == ("cmpl-1-0", PROMPT, 5.0, "m")


def test_a_line_without_a_prompt_says_why() -> None:
    for line, why in (
        (lines("None")[0], "came as tokens"),
        (
            f"(APIServer pid=9) INFO 02-13 11:33:33 [logger.py:49] Received request chatcmpl-1: params: {PARAMS}",
            "at DEBUG",
        ),
    ):
        found = reading(line)
        assert found.records[0].prompt is None
        assert any(why in warning for warning in found.warnings)


def test_a_prompt_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    found = reading(lines(repr("a long\nprompt"))[1].partition("prompt'")[0])
    assert found.records[0].prompt == "a long\n"
    assert any("cut off, it begins at character" in warning for warning in found.warnings)


def test_an_answer_is_on_a_line_of_its_own() -> None:
    begin = "INFO 09-01 00:00:00 [logger.py:75] Generated response chatcmpl-1 (streaming complete): output: "
    one = record(f"{begin}'there', output_token_ids: None, finish_reason: stop")
    assert (one.id, one.completion, one.finish_reason) == ("chatcmpl-1", "there", "stop")


def test_an_access_line_says_whose_address_called() -> None:
    one = record('(APIServer pid=9) INFO:     192.0.2.4:51408 - "POST /v1/chat/completions HTTP/1.1" 401 Unauthorized')
    assert (one.id, one.principal, one.status) == ("0/7", "192.0.2.4", 401)


@pytest.mark.parametrize(
    "line",
    [
        'INFO:     192.0.2.4:51408 - "GET /health HTTP/1.1" 200 OK',
        'INFO:     192.0.2.4:51408 - "GET /v1/models HTTP/1.1" 200 OK',
        "INFO 02-13 11:33:33 [async_llm.py:382] Added request chatcmpl-1-a8.",
        "INFO 02-13 11:33:43 [loggers.py:248] Engine 000: Avg prompt throughput: 1.0 tokens/s",
    ],
)
def test_other_lines_leave_a_warning(line: str) -> None:
    found = reading(line)
    assert (len(found.records), found.rejects, found.warnings) == (0, [], {"lines of other kinds": 1})


def test_without_the_brokers_clock_only_a_line_with_a_year_has_a_time() -> None:
    assert reading(lines("'x'")[2], time=None).records[0].time == 1_767_571_245.25
    assert reading(lines("'x'")[1], time=None).rejects[0].path == "$.time"


def test_without_a_model_in_the_configuration_a_line_is_refused() -> None:
    assert reading(lines("'x'")[1], model="").rejects[0].path == "$.model"


def test_a_shippers_object_is_unwrapped() -> None:
    assert reading(json.dumps({"log": lines("'x'")[1] + "\n", "stream": "stderr"})).records[0].prompt == "x"


def test_it_is_recognised() -> None:
    recognised = recognise(
        [one.encode() for one in lines("'x'")],
        Source(model="m"),
        raws=[SimpleNamespace(timestamp=5, key=b"", headers=[])] * 4,
    )
    assert recognised is not None
    assert (recognised.name, recognised.tied) == ("vllm", ())


@given(st.text())
def test_any_prompt_comes_back_as_it_was(prompt: str) -> None:
    written = repr(prompt)
    if written.isprintable():
        assert record(lines(written)[1]).prompt == prompt


@given(st.sampled_from(lines(repr(PROMPT))), st.integers(0, 300), st.binary(max_size=6))
def test_no_damage_to_a_line_raises(line: str, at: int, bits: bytes) -> None:
    data = line.encode()
    found = reading(data[:at] + bits + data[at + 1 :])
    assert len(found.records) + len(found.rejects) + len(found.warnings) > 0
