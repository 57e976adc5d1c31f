import os
import signal
from time import monotonic, sleep

import pytest

from streams.demo.process import BUDGET, TOPICS, Died, configuration, worker
from streams.settings import load


def test_the_demos_configuration_is_valid_and_stands_in_its_directory(tmp_path):
    path = tmp_path / "tidegate.toml"
    path.write_text(configuration(tmp_path, "127.0.0.1:1,127.0.0.1:2"))
    settings = load(path)
    assert settings.kafka.brokers == ["127.0.0.1:1", "127.0.0.1:2"]
    assert [source.topic for source in settings.source] == list(TOPICS)
    assert settings.budget.alerts_per_day == BUDGET
    assert settings.clickhouse.url == f"chdb://{tmp_path}/db"


def test_a_worker_that_died_is_noticed(tmp_path):
    with worker(tmp_path, "127.0.0.1:1") as running:
        running.check()
        os.kill(running.pid, signal.SIGKILL)
        until = monotonic() + 10
        while running.alive and monotonic() < until:
            sleep(0.02)
        with pytest.raises(Died, match="the worker ended with status -9"):
            running.check()
        assert not running.ready
