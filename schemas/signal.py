"""Signals: the small messages that workers send to the correlator on topic ``tidegate.signals``."""

from hashlib import blake2b
from math import isfinite
from struct import unpack

import msgspec

from schemas.alert import Alert


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """What some principals of one partition and model version did in one stretch of traffic, and did before.

    Attributes
    ----------
    number : counts up from 1 in the partition and model version
    first, last : record times of its first and last record, s since the epoch
    records : records in it
    voices : principals in it that are known and are heard, each once
    newcomers : principals without enough past, who are not heard
    names : the statistics, in the order of the rows below
    speakers : (voices) whose voices they are
    counts, known : (voices) records that a voice speaks of, and records of its past
    level, usual : (voices, names) little-endian float16, means of what it speaks of, and of its past
    sample : statistics of a few of its records, each of another principal
    """

    number: int
    first: float
    last: float
    records: int
    voices: int
    newcomers: int
    names: list[str]
    speakers: list[str]
    counts: list[int]
    known: list[int]
    level: bytes
    usual: bytes
    sample: list[list[float]]


class Hindsight(msgspec.Struct, frozen=True, kw_only=True):
    """What late labels say of one partition's model version, in one stretch of feedback.

    Attributes
    ----------
    number : counts up from 1 in the partition and model version
    first, last : record times of its first and last record, s since the epoch
    records : records in it
    voices : contributors in it, each of which counts once
    names : the statistics, in the order of the lists below
    moved : mean over voices of how far each is from what is usual with it, shrunk
    spread : mean square over voices of the same
    usual, level : mean over voices of what is usual with them, and of their means in the block; -1 where unknown
    delay : how long after the answer its labels came on average, s; -1 where unknown
    """

    number: int
    first: float
    last: float
    records: int
    voices: int
    names: list[str]
    moved: list[float]
    spread: list[float]
    usual: list[float]
    level: list[float]
    delay: float = -1.0


class Sketch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one principal is like after so many records: how it behaves, and fingerprints of some of its inputs.

    Attributes
    ----------
    principal, record : who, and the id of its record behind which the sketch was made
    number : counts up from 1 in the partition and model version
    count : records of this principal so far
    first, last : record times of its first and its last one, s since the epoch
    z : deviations of the profile, a signed byte each, 16 a unit
    marks : salted fingerprints of its inputs, those that come first in a secret order; near inputs share some
    known : whether it was there in the burn-in, and says what is usual
    odds : nats by which its scores are rare among callers at so many records, by ``detectors.young.CHANNELS``
    novel : nats by which it never asks again, by each rate at which customers do; empty where nobody looks
    """

    principal: str
    number: int
    count: int
    first: float
    last: float
    z: bytes
    marks: list[int]
    record: str = ""
    known: bool = False
    odds: list[float] = []
    novel: list[float] = []


class Suspect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A record whose answer contradicts its neighbourhood, column by column.

    Attributes
    ----------
    principal, record : who, and the record's id
    number : counts up from 1 in the partition and model version
    time : of the record, s since the epoch
    label, answer : the class it was answered with, and its name
    z : each column's value, a signed byte, 127 is 6 spreads from the median or more
    rarity : each column's -log of the share of clean records near that value, a byte, 31 a nat
    known : whether it is of the clean period, and says what is usual
    scale : with the first of a partition, median and 6/127 spreads of each column, two rows of float32
    profile : deviations of its principal's profile, as in a sketch; empty for those of the clean period
    """

    principal: str
    number: int
    time: float
    label: int
    answer: str
    z: bytes
    rarity: bytes
    record: str = ""
    known: bool = False
    scale: bytes = b""
    profile: bytes = b""


