"""Scene: two models, their customers, and the attacks of a few days, from one seed."""

from collections.abc import Sequence

import numpy as np

from detectors.training.traffic import habits, people
from detectors.training.traffic.attacks import ATTACKS, Attack
from detectors.training.traffic.drift import drifted
from detectors.training.traffic.people import DAY, HOUR, Person
from detectors.training.traffic.stream import MIDNIGHT, Campaign, Rows, Traffic, merged
from detectors.training.traffic.victim import Network, victim
from detectors.training.traffic.world import Floats, Generator, World, world

FRAUD, CREDIT = "fraud", "credit"
VERSIONS = {FRAUD: "3.2.1", CREDIT: "1.8"}
CUSTOMERS = {FRAUD: 400, CREDIT: 200}
SHARE = {FRAUD: 0.75, CREDIT: 0.25}  # of the honest records
DAYS = 3.0
CLEAN = MIDNIGHT + DAY  # attackers come later; s since the epoch


def traffic(seed: int, *, records: int = 80_000, attacks: Sequence[str] = tuple(ATTACKS)) -> Traffic:
    """Three days of traffic, about ``records`` honest requests and those of the ``attacks``.

    The first day is clean. Other attacks do not change what customers do, nor what the other attackers do.

    Raises
    ------
    KeyError
        for an attack that is none
    """
    parts: list[Rows] = []
    campaigns: list[Campaign] = []
    personas: dict[str, str] = {}
    since = DAY * float(_chance(seed, "drift").uniform(1.8, 2.2))
    for model in VERSIONS:
        chance = _chance(seed, model)
        place = world(chance)
        net = victim(chance, place)
        crowd = people.crowd(chance, CUSTOMERS[model], round(records * SHARE[model]), DAYS, place.prior)
        personas |= {person.name: person.persona for person in crowd}
        parts += [_customer(chance, person, place, net, model, since, attacks) for person in crowd]
        if model == FRAUD:
            _attack(seed, attacks, place, net, parts, campaigns)
    if "drift" in attacks:
        title = ATTACKS["drift"].title
        campaigns.append(Campaign("drift", title, CREDIT, (), MIDNIGHT + since, MIDNIGHT + DAYS * DAY))
    return merged(_chance(seed, "names"), parts, campaigns, VERSIONS, personas)


def _chance(seed: int, *purpose: str) -> Generator:
    """A generator for one purpose, so that one more attack changes nothing else."""
    return np.random.default_rng([seed, *"/".join(purpose).encode()])


def _customer(
    chance: Generator, person: Person, place: World, net: Network, model: str, since: float, attacks: Sequence[str]
) -> Rows:
    """Everything that one customer sends."""
    time, session = people.moments(chance, person, DAYS)
    asked = habits.inputs(chance, person, place, session)
    if model == CREDIT and "drift" in attacks:
        asked = drifted(asked, time, since)
    again = people.with_retries(chance, time)
    time = np.concatenate([time, time[again] + chance.uniform(0.5, 5, len(again))])
    asked = np.concatenate([asked, asked[again]])
    return Rows(model, time, np.full(len(time), person.name), asked, net.answer(asked))


def _attack(
    seed: int, names: Sequence[str], place: World, net: Network, parts: list[Rows], campaigns: list[Campaign]
) -> None:
    """Run each attack against the model, somewhere in the second and third day."""
    wanted = [name for name in names if ATTACKS[name].tool]
    slots = {name: index for index, name in enumerate(name for name, one in ATTACKS.items() if one.tool)}
    turns = _chance(seed, "turns").permutation(len(slots))
    for name in wanted:
        attack, chance = ATTACKS[name], _chance(seed, "attack", name)
        start = DAY + 1.5 * HOUR + 3.5 * HOUR * turns[slots[name]] + float(chance.uniform(0, HOUR))
        rows, gain, fidelity = _raid(chance, attack, place, net, start, len(campaigns))
        parts.append(rows)
        accounts = tuple(dict.fromkeys(rows.principal.tolist()))
        first, last = MIDNIGHT + float(rows.time[0]), MIDNIGHT + float(rows.time[-1])
        campaigns.append(Campaign(name, attack.title, FRAUD, accounts, first, last, len(rows.time), gain, fidelity))


def _raid(
    chance: Generator, attack: Attack, place: World, net: Network, start: float, index: int
) -> tuple[Rows, str, dict[int, float]]:
    """One attack's records, in its own order, from its accounts in turns."""
    assert attack.tool is not None
    raid = attack.tool(chance, place, net, attack.size)
    n = len(raid.asked)
    accounts = np.array([people.name(chance) for _ in range(attack.accounts)])
    time = start + np.cumsum(chance.exponential(attack.gap, n) + 0.01)
    asked: Floats = raid.asked
    rows = Rows(FRAUD, time, accounts[np.arange(n) % len(accounts)], asked, raid.answered, index)
    return rows, raid.gain, dict(raid.fidelity)
