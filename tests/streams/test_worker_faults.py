"""Faults of a model as a whole go to the correlator, and everything else of a slice stays with it."""

from concurrent.futures import ThreadPoolExecutor

from detectors.findings import Findings
from detectors.plan import Plan
from detectors.slices import Outcome
from schemas.alert import Alert, Severity, Verdict
from schemas.signal import decode, encode
from streams.batches import RecordBatch, TopicPartition
from streams.dead_letters import DeadLetters
from streams.deposits import MemoryDeposits
from streams.outbox import Outbox
from streams.passage import Handled
from streams.publisher import Publisher
from streams.retention import Retention
from streams.settings import Settings
from streams.settlements import Settlements
from streams.sinks.memory import Memory
from streams.tally import Tally
from streams.worker import Worker
from streams.writer import Writer
from tests.streams.rows import Row

TP = TopicPartition("traffic", 3)


def alert(name: str, **other: object) -> Alert:
    plain = {"id": name, "time": 5.0, "first_time": 5.0, "last_time": 5.0, "verdict": Verdict.FAULT,
             "threat": "schema_change", "severity": Severity.HIGH, "detector": "form", "model": "fraud"}  # fmt: skip
    return Alert(**(plain | other))


async def worker() -> Worker:
    writer = Writer(Memory(), dead_letters=DeadLetters(None))
    outbox = Outbox(writer, Publisher({}, alerts="a", rejects="r", signals="s"))
    settlements = Settlements(MemoryDeposits(), Plan(), wait=0.0, standing=None, local=dict)
    made = Worker(Settings(), Plan(), outbox=outbox, settlements=settlements, tally=Tally(),
                  retention=lambda tp: Retention(None, tp, interval=1.0, thread=ThreadPoolExecutor(1)))  # fmt: skip
    made.log_end = lambda tp: None
    return made


async def test_a_fault_becomes_a_signal_before_the_sign_of_life_and_is_no_alert_of_this_worker():
    own, shared = alert("a", principals=["u"], principal="u"), alert("b")
    handled = Handled(RecordBatch(TP, [Row(9)]), Outcome(Findings(alerts=[own, shared]), now=7.0), [], 1)
    told = (await worker())._signals(handled)
    assert handled.outcome.findings.alerts == [own]
    assert [(one.fault, one.time, one.partition, one.offset) for one in told] == [
        (shared, 5.0, 3, 9),
        (None, 7.0, 3, 9),
    ]
    assert [decode(encode(one)) for one in told] == told


async def test_a_fault_that_no_signal_can_carry_is_told_by_the_worker():
    large = alert("a", model="m" * 70_000)
    handled = Handled(RecordBatch(TP, [Row(9)]), Outcome(Findings(alerts=[large]), now=7.0), [], 1)
    told = (await worker())._signals(handled)
    assert handled.outcome.findings.alerts == [large]
    assert [one.fault for one in told] == [None]


async def test_a_partition_that_had_more_to_read_says_at_once_that_it_has_come_to_the_end():
    made, told = await worker(), []
    made.log_end = lambda tp: 30
    for last in (9, 19, 29, 39):
        told.append(made._signals(Handled(RecordBatch(TP, [Row(last)]), Outcome(Findings(), now=7.0), [], 1)))
    assert [[(one.offset, one.more) for one in some] for some in told] == [[(9, True)], [], [(29, False)], []]


async def test_a_slice_that_is_handled_in_parts_has_more_behind_its_first_part():
    made = await worker()
    part = Handled(RecordBatch(TP, [Row(9)]), Outcome(Findings(), now=7.0), [], 1, last=False)
    assert [one.more for one in made._signals(part)] == [True]
