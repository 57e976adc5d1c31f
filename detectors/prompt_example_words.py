"""What an alert shows of prompts: the one that crossed the line and those that say best what it is about, in words.

No word of a prompt is told: which prompt it is, how much it is like an attack, what it hides, how long it and its
answer are, and the same of the nearest ordinary prompt.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors import prompt_examples, worded
from detectors.api import Columns, Scores
from detectors.examples import nearest
from detectors.prompt_examples import (
    DAY,
    DEAR,
    DISGUISES,
    IMAGE,
    LAST,
    LEAK,
    LEAST,
    MEASURE,
    ODD,
    REFUSED,
    Ordinary,
    note,
    read,
)
from detectors.text.heads import HEADS
from detectors.text.sketch import HASHES
from detectors.variants import AGREE
from detectors.words import CROSSED
from schemas.alert import Difference, Example
from schemas.display import written

Array = npt.NDArray[Any]
Lines = list[tuple[str, float, float]]
"""What is told of a prompt: names, its values, and the ordinary one's."""

SHOWN = 3  # prompts, with the one that crossed the line
MOST = float(np.log(1e5))  # nats that are told as they are
ALIKE = AGREE / HASHES  # share of words that a prompt has in common with a variant of it, at least
FOREIGN = 0.2  # share of characters outside ASCII that is told
MEANT = {
    "subversion": "an attack on the model", "harmful": "a request for harm", "jailbreak": "a jailbreak",
    "direct": "injected instructions", "indirect": "instructions in a document",
    "extraction": "asking for the system prompt", "encoding": "hidden text",
}  # fmt: skip
"""By head: what a prompt resembles."""
DISGUISED = {
    "hidden_share": "share of characters that nobody sees",
    "folded_share": "share of characters that imitate plain letters",
    "decoded_share": "encoded text, against the length of the prompt",
    "leet_share": "share of words with digits for letters",
    "spaced_share": "share of characters that stand apart",
}
ANSWERED = {1.0: "refused", 0.0: "answered"}
NO_ANSWER = "no answer"
NEAREST, MIDDLE = "the nearest ordinary prompt, by what it is about", "the middle of all ordinary prompts"
EXPECTED = "what requests of its size take"
BY = {"prompt_attack": 0, "harmful_content": 1}  # which nats these detectors go by; others by the kind's
PLACES = {
    "prompt_attack": (ODD, ODD + 1), "harmful_content": (ODD, ODD + 1), "prompt_scan": (ODD, ODD + 1),
    "hidden_image": (ODD, ODD + 1), "refusals": (REFUSED,), "dear_answers": (DEAR,), "data_leak": (LEAK,),
    "prompt_variants": (LAST, LAST + 1, REFUSED, ODD, ODD + 1),
}  # fmt: skip
"""By detector: where prompts are kept that say what it is about; then, and of all others, come the latest."""
ABOUT = frozenset({*BY, "prompt_scan", "prompt_variants", "refusals", "hidden_image"})
"""Detectors of what prompts say; what a prompt resembles is beside the point for the others."""
SAID = {
    ODD: "one of the oddest before", ODD + 1: "one of the oddest before", REFUSED: "the oddest that was refused",
    DEAR: "the dearest answer before", LEAK: "the answer that gave most away before",
    LAST: "the last other prompt", LAST + 1: "the prompt before that",
}  # fmt: skip


class _Shown(NamedTuple):
    """A prompt to be told of by a detector; ``latest`` (8,) are the MinHashes of the one that crossed the line."""

    ordinary: Ordinary
    kept: np.void
    place: int
    detector: str
    latest: Array
    crossed: bool = False

    def measure(self, name: str) -> float:
        """What was measured of it."""
        return float(self.kept["measure"][self.place][MEASURE[name]])

    def usual(self, name: str) -> float:
        """The same of the ordinary one."""
        own = self.ordinary.measure[self.near] if self.near >= 0 else self.ordinary.middle
        return float(own[MEASURE[name]])

    @property
    def near(self) -> int:
        """Which ordinary prompt is the nearest; -1 where the middle of all stands for it."""
        return int(self.kept["ordinary"][self.place])

    @property
    def head(self) -> int:
        """What its detector takes it for."""
        return BY.get(self.detector, int(self.kept["kind"][self.place]))

    @property
    def nats(self) -> float:
        """How odd that is."""
        return float(self.kept["nats"][self.place][BY.get(self.detector, 2)])

    @property
    def alike(self) -> float:
        """Share of words in common with the prompt that crossed the line, of one of the two latest."""
        return float((self.kept["minhash"][self.place - LAST] == self.latest).mean())


