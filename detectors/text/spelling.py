"""One compiled pass over bytes for each view of a text: its canonical spelling, and how its surface looks."""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

Array = npt.NDArray[Any]
Scalar = Any  # of a fixed numpy type once compiled

RUN = 3  # equal characters that are kept
WINDOW = 48  # bytes of the windows in which punctuation and odd letter pairs are counted
TAIL = 96  # bytes at the end
OTHER = 26  # any byte that is no letter, in the table of pairs


@compiled
def is_letter(c: Scalar) -> bool:
    """Whether a byte is an ASCII letter."""
    return bool(97 <= c <= 122 or 65 <= c <= 90)


@compiled
def is_space(c: Scalar) -> bool:
    """Whether a byte is a space, a tab or the end of a line."""
    return c in (9, 10, 13, 32)


@compiled
def is_digit(c: Scalar) -> bool:
    """Whether a byte is an ASCII digit."""
    return bool(48 <= c <= 57)


@compiled
def is_mark(c: Scalar) -> bool:
    """Whether a byte is ASCII punctuation."""
    return 32 < c < 127 and not is_letter(c) and not is_digit(c)


@compiled
def lower(c: Scalar) -> Scalar:
    """A byte as its small letter."""
    return c + 32 if 65 <= c <= 90 else c


@compiled
def spell(text: Array, out: Array) -> int:
    """Write ``text`` (n,) u1 in small letters, runs and spaces shortened, to ``out``; return how many bytes it took."""
    at, run, previous = 0, 0, np.int64(-1)
    for c in text:
        run = run + 1 if c == previous else 1
        previous = np.int64(c)
        if at >= len(out):
            break
        if is_space(c):
            if at > 0 and out[at - 1] != 32:
                out[at] = 32
                at += 1
        elif run <= RUN or c >= 128:
            out[at] = lower(c)
            at += 1
    return at


@compiled
def shares(text: Array) -> tuple[float, float, float, float, float, float, float, float]:
    """Shares of bytes outside ASCII, marks, digits, capitals, spaces, line ends, controls; entropy in bits."""
    counts = np.zeros(256, np.int64)
    for c in text:
        counts[c] += 1
    n, entropy = max(len(text), 1), 0.0
    kinds = np.zeros(7)
    for c in range(256):
        if counts[c] == 0:
            continue
        p = counts[c] / n
        entropy -= p * np.log2(p)
        if c >= 128:
            kinds[0] += p
        kinds[1] += p if is_mark(c) else 0.0
        kinds[2] += p if is_digit(c) else 0.0
        kinds[3] += p if 65 <= c <= 90 else 0.0
        kinds[4] += p if is_space(c) else 0.0
        kinds[5] += p if c == 10 else 0.0
        kinds[6] += p if (c < 32 or c == 127) and not is_space(c) else 0.0
    return kinds[0], kinds[1], kinds[2], kinds[3], kinds[4], kinds[5], kinds[6], entropy


@compiled
def lengths(text: Array) -> tuple[int, int, float, float]:
    """Longest run of one byte, longest word, and per byte: changes of case inside words; share of words that repeat."""
    run = longest = word = longest_word = flips = words = repeated = 0
    previous, case = np.int64(-1), -1
    seen, key, size = np.zeros(512, np.uint32), np.uint32(2166136261), 0
    for c in text:
        run = run + 1 if c == previous else 1
        longest = max(longest, run)
        previous = np.int64(c)
        word = 0 if is_space(c) else word + 1
        longest_word = max(longest_word, word)
        now = (0 if c >= 97 else 1) if is_letter(c) else -1
        flips += now >= 0 and case >= 0 and now != case and size > 1
        case = now
        if is_letter(c) or is_digit(c) or c >= 128:
            key, size = (key ^ np.uint32(lower(c))) * np.uint32(16777619), size + 1
        elif size > 0:
            words += 1
            repeated += seen[key & np.uint32(511)] == key
            seen[key & np.uint32(511)] = key
            key, size = np.uint32(2166136261), 0
    return longest, longest_word, flips / max(len(text), 1), repeated / max(words, 1)


@compiled
def windows(text: Array, pairs: Array) -> tuple[float, float, float]:
    """Marks in the window with most, marks in the tail, and the least mean log-likelihood of pairs in a window."""
    most = marks = tail = 0
    least = total = 0.0
    before = np.zeros(WINDOW, np.float32)
    last = np.int64(-1)
    for i in range(len(text)):
        marks += is_mark(text[i])
        if i >= WINDOW:
            marks -= is_mark(text[i - WINDOW])
        a = np.int64(lower(text[i])) - 97 if is_letter(text[i]) else np.int64(OTHER)
        value = pairs[last, a] if last >= 0 and (a < OTHER or last < OTHER) else np.float32(0)
        total += value - before[i % WINDOW]
        before[i % WINDOW] = value
        last = a
        if i >= WINDOW - 1:
            most, least = max(most, marks), min(least, total)
    for i in range(max(0, len(text) - TAIL), len(text)):
        tail += is_mark(text[i])
    return most / WINDOW, tail / max(min(len(text), TAIL), 1), least / WINDOW


@compiled
def likelihood(text: Array, pairs: Array) -> tuple[float, float]:
    """Mean log2-likelihood of letter pairs (27, 27), and what rot13 would gain; -1 where there are hardly any pairs."""
    total = turned = 0.0
    count = 0
    last = turned_last = np.int64(-1)
    for c in text:
        a = np.int64(lower(c)) - 97 if is_letter(c) else np.int64(OTHER)
        r = (a + 13) % 26 if a < OTHER else np.int64(OTHER)
        if last >= 0 and (a < OTHER or last < OTHER):
            total += pairs[last, a]
            turned += pairs[turned_last, r]
            count += 1
        last, turned_last = a, r
    mean = total / max(count, 1)
    return mean, (turned - total) / count if count > 12 else -1.0
