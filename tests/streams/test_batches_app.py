"""What Faust is told about sessions and heartbeats, without a broker."""

import pytest

from streams.batches import BatchApp


def app(**settings: float) -> BatchApp:
    return BatchApp("unit", broker="kafka://127.0.0.1:1", batch_topics={"traffic"}, **settings)


@pytest.mark.parametrize("session", [1.0, 3.0, 10.0, 30.0, 300.0])
def test_one_late_heartbeat_never_costs_a_worker_its_partitions(session: float):
    made = app(broker_session_timeout=session).conf
    assert made.broker_session_timeout == session
    assert made.broker_heartbeat_interval <= session / 3


@pytest.mark.parametrize("session", [3.0, 41.0, 300.0])
def test_a_session_may_be_longer_than_a_request_usually_takes(session: float):
    assert app(broker_session_timeout=session).conf.broker_request_timeout >= session


def test_who_names_an_interval_gets_it():
    assert app(broker_session_timeout=9.0, broker_heartbeat_interval=0.5).conf.broker_heartbeat_interval == 0.5
