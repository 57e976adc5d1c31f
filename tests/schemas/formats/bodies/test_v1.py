"""Bodies of V1, MLflow and Seldon Core 1, and how bodies are told apart by their names."""

import base64
import json
from typing import Any

import pytest

from schemas.formats.bodies import mlflow, seldon, served, v1
from schemas.formats.bodies.body import REQUEST, RESPONSE
from schemas.formats.lenient import Refused
from schemas.formats.rules import LIMITS, Limits

JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(64)).decode()


def row(instance: Any) -> dict[str, Any]:
    (found,) = v1.of({"instances": [instance]}, LIMITS).rows
    return dict(found)


@pytest.mark.parametrize(
    ("instance", "made"),
    [
        ([1.5, 2], {"features": [1.5, 2]}),
        ([[1, 2], [3, 4]], {"features": [1, 2, 3, 4]}),
        (7, {"features": [7]}),
        ("hello", {"prompt": "hello"}),
        (["one", "two"], {"prompt": "one\ntwo"}),
        ({"b64": JPEG}, {"image_b64": JPEG}),
        ({"image_bytes": {"b64": JPEG}, "size": 3}, {"image_b64": JPEG, "features": {"size": 3}}),
        ({"text": "hello"}, {"prompt": "hello"}),
        ({"prompt": "hello", "heat": 1}, {"prompt": "hello", "features": {"heat": 1}}),
        ({"zone": "RL", "area": 8450}, {"features": {"zone": "RL", "area": 8450}}),
        ({"mask": [1, 1], "ids": [[5, 6]]}, {"features": [5, 6, 1, 1]}),
        (JPEG, {"image_b64": JPEG}),
        ("data:image/jpeg;base64," + JPEG, {"image_b64": JPEG}),
    ],
)
def test_an_instance_is_numbers_words_an_image_or_named_values(instance: Any, made: dict[str, Any]) -> None:
    assert row(instance) == made


