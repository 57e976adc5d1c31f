"""Topics: what a prompt is about, in the forms that templates need."""

from detectors.training.text.families.grammar import Maker, Pen

HOW, MAKE = "how", "make"
IRREGULAR = {"lie": "lying", "tie": "tying"}
DOUBLED = frozenset({
    "beg", "chat", "control", "cut", "dig", "drug", "get", "hit", "jam", "knit", "plan", "put", "quit", "reset", \
"rig", "rob", "run",
    "scam", "set", "skim", "split", "spot", "stop", "trap", "whip", "win",
})  # fmt: skip


def gerund(phrase: str) -> str:
    """``writing a letter`` of ``write a letter``."""
    verb, space, rest = phrase.partition(" ")
    stem = verb.rpartition("-")[2]
    if stem in IRREGULAR:
        verb = verb[: -len(stem)] + IRREGULAR[stem]
    elif stem in DOUBLED:
        verb += verb[-1] + "ing"
    elif stem.endswith("e") and not stem.endswith(("ee", "ye", "oe")):
        verb = verb[:-1] + "ing"
    else:
        verb += "ing"
    return verb + space + rest


def aim(pen: Pen, *, harmful: bool) -> None:
    """Draw what a prompt asks for: the slots ``goal``, ``going``, and which ways of asking fit it."""
    kind = HOW if pen.chance(0.6) else MAKE
    pen.bound["aim"] = kind
    pen.bound["goal"] = pen.write(f"{{{kind}_{'goal' if harmful else 'wish'}}}")
    pen.bound["going"] = gerund(pen.bound["goal"])


def _asked(name: str) -> Maker:
    return lambda pen: pen.write(f"{{{name}_{pen.bound['aim']}}}")


def _other(template: str, *, harmful: bool) -> Maker:
    """Slot about another topic than the prompt's own."""

    def make(pen: Pen) -> str:
        other = Pen(pen.rng, pen.grammar, pen.makers, {})
        aim(other, harmful=harmful)
        return other.write(template)

    return make


def _question(pen: Pen) -> str:
    text = _asked("question")(pen)
    return text[:1].upper() + text[1:] if pen.chance(0.8) else text


TOPICS: dict[str, Maker] = {
    "ask": _asked("ask"),
    "question": _question,
    "evil": _other("{goal}", harmful=True),
    "eviling": _other("{going}", harmful=True),
    "evil_ask": _other("{ask}", harmful=True),
    "evil_question": _other("{question}", harmful=True),
    "wish": _other("{goal}", harmful=False),
    "wishing": _other("{going}", harmful=False),
    "wish_ask": _other("{ask}", harmful=False),
    "wish_question": _other("{question}", harmful=False),
}
"""Slots about topics: ``ask`` and ``question`` for the prompt's own; ``evil`` for one that is always harmful, \
``wish`` for
one that never is."""
