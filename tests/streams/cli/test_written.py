"""Files that a command writes: what cannot be written is said with its name, and what to do."""

import errno
import resource
from contextlib import contextmanager

import pytest

from streams.cli.failures import FAILED, exit_code
from streams.cli.written import Written


@contextmanager
def files_of_at_most(size):
    """No file of this process may grow beyond so many bytes: the nearest to a full disk that needs no disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_lines_are_written_with_their_ends(tmp_path):
    with Written(tmp_path / "a.jsonl") as file:
        file.write([b"one", b"two"])
        file.write(iter([b"three"]))
    assert (tmp_path / "a.jsonl").read_bytes() == b"one\ntwo\nthree\n"


@pytest.mark.parametrize("lines", [1, 1000])
def test_a_file_that_does_not_fit_is_named_at_once_or_when_it_is_closed(tmp_path, lines):
    path = tmp_path / "a.jsonl"
    with files_of_at_most(100), pytest.raises(OSError, match=r"a\.jsonl") as caught, Written(path) as file:
        file.write([b"x" * 200] * lines)
    assert (caught.value.errno, caught.value.filename) == (errno.EFBIG, str(path))


def test_a_full_disk_is_said_with_the_file_and_the_cure(capfd):
    assert exit_code(OSError(errno.ENOSPC, "No space left on device", "a.jsonl")) == FAILED
    assert capfd.readouterr().err == "tidegate: a.jsonl: No space left on device; free some and run it again\n"