class Signal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one partition has to say: a block, a sketch of a principal, a fault of a model, or that it is alive.

    Attributes
    ----------
    topic, partition : where the records were read
    time : the partition's clock, s since the epoch; it has passed every earlier time
    offset : of the last record behind this signal
    counts : records since the last signal of this partition, by model
    more : whether the partition's log goes on behind this signal, so that it has more to say
    block : set where a block ended
    sketch : set where a principal has something to show
    suspect : set where an answer contradicts its neighbourhood
    late : set where a block of late labels ended
    fault : set where the partition found one that others will find too
    model, version : of the block, sketch or suspect
    """

    topic: str
    partition: int
    time: float
    offset: int = -1
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    more: bool = False
    block: Block | None = None
    sketch: Sketch | None = None
    suspect: Suspect | None = None
    late: Hindsight | None = None
    fault: Alert | None = None
    model: str = ""
    version: str = ""


MARKS = 16  # fingerprints in a sketch
SHORT = 64  # bytes of a name that are kept as they are
LARGEST = 1 << 16  # bytes; a signal is a few thousand
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Signal)


def identity(principal: str) -> bytes:
    """A principal's name within 64 bytes, by its hash if it is longer or ends in what NumPy would cut off."""
    name = principal.encode("utf-8", "replace")
    if len(name) <= SHORT and not name.endswith(b"\x00"):
        return name
    return name[: SHORT - 17] + b"~" + blake2b(name, digest_size=8).hexdigest().encode()


def encode(signal: Signal) -> bytes:
    """A signal as msgpack."""
    return _encoder.encode(signal)


def decode(data: bytes) -> Signal | None:
    """A signal, or None if the bytes are none."""
    if len(data) > LARGEST:
        return None
    try:
        signal = _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return signal if isfinite(signal.time) and _usable(signal) else None


def _usable(signal: Signal) -> bool:
    """Whether all that a signal carries is as it should be."""
    return (
        (signal.block is None or _whole(signal.block))
        and (signal.late is None or _whole_hindsight(signal.late))
        and (signal.fault is None or isfinite(signal.fault.time))
        and (signal.suspect is None or _whole_suspect(signal.suspect))
        and (signal.sketch is None or _sound(signal.sketch))
    )


def _whole_hindsight(late: Hindsight) -> bool:
    """Whether all lists have the length of ``names``, and all numbers are finite."""
    rows = [late.moved, late.spread, late.usual, late.level]
    plain = [late.first, late.last, late.delay, *(value for row in rows for value in row)]
    return all(len(row) == len(late.names) for row in rows) and all(map(isfinite, plain))


def _whole(block: Block) -> bool:
    """Whether all rows have the length that they must have, and all numbers are finite."""
    n, k = block.voices, len(block.names)
    if n != len(block.speakers) or n != len(block.counts) or n != len(block.known):
        return False
    if not len(block.level) == len(block.usual) == 2 * n * k or any(len(row) != k for row in block.sample):
        return False
    plain = [block.first, block.last, *(value for row in block.sample for value in row)]
    halves = unpack(f"<{2 * n * k}e", block.level + block.usual)
    return (
        all(map(isfinite, plain)) and all(map(isfinite, halves)) and min([*block.counts, *block.known], default=0) >= 0
    )


def _sound(sketch: Sketch) -> bool:
    """Whether all numbers are within what they count."""
    marks = len(sketch.marks) <= MARKS and all(0 <= mark < 1 << 64 for mark in sketch.marks)
    odds = len(sketch.odds) <= MARKS and all(0 <= one < 1e3 for one in sketch.odds)
    novel = len(sketch.novel) <= MARKS and all(abs(one) < 1e6 for one in sketch.novel)
    return marks and odds and novel and 0 < sketch.count < 1 << 31 and isfinite(sketch.first) and isfinite(sketch.last)


def _whole_suspect(suspect: Suspect) -> bool:
    """Whether all columns are there, and its time is one."""
    columns = len(suspect.z)
    return (
        0 < columns == len(suspect.rarity)
        and len(suspect.scale) in (0, 8 * columns)
        and isfinite(suspect.time)
        and abs(suspect.label) < 1 << 31
    )
