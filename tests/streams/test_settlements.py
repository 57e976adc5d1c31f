"""Partitions agree: the same settlement for everybody, whoever is first, late, dead or silent."""

import asyncio
import random
import threading
import time
from dataclasses import dataclass, field, replace

import pytest

from detectors import stage
from detectors.burn_in import take
from detectors.collector import Collector
from detectors.need import Need
from detectors.plan import Plan
from detectors.settlement import Settlement, pack_peaks, settle
from streams import settlements, standing
from streams.deposits import PEAKS, SAMPLE, SETTLEMENT, MemoryDeposits, Place
from streams.settlements import Settlements, answer
from streams.standing import Away

PLAN = Plan(secret=b"x", alerts_per_day=4.0)
PLACE = Place("traffic", "loan", "1", 0)


def sample(partition: int, of: int, *, least: int = 0) -> bytes:
    """What one of several partitions collected in the stage's burn-in."""
    whole = stage.burn_in().batch(slice(None))
    collector = Collector("loan", "1")
    rows = whole.principal % of == partition
    collector.add(take(whole, rows.nonzero()[0][: least or None]))
    return collector.burn_in().to_bytes()


SAMPLES = [sample(p, 3) for p in range(3)]
NEEDS = [Need("loan", "1", 0, payload, None) for payload in SAMPLES]


@dataclass
class Log:
    """Where a topic ends and how far its group is, as if asked of brokers."""

    last: dict[int, int]
    done: dict[int, int] = field(default_factory=dict)
    away: int = 0

    async def ends(self, topic: str) -> dict[int, int]:
        return dict(self.last)

    async def committed(self, topic: str) -> dict[int, int]:
        if self.away:
            self.away -= 1
            raise Away("no broker answers")
        return {p: self.done.get(p, 0) for p in self.last}


@pytest.fixture(scope="module")
def expected() -> Settlement:
    return settle(SAMPLES, PLAN)


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    monkeypatch.setattr(settlements, "PAUSE", 0.02)
    monkeypatch.setattr(settlements, "QUARANTINE", 0.05)


def made(deposits, log, *, wait=0.3, held=None):
    return Settlements(deposits, PLAN, wait=wait, standing=log, local=lambda topic: held or {})


def busy() -> Log:
    return Log({0: 100, 1: 100, 2: 100}, {0: 10, 1: 10, 2: 10})


@pytest.mark.parametrize("seed", range(3))
async def test_everybody_gets_the_same_whoever_is_first(expected, seed):
    deposits, chance = MemoryDeposits(), random.Random(seed)
    workers = [made(deposits, busy()), made(deposits, busy())]

    async def ask(partition: int) -> Settlement | str:
        await asyncio.sleep(chance.random() / 10)
        return await workers[partition % 2].ask(NEEDS[partition], "traffic", partition)

    answers = await asyncio.gather(*map(ask, chance.sample(range(3), 3)))
    assert {a.to_bytes() for a in answers} == {expected.to_bytes()}


async def test_a_partition_that_still_has_records_is_waited_for_longer_than_one_without_news(expected):
    deposits = MemoryDeposits()
    worker = made(deposits, busy(), wait=0.1)
    early = [asyncio.create_task(worker.ask(NEEDS[p], "traffic", p)) for p in (0, 1)]
    await asyncio.sleep(0.8)
    assert not any(task.done() for task in early)
    assert (await worker.ask(NEEDS[2], "traffic", 2)).to_bytes() == expected.to_bytes()
    assert (await early[0]).to_bytes() == expected.to_bytes()


@pytest.mark.parametrize(("left", "dead"), [(0, 0.0), (1, 0.0), (90, 0.4)])
async def test_a_partition_that_will_not_come_is_not_waited_for_for_ever(monkeypatch, left, dead):
    monkeypatch.setattr(standing, "DEAD", dead)
    deposits, log = MemoryDeposits(), Log({0: 100, 1: 100}, {0: 10, 1: 100 - left})
    worker = made(deposits, log, wait=0.2)
    began = asyncio.get_running_loop().time()
    answer = await worker.ask(NEEDS[0], "traffic", 0)
    taken = asyncio.get_running_loop().time() - began
    assert answer.to_bytes() == settle(SAMPLES[:1], PLAN).to_bytes()
    assert taken > max(0.2, dead) * 0.9
    late = await made(deposits, log).ask(NEEDS[1], "traffic", 1)
    assert late.to_bytes() == answer.to_bytes()