def test_columns_are_rows() -> None:
    found = v1.of({"inputs": {"a": [1, 2], "b": ["x", "y"]}, "signature_name": "s"}, LIMITS)
    assert list(found.rows) == [{"features": {"a": 1, "b": "x"}}, {"features": {"a": 2, "b": "y"}}]
    assert found.parameters == {"signature_name": "s"}
    uneven = v1.of({"inputs": {"a": [1, 2], "b": [3]}}, LIMITS)
    assert len(uneven.rows) == 1
    assert uneven.warnings


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ({"predictions": [1, 0]}, [{"label": 1}, {"label": 0}]),
        ({"predictions": [1.5, 2.0]}, [{"value": 1.5}, {"value": 2.0}]),
        ({"predictions": [[0.1, 0.9]]}, [{"probabilities": [0.1, 0.9]}]),
        ({"predictions": ["cat"]}, [{"label": "cat"}]),
        (
            {"predictions": [{"probabilities": [0.5, 0.5], "classes": "b"}]},
            [{"probabilities": [0.5, 0.5], "label": "b"}],
        ),
        ({"results": [[["b", 0.3], ["a", 0.7]]]}, [{"probabilities": [0.7, 0.3]}]),
        ({"outputs": [[2.5], [3.5]]}, [{"value": 2.5}, {"value": 3.5}]),
        ({"predictions": []}, []),
        ({"predictions": None}, [{}]),
    ],
)
def test_predictions_follow_the_rule_of_answers(answer: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    found = v1.of(answer, LIMITS)
    assert (found.phase, list(found.rows)) == (RESPONSE, rows)


def test_too_many_numbers_and_too_many_inputs() -> None:
    with pytest.raises(Refused, match="more than 2 numbers"):
        v1.of({"instances": [[1, 2, 3]]}, Limits(features=2))
    found = v1.of({"instances": [[i] for i in range(5000)]}, LIMITS)
    assert (len(found.rows), len(found.warnings)) == (4096, 1)


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (
            {"dataframe_split": {"columns": ["a", "b"], "index": [0], "data": [[1, "x"]]}},
            [{"features": {"a": 1, "b": "x"}}],
        ),
        ({"dataframe_split": {"data": [[1, 2]]}}, [{"features": [1, 2]}]),
        ({"dataframe_records": [{"a": 1}, {"a": None}]}, [{"features": {"a": 1}}, {"features": {"a": None}}]),
        (
            {"inputs": {"a": ["s", "t"], "c": [[1, 2], [3, 4]]}},
            [{"features": {"a": "s", "c": [1, 2]}}, {"features": {"a": "t", "c": [3, 4]}}],
        ),
        ({"inputs": ["what is it?"], "params": {"temperature": 0.1}}, [{"prompt": "what is it?"}]),
        ({"instances": [[1.0]]}, [{"features": [1.0]}]),
    ],
)
def test_mlflows_four_names_hold_the_inputs(body: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    found = mlflow.of(body, LIMITS)
    assert (found.phase, list(found.rows), list(found.warnings)) == (REQUEST, rows, [])


def test_two_of_mlflows_names_are_said_and_the_first_is_read() -> None:
    found = mlflow.of({"instances": [[1]], "inputs": [[2]]}, LIMITS)
    assert list(found.rows) == [{"features": [1]}]
    assert "allows only one" in found.warnings[0]


def test_mlflows_answers_may_be_bare_and_errors_have_a_status() -> None:
    assert list(mlflow.of([0, 1], LIMITS).rows) == [{"label": 0}, {"label": 1}]
    failed = mlflow.of({"error_code": "BAD_REQUEST", "message": "no"}, LIMITS)
    assert (failed.status, list(failed.rows)) == (400, [{"finish_reason": "BAD_REQUEST"}])


def test_a_table_of_commas() -> None:
    found = mlflow.of_csv("a,b\n1,x\n2.5,\n", LIMITS)
    assert list(found.rows) == [{"features": {"a": 1.0, "b": "x"}}, {"features": {"a": 2.5, "b": None}}]


@pytest.mark.parametrize(
    ("body", "asked", "answered"),
    [
        (
            {"data": {"names": ["a", "b"], "ndarray": [[0.2, 0.8]]}},
            {"features": [0.2, 0.8]},
            {"probabilities": [0.2, 0.8]},
        ),
        (
            {"data": {"tensor": {"shape": [1, 2], "values": [0.2, 0.8]}}},
            {"features": [0.2, 0.8]},
            {"probabilities": [0.2, 0.8]},
        ),
        (
            {
                "data": {
                    "tftensor": {
                        "dtype": "DT_FLOAT",
                        "tensorShape": {"dim": [{"size": "1"}, {"size": "2"}]},
                        "floatVal": [0.2, 0.8],
                    }
                }
            },
            {"features": [0.2, 0.8]},
            {"probabilities": [0.2, 0.8]},
        ),
        (
            {"data": {"names": ["a", "b"], "ndarray": [["x", 1]]}},
            {"features": {"a": "x", "b": 1}},
            {"completion": "x\n1"},
        ),
        ({"strData": "hello"}, {"prompt": "hello"}, {"label": "hello"}),
        ({"binData": JPEG}, {"image_b64": JPEG}, {"completion": JPEG}),
        ({"jsonData": {"text": "hello"}}, {"prompt": "hello"}, {"completion": "hello"}),
    ],
)
def test_seldons_four_forms_are_read_as_asked_or_as_answered(body: Any, asked: Any, answered: Any) -> None:
    assert list(seldon.of(body, LIMITS, REQUEST).rows) == [asked]
    assert list(seldon.of(body, LIMITS, RESPONSE).rows) == [answered]


def test_seldons_puid_is_the_id_and_tags_are_parameters() -> None:
    found = seldon.of({"meta": {"puid": "p-1", "tags": {"t": 1}}, "strData": "x"}, LIMITS, REQUEST)
    assert (found.id, found.parameters) == ("p-1", {"t": 1})


@pytest.mark.parametrize(
    ("body", "phase", "row"),
    [
        ({"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 1], "data": [2]}]}, REQUEST, {"features": [2]}),
        ({"inputs": [[1, 2]]}, REQUEST, {"features": [1, 2]}),
        ({"messages": [{"role": "user", "content": "hi"}]}, REQUEST, {"messages": [{"role": "user", "content": "hi"}]}),
        ({"error": "no such model"}, RESPONSE, {}),
        ({"data": {"ndarray": [[1, 2]]}}, REQUEST, {"features": [1, 2]}),
        ({"dataframe_records": [{"a": 1}]}, REQUEST, {"features": {"a": 1}}),
    ],
)
def test_a_body_is_known_by_its_names(body: Any, phase: str, row: dict[str, Any]) -> None:
    found = served.read(json.dumps(body).encode(), LIMITS)
    assert (found.phase, list(found.rows)) == (phase, [row])


@pytest.mark.parametrize(
    ("value", "said"), [(b"", "no JSON"), (b"a,b", "character 0"), (b'{"foo": 1}', "foo"), (b"3", "object")]
)
def test_a_body_that_nobody_knows_is_refused_with_its_names(value: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        served.read(value, LIMITS)


@pytest.mark.parametrize(("names", "scores"), [("classes", "scores"), ("displayNames", "confidences")])
def test_classes_and_their_scores_in_two_lists_are_probabilities_by_class(names: str, scores: str) -> None:
    body = v1.of({"predictions": [{"ids": ["1", "2"], names: ["a", "b"], scores: [0.1, 0.9]}]}, LIMITS)
    assert body.rows == [{"probabilities": {"a": 0.1, "b": 0.9}}]


def test_classes_with_their_scores_are_probabilities_by_class() -> None:
    answer = [{"label": "a", "score": 0.75}, {"label": "b", "score": 0.25}]
    assert v1.of({"predictions": [answer, answer]}, LIMITS).rows == [{"probabilities": {"a": 0.75, "b": 0.25}}] * 2
