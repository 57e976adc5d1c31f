"""Silence in files: on record time, once, and not because a file ends."""

import itertools

import msgspec
import numpy as np
import pytest

from detectors.plan import Plan
from schemas.alert import Alert
from tests.streams.scans import scanned

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
MONDAY = 1767571200.0
STEADY = MONDAY + np.arange(0, 4 * DAY, 2 * MINUTE)


def lines(times, models=("fraud",)) -> list[bytes]:
    """A record each, of one model after the other."""
    return [
        msgspec.json.encode({"id": f"{i}", "time": float(time), "model": models[i % len(models)], "principal": "u"})
        for i, time in enumerate(times)
    ]


def silences(folder, *parts: list[bytes]) -> list[Alert]:
    told, summary = scanned(folder, parts, Plan(secret=b"scan"))
    found = [a for a in told if a.threat == "source_silent"]
    assert summary.threats["source_silent", "self"] == len(found)
    return found


def without(times, begin: float, end: float):
    return times[(times < MONDAY + begin) | (times >= MONDAY + end)]


def test_a_log_with_a_hole_has_one_alert_at_the_time_at_which_the_hole_was_too_long(tmp_path):
    (alert,) = silences(tmp_path, lines(without(STEADY, 2.5 * DAY, 2.75 * DAY)))
    last = MONDAY + 2.5 * DAY - 2 * MINUTE
    assert (alert.verdict, alert.detector, alert.model) == ("self", "silence", "")
    assert (alert.first_time, alert.time) == (last, last + 20 * MINUTE)
    assert alert.title.startswith("Nothing from the log since 07 Jan 11:58 UTC")
    assert "It has been watched for 2.5 days only" in alert.message


def test_a_log_that_ends_is_not_silent(tmp_path):
    assert silences(tmp_path, lines(STEADY)) == []


def test_a_model_that_is_missing_while_the_others_go_on_is_named(tmp_path):
    both = lines(STEADY, ("fraud", "chat"))
    stopped = [line for i, line in enumerate(both) if i % 2 or STEADY[i] < MONDAY + 3 * DAY]
    (alert,) = silences(tmp_path, stopped)
    assert (alert.model, alert.first_time) == ("chat" if b"chat" in both[0] else "fraud", MONDAY + 3 * DAY - 4 * MINUTE)
    assert alert.time == alert.first_time + 40 * MINUTE


def test_requests_that_nobody_can_score_are_heard_nevertheless(tmp_path):
    """A model whose requests took another form is not silent."""
    made = lines(STEADY, ("fraud", "chat"))
    other = [msgspec.json.encode({**msgspec.json.decode(line), "features": [1.0] * (i // 1000)}) for i, line in
             enumerate(made)]  # fmt: skip
    assert silences(tmp_path, other) == []


def test_no_night_and_no_weekend_is_a_silence_not_even_the_first(tmp_path):
    office = [d * DAY + np.arange(8 * HOUR, 20 * HOUR, 2 * MINUTE) for d in range(19) if d % 7 < 5]
    assert silences(tmp_path, lines(MONDAY + np.concatenate(office))) == []


@pytest.mark.parametrize("cuts", [(1, 700), (1799, 1800, 1801), (2500,)])
def test_cuts_into_files_change_nothing(tmp_path, cuts):
    made = lines(without(STEADY, 2.5 * DAY, 2.75 * DAY), ("fraud", "chat", "fraud"))
    made += [line for line in lines(STEADY + 4 * DAY, ("fraud", "chat")) if b"chat" not in line]
    whole = silences(tmp_path, made)
    edges = [0, *cuts, len(made)]
    parts = silences(tmp_path, *(made[a:b] for a, b in itertools.pairwise(edges)))
    assert len(whole) == 2
    assert [msgspec.json.encode(a) for a in parts] == [msgspec.json.encode(a) for a in whole]


def test_one_record_from_the_far_future_silences_nothing(tmp_path):
    liar = msgspec.json.encode({"id": "x", "time": MONDAY + 3000 * DAY, "model": "fraud", "principal": "u"})
    made = lines(STEADY)
    assert silences(tmp_path, [*made[:1000], liar, *made[1000:]]) == []
