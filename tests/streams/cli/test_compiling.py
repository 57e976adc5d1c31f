"""Tests of how a command explains that its first run on a machine is slow."""

import numba
import numpy as np

from streams.cli.compiling import compiling


def test_what_is_compiled_is_counted_once_though_one_loop_calls_another_and_what_is_ready_counts_nothing() -> None:
    told: list[str] = []

    @numba.njit
    def inner(x):
        return x + 1.0

    @numba.njit
    def outer(values):
        total = 0.0
        for value in values:
            total += inner(value)
        return total

    with compiling(lambda: told.append("begun")) as first:
        assert outer(np.ones(3)) == 6.0
    with compiling(lambda: told.append("again")) as second:
        assert outer(np.ones(3)) == 6.0

    assert told == ["begun"]
    assert first.seconds > 0.0
    assert second.seconds == 0.0


def test_it_is_said_only_where_a_user_would_notice() -> None:
    with compiling() as spent:
        pass

    spent.seconds = 0.2
    assert spent.words == ""
    spent.seconds = 33.9
    assert spent.words == "of which 33.9 s compiled the detectors for this machine: the next run has them ready"


def test_a_loop_that_cannot_be_compiled_is_counted_and_nothing_is_left_listening() -> None:
    @numba.njit
    def wrong(x):
        return x.nothing_of_the_kind

    with compiling() as spent:
        try:
            wrong(1.0)
        except numba.core.errors.TypingError:
            failed = True
    seconds = spent.seconds

    @numba.njit
    def later(x):
        return x * 2.0

    assert failed
    assert seconds > 0.0
    assert later(2.0) == 4.0
    assert spent.seconds == seconds
