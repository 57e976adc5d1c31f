"""Hostile model files are refused with a sentence, whatever their bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from detectors.classifiers.onnx_file import Refused, inspect
from tests.detectors.classifiers.conftest import model, network


def test_operators_are_counted():
    found = inspect(network())
    assert found.operators == {("", "MatMul"): 2, ("", "Add"): 1, ("", "Relu"): 1, ("", "Softmax"): 1}


def test_weights_in_other_files_are_not_followed():
    made = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    made.ClearField("float_data")
    made.data_location = TensorProto.EXTERNAL
    entry = made.external_data.add()
    entry.key, entry.value = "location", "../../secret"
    node = helper.make_node("Identity", ["w"], ["y"])
    graph = helper.make_graph([node], "g", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])], [made])
    with pytest.raises(Refused, match="other files"):
        inspect(helper.make_model(graph).SerializeToString())
    hidden = helper.make_node("Constant", [], ["y"], value=made)
    with pytest.raises(Refused, match="other files"):
        inspect(model([hidden], [], [("y", TensorProto.FLOAT, [1])]))


def test_custom_operators_are_refused_by_name():
    node = helper.make_node("Evil", ["x"], ["y"], domain="org.bad\x1b[31m")
    with pytest.raises(Refused, match=r"org.bad\?\[31m.Evil"):
        inspect(model([node], [("x", TensorProto.FLOAT, [1])], [("y", TensorProto.FLOAT, [1])]))


def test_loops_are_refused_also_inside_other_graphs():
    body = helper.make_graph([], "b", [], [])
    loop = helper.make_node("Loop", ["n", ""], ["y"], body=body)
    inner = helper.make_graph([loop], "i", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])])
    branch = helper.make_node("If", ["c"], ["z"], then_branch=inner, else_branch=inner)
    with pytest.raises(Refused, match="Loop"):
        inspect(model([branch], [("c", TensorProto.BOOL, [])], [("z", TensorProto.FLOAT, [1])]))


def test_graphs_within_graphs_have_an_end():
    with pytest.raises(Refused, match="nested"):
        inspect(helper.make_model(deep(20)).SerializeToString())


def deep(levels):
    graph = helper.make_graph([], "g", [], [])
    for _ in range(levels):
        graph = helper.make_graph([helper.make_node("If", ["c"], ["z"], then_branch=graph)], "g", [], [])
    return graph


@given(st.binary(max_size=400))
def test_no_bytes_do_anything_but_be_refused(data):
    with pytest.raises(Refused):
        inspect(data)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_flipped_byte_is_refused_or_read(at, value):
    data = bytearray(network(4, 4))
    data[at % len(data)] = value
    with suppress(Refused):
        assert inspect(bytes(data)).nodes > 0
