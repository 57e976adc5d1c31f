"""Packed arrays come back as they were, and nothing else is taken for them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from detectors.packing import MAGIC, Corrupt, pack, unpack

ROW = np.dtype([("a", "u4"), ("b", "f4", (2, 3)), ("c", "S5"), ("d", "i2")], align=True)


@given(hnp.arrays(hnp.scalar_dtypes().filter(lambda d: d.kind in "iufb"), hnp.array_shapes(min_dims=0, min_side=0)))
def test_any_array_comes_back(array):
    fields, arrays = unpack(pack({"x": 1, "y": ["é"]}, {"one": array, "two": np.arange(3)}))
    assert fields == {"x": 1, "y": ["é"]}
    assert arrays["one"].dtype == array.dtype
    assert arrays["one"].shape == array.shape
    np.testing.assert_array_equal(arrays["one"], array)


def test_structured_rows_keep_their_padding_and_can_be_written():
    rows = np.zeros(4, ROW)
    rows["b"] = 1.5
    rows["c"] = b"abc"
    back = unpack(pack({}, {"rows": rows}))[1]["rows"]
    assert back.dtype == ROW
    assert back.dtype.isalignedstruct  # compiled loops tell aligned rows from others, and have no code for the others
    assert (back == rows).all()
    back["a"] = 7


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_corrupt(data):
    for candidate in (data, MAGIC + data):
        with pytest.raises(Corrupt):
            unpack(candidate)


@given(st.data())
def test_a_damaged_block_is_corrupt_or_has_the_same_layout(data):
    block = bytearray(pack({"n": 3}, {"x": np.arange(8.0), "rows": np.zeros(2, ROW)}))
    block[data.draw(st.integers(0, len(block) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        _, arrays = unpack(bytes(block))
    except Corrupt:
        return
    assert sum(a.nbytes for a in arrays.values()) <= len(block)


def test_a_header_that_promises_too_much_allocates_nothing():
    block = pack({}, {"x": np.zeros(1, np.float64)})
    lie = block.replace(b"\x91\x01", b"\x91\xce\x7f\xff\xff\xff")
    with pytest.raises(Corrupt):
        unpack(lie)