async def test_in_a_backlog_a_partition_without_news_is_not_waited_for_again():
    log = Log({0: 100, 1: 100}, {0: 10, 1: 100})
    worker = made(MemoryDeposits(), log, wait=30.0)
    answer = await asyncio.wait_for(worker.ask(NEEDS[0], "traffic", 0, written=1.0), 20)  # and not 30
    assert answer.to_bytes() == settle(SAMPLES[:1], PLAN).to_bytes()


async def test_while_the_brokers_are_away_nobody_is_late(expected):
    deposits, log = MemoryDeposits(), busy()
    log.away = 1
    worker = made(deposits, log, wait=0.05)
    early = asyncio.create_task(worker.ask(NEEDS[0], "traffic", 0))
    await asyncio.sleep(1.2)
    rest = [asyncio.create_task(worker.ask(NEEDS[p], "traffic", p)) for p in (1, 2)]
    assert {a.to_bytes() for a in await asyncio.gather(early, *rest)} == {expected.to_bytes()}


@pytest.mark.parametrize("after", ["a deposit", "all deposits", "the settlement"])
async def test_a_worker_that_dies_and_comes_back_changes_nothing(expected, after):
    deposits = MemoryDeposits()
    if after == "a deposit":
        deposits.put(SAMPLE, PLACE, 1, SAMPLES[1])
    elif after == "all deposits":
        for partition, payload in enumerate(SAMPLES):
            deposits.put(SAMPLE, PLACE, partition, payload)
    else:
        deposits.put(SETTLEMENT, PLACE, 0, expected.to_bytes())
        deposits.put(SETTLEMENT, PLACE, 0, b"not the first")
    worker = made(deposits, busy())
    answers = await asyncio.gather(*(worker.ask(NEEDS[p], "traffic", p) for p in range(3)))
    assert {a.to_bytes() for a in answers} == {expected.to_bytes()}


async def test_a_deposit_that_the_table_has_forgotten_is_laid_down_again(expected):
    """As when the database comes back after a fortnight, with everybody still waiting."""
    deposits = MemoryDeposits()
    worker = made(deposits, busy(), wait=30.0)
    early = asyncio.create_task(worker.ask(NEEDS[0], "traffic", 0))
    await asyncio.sleep(0.3)
    assert deposits.present(SAMPLE, PLACE) == {0}
    deposits.rows.clear()
    rest = [asyncio.create_task(worker.ask(NEEDS[p], "traffic", p)) for p in (1, 2)]
    async with asyncio.timeout(20):
        answers = await asyncio.gather(early, *rest)
    assert {a.to_bytes() for a in answers} == {expected.to_bytes()}


async def test_who_finds_no_deposit_at_all_settles_with_its_own():
    class Forgetful(MemoryDeposits):
        """A table that forgets samples at once."""

        def every(self, kind, place):
            return [] if kind == SAMPLE else super().every(kind, place)

    worker = made(Forgetful(), Log({0: 100, 1: 100}, {0: 100, 1: 100}), wait=0.0)
    answer = await worker.ask(NEEDS[0], "traffic", 0)
    assert answer.to_bytes() == settle(SAMPLES[:1], PLAN).to_bytes()


