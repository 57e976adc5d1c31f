"""Workers on a real Kafka: they join, leave and die, the broker dies, and every record is handled."""

import threading
import time
from pathlib import Path

import pytest
from confluent_kafka import Producer

from tests.faults.harness import Scenario, until
from tests.servers.kafka import KafkaServer

pytestmark = pytest.mark.servers
SLOW = ("--step", 0.03, "--max-batch", 100)


def assert_settled(scenario: Scenario, *, repeated: bool) -> None:
    scenario.handles_all(180)
    for worker in scenario.workers:
        if worker.process.poll() is None:
            assert worker.stop(90) == 0
    assert scenario.committed == scenario.ends_of_log
    assert repeated or scenario.repeated == 0


def test_workers_that_join_leave_and_join_again_lose_and_repeat_nothing(scenario: Scenario):
    scenario.send(12_000)
    scenario.start(*SLOW).says("assigned")
    scenario.handles(1000)
    second = scenario.start(*SLOW)
    second.says("assigned")
    scenario.handles(4000)
    assert second.stop(60) == 0
    third = scenario.start(*SLOW)
    third.says("assigned")
    assert_settled(scenario, repeated=False)
    for worker in scenario.workers:
        assert worker.told.count("assigned [") == worker.told.count("revoked [")


def test_a_partition_that_comes_back_goes_on_where_it_was_committed(scenario: Scenario):
    """Acknowledgements that come late, from a thread, after the partition left and returned, count for nothing."""
    scenario.send(8000)
    scenario.start("--stream", "--step", 0.2, "--max-batch", 50).says("assigned")
    for _ in range(2):
        guest = scenario.start("--stream", "--step", 0.2, "--max-batch", 50)
        guest.says("assigned")
        time.sleep(1)
        scenario.send(500)
        assert guest.stop(60) == 0
    assert_settled(scenario, repeated=False)


def test_killing_one_of_two_workers_loses_nothing(scenario: Scenario):
    scenario.send(12_000)
    first, second = (scenario.start(*SLOW, "--session", 2) for _ in range(2))
    first.says("assigned")
    second.says("assigned")
    scenario.handles(4000)
    second.kill()
    assert not scenario.committed_early
    assert_settled(scenario, repeated=True)


def test_killing_the_only_worker_again_and_again_loses_nothing(scenario: Scenario):
    scenario.send(12_000)
    for goal in (1500, 4000, 7000):
        worker = scenario.start(*SLOW, "--session", 1)
        scenario.handles(goal)
        worker.kill()
        assert not scenario.committed_early
    scenario.start("--session", 1)
    assert_settled(scenario, repeated=True)


def test_markers_of_transactions_between_the_records_hold_up_no_commit_and_hide_no_hanging_batch(scenario: Scenario):
    """Control records leave gaps in the offsets; stock Faust commits past an open batch there."""
    producer = Producer({"bootstrap.servers": scenario.bootstrap, "transactional.id": scenario.topic, "log_level": 2})
    producer.init_transactions()

    def sent(error: object, message: object) -> None:
        assert error is None
        scenario.sent.add((message.partition(), message.offset()))

    for size in range(1, 60):
        producer.begin_transaction()
        for i in range(size):
            producer.produce(scenario.topic, b"x", partition=i % 8, on_delivery=sent)
        producer.commit_transaction()
    ends = {partition: end + 1 for partition, end in scenario.ends_of_log.items()}  # after the last marker
    worker = scenario.start("--max-batch", 7, "--concurrency", 3, "--stuck", "0:20")
    worker.says("stuck")
    until(lambda: len(scenario.lost) <= 7, 90, "all but the hanging batch")
    time.sleep(1)
    worker.kill()
    assert not scenario.committed_early
    assert scenario.committed[0] <= 20
    last = scenario.start("--max-batch", 7, "--concurrency", 3)
    scenario.handles_all()  # by the first worker for the most part; the last one handles much of it again
    until(lambda: all(scenario.committed.get(p, 0) >= end - 1 for p, end in ends.items()), 60, f"{ends} committed")
    assert last.stop() == 0
    assert not {p: (offset, ends[p]) for p, offset in scenario.committed.items() if offset > ends[p]}


def test_a_paused_partition_waits_and_the_others_go_on(scenario: Scenario):
    scenario.send(1600)
    worker = scenario.start("--pause", 2, "--pause-for", 4, "--max-batch", 50, "--step", 0.01)
    worker.says("paused")
    scenario.send(8000)
    others = {each for each in scenario.sent if each[0] != 2}
    until(lambda: others <= set(scenario.handled), 90, "the other partitions")
    assert_settled(scenario, repeated=False)


def test_state_is_rebuilt_by_rereading_while_the_commit_stays(scenario: Scenario):
    scenario.send(4000)
    first = scenario.start()
    scenario.handles_all()
    assert first.stop() == 0
    committed = scenario.committed
    scenario.start("--back", 100)
    until(lambda: scenario.repeated == 800, 90, "100 records of each of 8 partitions read again")
    assert scenario.committed == committed
    scenario.send(1000)
    assert_settled(scenario, repeated=True)
    assert scenario.repeated == 800


@pytest.mark.parametrize("away", [3.0, pytest.param(30.0, marks=pytest.mark.faults)], ids="{} s".format)
def test_a_broker_that_is_killed_and_comes_back_costs_no_record_and_repeats_none(
    own_kafka: KafkaServer, tmp_path: Path, away: float
):
    own_kafka.create_topics({"traffic": 4})
    scenario = Scenario(tmp_path, own_kafka.bootstrap)
    try:
        scenario.send(6000)
        worker = scenario.start(*SLOW, "--session", 6)
        scenario.handles(1000)
        sending = threading.Thread(target=scenario.send, args=(4000,), kwargs={"pace": 0.2})
        sending.start()
        own_kafka.kill()
        time.sleep(away)
        own_kafka.start()
        sending.join()
        assert worker.process.poll() is None
        assert_settled(scenario, repeated=False)
    finally:
        scenario.close()


def test_by_public_means_only_workers_join_leave_and_die_without_loss(scenario: Scenario):
    hide = ("--hide", "aiokafka.consumer.group_coordinator:GroupCoordinator.check_errors")
    scenario.send(12_000)
    scenario.start(*SLOW, *hide, "--session", 2).says("assigned")
    second = scenario.start(*SLOW, *hide, "--session", 2)
    second.says("assigned")
    scenario.handles(3000)
    assert second.stop(60) == 0
    third = scenario.start(*SLOW, *hide, "--session", 2)
    third.says("assigned")
    scenario.handles(7000)
    third.kill()
    assert not scenario.committed_early
    scenario.handles_all(180)
    until(lambda: scenario.committed == scenario.ends_of_log, 90, "all committed while they run")
