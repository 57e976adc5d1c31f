"""A storm of log lines becomes a few."""

import logging

import pytest

from streams.batches import calm


@pytest.fixture
def logger(request: pytest.FixtureRequest) -> logging.Logger:
    logger = logging.getLogger(f"stormy.{request.node.name}")
    calm.calm("stormy")
    return logger


def test_lines_of_one_kind_pass_once_and_other_kinds_pass_too(logger: logging.Logger, caplog):
    for attempt in range(50):
        logger.error("cannot connect, attempt %d", attempt)
        logger.warning("marking the coordinator dead")
    assert [record.getMessage() for record in caplog.records] == [
        "cannot connect, attempt 0",
        "marking the coordinator dead",
    ]


def test_the_next_line_says_how_many_were_kept_back(logger: logging.Logger, caplog, monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr(calm.time, "monotonic", lambda: now)
    for _ in range(31):
        logger.error("100%% of %s are away", "brokers")
    now += calm.PERIOD
    logger.error("100%% of %s are away", "brokers")
    assert caplog.records[-1].getMessage() == "100% of brokers are away (and 30 more like it)"


def test_information_is_never_kept_back(logger: logging.Logger, caplog):
    caplog.set_level(logging.INFO)
    for _ in range(3):
        logger.info("joined")
    assert len(caplog.records) == 3
