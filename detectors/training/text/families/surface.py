"""Surface: how people type. The same for attacks and for honest prompts, so that it tells nothing of either."""

import re
from collections.abc import Callable

from detectors.training.text.families.grammar import Generator

Change = Callable[[str, Generator], str]

KEYBOARD = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et", "s": "ad", "t": "ry", "u": \
"yi",
    "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
SHORT = (("do not", "don't"), ("I am", "I'm"), ("cannot", "can't"), ("you are", "you're"), ("it is", "it's"),
         ("I have", "I've"), ("will not", "won't"), ("is not", "isn't"), ("that is", "that's"))  # fmt: skip
CHAT = (("you", "u"), ("please", "pls"), ("are", "r"), ("for", "4"), ("because", "cuz"), ("going to", "gonna"),
        ("want to", "wanna"), ("your", "ur"), ("people", "ppl"), ("thanks", "thx"))  # fmt: skip
AMERICAN = (
    ("isation", "ization"),
    ("behaviour", "behavior"),
    ("colour", "color"),
    ("licence", "license"),
    ("organise", "organize"),
    ("summarise", "summarize"),
    ("recognise", "recognize"),
    ("neighbour", "neighbor"),
    ("programme", "program"),
    ("centre", "center"),
    ("e-mail", "email"),
    ("synthesise", "synthesize"),
)  # fmt: skip


def surface(text: str, rng: Generator) -> str:
    """``text`` as somebody may have typed it; nothing is done to about a third of all texts."""
    for change, share in CHANGES:
        if rng.random() < share:
            text = change(text, rng)
    return text.strip()


def _swapped(pairs: tuple[tuple[str, str], ...]) -> Change:
    def change(text: str, _: Generator) -> str:
        for old, new in pairs:
            text = re.sub(rf"\b{old}\b" if old.isalpha() and len(old) < 8 else re.escape(old), new, text)
        return text

    return change


def _typos(text: str, rng: Generator) -> str:
    letters = list(text)
    for _ in range(max(1, int(len(text) * rng.uniform(0.002, 0.015)))):
        place = int(rng.integers(len(letters)))
        near = KEYBOARD.get(letters[place])
        if near is None:
            continue
        kind = int(rng.integers(4))
        if kind == 0 and place + 1 < len(letters) and letters[place + 1].isalpha():
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            letters[place] = ("", letters[place] * 2, near[int(rng.integers(len(near)))])[kind % 3]
    return "".join(letters)


def _shout(text: str, rng: Generator) -> str:
    """One sentence, or all of a short text, in capitals."""
    if len(text) < 160 and rng.random() < 0.4:
        return text.upper()
    parts = re.split(r"(?<=[.!?]) ", text)
    place = int(rng.integers(len(parts)))
    return " ".join([*parts[:place], parts[place].upper(), *parts[place + 1 :]])


def _ending(text: str, rng: Generator) -> str:
    ends = ("", "", "!", "!!", "...", " ?", "??", " :)", ".", " .", "\n", " thanks")
    return text.rstrip(".!?") + ends[int(rng.integers(len(ends)))]


def _wrapped(text: str, rng: Generator) -> str:
    """Lines of even length, as pasted from a mail."""
    width, lines = int(rng.integers(50, 90)), []
    for line in text.split("\n"):
        row = ""
        for word in line.split(" "):
            if row and len(row) + len(word) >= width:
                lines.append(row)
                row = word
            else:
                row = f"{row} {word}" if row else word
        lines.append(row)
    return "\n".join(lines)


def _quoted(text: str, rng: Generator) -> str:
    marks = (
        '"{}"',
        "'{}'",
        "> {}",
        "**{}**",
        "Q: {}",
        "- {}",
        "Prompt: {}",
        "```\n{}\n```",
        "User: {}",
        "<p>{}</p>",
        "1. {}",
    )
    return marks[int(rng.integers(len(marks)))].replace("{}", text)


CHANGES: tuple[tuple[Change, float], ...] = (
    (_swapped(SHORT), 0.45),
    (_swapped(AMERICAN), 0.4),
    (_swapped(CHAT), 0.03),
    (lambda text, _: text.lower(), 0.1),
    (_shout, 0.03),
    (_typos, 0.14),
    (_ending, 0.18),
    (lambda text, _: re.sub(r"\s+", " ", text), 0.06),
    (_wrapped, 0.04),
    (lambda text, _: text.replace("\n\n", "\n"), 0.08),
    (lambda text, _: text.replace(", ", ",") if len(text) < 300 else text, 0.02),
    (lambda text, _: text.translate({34: "”", 39: "’"}), 0.06),
    (lambda text, _: text.replace(" - ", " — "), 0.1),
    (_quoted, 0.03),
)
"""What may be done to a text, and to which share of all."""
