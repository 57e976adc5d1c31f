"""Values of the native format: times, ids, principals, numbers and arrays in every way they are written."""

import base64
import json
import math

import pytest

from schemas.formats import Source
from schemas.formats.native import read, read_many
from schemas.principal import hash_principal
from tests.schemas.formats.bare import BARE, one, refused


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1767571245.5", 1767571245.5),
        ("2026-01-05T00:00:45Z", 1767571245.0),
        ("2026-01-05T02:00:45.250+02:00", 1767571245.25),
        ("2026-01-05 00:00:45", 1767571245.0),
        ("2026-01-05T00:00:45.123456789Z", 1767571245.123456),
        (1767571245525, 1767571245.525),
        (1767571245525000, 1767571245.525),
        (1767571245525000000, 1767571245.525),
        (0, 0.0),
    ],
)
def test_a_time_may_be_written_in_many_ways(written, seconds):
    assert one({"time": written}).time == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize(
    "written", [-1, 4102444800, 1e300, "nan", "inf", "", "yesterday", None, [], {}, "2026-13-01", "9999-12-31", 10**400]
)
def test_a_time_that_is_none_is_refused_with_its_place(written):
    assert refused(json.dumps(BARE | {"time": written}).encode()).path == "$.time"


def test_ids_may_be_numbers_and_nulls_are_as_good_as_missing():
    record = one({"id": 17, "principal": 5, "version": 2.5, "session": None, "client_ip": None, "tenant": True})
    assert (record.id, record.principal, record.version) == ("17", "5", "2.5")
    assert (record.session, record.client_ip, record.tenant) == ("", "", "true")


def test_a_missing_id_is_made_of_the_bytes():
    value = b'{"time": 1, "model": "m", "principal": "p"}'
    first, again = read(value, offset=0), read(value, offset=9)
    other = read(value + b" ", offset=0)
    assert len(first.id) == 32
    assert first.id == again.id != other.id


def test_a_missing_principal_is_unknown_and_counted():
    reading = read_many(
        [json.dumps({"time": 1, "model": "m", "id": "1", "principal": p}).encode() for p in ("", "u")], [0, 1]
    )
    assert [record.principal for record in reading.records] == ["unknown", "u"]
    assert reading.unknown == 1


def test_a_missing_model_is_the_sources_or_a_reject():
    value = b'{"time": 1, "version": "9"}'
    assert refused(value).path == "$.model"
    record = read(value, offset=0, source=Source(model="only", version="1", tenant="eu"))
    assert (record.model, record.version, record.tenant) == ("only", "9", "eu")


def test_principals_are_found_where_the_source_says():
    fields = {"principal": "", "headers": {"x-api-key-hash": "k-1"}, "client_ip": "192.0.2.1"}
    order = ("principal", "headers.x-api-key-hash", "client_ip")
    assert one(fields, principal=order).principal == "k-1"
    assert one(fields | {"headers": {}}, principal=order).principal == "192.0.2.1"
    assert one(fields | {"principal": "p"}, principal=order).principal == "p"
    assert one(fields | {"principal": "p"}, principal=("client_ip",)).principal == "192.0.2.1"


def test_principals_are_hashed_where_the_source_has_a_secret():
    assert one({"principal": "a@example.org"}, secret=b"s").principal == hash_principal(b"s", "a@example.org")
    assert one({"principal": ""}, secret=b"s").principal == "unknown"


def test_numbers_that_are_none_are_kept_as_bad_ones():
    value = (
        b'{"time": 1, "model": "m", "features": [NaN, Infinity, -Infinity, 1e999, "0.5", "red", null, true, {"a": 1}]}'
    )
    features = read(value, offset=0).features
    assert [x if x is None or not math.isnan(x) else "nan" for x in features] == [
        "nan", math.inf, -math.inf, math.inf, 0.5, "nan", None, 1.0, "nan",
    ]  # fmt: skip


def test_nested_lists_are_read_row_by_row():
    assert one({"features": [[1, 2], [3, 4]]}).features == [1, 2, 3, 4]


def test_an_array_form_is_decoded_once_and_its_mistakes_have_a_place():
    data = base64.b64encode(b"\0\0\x80?").decode()
    assert one({"features": {"b64": data, "dtype": "f4", "shape": [1]}}).features["b64"] == b"\0\0\x80?"
    value = json.dumps(BARE | {"features": {"b64": data, "dtype": "f4", "shape": [2]}}).encode()
    assert refused(value).path == "$.features.b64"


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("features", "abc", "$.features"),
        ("features", 3, "$.features"),
        ("probabilities", "abc", "$.probabilities"),
        ("probabilities", 0.5, "$.probabilities"),
        ("logits", {"a": 1}, "$.logits"),
    ],
)
def test_features_of_no_known_form_are_refused_with_their_place(field, value, path):
    assert refused(json.dumps(BARE | {field: value}).encode()).path == path
