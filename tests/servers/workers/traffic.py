"""Traffic of four days for two models: ordinary people, four kinds of attackers, odd and broken records among them."""

from dataclasses import dataclass

from detectors import scenarios, stage
from detectors.scenarios import POPULATION
from tests.streams.scans import line

DAYS = 4
COPIES = 14  # of the stage's population, which sends about 3,700 records a day
ATTACKS = {
    "fuzzer": scenarios.fuzzing, "flooder": scenarios.flood, "walker": scenarios.boundary_walk,
    "thief": scenarios.random_inputs,
}  # fmt: skip
PARTITIONS = 4


@dataclass(frozen=True)
class Message:
    """One message of the topic; ``broken`` is no record."""

    partition: int
    value: bytes
    broken: bool


def crowd(day: int, copies: int) -> list[tuple[str, scenarios.Behaviour]]:
    """Who comes on a day."""
    people = [(f"{kind}-{i}", act) for kind, (act, count) in POPULATION.items() for i in range(count * copies)]
    attackers = [(f"{name}-{i}", act) for name, act in ATTACKS.items() for i in range(3)]
    return people + (attackers if day else [])


def messages(copies: int = COPIES, days: int = DAYS) -> list[Message]:
    """All messages, in order of time; a principal keeps to one partition.

    Every eighth principal calls another model, every 61st record has a feature less, every 499th is broken.
    """
    made = []
    for number in range(days):
        day = stage.day(number, crowd(number, copies))
        place = [sum(name.encode()) % PARTITIONS for name in day.names]
        model = ["credit" if sum(name.encode()) % 8 == 3 else "loan" for name in day.names]
        for i in range(len(day.time)):
            who = int(day.code[i])
            features = day.features[i].astype(float).tolist()
            sent = features[1:] if i % 61 == 60 else features
            value = line(day, number, i, model=model[who], features=sent)
            broken = i % 499 == 498
            made.append(Message(place[who], value[: len(value) // 2] if broken else value, broken))
    return made
