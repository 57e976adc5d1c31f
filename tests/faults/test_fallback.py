"""With a private name gone, the same agents get the same batches by public means, and still nothing is lost."""

import time

import pytest

from tests.faults.harness import Scenario, until

HIDE = ("--hide", "aiokafka.consumer.group_coordinator:GroupCoordinator.check_errors")


def test_the_worker_says_what_is_missing_and_handles_and_commits_everything_once(scenario: Scenario):
    scenario.send(5000)
    worker = scenario.start(*HIDE)
    scenario.handles_all()
    until(lambda: scenario.committed == scenario.ends_of_log, 90, "all committed while it runs")
    assert worker.stop() == 0
    assert scenario.repeated == 0
    said = [line for line in worker.told.splitlines() if "delivery by public API only" in line]
    assert len(said) == 1
    assert said[0].rstrip().endswith(HIDE[1])
    assert [word for word in ("assigned", "committed", "revoked") if word not in worker.told] == []


@pytest.mark.faults
def test_killing_it_in_the_middle_of_batches_loses_nothing(scenario: Scenario):
    scenario.send(3000)
    for goal in (500, 1500):
        worker = scenario.start(*HIDE, "--session", 1, "--step", 0.02)
        scenario.handles(goal)
        worker.kill()
        assert not scenario.committed_early
    worker = scenario.start(*HIDE)
    scenario.handles_all()
    assert worker.stop() == 0
    assert not scenario.committed_early


@pytest.mark.faults
def test_a_writer_thread_may_acknowledge_in_any_order(scenario: Scenario):
    scenario.send(5000)
    worker = scenario.start(*HIDE, "--stream", "--step", 0.05)
    scenario.handles_all()
    assert worker.stop() == 0
    assert scenario.repeated == 0
    assert not scenario.committed_early


@pytest.mark.faults
def test_one_hanging_batch_is_not_lost_when_others_overtake_it(scenario: Scenario):
    scenario.send(2000)
    worker = scenario.start(*HIDE, "--stuck", "0:100", "--concurrency", 3, "--session", 1)
    worker.says("stuck")
    scenario.handles(1800)
    time.sleep(1)
    worker.kill()
    assert not scenario.committed_early
    scenario.start(*HIDE)
    scenario.handles_all()
    assert not scenario.lost


@pytest.mark.faults
def test_a_paused_partition_misses_and_repeats_nothing(scenario: Scenario):
    scenario.send(800)
    worker = scenario.start(*HIDE, "--pause", 2, "--pause-for", 2, "--max-batch", 50, "--step", 0.01)
    worker.says("paused")
    scenario.send(3000)
    scenario.handles_all()
    worker.says("resumed")
    assert worker.stop() == 0
    assert scenario.repeated == 0


@pytest.mark.faults
def test_state_is_rebuilt_by_rereading(scenario: Scenario):
    scenario.send(1000)
    worker = scenario.start(*HIDE)
    until(lambda: scenario.committed == scenario.ends_of_log, 90, "all committed while it runs")
    assert worker.stop() == 0
    worker = scenario.start(*HIDE, "--back", 40)
    worker.says("assigned")
    scenario.send(500)
    scenario.handles_all()
    assert worker.stop() == 0
    assert scenario.repeated == 4 * 40
    assert not scenario.committed_early


@pytest.mark.faults
def test_a_stuck_step_does_not_keep_it_from_stopping(scenario: Scenario):
    scenario.send(1000)
    worker = scenario.start(*HIDE, "--stuck", "0:100")
    worker.says("stuck")
    assert worker.stop(60) == 0
    assert not scenario.committed_early
    scenario.start(*HIDE)
    scenario.handles_all()
