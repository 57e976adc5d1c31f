"""Protobuf bodies as the official package writes them are read as they were written; damaged ones are refused."""

import struct
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats.bodies import v2_protobuf
from schemas.formats.bodies.body import REQUEST, RESPONSE
from schemas.formats.lenient import Refused
from schemas.formats.rules import LIMITS

CONTENTS = [("bool", 8), ("int", 5), ("int64", 3), ("uint", 13), ("uint64", 4), ("fp32", 2), ("fp64", 1), ("bytes", 12)]
KINDS = {
    "BOOL": "bool",
    "INT32": "int",
    "INT64": "int64",
    "UINT32": "uint",
    "UINT64": "uint64",
    "FP32": "fp32",
    "FP64": "fp64",
    "BYTES": "bytes",
}


def messages() -> dict[str, Any]:
    """The two messages of the protocol, made of their description, one with typed contents that are not packed."""
    file = descriptor_pb2.FileDescriptorProto(name="t.proto", package="inference", syntax="proto3")

    def message(name: str, *fields: tuple[str, int, int, str, bool]) -> None:
        made = file.message_type.add(name=name)
        for label, number, kind, of, many in fields:
            made.field.add(name=label, number=number, type=kind, type_name=of or None, label=3 if many else 1)

    message(
        "Parameter",
        ("bool_param", 1, 8, "", False),
        ("int64_param", 2, 3, "", False),
        ("string_param", 3, 9, "", False),
        ("double_param", 4, 1, "", False),
    )
    message("Entry", ("key", 1, 9, "", False), ("value", 2, 11, ".inference.Parameter", False))
    message("Contents", *((f"{name}_contents", i, kind, "", True) for i, (name, kind) in enumerate(CONTENTS, 1)))
    message("Loose", *((f"{name}_contents", i, kind, "", True) for i, (name, kind) in enumerate(CONTENTS, 1)))
    for field in file.message_type[-1].field:
        if field.type != 12:
            field.options.packed = False
    for name, of in (("Tensor", "Contents"), ("LooseTensor", "Loose")):
        message(
            name,
            ("name", 1, 9, "", False),
            ("datatype", 2, 9, "", False),
            ("shape", 3, 3, "", True),
            ("parameters", 4, 11, ".inference.Entry", True),
            ("contents", 5, 11, f".inference.{of}", False),
        )
    about = (
        ("model_name", 1, 9, "", False),
        ("model_version", 2, 9, "", False),
        ("id", 3, 9, "", False),
        ("parameters", 4, 11, ".inference.Entry", True),
    )
    message(
        "Request",
        *about,
        ("inputs", 5, 11, ".inference.Tensor", True),
        ("outputs", 6, 11, ".inference.Tensor", True),
        ("raw_input_contents", 7, 12, "", True),
    )
    message("Response", *about, ("outputs", 5, 11, ".inference.Tensor", True), ("raw_output_contents", 6, 12, "", True))
    message("LooseRequest", *about, ("inputs", 5, 11, ".inference.LooseTensor", True))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    names = ("Request", "Response", "LooseRequest")
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"inference.{name}")) for name in names}


WRITTEN = messages()


def put(message: Any, name: str, datatype: str, shape: list[int], values: Any, field: str = "inputs") -> None:
    tensor = getattr(message, field).add(name=name, datatype=datatype, shape=shape)
    if values is not None:
        getattr(tensor.contents, f"{KINDS[datatype]}_contents").extend(values)


def request(*tensors: tuple[str, str, list[int], Any], kind: str = "Request", **names: str) -> Any:
    message = WRITTEN[kind](**names)
    for one in tensors:
        put(message, *one)
    return message


def rows(message: Any, phase: str = REQUEST, **how: Any) -> list[Any]:
    return list(v2_protobuf.read(message.SerializeToString(), LIMITS, phase, **how).rows)


numbers = {
    "BOOL": st.booleans(),
    "INT32": st.integers(-(2**31), 2**31 - 1),
    "INT64": st.integers(-(2**63), 2**63 - 1),
    "UINT32": st.integers(0, 2**32 - 1),
    "UINT64": st.integers(0, 2**63 - 1),
    "FP32": st.floats(width=32, allow_nan=False),
    "FP64": st.floats(allow_nan=False),
}


