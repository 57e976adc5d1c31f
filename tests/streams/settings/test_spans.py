import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.settings.spans import BurnInLength, alerts_per_day, burn_in_length, seconds, written


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", 90),
        ("15m", 900),
        ("2h", 7200),
        ("1d", 86400),
        ("1.5h", 5400),
        (" 7 d ", 604800),
        ("2w", 1209600),
        (3, 3),
        (0, 0),
    ],
)
def test_spans_are_read_as_people_write_them(text, span):
    assert seconds(text) == span


@pytest.mark.parametrize(
    ("span", "text"), [(5400, "90m"), (86400, "1d"), (604800, "7d"), (1209600, "2w"), (90, "90s"), (0.5, "0.5s")]
)
def test_a_span_is_written_as_people_would(span, text):
    assert written(float(span)) == text


@given(st.integers(1, 10**9))
def test_a_written_span_reads_back_as_it_was(span):
    assert seconds(written(float(span))) == span


@given(st.one_of(st.text(max_size=8), st.floats(), st.booleans(), st.none(), st.lists(st.integers(), max_size=2)))
def test_anything_else_is_refused_or_a_finite_span(value):
    try:
        span = seconds(value)
    except ValueError:
        span = 0.0
    assert 0 <= span < float("inf")


def test_a_burn_in_is_a_span_or_a_share():
    assert burn_in_length("1d") == BurnInLength(seconds=86400.0)
    assert burn_in_length("20%") == BurnInLength(seconds=None, share=0.2)
    assert str(burn_in_length("20%")) == "20%"
    assert str(burn_in_length(5400)) == "90m"


@pytest.mark.parametrize("text", ["0%", "100%", "x%", "", "-1d", "1y", None])
def test_a_burn_in_that_makes_no_sense_says_what_would(text):
    with pytest.raises(ValueError, match="right would be"):
        burn_in_length(text)


@pytest.mark.parametrize(
    ("text", "rate"), [("10/day", 10), (2, 2), ("2", 2), ("7/week", 1), ("1/hour", 24), (0.5, 0.5)]
)
def test_budgets_are_rates(text, rate):
    assert alerts_per_day(text) == pytest.approx(rate)


@pytest.mark.parametrize("text", ["0", "-1/day", "nan", "inf", "2/fortnight", "", "many", True])
def test_a_budget_that_is_no_positive_rate_is_refused(text):
    with pytest.raises(ValueError, match="right would be"):
        alerts_per_day(text)
