"""The one way a row loop is compiled: numba, cached on disk, bits independent of where the stream was cut."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile with numba at the first call and keep the machine code beside the source (or in ``NUMBA_CACHE_DIR``).

    Never with fastmath: it lets the compiler reorder sums, and then scores depend on how long a batch was. Machine code
    has the functions and constants that a module imports built in, while numba looks at the module's own file to see
    whether code from the cache is still good; here it also looks at what was imported.
    """
    made = numba.njit(cache=True, error_model="numpy")(function)
    if (stored := _stored(made)) is not None:
        stored._source_stamp = (stored._source_stamp, _imported(function))  # noqa: SLF001  # numba has no public way
    return cast("F", made)


def _stored(made: Any) -> Any:
    """Numba's record of what a cached function was compiled from; None where there is no cache."""
    return getattr(getattr(made, "_cache", None), "_cache_file", None)


def _imported(function: Callable[..., Any]) -> str:
    """Digest of the compiled functions, numbers and arrays that a function's module holds when it is defined."""
    digest = blake2b(digest_size=16)
    for name, value in sorted(function.__globals__.items()):
        stored = _stored(value)
        if stored is not None:
            digest.update(f"{name}={stored._source_stamp!r};".encode())  # noqa: SLF001  # as above
        elif isinstance(value, np.ndarray):
            digest.update(f"{name}={value.dtype.str}{value.shape};".encode() + value.tobytes())
        elif isinstance(value, int | float | str | tuple | np.generic | np.dtype) and not name.startswith("__"):
            digest.update(f"{name}={value!r};".encode())
    return digest.hexdigest()
