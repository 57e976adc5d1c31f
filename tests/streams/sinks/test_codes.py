import pytest

from streams.sinks.api import Refused, Unavailable
from streams.sinks.codes import first_line, verdict


@pytest.mark.parametrize("code", [159, 160, 202, 209, 210, 241, 242, 252, 319, 999, 425, 0, 123456])
def test_what_may_pass_is_tried_again(code):
    assert isinstance(verdict(code, "Code: 1. DB::Exception: busy"), Unavailable)


@pytest.mark.parametrize("code", [53, 469, 349])
def test_what_rows_are_at_fault_for_is_refused_and_may_be_halved(code):
    said = verdict(code, "no")
    assert isinstance(said, Refused)
    assert (said.code, said.divisible) == (code, True)


@pytest.mark.parametrize("code", [60, 62, 16])
def test_what_no_row_can_help_is_refused_whole(code):
    said = verdict(code, "no")
    assert isinstance(said, Refused)
    assert not said.divisible


def test_too_many_partitions_is_the_rows_fault_and_too_many_parts_is_not():
    rows = verdict(252, "DB::Exception: Too many partitions for single INSERT block (more than 100).")
    assert isinstance(rows, Refused)
    assert rows.divisible
    assert isinstance(verdict(252, "Too many parts (300). Merges are slower than inserts"), Unavailable)


@pytest.mark.parametrize("code", [192, 193, 516, 497])
def test_a_closed_door_is_no_reason_to_throw_rows_away(code):
    said = verdict(
        code, "DB::Exception: Wrong password for user w. Stack trace:\n\n0. lib", where="ClickHouse at h:1/d"
    )
    assert isinstance(said, Unavailable)
    assert str(said) == "ClickHouse at h:1/d does not let us in: Wrong password for user w."


def test_only_the_sentence_of_a_server_is_repeated():
    assert first_line(
        "Code: 60. DB::Exception: Table t\n is not there. (UNKNOWN_TABLE) (version 26.9.2.1)\n\nStack trace:"
    ) == ("Table t is not there. (UNKNOWN_TABLE)")
    assert len(first_line("x" * 10_000)) == 400
