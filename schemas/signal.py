"""Signals: the small messages that workers send to the correlator on topic ``tidegate.signals``."""

from math import isfinite

import msgspec


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """How far the principals of one partition and model version moved from their own past, in one stretch of traffic.

    Attributes
    ----------
    number : counts up from 1 in the partition and model version
    first, last : record times of its first and last record, s since the epoch
    records : records in it
    voices : principals known before, each of which counts once
    newcomers : principals without enough past, who do not count
    names : the statistics, in the order of the lists below
    moved : mean over voices of how far each moved from its own past, shrunk and clipped
    spread : mean square over voices of the same
    usual, level : mean over voices of their earlier means, and of their means in the block
    sample : statistics of a few of its records, each of another principal
    """

    number: int
    first: float
    last: float
    records: int
    voices: int
    newcomers: int
    names: list[str]
    moved: list[float]
    spread: list[float]
    usual: list[float]
    level: list[float]
    sample: list[list[float]]


class Signal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one partition has to say: a block of one model version, or only that it is alive.

    Attributes
    ----------
    topic, partition : where the records were read
    time : the partition's clock, s since the epoch; it has passed every earlier time
    offset : of the last record behind this signal
    counts : records since the last signal of this partition, by model
    block : set where a block ended
    model, version : of the block
    """

    topic: str
    partition: int
    time: float
    offset: int = -1
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    block: Block | None = None
    model: str = ""
    version: str = ""


LARGEST = 1 << 16  # bytes; a signal is a few thousand
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Signal)


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
    return signal if isfinite(signal.time) and (signal.block is None or _whole(signal.block)) else None


def _whole(block: Block) -> bool:
    """Whether all lists have the length of ``names``, and all numbers are finite."""
    rows = [block.moved, block.spread, block.usual, block.level, *block.sample]
    return all(len(row) == len(block.names) for row in rows) and all(
        isfinite(value) for row in [*rows, [block.first, block.last]] for value in row
    )
