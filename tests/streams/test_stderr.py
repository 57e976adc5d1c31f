"""A stderr that is closed, or whose reader has gone, costs the lines and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from streams.stderr import Stderr

ROOT = Path(__file__).parents[2]
TALK = """
import sys
from streams.log import configure
from streams.stderr import tell
import logging, structlog
if {wait}: sys.stdin.readline()
configure("info", "{form}")
for number in range(3000):
    structlog.get_logger().info("a line", number=number)
    logging.getLogger("library").error("another")
    tell("ready")
print("to the end", flush=True)
"""


def talking(form: str, *, wait: bool) -> list[str]:
    return [sys.executable, "-c", TALK.format(form=form, wait=wait)]


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_process_goes_on_when_the_reader_of_its_log_has_left(form):
    process = subprocess.Popen(
        talking(form, wait=True), cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr
    process.stderr.close()
    process.stderr = None
    out, _ = process.communicate("go\n", timeout=60)
    assert out == "to the end\n"


@pytest.mark.parametrize("form", ["text", "json", "auto"])
def test_a_process_goes_on_that_was_started_without_stderr(form):
    closed = ["sh", "-c", 'exec "$@" 2>&-', "sh", *talking(form, wait=False)]
    done = subprocess.run(closed, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "to the end\n")


def test_a_wrong_command_still_has_its_exit_code_when_nobody_hears_why():
    command = [sys.executable, "-c", "import sys; from streams.cli import main; sys.exit(main())", "scan", "nowhere"]
    closed = ["sh", "-c", 'exec "$@" 2>&-', "sh", *command]
    assert subprocess.run(closed, cwd=ROOT, capture_output=True, check=False, timeout=60).returncode == 2


def test_what_is_said_arrives_where_somebody_listens(tmp_path):
    with (tmp_path / "said").open("w") as stream:
        out = Stderr(stream)
        assert out.write("one\n") == 4
        out.flush()
        assert not out.isatty()
    assert (tmp_path / "said").read_text() == "one\n"
    assert out.write("two\n") == 4
    assert not out.isatty()