@settings(deadline=None, max_examples=150)
@given(st.data(), st.sampled_from(sorted(numbers)), st.sampled_from(["Request", "LooseRequest"]))
def test_numbers_of_every_type_come_back_as_they_were_written(data: Any, datatype: str, kind: str) -> None:
    written = data.draw(st.lists(st.lists(numbers[datatype], min_size=3, max_size=3), min_size=1, max_size=4))
    flat = [value for row in written for value in row]
    message = request(("x", datatype, [len(written), 3], flat), kind=kind, model_name="m", model_version="2", id="i")
    found = v2_protobuf.read(message.SerializeToString(), LIMITS, REQUEST)
    assert [list(row["features"]) for row in found.rows] == [
        [float(v) if v is True or v is False else v for v in row] for row in written
    ]
    assert (found.model, found.version, found.id, found.warnings) == ("m", "2", "i", [])


def test_raw_contents_count_more_than_typed_ones() -> None:
    message = request(("a", "INT32", [1, 2], [1, 2]), ("b", "INT32", [1, 2], [3, 4]))
    message.raw_input_contents.extend([struct.pack("<2i", 5, 6), struct.pack("<2i", 7, 8)])
    assert rows(message) == [{"features": [5, 6, 7, 8]}]


def test_wanted_outputs_of_a_request_are_no_raw_contents() -> None:
    message = request(("a", "FP32", [1, 2], None))
    message.outputs.add(name="wanted")
    message.raw_input_contents.append(struct.pack("<2f", 1, 2))
    assert rows(message) == [{"features": [1.0, 2.0]}]


def test_a_response_is_read_as_what_the_caller_says_it_is() -> None:
    message = WRITTEN["Response"](model_name="m_1")
    put(message, "predict_proba", "FP32", [1, 2], None, "outputs")
    message.raw_output_contents.append(struct.pack("<2f", 0.25, 0.75))
    assert rows(message, RESPONSE) == [{"probabilities": [0.25, 0.75]}]
    assert rows(message, REQUEST, chained=True) == [{"features": [0.25, 0.75]}]
    unsaid = v2_protobuf.read(message.SerializeToString(), LIMITS, REQUEST)
    assert (list(unsaid.rows), len(unsaid.warnings)) == ([{"features": [0.25, 0.75]}], 1)


def test_words_typed_and_raw_are_prompts() -> None:
    assert rows(request(("x", "BYTES", [2], [b"one", b"two"]))) == [{"prompt": "one"}, {"prompt": "two"}]
    message = request(("x", "BYTES", [1], None))
    message.raw_input_contents.append(struct.pack("<I", 5) + b"hello")
    assert rows(message) == [{"prompt": "hello"}]


def test_parameters_of_the_message_and_of_tensors_are_kept() -> None:
    message = request(("a", "FP32", [2], [1.0, 2.0]), ("b", "FP32", [2], [3.0, 4.0]))
    for tensor in message.inputs:
        tensor.parameters.add(key="content_type").value.string_param = "pd"
    message.parameters.add(key="user").value.string_param = "u-1"
    message.parameters.add(key="heat").value.double_param = 0.5
    message.parameters.add(key="n").value.int64_param = -3
    found = v2_protobuf.read(message.SerializeToString(), LIMITS, REQUEST)
    assert list(found.rows) == [{"features": {"a": 1.0, "b": 3.0}}, {"features": {"a": 2.0, "b": 4.0}}]
    assert found.parameters == {"user": "u-1", "heat": 0.5, "n": -3}


def test_an_unknown_layout_reads_as_a_known_one() -> None:
    message = request(("x", "FP32", [1, 2], [1.0, 2.0]), model_name="m", id="i")
    before = message.SerializeToString()
    unusual = b"\x22\x00" + before  # an empty parameter first
    assert v2_protobuf.read(unusual, LIMITS, REQUEST).rows == v2_protobuf.read(before, LIMITS, REQUEST).rows


@pytest.mark.parametrize(
    ("value", "at"), [(b"\x2a\x7f", 0), (b"\x0b", 0), (b"\x0a\x01m\xff", 3), (b"\x2a\x02\x2a\x05", 2)]
)
def test_what_is_no_protobuf_is_refused_with_the_byte(value: bytes, at: int) -> None:
    with pytest.raises(Refused, match=f"at byte {at}"):
        v2_protobuf.read(value, LIMITS, REQUEST)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200), st.sampled_from([REQUEST, RESPONSE]))
def test_any_bytes_are_a_body_or_refused(value: bytes, phase: str) -> None:
    said = ""
    try:
        said = v2_protobuf.read(value, LIMITS, phase).phase
    except Refused as refused:
        said = str(refused)
    assert said
