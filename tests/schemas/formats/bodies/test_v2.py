"""Bodies of the Open Inference Protocol in JSON, with and without binary tensors behind it."""

import base64
import json
import struct
from typing import Any

import pytest

from schemas.formats.bodies import v2
from schemas.formats.lenient import Refused
from schemas.formats.rules import LIMITS, Limits


def tensor(name: str, shape: Any, datatype: str, data: Any = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "shape": shape, "datatype": datatype, **({} if data is None else {"data": data}), **more}


def body(*tensors: dict[str, Any], names: str = "inputs", **more: Any) -> v2.Body:
    return v2.read(json.dumps({**more, names: list(tensors)}).encode(), LIMITS)


def rows(*tensors: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return list(body(*tensors, **more).rows)


def binary(head: dict[str, Any], *parts: bytes) -> tuple[bytes, int]:
    written = json.dumps(head).encode()
    return written + b"".join(parts), len(written)


@pytest.mark.parametrize("data", [[1.5, 2, 3, 4], [[1.5, 2], [3, 4]], [[[1.5], [2]], [[3], [4]]]])
def test_the_first_dimension_counts_inputs_however_data_are_nested(data: Any) -> None:
    assert rows(tensor("x", [2, 2], "FP32", data)) == [{"features": [1.5, 2]}, {"features": [3, 4]}]


def test_tensors_of_an_input_are_joined_in_the_order_of_their_names() -> None:
    one, other = tensor("a", [1, 2], "FP32", [1, 2]), tensor("b", [1, 1], "INT64", [3])
    assert rows(one, other) == rows(other, one) == [{"features": [1, 2, 3]}]


def test_columns_of_a_table_keep_their_names() -> None:
    made = rows(tensor("age", [2, 1], "INT64", [41, 52]), tensor("city", [2, 1], "BYTES", ["Graz", "Linz"]))
    assert made == [{"features": {"age": 41, "city": "Graz"}}, {"features": {"age": 52, "city": "Linz"}}]


def test_a_declared_frame_is_a_table_with_one_dimension_too() -> None:
    frame = {"parameters": {"content_type": "pd"}}
    assert rows(tensor("a", [2], "FP64", [1.0, 2.0]), tensor("b", [2], "FP64", [3.0, 4.0]), **frame) == [
        {"features": {"a": 1.0, "b": 3.0}},
        {"features": {"a": 2.0, "b": 4.0}},
    ]


def test_words_alone_are_prompts() -> None:
    assert rows(tensor("input-0", [2], "BYTES", ["one", "two"])) == [{"prompt": "one"}, {"prompt": "two"}]


def test_settings_beside_a_prompt_are_no_features_but_wide_tensors_are() -> None:
    asked = tensor("text_input", [1, 1], "BYTES", ["hello"])
    assert rows(asked, tensor("max_tokens", [1, 1], "INT32", [16])) == [{"prompt": "hello"}]
    assert rows(asked, tensor("extra", [1, 2], "FP32", [1.0, 2.0])) == [{"prompt": "hello", "features": [1.0, 2.0]}]


def test_roles_and_contents_are_messages() -> None:
    made = rows(tensor("role", [2], "BYTES", ["system", "user"]), tensor("content", [2], "BYTES", ["be kind", "hello"]))
    assert made == [{"messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hello"}]}]


def test_an_image_among_words_is_an_image() -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()
    assert rows(tensor("image", [1], "BYTES", [png])) == [{"image_b64": png}]


def test_many_numbers_stay_bytes() -> None:
    (row,) = rows(tensor("x", [1, 3, 8, 8], "FP32", [0.5] * 192))
    assert row["features"] == {"b64": struct.pack("<192f", *[0.5] * 192), "dtype": "f4", "shape": [192]}


@pytest.mark.parametrize(
    ("datatype", "code", "values"),
    [("FP32", "f", (0.5, -1.0)), ("FP64", "d", (0.1, 1e300)), ("FP16", "e", (0.5, 2.0)), ("INT32", "i", (-7, 9)),
     ("INT64", "q", (-(2**40), 5)), ("UINT8", "B", (0, 255)), ("INT8", "b", (-128, 1)), ("UINT64", "Q", (2**63, 1)),
     ("UINT16", "H", (65535, 0)), ("INT16", "h", (-2, 2)), ("UINT32", "I", (2**32 - 1, 0)), ("BOOL", "?", (1, 0))],
)  # fmt: skip
@pytest.mark.parametrize("told", [True, False])
def test_binary_tensors_are_read_with_and_without_the_length_of_the_head(
    datatype: str, code: str, values: tuple[float, ...], told: bool
) -> None:
    packed = struct.pack(f"<2{code}", *values)
    first = tensor("a", [1, 2], "FP32", parameters={"binary_data_size": 8})
    second = tensor("b", [1, 2], datatype, parameters={"binary_data_size": len(packed)})
    value, head = binary({"id": "7}]", "inputs": [first, second]}, struct.pack("<2f", 1, 2), packed)
    found = v2.read(value, LIMITS, head=head if told else -1)
    assert (found.id, list(found.rows)) == ("7}]", [{"features": [1.0, 2.0, *values]}])


