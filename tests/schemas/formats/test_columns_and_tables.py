"""Logs that are rows: flat tables, any JSON by a mapping, and what holds for all of these."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats import FORMATS, Source, named, recognise
from schemas.record import Record, Reject
from tests.schemas.formats.rows import ALL, GOOD, MAPPED, ROW, only, reading


@pytest.mark.parametrize("name", [name for name in GOOD if name != "mapping"])
def test_each_log_is_recognised_without_a_rival(name):
    values = [json.dumps(entry).encode() for entry in GOOD[name]]
    found = recognise(values)
    assert (found.name, found.share, found.tied) == (name, 1.0, ())


def test_a_flat_row_says_what_it_was_taken_for():
    found = reading("columns", ROW)
    (one,) = found.records
    assert (one.principal, one.features, one.label) == ("u-1", {"amount": 3.5, "country": "DE"}, 1)
    assert "$.user_id: taken for principal" in found.warnings
    assert "$.model: the row names no model, the name of the topic or file stands for it" in found.warnings
    assert one.model == "topic"


def test_a_column_of_what_was_true_is_no_input():
    one = only("columns", ROW | {"ground_truth": 0})
    assert one.features == {"amount": 3.5, "country": "DE"}


def test_fields_and_features_stand_where_the_configuration_says():
    found = reading("mapping", MAPPED)
    (one,) = found.records
    assert (one.time, one.principal, one.model, one.probabilities) == (1767571245.525, "u-1", "fraud", [0.1, 0.9])
    assert one.features == {"amount": 3.5, "country": "DE", "age": None}
    assert not found.warnings


def test_what_is_of_another_type_is_missing_and_said():
    found = reading("mapping", MAPPED | {"in": {"amount": [1], "geo": "DE"}})
    assert found.records[0].features["amount"] is None
    assert dict(found.warnings) == {"$.in.amount: a list is no number": 1}


def test_json_in_text_lists_and_rows_are_looked_into():
    source = Source(model="m", fields=(
        ("rows", "body.rows"), ("time", "at"), ("features", "row.x, row.y"), ("label", "row.z.1"),
    ))  # fmt: skip
    entry = {"at": 5, "body": '{"rows": [{"x": 1, "y": 2, "z": ["a", "b"]}, {"x": 3, "y": 4, "z": []}]}'}
    found = reading("mapping", entry, source=source)
    assert [(one.features, one.label) for one in found.records] == [([1.0, 2.0], "b"), ([3.0, 4.0], None)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"tim": "a"}, "'time'"), ({"time": "a as hours"}, "no type"), ({"id": ""}, "no path")],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_would_be_right(fields, said):
    from schemas.formats.mapped import compiled

    with pytest.raises(ValueError, match=said):
        compiled(tuple(fields.items()), ())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_an_entry_raises_or_is_lost(data):
    name, good = data.draw(st.sampled_from(ALL))
    other = data.draw(st.sampled_from(ALL))[1]
    a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(good))] * 2)))
    cut = data.draw(
        st.sampled_from([b"", other[: b - a], b"null", b'"', b"[[", b"1e999", b"\xff\x00", b"{}", b'"\\ud800"'])
    )
    value = good[:a] + cut + good[b:]
    raw = SimpleNamespace(timestamp=5000, key=b"k", headers=[("content-type", b"text/csv")])
    found = reading(name, value, raws=[raw])
    assert all(isinstance(one, Record) for one in found.records)
    assert all(isinstance(one, Reject) and one.reason.isprintable() for one in found.rejects)
    assert len(found.rejects) <= 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_values_of_any_type_in_any_field_raise_nothing(data):
    name, good = data.draw(st.sampled_from(ALL))
    entry = json.loads(good)
    inner = entry
    while isinstance(inner, dict) and inner:
        key = data.draw(st.sampled_from(sorted(inner)))
        if isinstance(inner[key], dict) and inner[key] and data.draw(st.booleans()):
            inner = inner[key]
            continue
        inner[key] = data.draw(st.sampled_from(
            [None, True, -1, 2**64, 1e308, "", "x" * 300, "é\u202e", [], [[]], {}, {"a": [{}]}, [None, "a"], "{", "["]
        ))  # fmt: skip
        break
    found = reading(name, entry)
    assert len(found.rejects) <= 1


def test_every_format_that_is_listed_can_be_loaded_and_named():
    for name in FORMATS:
        assert hasattr(named(name), "read_many")
