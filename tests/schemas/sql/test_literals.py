"""Whatever a parameter holds, it stays a value."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.sql.literals import Unrenderable, render

anything = st.text(st.characters(exclude_categories=[]))
nasty = st.one_of(anything, st.text(st.sampled_from("'\\;-/*{}:a\0\n\r\x1b\"`"), max_size=20))
LITERAL = re.compile(r"'(?:[^'\\\x00-\x1f\x7f]|\\['\\]|\\x[0-9a-f]{2})*'")


def unescaped(literal):
    """Read a literal as ClickHouse does."""
    return re.sub(
        r"\\(x[0-9a-f]{2}|.)",
        lambda m: chr(int(m[1][1:], 16)) if len(m[1]) == 3 else m[1],
        literal[1:-1],
        flags=re.DOTALL,
    )


@given(nasty)
def test_a_string_is_one_literal_and_reads_back_as_it_was(text):
    literal = render("{name:String}", {"name": text})
    assert LITERAL.fullmatch(literal)
    assert unescaped(literal) == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert literal.encode()


@given(nasty, nasty)
def test_a_value_that_looks_like_a_place_is_not_filled_in(one, other):
    text = render("{a:String} {b:String}", {"a": "{b:String}" + one, "b": other})
    assert text.startswith("'{b:String}")
    assert text.endswith(" " + render("{b:String}", {"b": other}))


@given(st.lists(nasty, max_size=5))
def test_a_list_of_strings_is_a_list_of_literals(texts):
    literal = render("{all:Array(String)}", {"all": texts})
    inner = literal.removeprefix("CAST([").removesuffix("], 'Array(String)')")
    assert LITERAL.findall(inner) == [render("{a:String}", {"a": text}) for text in texts]
    assert LITERAL.sub("", inner).replace(", ", "") == ""


@given(st.integers(0, 2**64 - 1))
def test_a_whole_number_is_its_digits(number):
    assert render("{n:UInt64}", {"n": number}) == str(number)


@given(st.floats())
def test_a_number_reads_back_to_the_last_bit(number):
    literal = render("{x:Float64}", {"x": number})
    assert re.fullmatch(r"toFloat64\((-?[0-9.e+-]+|-?inf|nan)\)", literal)
    assert repr(float(literal[10:-1])) == repr(number)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_time_is_seconds_or_milliseconds_of_utc(moment):
    assert render("{t:DateTime}", {"t": moment}) == f"toDateTime({int(moment.timestamp())}, 'UTC')"
    fine = render("{t:DateTime64(3)}", {"t": moment.timestamp()})
    assert re.fullmatch(r"toDateTime64\('\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}', 3, 'UTC'\)", fine)


def test_a_time_in_milliseconds_is_written_so():
    assert render("{t:DateTime64(3)}", {"t": 1767571245.525}) == "toDateTime64('2026-01-05 00:00:45.525', 3, 'UTC')"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("String", 1), ("String", None), ("String", b"x"), ("UInt64", -1), ("UInt64", 2**64), ("UInt64", 1.0),
        ("UInt64", True), ("UInt64", "1"), ("Float64", "1"), ("Float64", True), ("Float64", 10**400),
        ("Array(String)", "abc"), ("Array(String)", [1]), ("DateTime", "now()"), ("DateTime", -1),
        ("DateTime", float("nan")), ("DateTime", 2**33), ("DateTime64(3)", True), ("Identifier", "alerts"), ("Int8", 1),
        ("DateTime", datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_what_is_not_of_its_type_is_refused(kind, value):
    with pytest.raises(Unrenderable, match="x"):
        render(f"SELECT {{x:{kind}}}", {"x": value})


def test_parameters_must_be_those_of_the_statement():
    with pytest.raises(Unrenderable, match="'a'"):
        render("{a:String}", {})
    with pytest.raises(Unrenderable, match="'b'"):
        render("{a:String}", {"a": "", "b": ""})


def test_a_refusal_does_not_repeat_what_was_given():
    with pytest.raises(Unrenderable) as refused:
        render("{a:UInt64}", {"a": "secret"})
    assert "secret" not in str(refused.value)