def test_bfloat16_is_the_upper_half_of_a_float() -> None:
    halves = b"".join(struct.pack("<f", number)[2:] for number in (1.0, -2.5))
    value, _ = binary({"inputs": [tensor("x", [1, 2], "BF16", parameters={"binary_data_size": 4})]}, halves)
    (row,) = v2.read(value, LIMITS).rows
    assert row["features"]["b64"] == struct.pack("<2f", 1.0, -2.5)


def test_binary_words_have_their_lengths_before_them() -> None:
    words = b"".join(struct.pack("<I", len(word)) + word for word in (b"hello", b"", "größe".encode()))
    head = {"inputs": [tensor("x", [3], "BYTES", parameters={"binary_data_size": len(words)})]}
    assert [row["prompt"] for row in v2.read(binary(head, words)[0], LIMITS).rows] == ["hello", "", "größe"]
    with pytest.raises(Refused, match="byte 0 of the tensor: a word is longer"):
        v2.read(
            binary({"inputs": [{**head["inputs"][0], "parameters": {"binary_data_size": 5}}]}, b"\xff" * 5)[0], LIMITS
        )


def test_fewer_bytes_than_were_said_are_refused_with_the_byte() -> None:
    value, head = binary({"inputs": [tensor("x", [1, 2], "FP32", parameters={"binary_data_size": 8})]}, b"1234")
    with pytest.raises(Refused, match=f"byte {head}: 8 bytes"):
        v2.read(value, LIMITS)


def test_a_raw_request_says_that_its_shape_is_elsewhere() -> None:
    found = v2.read(b"\x00\x01", LIMITS, head=0)
    assert (list(found.rows), len(found.warnings)) == ([{}], 1)


@pytest.mark.parametrize("shape", [-1, [-1, 4], "no", [3], [2, 3], None])
def test_a_shape_that_does_not_hold_is_said_and_the_values_are_kept(shape: Any) -> None:
    found = body(tensor("x", shape, "FP32", [1, 2, 3, 4]))
    assert [value for row in found.rows for value in row["features"]] == [1, 2, 3, 4]
    assert [warning for warning in found.warnings if warning.startswith("$.x.shape: ")]


def test_a_bare_number_is_a_shape_and_a_bare_string_is_data() -> None:
    assert rows(tensor("x", 3, "INT64", [1, 2, 3])) == [{"features": [1, 2, 3]}]
    found = body(tensor("x", -1, "BYTES", '{"text": "hello"}'))
    assert list(found.rows) == [{"prompt": '{"text": "hello"}'}]
    assert found.warnings


def test_protobuf_in_json_has_its_own_names_and_raw_contents_count_more() -> None:
    typed = {**tensor("x", ["1", "2"], "INT32"), "contents": {"intContents": [1, 2]}}
    assert rows(typed, modelName="m", modelVersion="4") == [{"features": [1, 2]}]
    raw = base64.b64encode(struct.pack("<2i", 5, 6)).decode()
    assert rows(typed, rawInputContents=[raw]) == [{"features": [5, 6]}]
    long = {**tensor("x", ["1", "1"], "INT64"), "contents": {"int64_contents": ["-9007199254740993"]}}
    assert rows(long) == [{"features": [-9007199254740993]}]


def test_names_are_read_in_both_spellings() -> None:
    for spelt in ({"model_name": "m", "model_version": "4"}, {"modelName": "m", "modelVersion": "4"}):
        found = body(tensor("x", [1], "FP32", [1.0]), id="i", parameters={"user": "u"}, **spelt)
        assert (found.id, found.model, found.version, found.parameters) == ("i", "m", "4", {"user": "u"})


def test_more_inputs_than_are_read_are_said() -> None:
    found = body(tensor("x", [5000, 1], "FP32", list(range(5000))))
    assert (len(found.rows), found.rows[4095]) == (4096, {"features": [4095]})
    assert found.warnings == ["$.x: more than 4096 inputs in one call, the others were left out"]


@pytest.mark.parametrize(
    ("value", "said"),
    [(b'{"inputs": [0., 0.]}', "no JSON: .* at character 13"), (b'{"id": "42" "outputs": []}', "at character 12"),
     (b"[1]", "must be an object"), (b'{"inputs": {}}', "list of tensors"), (b'{"inputs": [1]}', "must be an object"),
     (b'{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": [{}]}]}', "objects where numbers"),
     (b'{"inputs": [{"datatype": "FP99", "shape": [1], "parameters": {"binary_data_size": 1}}]}x', "unknown datatype"),
     (b'{"inputs": [{"datatype": "FP32", "shape": [1], "data": ' + b"[" * 30 + b"1" + b"]" * 30 + b"}]}", "nested")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_place(value: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        v2.read(value, LIMITS)


def test_one_input_of_too_many_numbers_is_refused() -> None:
    with pytest.raises(Refused, match="more than 3 numbers"):
        v2.of({"inputs": [tensor("x", [1, 4], "INT8", [1, 2, 3, 4], parameters={})]}, Limits(features=3))
