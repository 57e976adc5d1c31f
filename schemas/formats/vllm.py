"""vLLM's server log: lines of text with what was asked, best effort.

Six generations of one line are known: ``Received request ID: prompt: '...'`` until 0.15, without its prompt at INFO
from 0.16 on (``Request ID details`` at DEBUG has it), and with ``--enable-log-outputs`` what was answered, each on a
line of its own. The lines name no model and, but for one of them, no year: the source's configuration and the broker's
clock do. Access lines say whose address called what, with no id that would join them to a prompt. A prompt is the whole
conversation as the model read it; it is not taken apart by its markers, which whoever asks can write as well.

References
----------
https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/logger.py
"""

import re
from collections.abc import Iterable

from schemas.formats import lenient
from schemas.formats.exchange import ACCESS, ASIDE, PAIR, RESPONSE, Exchange
from schemas.formats.message import Message
from schemas.formats.rules import LIMITS, Limits, Source
from schemas.formats.shipped import unwrapped

TITLE = "vLLM server log"
PRINCIPALS = ("client_ip",)
_REQUEST = re.compile(r"\b(?:Received request|Request) (\S{1,256}?)(?:: | details: )")
_ANSWER = re.compile(r"\bGenerated response (\S{1,256}?)(?: \([^)]{0,40}\))?: output: ")
_ACCESS = re.compile(
    r'INFO:\s+(\[?[0-9a-fA-F.:]{2,45}\]?):(\d{1,5}) - "(\w{3,8}) (/v\d/[\w/.-]{1,100})\S* HTTP/[\d.]+" (\d{3})'
)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r"}
_ENDED = re.compile(r"finish_reason: (\w{1,40})")
_DATED = re.compile(r"^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?)")
_INFERENCE = ("completions", "embeddings", "responses", "messages", "score", "rerank", "classify", "pooling")


def signs(one: Message) -> float:
    """Its own sentences, or its access lines."""
    line = unwrapped(one.value, LIMITS)
    if "SamplingParams(" in line or "PoolingParams(" in line:
        return 0.95
    if _REQUEST.search(line) and ("prompt: " in line or "params: " in line):
        return 0.9
    return 0.8 if _ANSWER.search(line) or "APIServer pid=" in line else 0.5 * bool(_ACCESS.search(line))


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """What a line tells of: a prompt, an answer, an access, or no call."""
    line = unwrapped(one.value, limits)
    access = _ACCESS.search(line)
    if access is not None and access[4].rstrip("/").endswith(_INFERENCE):
        name = f"{one.partition}/{one.offset}"  # one connection asks many times in the same words
        common = {"id": name, "time": _time(line, one), "client_ip": access[1].strip("[]"), "status": access[5]}
        return [Exchange(common, (), ACCESS)]
    answer = _ANSWER.search(line)
    if answer is not None:
        said, end = _quoted(line, answer.end())
        ended = _ENDED.search(line, end)
        row = {"completion": said, "finish_reason": ended[1] if ended and ended[1] != "None" else ""}
        return [Exchange({"id": answer[1], "time": _time(line, one)}, [row], RESPONSE)]
    asked = _REQUEST.search(line)
    if asked is None:
        return [Exchange({}, phase=ASIDE, warnings=["lines of other kinds"])]
    return [_asked(line, asked, one)]


def _asked(line: str, asked: re.Match[str], one: Message) -> Exchange:
    """The prompt of a line, if there is one, and what is odd if there is none."""
    common = {"id": asked[1], "time": _time(line, one)}
    if not line.startswith("prompt: ", asked.end()):
        return Exchange(common, (), PAIR, warnings=["no prompt in the line: this vLLM prints prompts only at DEBUG"])
    begin = asked.end() + len("prompt: ")
    prompt, end = _quoted(line, begin)
    if prompt is not None:
        odd = [] if end else [f"prompt: cut off, it begins at character {begin}"]
        return Exchange(common, [{"prompt": prompt}], PAIR, warnings=odd)
    return Exchange(common, (), PAIR, warnings=["prompt: None, the request came as tokens or as messages"])


def _quoted(line: str, at: int) -> tuple[str | None, int]:
    """A string as Python's ``repr`` wrote it, and where it ends, 0 if that is cut off; None if there is none."""
    found = _QUOTED.match(line, at)
    if found is not None:
        return _ESCAPE.sub(_meant, found[1] if found[1] is not None else found[2]), found.end()
    if line[at : at + 1] in ("'", '"'):
        return _ESCAPE.sub(_meant, line[at + 1 :]), 0
    return None, at


def _meant(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if not digits:
        return _PLAIN.get(escape[4], escape[4])
    code = int(digits, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _time(line: str, one: Message) -> float | None:
    """The line's own time if it has a year and the broker's clock is not there; a time without a zone is UTC."""
    dated = _DATED.match(line)
    return lenient.seconds(dated[1]) if dated and not one.time >= 0 else None
