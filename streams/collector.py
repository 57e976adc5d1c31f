"""Python's garbage collector, kept off what never becomes garbage: records are freed by their counts of references."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

PATIENT = (50_000, 20, 50)


def calm() -> None:
    """Look at nothing that is there already, and seldom at what comes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*PATIENT)


@contextmanager
def calmed() -> Iterator[None]:
    """The same for a while."""
    before = gc.get_threshold()
    calm()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
