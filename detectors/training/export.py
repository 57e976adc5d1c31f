"""Export: a network as an ONNX graph of standard operators, from deviations z to a logit and threats' shares."""

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from detectors.network import SOFT, Network

OPSET = 17


def onnx_bytes(network: Network, threats: Sequence[str]) -> bytes:
    """The model; input ``z`` (N, 64) f4, outputs ``logit`` (N,) and ``threats`` (N, K) f4."""
    inputs, outputs = len(network.first), network.second.shape[1]
    weights = {
        **network._asdict(),
        "one": np.float32(1),
        "soft": SOFT,
        "zero": np.array([0]),
        "attack": np.array([1]),
        "last": np.array([outputs]),
        "columns": np.array([1]),
    }
    nodes = [
        helper.make_node("Abs", ["z"], ["size"]),
        helper.make_node("Div", ["size", "soft"], ["softer"]),
        helper.make_node("Add", ["one", "softer"], ["divisor"]),
        helper.make_node("Div", ["z", "divisor"], ["x"]),
        helper.make_node("Gemm", ["x", "first", "bias"], ["raw"]),
        helper.make_node("Relu", ["raw"], ["hidden"]),
        helper.make_node("Gemm", ["hidden", "second", "offset"], ["out"]),
        helper.make_node("Slice", ["out", "zero", "attack", "columns"], ["column"]),
        helper.make_node("Squeeze", ["column", "columns"], ["logit"]),
        helper.make_node("Slice", ["out", "attack", "last", "columns"], ["rest"]),
        helper.make_node("Softmax", ["rest"], ["threats"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "profile",
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["N", inputs])],
        [
            helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["N"]),
            helper.make_tensor_value_info("threats", TensorProto.FLOAT, ["N", outputs - 1]),
        ],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    helper.set_model_props(model, {"threats": ",".join(threats)})
    checker.check_model(model)
    return bytes(model.SerializeToString())
