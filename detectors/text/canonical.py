"""Canonical text: one spelling for many disguises, and thirty-two numbers on how the text was disguised and looks.

Hidden characters are taken out and what they spell is read; styled letters, imitations, stacked marks, digits for
letters and spaced letters become plain ones; encoded parts are decoded once, and what they say stands in their place;
what hidden characters say stands behind the text. Of a long text its beginning and its end count; the work is bounded
for any text.
"""

import codecs
import re
from collections.abc import Sequence
from math import expm1, log1p
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.models import stored
from detectors.text import spelling
from detectors.text.decoded import ALL_APART, Decoded, decode
from detectors.text.unveiled import Visible, unveil, without_hidden

MOST = 4096  # characters that are read, and bytes of a canonical text
LEAST_TURNED = 12  # characters of a part that may be rot13
END = 2048  # of them from the end; and bytes at most of what was decoded
FEATURES = (
    "log_bytes", "hidden_share", "log_hidden", "log_payload", "folded_share", "log_mixed_words",
    "outside_ascii", "marks", "digits", "capitals", "spaces", "line_ends", "controls", "entropy",
    "log_run", "log_word", "case_flips", "repeated_words",
    "marks_window", "marks_tail", "odd_pairs_window",
    "pairs", "rot13_gain",
    "decoded_parts", "decoded_share", "base64", "base32", "hex", "url", "rot13",
    "leet_share", "spaced_share",
)  # fmt: skip
AT = {name: k for k, name in enumerate(FEATURES)}

Array = npt.NDArray[Any]

PAIRS: Array = stored("letter_pairs")["pairs"]
GAIN, CLEAR, ENGLISH = 0.25, 0.35, -4.6  # bits a pair: what rot13 must gain, in a part of a text, and reach


class Canonical(NamedTuple):
    """A text as all else reads it.

    Attributes
    ----------
    text : (n,) u1, small letters in UTF-8, n at most 4,096
    features : (32,) f4, by :data:`FEATURES`
    """

    text: Array
    features: Array


def canonical(text: str) -> Canonical:
    """Spell a text canonically; never raises, whatever the text is."""
    whole = len(text)
    visible = Visible(cut(text), 0, [], 0, 0) if text.isascii() else _unveiled(text)
    data = np.frombuffer(visible.text.encode("utf-8", "replace"), np.uint8)
    features = np.zeros(len(FEATURES), np.float32)
    _look(data, whole, visible, features)
    decoded = decode(visible.text, longest_word=int(expm1(features[AT["log_word"]]) + 0.5),
                     digits=float(features[AT["digits"]]), spaces=float(features[AT["spaces"]]))  # fmt: skip
    _note(decoded, len(visible.text), features)
    turned = "" if visible.payloads or decoded.said or decoded.spaced > ALL_APART else _rot13(visible.text, features)
    features[AT["rot13"]] = bool(turned)
    return Canonical(_spelt(turned or decoded.text, visible.payloads), features)


def cut(text: str) -> str:
    """Beginning and end of a long text."""
    return text if len(text) <= MOST else f"{text[: MOST - END - 1]} {text[-END:]}"


def _unveiled(text: str) -> Visible:
    plain, hidden, said = without_hidden(text)
    return unveil(cut(plain), hidden, said)


def _look(data: Array, whole: int, visible: Visible, features: Array) -> None:
    """Fill in what the surface shows; ``whole`` is the number of characters as they came."""
    n = max(len(visible.text), 1)
    run, word, flips, repeated = spelling.lengths(data)
    features[:6] = (
        log1p(len(data)), visible.hidden / max(whole, 1), log1p(visible.hidden),
        log1p(sum(map(len, visible.payloads))), visible.folded / n, log1p(visible.mixed),
    )  # fmt: skip
    features[6:14] = spelling.shares(data)
    features[14:18] = log1p(run), log1p(word), flips, repeated
    features[18:21] = spelling.windows(data, PAIRS)
    features[21:23] = spelling.likelihood(data, PAIRS)


def _note(decoded: Decoded, n: int, features: Array) -> None:
    features[AT["decoded_parts"]] = min(len(decoded.said), 8)
    features[AT["decoded_share"]] = min(2.0, sum(map(len, decoded.said)) / max(n, 1))
    for kind in decoded.kinds:
        features[AT[kind]] = 1
    features[AT["leet_share"]], features[AT["spaced_share"]] = decoded.leet, decoded.spaced


def _rot13(text: str, features: Array) -> str:
    """The text with all, or with what follows its first line or colon, turned by thirteen if that is English; or ""."""
    mean, gain = float(features[AT["pairs"]]), float(features[AT["rot13_gain"]])
    if gain > GAIN and mean + gain > ENGLISH:
        return codecs.decode(text, "rot13")
    if gain < -GAIN * 4:  # English as it is, all of it: most texts end here
        return ""
    part = re.split(r":\s|\n", text, maxsplit=1)[-1]
    if len(part) == len(text) or len(part) < LEAST_TURNED:
        return ""
    mean, gain = spelling.likelihood(np.frombuffer(part.encode("utf-8", "replace"), np.uint8), PAIRS)
    before = text[: len(text) - len(part)]
    return before + codecs.decode(part, "rot13") if gain > CLEAR and mean + gain > ENGLISH else ""


def _spelt(plain: str, said: Sequence[str]) -> Array:
    """A text and what is hidden in it as one canonical spelling."""
    out = np.empty(MOST, np.uint8)
    data = np.frombuffer(plain.encode("utf-8", "replace"), np.uint8)
    if not said:
        return out[: spelling.spell(data, out)]
    behind = np.empty(END, np.uint8)
    more = np.frombuffer((" \n " + " \n ".join(said)).encode("utf-8", "replace"), np.uint8)
    extra = behind[: spelling.spell(more, behind)]
    first = out[: MOST - len(extra)]
    return np.concatenate([first[: spelling.spell(data, first)], [np.uint8(32)], extra])[:MOST]
