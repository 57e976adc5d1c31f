"""Pairing: requests and answers that a log has apart, joined by what they share, within a window and a memory.

A pure function of what it is given: no clock of its own. Every half leaves in exactly one call, unless it is a byte for
byte repetition of one that came before:

- the first request and the first answer of a key are a pair;
- a half whose other half has not come within the window, or for which there is no more room, is a call alone;
- the other half of one that was given up is *late*: a call alone, too, so that its content is seen;
- a second, different half of the same kind is *reused*: a call alone, and nothing that came before is changed by it.
  The key is in the caller's hand, so it may be a careless client or somebody who wants to hide one request behind
  another; *taken* says that the first one was somebody else's.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from heapq import heappop, heappush
from typing import NamedTuple

import msgspec

REQUEST, RESPONSE = "request", "response"
PAIR, LATE, REUSED, TAKEN = "pair", "late", "reused", "taken"
LONE = (REQUEST, RESPONSE, LATE, REUSED, TAKEN)  # what the phase of a record says that is one half of a call
WINDOW = 60.0  # s that a half waits for the other
ROOM = 128 << 20  # bytes of all that is remembered
EACH = 400  # bytes that a key costs beside its content
KNOWN = 16  # halves of a key that are told from new ones


class Half(NamedTuple):
    """Half of a call.

    Attributes
    ----------
    key : what both halves share
    phase : ``request`` or ``response``
    time : when the log took it, s; never NaN
    who : who asked, as far as this half knows; empty if it does not
    body : content; a repetition has the same
    """

    key: str
    phase: str
    time: float
    who: str
    body: bytes


class Call(NamedTuple):
    """A call as far as it is known: ``pair`` with both halves, or one of ``LONE`` with one.

    Attributes
    ----------
    who : of an answer that came late, who asked; empty where nobody knows, or the half itself does
    """

    kind: str
    key: str
    time: float
    request: bytes | None = None
    response: bytes | None = None
    who: str = ""


class _Entry(msgspec.Struct, array_like=True):
    """What is known of a key.

    Attributes
    ----------
    phase, body : the half that waits; ``body`` is None when it waits no more
    digests : of the halves that came, the first request and the first answer among them
    halves : the phases that have come
    ends : when the wait, and after that the memory, is over, s
    """

    key: str
    phase: str
    time: float
    who: str
    body: bytes | None
    digests: list[bytes]
    halves: list[str]
    ends: float


class _State(msgspec.Struct, array_like=True):
    """All of it, as it is stored; the entries in the order in which they came."""

    clock: float
    counts: dict[str, int]
    entries: list[_Entry]


class Pairing:
    """Halves that wait, and keys that are remembered.

    Parameters
    ----------
    window : s that a half waits, and a key is known; one that was given up is known for as long again
    room : bytes of content and keys, about; beyond it the oldest is given up

    Attributes
    ----------
    clock : how far time has come, s
    counts : pairs, halves alone by phase, late, reused, taken; ``repeated`` halves and keys that were ``crowded`` out
    """

    def __init__(self, *, window: float = WINDOW, room: int = ROOM) -> None:
        self.window, self.room = window, room
        self.clock = 0.0
        self.counts: Counter[str] = Counter()
        self.size = 0
        self._entries: dict[str, _Entry] = {}
        self._due: list[tuple[float, int, str]] = []
        self._number = 0
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Halves that wait for the other one."""
        return self._waiting

    def take(self, half: Half) -> Iterator[Call]:
        """Take a half; what is known of calls by that."""
        entry = self._entries.get(half.key)
        digest = blake2b(half.body, digest_size=12, person=b"tidegate.half").digest() + half.phase[2:3].encode()
        if entry is None:
            self._open(half, digest)
        elif digest in entry.digests:
            self.counts["repeated"] += 1
            return
        else:
            yield self._follow(entry, half, digest)
        yield from self._make_room()

    def advance(self, clock: float) -> Iterator[Call]:
        """Let time go on; what is given up by that, in the order in which it would have been due."""
        self.clock = max(self.clock, clock)
        while self._due and self._due[0][0] <= self.clock:
            ends, _, key = heappop(self._due)
            entry = self._entries.get(key)
            if entry is None or entry.ends != ends:
                continue  # it was crowded out
            if entry.body is None:
                self._forget(entry)
                continue
            entry.ends += self.window
            self._remind(entry)
            yield self._give_up(entry)

    def finish(self) -> Iterator[Call]:
        """Give up all that waits; nothing more comes."""
        for entry in list(self._entries.values()):
            if entry.body is not None:
                yield self._give_up(entry)
            self._forget(entry)

    def _open(self, half: Half, digest: bytes) -> None:
        ends = max(half.time, self.clock) + self.window
        entry = _Entry(half.key, half.phase, half.time, half.who, half.body, [digest], [half.phase], ends)
        self._entries[half.key] = entry
        self.size += len(half.body) + EACH
        self._waiting += 1
        self._remind(entry)

    def _follow(self, entry: _Entry, half: Half, digest: bytes) -> Call:
        """A further half of a known key."""
        if len(entry.digests) < KNOWN:
            entry.digests.append(digest)
        if half.phase in entry.halves:
            kind = TAKEN if half.who and entry.who and half.who != entry.who else REUSED
        else:
            entry.halves.append(half.phase)
            kind = LATE if entry.body is None else PAIR
        self.counts[kind] += 1
        if kind != PAIR:
            alone = _alone(kind, half.key, half.phase, half.time, half.body)
            return alone._replace(who=entry.who) if kind == LATE and half.phase == RESPONSE else alone
        first, second = (entry.body, half.body) if entry.phase == REQUEST else (half.body, entry.body)
        self._settle(entry)
        return Call(PAIR, half.key, entry.time if entry.phase == REQUEST else half.time, first, second)

    def _give_up(self, entry: _Entry) -> Call:
        body = entry.body or b""
        self._settle(entry)
        self.counts[entry.phase] += 1
        return _alone(entry.phase, entry.key, entry.phase, entry.time, body)

    def _settle(self, entry: _Entry) -> None:
        """Nothing of this key waits any more; that it was there is remembered."""
        self.size -= len(entry.body or b"")
        entry.body = None
        self._waiting -= 1

    def _forget(self, entry: _Entry) -> None:
        self.size -= EACH
        del self._entries[entry.key]

    def _make_room(self) -> Iterator[Call]:
        while self.size > self.room:
            entry = next(iter(self._entries.values()))
            self.counts["crowded"] += 1
            if entry.body is not None:
                yield self._give_up(entry)
            self._forget(entry)

    def _remind(self, entry: _Entry) -> None:
        self._number += 1
        heappush(self._due, (entry.ends, self._number, entry.key))

    def to_bytes(self) -> bytes:
        """All of it; the same state gives the same bytes."""
        return msgspec.msgpack.encode(_State(self.clock, dict(self.counts), list(self._entries.values())))

    def load(self, data: bytes) -> None:
        """Undo :meth:`to_bytes`. Raises ``msgspec.DecodeError``."""
        state = msgspec.msgpack.decode(data, type=_State)
        self.clock, self.counts = state.clock, Counter(state.counts)
        self._entries = {entry.key: entry for entry in state.entries}
        self._due, self._number = [], 0
        for entry in state.entries:
            self._remind(entry)
        waiting = [len(entry.body) for entry in state.entries if entry.body is not None]
        self.size, self._waiting = sum(waiting) + EACH * len(state.entries), len(waiting)


def _alone(kind: str, key: str, phase: str, time: float, body: bytes) -> Call:
    return Call(kind, key, time, body if phase == REQUEST else None, body if phase == RESPONSE else None)
