"""An alert as a JSON line is what the contract shows, and comes back as it went."""

import json
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert, Severity, Verdict, Why, alert_id
from schemas.exports.jsonl import decode, encode
from schemas.threats import frameworks

PROMISED = [
    "id", "time", "first_time", "last_time", "verdict", "threat", "severity", "detector", "model", "version",
    "tenant", "principal", "principals", "trigger", "record_ids", "count", "title", "message", "score", "threshold",
    "unit", "gate", "calibration", "budget_paid", "confidence", "why", "examples", "coverage", "frameworks",
    "recommendation", "runbook", "incident", "status", "drill", "release",
]  # fmt: skip
finite = st.floats(allow_nan=False, allow_infinity=False)
alerts = st.builds(
    Alert,
    id=st.text(),
    time=finite,
    first_time=finite,
    last_time=finite,
    verdict=st.sampled_from(Verdict),
    threat=st.text(),
    severity=st.sampled_from(Severity),
    detector=st.text(),
    model=st.text(),
    principals=st.lists(st.text()),
    message=st.text(),
    score=finite,
    why=st.lists(st.builds(Why, name=st.text(), value=finite, typical=finite, text=st.text()), max_size=2),
    frameworks=st.just(frameworks("flood")),
)


@given(alerts)
def test_a_line_is_one_line_with_every_promised_field_in_order(alert):
    line = encode(alert)
    assert b"\n" not in line
    assert list(json.loads(line)) == PROMISED


@given(alerts)
def test_a_line_comes_back_as_the_alert_it_was(alert):
    assert decode(encode(alert)) == alert


def test_a_number_that_json_cannot_write_comes_back_as_unknown():
    why = [Why(name="distance", value=math.inf, typical=math.nan, text="never seen before")]
    line = encode(Alert(id="1", time=1.0, first_time=1.0, last_time=1.0, verdict=Verdict.DRIFT, threat="drift_input",
                        severity=Severity.LOW, detector="d", model="m", why=why, score=math.inf))  # fmt: skip
    back = decode(line)
    assert math.isnan(back.score)
    assert (math.isnan(back.why[0].typical), back.why[0].text) == (True, "never seen before")


def test_a_line_that_is_no_alert_is_an_error():
    for line in (b"{}", b"[]", b"{", b'{"id":null}', b'{"why":null,"time":null}', b'{"why":[null]}'):
        with pytest.raises(msgspec.DecodeError):
            decode(line)


def test_fields_of_a_later_release_do_no_harm():
    line = encode(Alert(id="1", time=1.0, first_time=1.0, last_time=1.0, verdict=Verdict.DRIFT, threat="drift_input",
                        severity=Severity.LOW, detector="d", model="m"))  # fmt: skip
    assert decode(line[:-1] + b',"later":1}').id == "1"


def test_an_id_is_made_of_what_raised_the_alert_and_nothing_else():
    assert alert_id("d", "u-1", "r-9") == alert_id("d", "u-1", "r-9")
    assert len({alert_id("d", "u-1", "r-9"), alert_id("e", "u-1", "r-9"), alert_id("d", "u-1r", "-9")}) == 3
    assert len(alert_id("d", "u-1", "r-9")) == 32
