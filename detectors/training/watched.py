"""Watched: a laboratory's world as gates need it, the burn-in among it, in a form that can be kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.packing import Corrupt, pack, unpack
from detectors.plan import DAY
from detectors.training.lab.campaigns import Campaign
from detectors.training.lab.types import Generator
from detectors.training.lab.world import World
from detectors.training.observed import observed
from detectors.training.samples import Samples, samples
from schemas.batch import Codes, Doubles, Floats

POINTS = 65  # of a campaign's course that are kept
_ARRAYS = ("time", "principal", "campaign", "attack", "z")


@dataclass(frozen=True, slots=True)
class Raid:
    """What is known of a campaign.

    Attributes
    ----------
    adaptive : what its attacker does who knows of detectors
    queries, accounts : its own records, and the accounts that they came from
    kept : what came of it, in [0, 1]: the attack's success, or how far a copy agreed; None where it was not measured
    course : the same after 0, 1/64, 2/64 ... of its own records, in order of time; empty where it was not measured
    """

    family: str
    threat: str
    pacing: str
    adaptive: tuple[str, ...]
    queries: int
    accounts: int
    kept: float | None = None
    course: tuple[float, ...] = ()

    def reached(self, queries: int) -> float:
        """How much of its goal it had after so many of its own records; 0 where that was not measured."""
        along = np.linspace(0.0, self.queries, len(self.course))
        return float(np.interp(queries, along, self.course)) if self.course else 0.0


@dataclass(frozen=True, slots=True)
class Watched:
    """N records of a world in order of time; the first day is the burn-in.

    Attributes
    ----------
    time : (N,) s since the world's start
    principal, campaign, attack : (N,) as in :class:`detectors.training.lab.world.World`
    kinds : of each principal
    raids : the campaigns
    z : (N, 64) f2, deviations of the profile
    scores : by detector (N,) f4
    """

    victim: str
    time: Doubles
    principal: Codes
    campaign: Codes
    attack: Codes
    kinds: list[str]
    raids: list[Raid]
    z: npt.NDArray[np.float16]
    scores: dict[str, Floats]

    def to_bytes(self) -> bytes:
        """All of it, packed."""
        plain = {"victim": self.victim, "kinds": self.kinds, "raids": [asdict(one) for one in self.raids]}
        arrays: dict[str, npt.NDArray[Any]] = {name: getattr(self, name) for name in _ARRAYS}
        return pack(plain, arrays | {f"score.{name}": score for name, score in self.scores.items()})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Watched":
        """Undo :meth:`to_bytes`; raises ``Corrupt``."""
        plain, arrays = unpack(data)
        try:
            return cls(
                victim=plain["victim"],
                kinds=plain["kinds"],
                raids=[_unpacked(one) for one in plain["raids"]],
                scores={name[6:]: score for name, score in arrays.items() if name.startswith("score.")},
                **{name: arrays[name] for name in _ARRAYS},
            )
        except (KeyError, TypeError) as error:
            raise Corrupt(f"not a watched world: {error}") from error

    def samples(self, threats: Sequence[str], rng: Generator) -> Samples:
        """Rows to learn from, none of the burn-in."""
        rows = np.flatnonzero(self.time >= DAY)
        drawn: Any = SimpleNamespace(
            principal=self.principal,
            attack=self.attack,
            kinds=self.kinds,
            names=self.kinds,
            campaigns=[SimpleNamespace(threat=one.threat, visits=range(one.accounts)) for one in self.raids],
        )
        seen: Any = SimpleNamespace(
            row=rows,
            z=self.z[rows].astype(np.float32),
            scores={"unusual_profile": self.scores["unusual_profile"][rows]},
        )
        return samples(drawn, seen, threats, rng)


def watched(drawn: World[Campaign]) -> Watched:
    """Settle on a world's first day and watch all of it, without gates. Raises ``NotEnough``."""
    seen = observed(drawn, whole=True)
    return Watched(
        victim=drawn.victim.name,
        time=drawn.time,
        principal=drawn.principal,
        campaign=drawn.campaign,
        attack=drawn.attack,
        kinds=drawn.kinds,
        raids=[_raid(one) for one in drawn.campaigns],
        z=seen.z.astype(np.float16),
        scores={name: score.astype(np.float32) for name, score in seen.scores.items()},
    )


def _raid(one: Campaign) -> Raid:
    kept = one.success if one.success is not None else one.fidelity[-1][1] if one.fidelity else None
    course = np.append(0.0, one.course)[np.linspace(0, len(one.course), POINTS).round().astype(int)]
    return Raid(
        one.family, one.threat, one.pacing, one.adaptive, one.queries, len(one.visits), kept,
        tuple(course.round(4).tolist()) if len(one.course) else (),
    )  # fmt: skip


def _unpacked(plain: dict[str, Any]) -> Raid:
    return Raid(**plain | {"adaptive": tuple(plain["adaptive"]), "course": tuple(plain.get("course", ()))})
