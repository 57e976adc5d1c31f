"""The transformer's loader: like lengths together, every text once, nothing lost to padding."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from detectors.text.transformer import BEGIN, END, PLACES, WIDTHS, Transformer, batches


def counting() -> bytes:
    """A stand-in for a transformer: (number of pieces, sum of their numbers), which padding must not change."""
    nodes = [
        helper.make_node("Mul", ["input_ids", "attention_mask"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "one"], ["total"], keepdims=1),
        helper.make_node("ReduceSum", ["attention_mask", "one"], ["several"], keepdims=1),
        helper.make_node("Concat", ["several", "total"], ["both"], axis=1),
        helper.make_node("Cast", ["both"], ["embedding"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["several"], ["count"], to=TensorProto.FLOAT),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["N", "S"]) for name in ("input_ids", "attention_mask")
    ]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
        for name, width in (("embedding", 2), ("count", 1))
    ]
    one = numpy_helper.from_array(np.array([1]), "one")
    body = helper.make_graph(nodes, "counting", inputs, outputs, [one])
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def letters(text: np.ndarray) -> np.ndarray:
    return text.astype(np.int32)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.binary(max_size=90), max_size=40))
def test_every_text_gets_its_own_answer_whatever_else_is_asked(texts: list[bytes]):
    asked = [np.frombuffer(text, np.uint8) for text in texts]
    found = Transformer(counting(), longest=64, cut=letters).vectors(asked)
    for text, row in zip(asked, found, strict=True):
        read = text[:62].astype(float)
        assert row.tolist() == ([len(read) + 2, read.sum() + BEGIN + END] if len(text) else [0, 0])


@settings(deadline=None)
@given(st.lists(st.integers(0, 510), max_size=60))
def test_batches_hold_every_text_once_and_never_more_than_a_batch(lengths: list[int]):
    found = [np.ones(length, np.int32) for length in lengths]
    seen: list[int] = []
    for rows, ids, mask in batches(found):
        assert ids.shape == mask.shape == (len(rows), ids.shape[1])
        assert ids.shape[1] in WIDTHS
        assert ids.size <= PLACES
        assert mask.sum(axis=1).tolist() == [lengths[row] + 2 for row in rows]
        seen += rows.tolist()
    assert sorted(seen) == [i for i, length in enumerate(lengths) if length]


def test_another_output_is_read_if_it_is_asked_for():
    text = [np.frombuffer(b"abc", np.uint8)]
    found = Transformer(counting(), longest=64, cut=letters, output="count").vectors(text)
    assert found.tolist() == [[5.0]]


def test_a_model_that_is_none_is_refused():
    with pytest.raises(Exception, match=r"(?i)protobuf|model"):
        Transformer(b"not a model")
