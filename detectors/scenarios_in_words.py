"""Synthetic conversations for checks: what people of :mod:`detectors.customers` ask in words, as it would be read.

A count of 77 and more in column 6 stands for words of a kind; nothing is written out.
"""

from zlib import crc32

import numpy as np

from detectors.customers import Array, Generator, Rows, inputs, person
from detectors.images.reading import NONE
from detectors.outputs.leaks import COUNT, ITEMS, WIDTH
from detectors.text.reading import AT, COLUMNS, IMAGES
from detectors.text.sketch import HASHES

ATTACK, ODDITY, REFUSED, REWORDED, DRAFT, SPONGE, LETTER, SCAN, HIDDEN, PHOTO = range(77, 87)
LEAKS = 4096  # parts of a unit in which the constant column says what an answer gives away
LOGITS = {ATTACK: 14.0, ODDITY: 4.0, REWORDED: 3.0}
KINDS = 6  # of attacks that a scan tries in turn


def jailbreaks(chance: Generator) -> Rows:
    """A person, half of whose prompts are attacks and ask for harm."""
    t, x = person(chance)
    x[chance.random(len(t)) < 0.5, 6] = ATTACK
    return t, x


def harmful_requests(chance: Generator) -> Rows:
    """The same: both heads see it."""
    return jailbreaks(chance)


def role_plays(chance: Generator) -> Rows:
    """A person who now and then asks something that looks a little like an attack."""
    t, x = person(chance)
    x[chance.choice(len(t), 1), 6] = ODDITY
    return t, x


def refused_requests(chance: Generator) -> Rows:
    """A person to whom the model says no every other time."""
    t, x = person(chance)
    x[chance.random(len(t)) < 0.5, 6] = REFUSED
    return t, x


def rewordings(chance: Generator) -> Rows:
    """A person with one odd request in ever other words, refused every other time."""
    t, x = person(chance)
    x[:, 6] = REWORDED
    return t, x


def drafts(chance: Generator) -> Rows:
    """A person who polishes one text all day."""
    t, x = person(chance)
    x[:, 6] = DRAFT
    return t, x


def prompt_scans(chance: Generator) -> Rows:
    """A person who tries one kind of attack after the other."""
    t, x = person(chance)
    x[:, 6], x[:, 7] = SCAN, np.arange(len(t)) % KINDS
    return t, x


def harvests(chance: Generator) -> Rows:
    """A person with a long list of different questions."""
    t, _ = person(chance)
    n = max(6 * len(t), 300)
    return np.sort(chance.uniform(t[0], t[-1] + 3600, n)), inputs(chance, n)


def sponges(chance: Generator) -> Rows:
    """A person whose requests make the model write without end."""
    t, x = person(chance)
    x[:, 6] = SPONGE
    return t, x


def long_letters(chance: Generator) -> Rows:
    """A person who now and then has a long letter written."""
    t, x = person(chance)
    x[chance.choice(len(t), 1), 6] = LETTER
    return t, x


def hidden_images(chance: Generator) -> Rows:
    """A person, every other of whose images holds another one."""
    t, x = person(chance)
    x[:, 6] = np.where(chance.random(len(t)) < 0.5, HIDDEN, PHOTO)
    return t, x


def photographs(chance: Generator) -> Rows:
    """A person who sends photographs."""
    t, x = person(chance)
    x[:, 6] = PHOTO
    return t, x


def leaks(chance: Generator) -> Rows:
    """Answers in which other people's addresses and numbers are, new ones each time."""
    t, x = person(chance)
    x[:, 8] += (1 + chance.permutation(len(t))) / LEAKS
    return t, x


def support_desk(chance: Generator) -> Rows:
    """The same address under every answer."""
    t, x = person(chance)
    x[:, 8] += 1 / LEAKS
    return t, x


def leaked(features: Array) -> Array:
    """What answers to inputs (N, 16) hold, as ``detectors.outputs.leaks`` has it (N, 7): at most one item each."""
    made = np.zeros((len(features), WIDTH), np.float32)
    made[:, ITEMS.start] = np.round((np.clip(features[:, 8], 1, 2) - 1) * LEAKS)
    made[:, COUNT] = made[:, ITEMS.start] > 0
    return made


def words(x: Array) -> Array:
    """What was read of the words behind inputs (n, 16): (n, T), as ``detectors.text.reading`` has it."""
    made = np.zeros((len(x), len(COLUMNS)), np.float32)
    kind, n = x[:, 6], np.arange(len(x))
    made[:, :7] = -6 + np.round(3 * x[:, :1] - x[:, 1:2], 3)
    for count, more in LOGITS.items():
        made[kind == count, :7] += more
    scan = kind == SCAN
    made[n[scan], 1 + x[scan, 7].astype(np.int64) % KINDS] += 14
    whole = np.array([crc32(row.tobytes()) % (1 << 24) for row in np.round(x, 3)], np.int64).reshape(-1)
    made[:, AT["refused"]] = (kind == REFUSED) | ((kind == REWORDED) & (whole % 2 == 0))
    made[:, AT["log_sent"]] = np.round(4 + 0.3 * x[:, 0], 3)
    made[:, AT["log_answer"]] = np.round(5 + 0.2 * x[:, 0] + 0.3 * x[:, 2], 3)
    made[:, AT["log_answer"]] += np.where(kind == SPONGE, 4, np.where(kind == LETTER, 1.5, 0))
    same = np.where(np.isin(kind, (REWORDED, DRAFT))[:, None], 7, whole[:, None] * (3 + 2 * np.arange(HASHES)))
    made[:, AT["minhash_0"] : AT["minhash_0"] + HASHES] = same % (1 << 24)
    made[:, AT["same"]] = made[:, AT["surface"]] = whole
    made[:, IMAGES] = NONE
    made[:, AT["images"]] = np.isin(kind, (HIDDEN, PHOTO)) | (x[:, 15] > 0)
    made[kind == HIDDEN, AT["image_scaled"]] = 1.6
    made[:, -WIDTH:] = leaked(x)
    return made


IN_WORDS = (
    jailbreaks, harmful_requests, role_plays, refused_requests, rewordings, drafts, prompt_scans, harvests, sponges,
    long_letters, hidden_images, photographs, leaks, support_desk,
)  # fmt: skip
"""Every behaviour in words."""
