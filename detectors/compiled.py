"""The one way a row loop is compiled: numba, cached on disk, bits independent of where the stream was cut."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile with numba at the first call and keep the machine code beside the source (or in ``NUMBA_CACHE_DIR``).

    Never with fastmath: it lets the compiler reorder sums, and then scores depend on how long a batch was.
    """
    return cast("F", numba.njit(cache=True, error_model="numpy")(function))
