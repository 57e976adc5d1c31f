"""Attacks: which raids there are, how large, how fast and from how many accounts."""

from collections.abc import Callable
from dataclasses import dataclass

from detectors.training.traffic import raids
from detectors.training.traffic.raids import Raid
from detectors.training.traffic.victim import Network
from detectors.training.traffic.world import Generator, World


@dataclass(frozen=True, slots=True)
class Attack:
    """One kind of attack.

    Attributes
    ----------
    title : what it does, in a few words
    tool : None for drift, which is nobody's doing
    size : the tool's own measure
    gap : s between two requests
    accounts : how many it uses, in turns
    """

    title: str
    tool: Callable[[Generator, World, Network, int], Raid] | None
    size: int = 0
    gap: float = 1.0
    accounts: int = 1


ATTACKS: dict[str, Attack] = {
    "evasion": Attack("walks along the decision boundary (HopSkipJump)", raids.evasion, size=4, gap=1.0),
    "extraction": Attack("copies the model (Jacobian augmentation)", raids.extraction, size=1920, gap=6.0),
    "inversion": Attack("climbs to a portrait of each class", raids.inversion, size=250, gap=0.7),
    "flood": Attack("sends far more than anybody", raids.flood, size=4000, gap=0.15),
    "fuzzing": Attack("sends what no form allows", raids.fuzzing, size=240, gap=2.0),
    "backdoor": Attack("uses a trigger trained into the model", raids.backdoor, size=120, gap=90.0, accounts=2),
    "sybils": Attack("copies the model from 20 accounts", raids.sybils, size=1500, gap=40.0, accounts=20),
    "drift": Attack("no attack: inputs of model credit move", None),
}
