"""Aims: which threat an attack of a labelled trace is, from its label, and whether an alert calls it by that name."""

from schemas.threats import THREATS

_WORDS = {
    "extract": "extraction",
    "knockoff": "extraction",
    "copycat": "extraction",
    "transfer": "evasion",
    "fgsm": "evasion",
    "pgd": "evasion",
    "deepfool": "evasion",
    "boundary": "query_evasion",
    "hopskipjump": "query_evasion",
    "simba": "query_evasion",
    "square": "query_evasion",
    "zoo": "query_evasion",
    "inversion": "inversion",
    "membership": "membership",
    "backdoor": "backdoor",
    "fuzz": "fuzzing",
    "dos": "flood",
    "flood": "flood",
}
"""What a label's first known word stands for."""

ALIKE = (frozenset({"flood", "cost_abuse"}), frozenset({"evasion", "patch"}))
"""Names for one aim."""


def threat_of(label: str) -> str:
    """Return the threat that a label stands for, a key of ``schemas.threats.THREATS``; empty where it says none."""
    if label in THREATS:
        return label
    return next((_WORDS[word] for word in label.lower().replace("-", "_").split("_") if word in _WORDS), "")


def named_right(said: str, threat: str) -> bool:
    """Whether an alert that says one threat is right about a campaign of another; some mean the same."""
    return said == threat or any({said, threat} <= alike for alike in ALIKE)
