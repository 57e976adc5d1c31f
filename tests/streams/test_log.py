import json

import pytest
import structlog

from streams.log import configure


@pytest.fixture(autouse=True)
def _as_before():
    yield
    structlog.reset_defaults()


def test_lines_are_json_on_stderr_where_nobody_watches(capsys):
    configure("info", "auto")
    structlog.get_logger().info("ready", partitions=3)
    out, err = capsys.readouterr()
    line = json.loads(err)
    assert out == ""
    assert (line["event"], line["partitions"], line["level"]) == ("ready", 3, "info")


def test_lines_below_the_level_are_not_written(capsys):
    configure("warning", "json")
    structlog.get_logger().info("quiet")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_in_a_line_acts_on_a_terminal(capsys, form):
    configure("info", form)
    structlog.get_logger().info("evil\x1b[2J", who="x\u202ey\nz")
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert "\u202e" not in err
    assert err.count("\n") == 1


def test_a_traceback_keeps_its_lines_and_loses_its_escapes(capsys):
    configure("info", "text")
    try:
        int("bad\x1b[2J")
    except ValueError:
        structlog.get_logger().exception("failed")
    err = capsys.readouterr().err
    assert err.count("\n") > 3
    assert "\x1b" not in err
