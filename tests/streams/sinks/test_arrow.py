import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.sinks.api import Coded
from streams.sinks.arrow import array, stream

texts = st.lists(st.text(st.characters(exclude_categories=[]), max_size=8), max_size=30)


def expected(text):
    return text.encode("utf-8", "backslashreplace")


@given(texts)
def test_any_text_arrives_byte_for_byte(values):
    assert array(values).to_pylist() == ([expected(value) for value in values])


@given(st.lists(texts, min_size=1, max_size=10))
def test_lists_of_texts_arrive_whole(values):
    assert array(values).to_pylist() == [[expected(each) for each in value] for value in values]


@given(texts.filter(len), st.data())
def test_coded_texts_arrive_as_their_strings(values, data):
    codes = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=50))
    column = Coded(values, np.array(codes, dtype=np.int32))
    assert array(column).to_pylist() == [expected(value) for value in column.expanded()]


@pytest.mark.parametrize("kind", ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])
def test_numbers_keep_their_type_even_when_strided(kind):
    values = np.arange(20).astype(kind)[::2]
    assert array(values).to_pylist() == values.tolist()


def test_booleans_times_and_plain_numbers():
    assert array(np.array([True, False])).to_pylist() == [1, 0]
    assert array([1, 2]).to_pylist() == [1, 2]
    moments = np.array([1_500_000], dtype="datetime64[us]")
    for times in (array(moments), array(list(moments))):
        assert times.type == pa.timestamp("us", "UTC")
        assert times.cast(pa.int64()).to_pylist() == [1_500_000]


def test_bytes_and_text_may_be_mixed():
    assert array([b"\xff", "é"]).to_pylist() == [b"\xff", "é".encode()]


def test_a_type_that_no_table_has_is_named():
    with pytest.raises(TypeError, match="complex128"):
        array(np.zeros(1, np.complex128))


def test_a_stream_holds_all_columns_of_all_rows():
    table = pa.ipc.open_stream(stream({"a": np.arange(3), "b": ["x", "y", "z"]})).read_all()
    assert table.to_pylist() == [{"a": 0, "b": b"x"}, {"a": 1, "b": b"y"}, {"a": 2, "b": b"z"}]


def test_encoding_does_not_load_pandas():
    program = (
        "import sys, numpy as np; from streams.sinks.arrow import stream;"
        "stream({'a': ['x'], 'b': np.zeros(1), 'c': [['y']]}); print('pandas' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "False"
