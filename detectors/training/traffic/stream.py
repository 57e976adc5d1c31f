"""Stream: customers and attackers in order of time, as native JSON lines, with the truth beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from detectors.training.traffic.people import Times
from detectors.training.traffic.world import DECIMALS, Floats

MIDNIGHT = 1_767_571_200.0  # 2026-01-05T00:00:00Z, a Monday


@dataclass(frozen=True, slots=True)
class Campaign:
    """One attack, or the drift, which has no records of its own.

    Attributes
    ----------
    name : key of ``ATTACKS``
    title : what it does
    first, last : when it begins and ends, s since the epoch
    records : how many are its own
    gain : what the attacker got
    fidelity : answers got -> agreement of the stolen copy with the model, in [0, 1]
    """

    name: str
    title: str
    model: str
    principals: tuple[str, ...]
    first: float
    last: float
    records: int = 0
    gain: str = ""
    fidelity: Mapping[int, float] = field(default_factory=dict)


class Message(NamedTuple):
    """One record as native JSON, with the model that was asked and who asked."""

    model: str
    principal: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Rows:
    """Records of one model in any order: times (n,), s since the first midnight; names (n,); (n, 24) and (n, 5)."""

    model: str
    time: Times
    principal: npt.NDArray[np.str_]
    asked: Floats
    answered: Floats
    campaign: int = -1


@dataclass(frozen=True, slots=True)
class Traffic:
    """A few days of traffic, N records in order of time.

    Attributes
    ----------
    ids : their names
    time : (N,) s since the epoch
    model, principal : (N,) names
    asked, answered : (N, 24) and (N, 5)
    latency : (N,) ms
    campaign : (N,) index into ``campaigns``, -1 where nobody's
    versions : by model
    personas : what kind of customer each honest principal is
    """

    ids: list[str]
    time: Times
    model: npt.NDArray[np.str_]
    principal: npt.NDArray[np.str_]
    asked: Floats
    answered: Floats
    latency: npt.NDArray[np.float64]
    campaign: npt.NDArray[np.int64]
    campaigns: list[Campaign]
    versions: Mapping[str, str]
    personas: Mapping[str, str]

    def __len__(self) -> int:
        """Return N."""
        return len(self.ids)

    def chunks(self, size: int = 2000) -> Iterator[list[Message]]:
        """Records in order of time, at most ``size`` at a time."""
        encode = msgspec.json.Encoder().encode
        for start in range(0, len(self), size):
            rows = slice(start, start + size)
            columns: Sequence[Sequence[Any]] = (
                self.ids[rows],
                np.round(self.time[rows], 3).tolist(),
                self.model[rows].tolist(),
                self.principal[rows].tolist(),
                _decimals(self.asked[rows]),
                _decimals(self.answered[rows]),
                self.latency[rows].tolist(),
            )
            yield [
                Message(
                    model,
                    who,
                    encode(
                        {
                            "id": name,
                            "time": time,
                            "model": model,
                            "version": self.versions[model],
                            "principal": who,
                            "features": asked,
                            "probabilities": answered,
                            "latency_ms": latency,
                        }
                    ),
                )
                for name, time, model, who, asked, answered, latency in zip(*columns, strict=True)
            ]

    def truth(self) -> Iterator[str]:
        """Lines ``record id,label,attack id`` in order, as ``tidegate evaluate`` reads them."""
        for name, index in zip(self.ids, self.campaign.tolist(), strict=True):
            label = self.campaigns[index].name if index >= 0 else ""
            yield f"{name},{label or 'benign'},{label}\n"

    def manifest(self, clean_until: float) -> dict[str, Any]:
        """What is known of the campaigns, as ``tidegate evaluate`` reads it."""
        attacks = [
            {
                "attack_id": one.name,
                "label": one.name,
                "queries": one.records,
                "principals": list(one.principals),
                "start": one.first,
                "end": one.last,
                "fidelity": {str(n): value for n, value in one.fidelity.items()},
            }
            for one in self.campaigns
            if one.records
        ]
        t0, t1 = float(self.time[0]), float(self.time[-1])
        return {"t0": t0, "t1": t1, "clean_until": clean_until, "attacks": attacks, "personas": dict(self.personas)}


def merged(
    chance: np.random.Generator,
    parts: Sequence[Rows],
    campaigns: list[Campaign],
    versions: Mapping[str, str],
    personas: Mapping[str, str],
) -> Traffic:
    """Put parts together in order of time."""
    time = np.concatenate([part.time for part in parts])
    order = np.argsort(time, kind="stable")
    n = len(time)
    names = chance.bytes(8 * n).hex()
    return Traffic(
        ids=[names[start : start + 16] for start in range(0, 16 * n, 16)],
        time=MIDNIGHT + np.round(time[order], 3),
        model=np.concatenate([np.full(len(part.time), part.model) for part in parts])[order],
        principal=np.concatenate([part.principal for part in parts])[order],
        asked=np.concatenate([part.asked for part in parts])[order],
        answered=np.concatenate([part.answered for part in parts])[order],
        latency=np.round(chance.lognormal(1.1, 0.4, n), 2),
        campaign=np.concatenate([np.full(len(part.time), part.campaign) for part in parts])[order],
        campaigns=campaigns,
        versions=versions,
        personas=personas,
    )


def _decimals(values: Floats) -> list[list[float]]:
    """Numbers as they are written, with four decimals and not as the nearest float32."""
    return np.round(values.astype(np.float64), DECIMALS).tolist()  # type: ignore[no-any-return]
