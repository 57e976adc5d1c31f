"""Traffic to measure with: 32 features and 10 probabilities as JSON, 2,000 principals, a few of them attackers."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

FEATURES, CLASSES, PRINCIPALS = 32, 10, 2000
ATTACKERS = 10
BURN_IN = 21_600.0  # s of record time
LIVE = 64_000.0  # s of record time after it: about as many records an hour, and within the first epoch
SHARE = 0.25  # of the records that lie in the burn-in
BEGIN = 1_767_571_200.0  # s since the epoch: 2026-01-05 00:00 UTC


@dataclass(frozen=True, slots=True)
class Message:
    """One record as it lies in the topic: keyed by its principal."""

    key: bytes
    value: bytes


def messages(count: int, *, seed: int = 1, attackers: int = ATTACKERS) -> Iterator[Message]:
    """``count`` records in time order: the burn-in, then as busy hours with attackers among the rest.

    The model and what its customers send are the same for every seed.
    """
    model = np.random.default_rng(0)
    mixing = model.normal(size=(FEATURES, FEATURES)) * 0.3
    weights = model.normal(size=(FEATURES, CLASSES)) * 0.5
    chance = np.random.default_rng(seed)
    clean = int(count * SHARE)
    for start in range(0, count, 20_000):
        n = min(20_000, count - start)
        place = start + np.arange(n)
        time = np.where(
            place < clean,
            BEGIN + BURN_IN * place / max(clean, 1),
            BEGIN + BURN_IN + 1 + LIVE * (place - clean) / (count - clean),
        )
        who = chance.integers(0, PRINCIPALS, n)
        x = chance.normal(size=(n, FEATURES)) @ mixing
        attack = (who < attackers) & (place >= clean)
        x[attack] = chance.uniform(-3, 3, (int(attack.sum()), FEATURES))
        yield from _encoded(place, time, who, np.round(x, 3), weights)


def _encoded(
    place: np.ndarray, time: np.ndarray, who: np.ndarray, x: np.ndarray, weights: np.ndarray
) -> Iterator[Message]:
    logits = x @ weights
    p = np.exp(logits - logits.max(1, keepdims=True))
    p = np.round(p / p.sum(1, keepdims=True), 4)
    encode = msgspec.json.Encoder().encode
    rows = zip(place.tolist(), time.tolist(), who.tolist(), x.tolist(), p.tolist(), strict=True)
    for i, t, w, features, probabilities in rows:
        name = f"p-{w:04d}"
        record = {
            "id": f"{i:08x}", "time": round(t, 3), "model": "bench", "version": "1", "principal": name,
            "features": features, "probabilities": probabilities, "latency_ms": 2.5,
        }  # fmt: skip
        yield Message(name.encode(), encode(record))