async def test_a_settlement_that_was_begun_is_stored_also_when_nobody_waits_for_it_any_more(expected, monkeypatch):
    """As when computing takes so long that the group thinks the worker dead, and gives its partitions away."""
    begun = threading.Event()

    def slow(need, payloads, plan):
        begun.set()
        time.sleep(0.3)
        return answer(need, payloads, plan)

    monkeypatch.setattr(settlements, "answer", slow)
    deposits = MemoryDeposits()
    for partition, payload in enumerate(SAMPLES):
        deposits.put(SAMPLE, PLACE, partition, payload)
    asking = asyncio.create_task(made(deposits, busy()).ask(NEEDS[0], "traffic", 0))
    assert await asyncio.to_thread(begun.wait, 10)
    asking.cancel()
    for _ in range(500):
        if deposits.first(SETTLEMENT, PLACE):
            break
        await asyncio.sleep(0.02)
    assert deposits.first(SETTLEMENT, PLACE) == expected.to_bytes()
    monkeypatch.setattr(settlements, "answer", None)
    found = await made(deposits, busy()).ask(NEEDS[1], "traffic", 1)
    assert found.to_bytes() == expected.to_bytes()


async def test_the_one_stored_first_counts_also_for_who_computed_another():
    deposits, log = MemoryDeposits(), Log({0: 100, 1: 100}, {0: 10, 1: 100})
    slow, fast = made(deposits, log, wait=0.2), made(deposits, log, wait=0.0)
    first = await fast.ask(NEEDS[0], "traffic", 0)
    slow.known.clear()
    second = await slow.ask(NEEDS[1], "traffic", 1)
    assert first.to_bytes() == second.to_bytes()


async def test_a_burn_in_that_is_too_thin_is_refused_for_all_and_settled_in_the_next_round(expected):
    deposits, thin = MemoryDeposits(), [sample(p, 3, least=3) for p in range(3)]
    worker, other = made(deposits, busy()), made(deposits, busy())

    async def all_ask(who, payloads, round_):
        needs = [Need("loan", "1", 0, payload, None, round_) for payload in payloads]
        return await asyncio.gather(*(who.ask(need, "traffic", p) for p, need in enumerate(needs)))

    refusals = await all_ask(worker, thin, 0)
    assert len(set(refusals)) == 1
    assert isinstance(refusals[0], str)
    assert set(await all_ask(other, SAMPLES, 0)) == set(refusals)
    assert {a.to_bytes() for a in await all_ask(other, SAMPLES, 1)} == {expected.to_bytes()}


async def test_who_was_silent_for_an_epoch_still_rolls_on_from_the_newest_settlement(expected):
    """Whoever computes: the peaks of the epoch that it missed are among those that count."""
    deposits, log = MemoryDeposits(), Log({0: 100, 1: 100}, {0: 100, 1: 100})
    nothing = pack_peaks({}, {}, {}, 1)
    awake, asleep = made(deposits, log, wait=0.0), made(deposits, log, wait=0.0)
    second = await awake.ask(Need("loan", "1", 2, nothing, expected), "traffic", 0)
    third = await asleep.ask(Need("loan", "1", 3, nothing, expected), "traffic", 1)
    assert isinstance(second, Settlement)
    assert isinstance(third, Settlement)
    assert [s.calibration.epoch for s in (second, third)] == [2, 3]
    assert deposits.present(PEAKS, PLACE._replace(ended=3)) == {1}
    alone = await made(MemoryDeposits(), log, wait=0.0).ask(Need("loan", "1", 3, nothing, second), "traffic", 1)
    assert third.to_bytes() == alone.to_bytes()


async def test_models_of_two_topics_settle_for_one_budget_together():
    plan = replace(PLAN, shares={"traffic": 0.25, "other": 0.75})
    promised = {}
    for topic in plan.shares:
        asked = Settlements(MemoryDeposits(), plan, wait=0.3, standing=busy(), local=lambda topic: {})
        made_of = await asyncio.gather(*(asked.ask(need, topic, p) for p, need in enumerate(NEEDS)))
        promised[topic] = sum(curve.budget for curve in made_of[0].calibration.curves.values())
    alone = sum(curve.budget for curve in settle(SAMPLES, PLAN).calibration.curves.values())
    assert promised == {"traffic": pytest.approx(alone / 4), "other": pytest.approx(alone * 3 / 4)}
