import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.cli.failures import Wrong
from streams.cli.options import Format, moment
from streams.cli.output import TELLING, as_json, by_reason, cell, fitted, safe_json, show, utc

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


def test_times_that_are_text_are_shown_to_the_second_and_other_text_as_it_is():
    assert utc("2026-01-05T00:00:45.490832Z") == utc("2026-01-05T00:00:45Z") == "2026-01-05 00:00:45"
    assert utc("2026-01-05") == "2026-01-05"
    assert utc("x\x1b") == "x\x1b"


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


ROW = {"id": "4443f343825b8f65", "time": "2026-01-06 06:56:45", "model": "loan", "title": "c-1 is doing this " * 5}


def test_a_table_that_fits_a_terminal_is_whole():
    cells = {name: [cell(value)] for name, value in ROW.items()}
    assert fitted(cells, 16 + 19 + 5 + TELLING + 3 * 2, {"id": 8, "model": 0}) == (cells, [])


def test_columns_give_way_one_by_one_until_a_narrow_terminal_holds_the_rest():
    cells = {name: [cell(value)] for name, value in ROW.items()}
    less, gone = fitted(cells, 16 + 19 + 5 + TELLING + 3 * 2 - 1, {"id": 8, "model": 0})
    assert (less["id"][0].plain, less["model"], gone) == ("4443f343", cells["model"], [])
    less, gone = fitted(cells, 70, {"id": 8, "model": 0, "time": 0})
    assert (list(less), gone) == (["id", "time", "title"], ["model"])
    assert less["title"] == cells["title"]


def test_what_may_not_give_way_stays_on_the_narrowest_terminal():
    assert list(fitted({"a": [], "b": [], "c": []}, 1, {"a": 0, "b": 0})[0]) == ["c"]


def test_a_pipe_gets_every_column(capsys):
    show([ROW], Format.TABLE, columns=tuple(ROW), times=(), narrow={"id": 1, "model": 0, "time": 0})
    assert capsys.readouterr().out.split()[:5] == ["id", "time", "model", "title", ROW["id"]]
