"""The bench of transformers: every size is timed, and prompts go from bytes to vectors."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from detectors.text.transformer import Transformer
from streams.bench.transformer import latencies, throughput


def stand_in() -> bytes:
    nodes = [
        helper.make_node("ReduceSum", ["attention_mask", "one"], ["count"], keepdims=1),
        helper.make_node("Add", ["count", "nothing"], ["total"]),
        helper.make_node("Cast", ["total"], ["embedding"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["input_ids", "one"], ["unused"], keepdims=1),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["N", "S"]) for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", 1])
    constants = [numpy_helper.from_array(np.array([value]), name) for name, value in (("one", 1), ("nothing", 0))]
    body = helper.make_graph(nodes, "stand_in", inputs, [output], constants)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def test_every_width_and_number_of_rows_is_timed():
    found = list(latencies(Transformer(stand_in()), [16, 32], (1, 4)))
    assert [(width, rows) for width, rows, _ in found] == [(16, 1), (16, 4), (32, 1), (32, 4)]
    assert all(seconds > 0 for _, _, seconds in found)


def test_prompts_a_second_are_counted():
    assert throughput(Transformer(stand_in()), [b'{"text": "Hello there"}', b'{"text": ""}']) > 0
