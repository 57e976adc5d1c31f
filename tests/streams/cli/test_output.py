import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cli.failures import Wrong
from streams.cli.options import Format, moment
from streams.cli.output import as_json, by_reason, cell, safe_json, show, utc

HOSTILE = "[red]x\x1b[2J\u202e\u009b=\ud800[/red]"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_json_for_a_terminal_reads_back_as_it_was(value):
    assert json.loads(as_json(value)) == value


@given(st.text())
def test_json_for_a_terminal_has_no_control_characters(text):
    made = as_json({"text": text})
    assert all(character >= " " and not "\x7f" <= character <= "\x9f" for character in made)
    assert not set(made) & set("\u202e\u200b\u2028\ufeff\u061c")


def test_what_looks_like_markup_is_text(capsys):
    show([{"id": "[bold]x[/bold]", "title": HOSTILE}], Format.TABLE, columns=("id", "title"))
    out = capsys.readouterr().out
    assert "[bold]x[/bold]" in out
    assert "\\x1b[2J\\u202e\\x9b" in out
    assert "\x1b" not in out


def test_a_sheet_gets_no_formulas(capsys):
    show([{"a": "=cmd()", "b": -1.5, "c": ["@x"]}], Format.CSV, columns=("a", "b", "c"))
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [["a", "b", "c"], ["'=cmd()", "-1.5", '["@x"]']]


def test_an_empty_list_still_has_a_head_in_csv_and_is_a_list_in_json(capsys):
    show([], Format.CSV, columns=("a", "b"))
    assert capsys.readouterr().out == "a,b\n"
    show([], Format.JSON, columns=("a",))
    assert json.loads(capsys.readouterr().out) == []


def test_json_lines_are_one_row_each(capsys):
    show([{"a": 1}, {"a": "x\ny"}], Format.JSONL, columns=("a",))
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"a": 1}, {"a": "x\ny"}]


def test_finished_json_keeps_its_meaning():
    assert json.loads(safe_json('{"a":"\u202e\x7f"}')) == {"a": "\u202e\x7f"}


def test_times_no_calendar_has_are_shown_as_numbers():
    assert utc(1_767_571_245.0) == "2026-01-05 00:00:45"
    assert utc(1e300) == "1e+300"


def test_a_table_without_rows_says_what_that_means_and_a_program_reads_only_rows(capsys):
    show([], Format.TABLE, columns=("a",), nothing="none of these")
    assert capsys.readouterr() == ("a\n", "tidegate: none of these\n")
    show([], Format.CSV, columns=("a",), nothing="none of these")
    assert capsys.readouterr() == ("a\n", "")


def test_names_that_lack_the_same_stand_together():
    assert by_reason({"a": "no words", "b": "no inputs", "c": "no words"}) == {
        "no words": ["a", "c"],
        "no inputs": ["b"],
    }
    assert by_reason({}) == {}


def test_long_cells_are_cut():
    assert len(cell("x" * 5000).plain) < 300


def test_moments_are_spans_before_now_times_or_seconds():
    assert moment("", "--since") is None
    assert moment("2026-01-05", "--since") == moment("2026-01-05T01:00+01:00", "--since") == 1_767_571_200
    assert moment("1767571200.5", "--since") == 1_767_571_200.5
    week, day = moment("1w", "--since"), moment("1d", "--since")
    assert 6 * 86400 - 5 < day - week < 6 * 86400 + 5


@pytest.mark.parametrize("text", ["yesterday", "1y", "2026-13-01", "-1d", "nan"])
def test_a_moment_that_is_none_says_what_would_be(text):
    with pytest.raises(Wrong, match="right would be"):
        moment(text, "--since")
