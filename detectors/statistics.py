"""The 64 statistics of a profile: names, groups, and what a high or a low value means in plain words."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Statistic(NamedTuple):
    """A signal of a record, or a statistic of the whole.

    Attributes
    ----------
    group : what kind of behaviour it shows; threats are named by group
    floor : least distance between the usual value and its 5 % or 95 % quantile that counts as one unit of z
    """

    name: str
    group: str
    floor: float


SIGNALS = (
    Statistic("rare_values", "odd", 0.1),
    Statistic("off_manifold", "odd", 0.1),
    Statistic("off_mode", "odd", 0.1),
    Statistic("far_from_known", "odd", 0.1),
    Statistic("between_classes", "odd", 0.1),
    Statistic("low_margin", "answers", 0.1),
    Statistic("margin_rank", "answers", 0.03),
    Statistic("margin_extremes", "answers", 0.03),
    Statistic("odd_combination", "odd", 0.1),
    Statistic("repeat", "repeats", 0.03),
    Statistic("near_copy", "chains", 0.03),
    Statistic("nearest", "chains", 0.15),
    Statistic("nearest_spread", "chains", 0.3),
    Statistic("flip", "flips", 0.03),
    Statistic("record_low", "lows", 0.03),
    Statistic("record_high", "highs", 0.03),
    Statistic("chain_length", "chains", 0.15),
    Statistic("branching", "chains", 0.15),
    Statistic("direction", "chains", 0.03),
    Statistic("alignment", "chains", 0.03),
    Statistic("step", "chains", 0.15),
    Statistic("step_spread", "chains", 0.3),
    Statistic("near_boundary", "flips", 0.03),
    Statistic("trigger", "trigger", 0.03),
    Statistic("gap", "pace", 0.15),
    Statistic("gap_spread", "pace", 0.3),
    Statistic("same_label", "labels", 0.03),
    Statistic("look_back", "chains", 0.15),
)

WHOLES = (
    Statistic("distribution_distance", "distribution", 0.3),
    Statistic("label_entropy", "labels", 0.03),
    Statistic("label_shift", "labels", 0.1),
    Statistic("margin_shape", "answers", 0.03),
    Statistic("session", "pace", 0.3),
    Statistic("burst", "pace", 0.3),
    Statistic("surge", "pace", 0.3),
    Statistic("distinct", "pace", 0.3),
)

# name -> what a value above, and what a value below the usual one means, as the end of "this principal ..."
WORDS = {
    "rare_values": ("sends values that are rare here", "sends only the most common values"),
    "off_manifold": ("combines values as ordinary inputs do not", "sends unusually plain inputs"),
    "off_mode": ("fills in fields that others leave at one value", "leaves nearly all fields at their usual value"),
    "far_from_known": ("sends inputs far from any known one", "sends inputs unusually close to known ones"),
    "between_classes": (
        "gets answers that similar known inputs do not get",
        "sends inputs unusually typical of their answer",
    ),
    "low_margin": ("gets unsure answers", "gets unusually sure answers"),
    "margin_rank": ("gets surer answers than customers do", "gets less sure answers than customers do"),
    "margin_extremes": (
        "gets very sure and very unsure answers, little in between",
        "gets answers of middling certainty only",
    ),
    "odd_combination": (
        "sends inputs with noise or marks that ordinary ones do not have",
        "sends inputs with less variety than usual",
    ),
    "repeat": ("repeats the same inputs more than customers do", "repeats inputs less than customers do"),
    "near_copy": ("sends slightly changed copies of its own inputs", "hardly ever sends similar inputs twice"),
    "nearest": ("sends inputs unlike any of its recent ones", "sends inputs ever closer to its own recent ones"),
    "nearest_spread": ("mixes near copies and unrelated inputs", "keeps one fixed distance between its inputs"),
    "flip": ("finds small changes that flip the answer", "makes small changes that hardly ever flip the answer"),
    "record_low": (
        "makes the model less sure step by step",
        "hardly ever lowers the model's certainty by small changes",
    ),
    "record_high": ("makes the model surer step by step", "hardly ever raises the model's certainty by small changes"),
    "chain_length": ("works on one input for a long time", "leaves an input after few changes"),
    "branching": ("tries many changes of one and the same input", "changes each input only once"),
    "direction": ("moves its inputs in one direction", "moves its inputs to and fro"),
    "alignment": ("moves its inputs along a line", "moves its inputs in unrelated directions"),
    "step": (
        "jumps further between requests than customers do",
        "takes smaller steps between requests than customers do",
    ),
    "step_spread": ("mixes tiny and large steps", "takes steps of one size"),
    "near_boundary": ("stays where two answers are equally likely", "stays clear of where the answer changes"),
    "trigger": ("repeats one rare mark on unrelated inputs with the same answer", "shares no rare mark between inputs"),
    "gap": ("pauses longer than customers do", "sends faster than customers do"),
    "gap_spread": ("sends in bursts and long pauses", "sends at an even pace"),
    "same_label": ("gets the same answer again and again", "gets another answer almost every time"),
    "look_back": ("returns to inputs from long ago", "changes the very last input again"),
    "distribution_distance": ("asks about regions that customers do not", "asks about what customers ask on average"),
    "label_entropy": ("collects all answers evenly", "collects few different answers"),
    "label_shift": ("gets another mix of answers than customers do", "gets the usual mix of answers"),
    "margin_shape": ("gets answers of unusual certainty", "gets answers of usual certainty"),
    "session": ("goes on without a pause", "pauses after every few requests"),
    "burst": ("sends much within ten minutes", "sends little within ten minutes"),
    "surge": ("sends more than it did all day", "sends less than it did all day"),
    "distinct": ("sends many different inputs within ten minutes", "sends few different inputs within ten minutes"),
}

SHORT, LONG = 32, 256  # records: the two memories of a signal
TABLE = (*SIGNALS, *SIGNALS, *WHOLES)
NAMES = (
    *(f"{s.name}/{SHORT}" for s in SIGNALS),
    *(f"{s.name}/{LONG}" for s in SIGNALS),
    *(s.name for s in WHOLES),
)
AVERAGES = (
    f"In brackets: its average over the last {SHORT} or {LONG} requests, and what is usual for callers of this model, "
    "learnt in the clean period and moved with them since."
)
FLOORS = np.array([s.floor for s in TABLE], np.float32)
TIMING = np.array([k for k, s in enumerate(TABLE) if s.group == "pace"], np.int64)
AT = {s.name: k for k, s in enumerate(SIGNALS)}


def words(statistic: int, z: float) -> str:
    """What a deviation of one of the 64 statistics to the side of ``z`` means."""
    high, low = WORDS[TABLE[statistic].name]
    return high if z > 0 else low


def told_of(why: Sequence[tuple[str, float, float, str]]) -> str:
    """What somebody does, as the end of a sentence: ``(name, value, usual value, words)`` of each statistic."""
    return "; ".join(f"{text} ({value:.2f}, usually {usual:.2f})" for _, value, usual, text in why)
