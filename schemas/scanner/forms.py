"""Which scanned rows go into one batch, and who sent them: equal texts get equal codes, in order of appearance."""

from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

Array = npt.NDArray[Any]
FNV = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)


@compiled
def forms(data: Array, rows: Array, code: Array, firsts: Array) -> int:
    """Fill ``code`` (N,) with the form of each row: model, version, F and C; returns how many there are.

    ``firsts`` (N,) gets the row in which each form appears first. A slice has few forms, so each is compared.
    """
    count = 0
    for i in range(len(rows)):
        found = code[i - 1] if i and _alike(data, rows[i], rows[i - 1]) else -1
        k = 0
        while found < 0 and k < count:
            if _alike(data, rows[i], rows[firsts[k]]):
                found = k
            k += 1
        if found < 0:
            found = count
            firsts[count] = i
            count += 1
        code[i] = found
    return count


@compiled
def _alike(data: Array, a: Any, b: Any) -> bool:
    return a.F == b.F and a.C == b.C and _same(data, a.model, b.model) and _same(data, a.version, b.version)


@compiled
def _same(data: Array, a: Any, b: Any) -> bool:
    if a[1] - a[0] != b[1] - b[0]:
        return False
    for k in range(a[1] - a[0]):  # noqa: SIM110  # what numba compiles
        if data[a[0] + k] != data[b[0] + k]:
            return False
    return True


@compiled
def principals(data: Array, rows: Array, table: Array, code: Array, firsts: Array) -> int:
    """Fill ``code`` (N,) with whom each row is from, ``firsts`` (N,) with each one's first row; returns how many.

    ``table`` is (a power of two above 2 N,) i4, all -1: open addressing by FNV-1a, and every byte compared.
    """
    mask = np.uint64(len(table) - 1)
    count = 0
    for i in range(len(rows)):
        digest = FNV
        for k in range(rows[i].principal[0], rows[i].principal[1]):
            digest = (digest ^ np.uint64(data[k])) * PRIME
        place = (digest ^ digest >> np.uint64(32)) & mask
        while table[place] >= 0 and not _same(data, rows[i].principal, rows[firsts[table[place]]].principal):
            place = (place + np.uint64(1)) & mask
        if table[place] < 0:
            table[place] = count
            firsts[count] = i
            count += 1
        code[i] = table[place]
    return count


@compiled
def gather(numbers: Array, begins: Array, matrix: Array) -> None:
    """Fill ``matrix`` (N, F) with the F numbers that begin at each of ``begins`` (N,)."""
    for i in range(len(matrix)):
        for j in range(matrix.shape[1]):
            matrix[i, j] = numbers[begins[i] + j]
