"""safetensors: what was written is read, and what is cut or lies about its size is refused."""

from contextlib import suppress

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.packing import Corrupt
from detectors.training.text.safetensors import tensors


def written(arrays: dict[str, np.ndarray]) -> bytes:
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, value in arrays.items():
        kind = {"f4": "F32", "f2": "F16", "i8": "I64"}[value.dtype.str[1:]]
        header[name] = {
            "dtype": kind, "shape": list(value.shape), "data_offsets": [len(body), len(body) + value.nbytes]
        }  # fmt: skip
        body += value.tobytes()
    head = msgspec.json.encode(header)
    return len(head).to_bytes(8, "little") + head + body


FILE = written(
    {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b": np.ones(4, np.float16),
        "c": np.zeros(2, np.int64),
    }
)


def test_real_numbers_come_back_as_they_were():
    found = tensors(FILE)
    assert sorted(found) == ["a", "b"]
    np.testing.assert_array_equal(found["a"], np.arange(6).reshape(2, 3))
    assert found["b"].dtype == np.float32


@given(st.integers(0, len(FILE) - 17))
def test_a_file_that_is_cut_short_is_refused(length: int):
    with pytest.raises(Corrupt):
        tensors(FILE[:length])


@given(st.binary(max_size=64))
def test_noise_is_refused_or_holds_nothing(noise: bytes):
    with suppress(Corrupt):
        assert tensors(noise) == {}
