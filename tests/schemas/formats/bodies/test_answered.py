"""The rule by which outputs become probabilities, logits, labels, values and words; what is a guess says so."""

from typing import Any

import pytest

from schemas.formats.bodies import answered
from schemas.formats.bodies.tensors import Tensor
from schemas.formats.rules import LIMITS

LONG = "a sentence that is clearly too long to be the name of any class at all"


def read(name: str, datatype: str, shape: list[int], values: list[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    warnings: list[str] = []
    return answered.rows([Tensor(name, datatype, shape, values)], LIMITS, warnings), warnings


@pytest.mark.parametrize(
    ("name", "datatype", "shape", "values", "row"),
    [
        ("predict_proba", "FP32", [1, 3], [0.2, 0.3, 0.4], {"probabilities": [0.2, 0.3, 0.4]}),
        ("scores", "FP32", [1, 1], [0.25], {"probabilities": [0.75, 0.25]}),
        ("output-0", "FP32", [1, 2], [0.1, 0.9], {"probabilities": [0.1, 0.9]}),
        ("output-0", "FP32", [3], [0.1, 0.2, 0.7], {"probabilities": [0.1, 0.2, 0.7]}),
        ("logits", "FP32", [1, 2], [0.1, 0.9], {"logits": [0.1, 0.9]}),
        ("output_label", "INT64", [1], [7], {"label": 7}),
        ("output-0", "INT64", [1, 1], [7], {"label": 7}),
        ("output-0", "BOOL", [1, 1], [True], {"label": 1}),
        ("class", "FP64", [1], [2.0], {"label": 2}),
        ("output-0", "FP32", [1, 1], [21.5], {"value": 21.5}),
        ("score", "FP32", [1, 1], [21.5], {"value": 21.5}),
        ("output-0", "BYTES", [1], ["cat"], {"label": "cat"}),
        ("output-0", "BYTES", [1], [LONG], {"completion": LONG}),
        ("text_output", "BYTES", [1], ["yes"], {"completion": "yes"}),
        ("label", "BYTES", [1], [b"caf\xc3\xa9"], {"label": "café"}),
        ("sentence_embedding", "FP32", [1, 2], [0.4, -0.1], {}),
    ],
)  # fmt: skip
def test_what_names_shapes_and_sums_say_is_no_guess(
    name: str, datatype: str, shape: list[int], values: list[Any], row: dict[str, Any]
) -> None:
    assert read(name, datatype, shape, values) == ([row], [])


@pytest.mark.parametrize(
    ("datatype", "values", "row", "said"),
    [("FP32", [3.1, -2.0], {"logits": [3.1, -2.0]}, "logits is a guess"),
     ("FP32", [0.9, 0.8], {"probabilities": [0.9, 0.8]}, "probabilities is a guess"),
     ("INT32", [4, 5], {}, "not understood, left out")],
)  # fmt: skip
def test_what_is_a_guess_is_said(datatype: str, values: list[Any], row: dict[str, Any], said: str) -> None:
    made, warnings = read("output-0", datatype, [1, 2], values)
    assert made == [row]
    assert [said in warning for warning in warnings] == [True]


def test_one_dimension_is_an_answer_for_each_input() -> None:
    assert read("predict", "INT64", [3], [0, 2, 1])[0] == [{"label": 0}, {"label": 2}, {"label": 1}]
    assert read("predict", "FP32", [2], [20.5, 21.5])[0] == [{"value": 20.5}, {"value": 21.5}]


def test_of_two_outputs_for_one_field_the_first_counts() -> None:
    outputs = [Tensor("a_prob", "FP32", [1, 2], [0.4, 0.6]), Tensor("b_prob", "FP32", [1, 2], [0.5, 0.5]),
               Tensor("label", "INT64", [1], [1])]  # fmt: skip
    assert answered.rows(outputs, LIMITS, []) == [{"probabilities": [0.4, 0.6], "label": 1}]


@pytest.mark.parametrize("values", [[None, 0.5], [float("nan"), 1.0], [float("inf"), 0.0], [2**70, 1]])
def test_odd_numbers_are_never_probabilities(values: list[Any]) -> None:
    made, _ = read("prob", "FP32", [1, 2], values)
    assert "probabilities" not in made[0]
