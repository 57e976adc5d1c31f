"""Arrays inside records: the ``{"b64", "dtype", "shape"}`` form, checked once on reading, and taming of numbers."""

import binascii
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.compiled import compiled

DTYPES = {"u1": "<u1", "f2": "<f2", "f4": "<f4", "f8": "<f8"}
LARGEST = float(np.float32(1e12))
SMALLEST = float(np.finfo(np.float32).tiny)  # below it float32 has denormals: slow, and no feature means them

Doubles = npt.NDArray[np.float64]


class Unusable(ValueError):
    """An array form that does not hold together; ``path`` says where, from the array on, such as ``.shape``."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.path = path


def packed(form: Mapping[str, Any]) -> bool:
    """Tell an array form from named values."""
    return "b64" in form and "dtype" in form


def checked(form: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """Return ``form`` with ``b64`` as the decoded bytes, row-major and little endian.

    Sizes are compared before anything is decoded. Encoding the result as JSON gives base64 again.

    Parameters
    ----------
    limit : how many numbers there may be

    Raises
    ------
    Unusable : unknown dtype, absurd shape, more numbers than ``limit``, wrong length, or not base64
    """
    dtype, data = form["dtype"], form["b64"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise Unusable("the dtype must be one of u1, f2, f4 and f8", ".dtype")
    if not isinstance(data, str | bytes):
        raise Unusable("the array must be a base64 string", ".b64")
    size = np.dtype(DTYPES[dtype]).itemsize
    length = len(data) if isinstance(data, bytes) else len(data) // 4 * 3 - data[-2:].count("=")
    numbers = _numbers(form.get("shape", [length // size]), limit)
    if length != numbers * size:
        raise Unusable(f"the array has {length} bytes where its shape needs {numbers * size}", ".b64")
    if isinstance(data, str):
        try:
            data = binascii.a2b_base64(data, strict_mode=True)
        except ValueError:
            raise Unusable("the array is not valid base64", ".b64") from None
    return {**form, "b64": data}


def _numbers(shape: object, limit: int) -> int:
    if not isinstance(shape, list) or len(shape) > 32 or not all(type(n) is int and n >= 0 for n in shape):
        raise Unusable("the shape must be a short list of whole numbers", ".shape")
    numbers = 1
    for n in shape:
        numbers *= n
        if numbers > limit:
            raise Unusable(f"the array has more than {limit} numbers", ".shape")
    return numbers


def row(form: Mapping[str, Any]) -> Doubles:
    """Return the (F,) numbers of a checked form."""
    return np.frombuffer(form["b64"], DTYPES[form["dtype"]]).astype(np.float64)


def width(form: Mapping[str, Any]) -> int:
    """Return F of a checked form."""
    return len(form["b64"]) // np.dtype(DTYPES[form["dtype"]]).itemsize


@compiled
def tame(values: Doubles) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint16]]:
    """Make (N, F) numbers finite float32, and count by row how many were not usable as they came, (N,).

    NaN becomes 0, what is beyond +-1e12 (infinite included) becomes +-1e12, what float32 could only hold as a
    denormal becomes 0. The counts stop at 65,535.
    """
    rows, columns = values.shape
    tamed = np.empty((rows, columns), dtype=np.float32)
    bad = np.zeros(rows, dtype=np.uint16)
    for i in range(rows):
        count = 0
        for j in range(columns):
            x = values[i, j]
            size = abs(x)
            if SMALLEST <= size <= LARGEST or x == 0.0:
                tamed[i, j] = x
                continue
            count += 1
            if size > LARGEST:
                tamed[i, j] = LARGEST if x > 0.0 else -LARGEST
            else:
                tamed[i, j] = 0.0
        bad[i] = min(count, 65535)
    return tamed, bad


@compiled
def tame_probabilities(values: Doubles) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint16]]:
    """Bring (N, C) numbers into [0, 1] as float32, and count by row how many were outside or NaN, (N,).

    Rounding of 1e-6 beyond the ends is not counted, nor what is too near to 0 for float32.
    """
    rows, columns = values.shape
    tamed = np.empty((rows, columns), dtype=np.float32)
    bad = np.zeros(rows, dtype=np.uint16)
    for i in range(rows):
        count = 0
        for j in range(columns):
            p = values[i, j]
            if not -1e-6 <= p <= 1.000001:
                count += 1
            if p > 1.0:
                tamed[i, j] = 1.0
            elif p >= SMALLEST:
                tamed[i, j] = p
            else:
                tamed[i, j] = 0.0
        bad[i] = min(count, 65535)
    return tamed, bad


@compiled
def softmax(logits: npt.NDArray[np.float32]) -> Doubles:
    """Return exp(x - max) / sum, row by row, for finite (N, C) logits.

    A loop, since NumPy's vector kernels may round a row differently in batches of other sizes.
    """
    rows, columns = logits.shape
    answer = np.empty((rows, columns), dtype=np.float64)
    for i in range(rows):
        highest = logits[i, 0]
        for j in range(1, columns):
            highest = max(highest, logits[i, j])
        total = 0.0
        for j in range(columns):
            answer[i, j] = math.exp(float(logits[i, j]) - float(highest))
            total += answer[i, j]
        for j in range(columns):
            answer[i, j] /= total
    return answer
