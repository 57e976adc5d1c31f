"""A victim whose graph has no gradient here is attacked through a copy, and the reason is a sentence."""

import onnx
import pytest
from onnx import TensorProto, helper

from detectors.training.inputs.victim import Victim


def pooling(**attributes: object) -> bytes:
    nodes = [
        helper.make_node("MaxPool", ["x"], ["p"], kernel_shape=[2, 2], strides=[2, 2], **attributes),
        helper.make_node("Flatten", ["p"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "pooling",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, 4, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 4])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


@pytest.mark.parametrize(("attributes", "reason"), [({}, ""), ({"ceil_mode": 1}, "pooling with ceil_mode")])
def test_what_only_a_run_shows_to_have_no_gradient_is_said_at_the_start(attributes: dict, reason: str) -> None:
    victim = Victim(pooling(**attributes))
    assert reason in victim.why_copied
    assert bool(victim.why_copied) == bool(reason)
