"""Scores do not depend on a row's place or its neighbours, and what cannot be used is refused with a sentence."""

import numpy as np
import pytest
from onnx import TensorProto, helper

from detectors.classifiers.inputs import Asked
from detectors.classifiers.logit import LARGEST, STEP, logits
from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.session import CPU, Lost
from tests.detectors.classifiers.conftest import model, network, open_

FLOAT = TensorProto.FLOAT


def asked(x, name="x"):
    return Asked(np.arange(len(x)), {name: np.asarray(x, np.float32)})


def test_scores_do_not_depend_on_cuts(plain):
    x = np.random.default_rng(1).normal(0, 2, (500, 16))
    (whole,) = plain.ask([asked(x)])
    draw = np.random.default_rng(2)
    for _ in range(10):
        edges = np.sort(draw.choice(np.arange(1, 500), 12, replace=False))
        parts = plain.ask([asked(part) for part in np.split(x, edges)])
        assert np.array_equal(np.concatenate(parts), whole)
        order = draw.permutation(500)
        assert np.array_equal(plain.ask([asked(x[order])])[0], whole[order])
    assert not plain.alone
    assert len(np.unique(whole)) > 50
    assert np.array_equal(whole / STEP, np.rint(whole / STEP))


def test_a_score_is_the_rounded_log_odds_of_the_attack(plain):
    x = np.random.default_rng(3).normal(0, 1, (5, 16)).astype(np.float32)
    p = plain.session.run({"x": x}, ["p"])[0][:, 1]
    assert np.abs(plain.ask([asked(x)])[0] - np.log(p / (1 - p))).max() <= STEP / 2 + 1e-5


def test_a_model_whose_rows_depend_on_each_other_is_asked_row_by_row():
    nodes = [
        helper.make_node("ReduceMax", ["x"], ["m"], keepdims=1),
        helper.make_node("Div", ["x", "m"], ["d"]),
        helper.make_node("ReduceSum", ["d", "axes"], ["y"], keepdims=0),
    ]
    data = model(nodes, [("x", FLOAT, ["N", 4])], [("y", FLOAT, ["N"])], {"axes": np.array([1], np.int64)})
    made = open_(data, logit=True)
    assert made.alone
    x = np.random.default_rng(1).uniform(1, 2, (20, 4))
    (whole,) = made.ask([asked(x)])
    assert np.array_equal(np.concatenate([made.ask([asked(row[None])])[0] for row in x]), whole)


def test_a_model_that_draws_is_refused():
    nodes = [
        helper.make_node("RandomNormalLike", ["x"], ["n"]),
        helper.make_node("ReduceSum", ["n", "axes"], ["y"], keepdims=0),
    ]
    data = model(nodes, [("x", FLOAT, ["N", 4])], [("y", FLOAT, ["N"])], {"axes": np.array([1], np.int64)})
    with pytest.raises(Refused, match="another score each time"):
        open_(data, logit=True)


def test_more_than_a_limit_of_memory_is_not_taken():
    nodes = [
        helper.make_node("Expand", ["x", "s"], ["e"]),
        helper.make_node("ReduceSum", ["e", "axes"], ["y"], keepdims=0),
    ]
    weights = {"s": np.array([200_000, 1, 64], np.int64), "axes": np.array([0, 2], np.int64)}
    data = model(nodes, [("x", FLOAT, ["N", 64])], [("y", FLOAT, ["N"])], weights)
    with pytest.raises(Refused, match="fails on its inputs"):
        open_(data, logit=True)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"output": "q"}, "no output q"),
        ({"attack": 7}, "no column 7"),
        ({"input": "text"}, "input_ids"),
    ],
)
def test_what_is_declared_wrongly_is_said(declared, said):
    with pytest.raises(Refused, match=said):
        open_(network(), **declared)


def test_an_output_that_is_no_probability_is_said():
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    data = model([node], [("x", FLOAT, ["N", 4])], [("y", FLOAT, ["N", 1])], {"w": np.ones((4, 1), np.float32)})
    with pytest.raises(Refused, match='scores = "logit"'):
        open_(data)
    assert open_(data, logit=True).ask([asked(np.ones((1, 4)))])[0].tolist() == [4.0]


def test_labels_alone_are_no_score():
    node = helper.make_node("ArgMax", ["x"], ["y"], axis=1, keepdims=0)
    data = model([node], [("x", FLOAT, ["N", 4])], [("y", TensorProto.INT64, ["N"])])
    with pytest.raises(Refused, match="zipmap=False"):
        open_(data)


def test_logits_of_several_classes_are_against_the_others():
    found = logits(np.array([[0.0, 0.0, 2.0], [1.0, np.nan, 0.0]]), -1, logit=True)
    assert found[0] == pytest.approx(2 - np.log(2), abs=STEP / 2)
    assert np.isnan(found[1])
    assert logits(np.array([[1e9]]), 0, logit=True).tolist() == [LARGEST]


def test_a_fixed_number_of_rows_is_filled_up():
    made = open_(network(rows=8))
    free = open_(network())
    x = np.random.default_rng(1).normal(0, 2, (21, 16))
    assert np.abs(made.ask([asked(x)])[0] - free.ask([asked(x)])[0]).max() <= STEP


class Failing:
    """Stands for ONNX Runtime's session on a GPU that has fallen off the bus."""

    def run(self, *_):
        raise RuntimeError("CUDA failure 719: unspecified launch failure")

    io_binding = run


def test_a_lost_gpu_is_said_and_the_cpu_goes_on(plain):
    x = np.random.default_rng(1).normal(0, 2, (100, 16))
    (before,) = plain.ask([asked(x)])
    plain.session.session, plain.session.provider = Failing(), "CUDAExecutionProvider"
    with pytest.raises(Lost, match="719"):
        plain.session.run({"x": x.astype(np.float32)}, ["p"])
    (after,) = plain.ask([asked(x)])
    assert np.array_equal(before, after)
    assert plain.session.provider == CPU
    assert "719" in plain.lost