def told(
    ordinary: Ordinary, rows: Columns, scores: Mapping[str, Scores], row: int, kept: np.void, detector: str
) -> list[Example]:
    """The prompt of ``row``, then those ``kept`` of its caller that say best what a detector told of."""
    batch, here = rows.batch, np.zeros(1, prompt_examples.state)
    made = read(ordinary.knot, ordinary.rate, rows, scores, slice(row, row + 1))
    near, latest = nearest(ordinary.u, rows.shared["u"][row]), made.minhash[0]
    note(here[0], 0, np.float32(0), made, 0, batch.ids[row], float(batch.time[row]), near)
    found, seen = [_Shown(ordinary, here[0], 0, detector, latest, crossed=True)], {float(made.same[0])}
    for place in (*PLACES.get(detector, ()), LAST, LAST + 1):
        one, same = _Shown(ordinary, kept, place, detector, latest), float(kept["same"][place])
        if len(found) < SHOWN and same not in seen and _says(one, float(batch.time[row])):
            seen.add(same)
            found.append(one)
    return [_example(one) for one in found]


def _says(one: _Shown, time: float) -> bool:
    """Whether a place holds a prompt of the last day that says something about what its detector told of."""
    kept, place = one.kept, one.place
    if kept["time"][place] == 0 or time - kept["time"][place] > DAY:
        return False
    if place in (ODD, ODD + 1):
        return one.nats >= LEAST and (one.detector != "hidden_image" or one.head == IMAGE)
    return place < LAST or one.detector != "prompt_variants" or one.alike >= ALIKE


def _example(one: _Shown) -> Example:
    kept, place, dear = one.kept, one.place, one.detector == "dear_answers"
    said = "" if dear or one.near < 0 else ANSWERED.get(float(one.ordinary.said[one.near]), NO_ANSWER)
    return Example(
        id=kept["id"][place].tobytes().rstrip(b"\0").decode("utf-8", "replace"),
        time=float(kept["time"][place]),
        answer=ANSWERED.get(float(kept["said"][place]), NO_ANSWER),
        text=_text(one),
        ordinary_answer=said,
        differs=[Difference(name=n, value=written(v), ordinary=written(o)) for n, v, o in _lines(one)],
        ordinary=EXPECTED if dear else NEAREST if one.near >= 0 else MIDDLE,
    )


def _text(one: _Shown) -> str:
    said = CROSSED if one.crossed else SAID[one.place]
    if one.detector not in ABOUT or one.nats < worded.ODD:
        return said
    if one.head == IMAGE:
        return f"{said}; its image is odd"
    kind = int(one.kept["kind"][one.place])
    most = f", most of all {MEANT[HEADS[kind]]}" if 0 < kind < IMAGE and kind != one.head else ""
    return f"{said}; it resembles {MEANT[HEADS[one.head]]}{most}"


def _one_in(nats: float) -> float:
    """How many prompts there is one in, with two digits."""
    return float(f"{np.exp(min(nats, MOST)):.2g}")


def _lines(one: _Shown) -> Lines:
    """What was measured of a prompt, that first by which its detector goes."""
    if one.detector == "dear_answers":
        return _dear(one)
    lines: Lines = []
    if one.place >= LAST and not one.crossed:
        lines.append(
            ("share of words in common with the one that crossed the line", one.alike, float(one.ordinary.alike[0]))
        )
    if one.detector == "data_leak":
        lines.append(("items in the answer that it had not sent", one.measure("items"), one.usual("items")))
    if one.detector == "hidden_image" and one.head == IMAGE:
        lines.append(("evidence in its images, nats", one.nats, 0.0))
    if one.head < IMAGE and (one.nats >= worded.ODD or one.detector in ABOUT):
        beside = float(one.ordinary.nats[one.near, one.head]) if one.near >= 0 else np.log(2)
        lines.append((f"like {MEANT[HEADS[one.head]]}: one ordinary prompt in", _one_in(one.nats), _one_in(beside)))
    return lines + _surface(one)


def _dear(one: _Shown) -> Lines:
    """What an answer took, and what it should have."""
    lines = [
        ("tokens of the answer", one.measure("answer"), one.measure("answer") / one.measure("times_answer")),
        ("seconds", one.measure("seconds"), one.measure("seconds") / one.measure("times_latency")),
    ]
    return [line for line in lines if np.isfinite(line[1])]


def _surface(one: _Shown) -> Lines:
    """What hides in a prompt, its script where that is foreign, and its length."""
    which, lines = int(one.measure("which")), list[tuple[str, float, float]]()
    if one.measure("disguise") > 0:
        beside = one.usual("disguise") if one.usual("which") == which else 0.0
        lines.append((DISGUISED[DISGUISES[which]], one.measure("disguise"), beside))
    if one.measure("foreign") > max(FOREIGN, 2 * one.usual("foreign")):
        lines.append(("share of characters outside ASCII", one.measure("foreign"), one.usual("foreign")))
    size = [("tokens sent", one.measure("sent"), one.usual("sent"))]
    if one.detector in ("harvesting", "flood"):
        size.append(("tokens of the answer", one.measure("answer"), one.usual("answer")))
    return lines + size
