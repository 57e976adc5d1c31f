"""Bodies that differ only in their values are read by what they have in common, exactly as one by one."""

import json
import random
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats.bodies import v2, v2_frames, v2_protobuf, v2_skeletons
from schemas.formats.bodies.body import REQUEST, RESPONSE
from schemas.formats.lenient import Refused
from schemas.formats.rules import LIMITS

numbers = st.lists(
    st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2
)


def forget() -> None:
    v2_frames._FRAMES.clear()
    v2_skeletons._SKELETONS.clear()


def outcome(read: Any) -> Any:
    try:
        return read()
    except Refused as refused:
        return str(refused)


def written(values: Any, kind: str, names: str) -> bytes:
    tensor: dict[str, Any] = {"name": "x", "shape": [1, 2], "datatype": kind}
    body = {"model_name": "m", names: [tensor]}
    if isinstance(values, bytes):
        tensor["parameters"] = {"binary_data_size": len(values)}
        return json.dumps(body).encode() + values
    tensor["data"] = values
    return json.dumps(body).encode()


@settings(deadline=None, max_examples=150)
@given(st.lists(numbers, min_size=2, max_size=4), st.sampled_from(["FP32", "INT64", "FP64"]), st.booleans(),
       st.sampled_from(["inputs", "outputs"]), st.integers(0, 2**32))  # fmt: skip
def test_a_known_frame_changes_nothing(rows: Any, kind: str, nested: bool, names: str, seed: int) -> None:
    random_ = random.Random(seed)
    values = [written([row] if nested else row, kind, names) for row in rows]
    values += [value[:at] + value[at + 1 :] for value in values for at in (random_.randrange(len(value)),)]
    values += [value.replace(b"]", b", null]", 1) for value in values[:1]]
    forget()
    v2.read(values[0], LIMITS)
    known = [outcome(lambda value=value: v2.read(value, LIMITS)) for value in values]
    alone = []
    for value in values:
        forget()
        alone.append(outcome(lambda value=value: v2.read(value, LIMITS)))
    assert known == alone


@pytest.mark.parametrize("head", [-1, 0, 3])
def test_binary_tensors_behind_a_known_head(head: int) -> None:
    forget()
    first, second = (written(struct.pack("<2f", *pair), "FP32", "inputs") for pair in ((1, 2), (3, 4)))
    assert list(v2.read(first, LIMITS).rows) == [{"features": [1.0, 2.0]}]
    assert v2_frames.framed(second, -1) is not None
    assert list(v2.read(second, LIMITS).rows) == [{"features": [3.0, 4.0]}]
    assert v2_frames.framed(second, head if head else 1) is None or head < 0
    with pytest.raises(Refused, match="8 bytes of a tensor"):
        v2.read(second[:-1], LIMITS)


def field(number: int, value: bytes) -> bytes:
    return bytes([number << 3 | 2, len(value)]) + value


def protobuf(*values: float, name: bytes = b"x", at: int = 7) -> bytes:
    tensor = field(1, name) + field(2, b"FP32") + field(3, bytes([1, len(values)]))
    return field(1, b"model-of-some-name") + field(5, tensor) + field(at, struct.pack(f"<{len(values)}f", *values))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(width=32, allow_nan=False), min_size=2, max_size=2), st.integers(0, 60), st.integers(0, 255),
       st.sampled_from([REQUEST, RESPONSE]))  # fmt: skip
def test_a_known_skeleton_changes_nothing(values: list[float], at: int, byte: int, phase: str) -> None:
    number = 7 if phase == REQUEST else 6
    first, second = protobuf(0.5, 0.5, at=number), protobuf(*values, at=number)
    broken = second[: at % len(second)] + bytes([byte]) + second[at % len(second) + 1 :]
    forget()
    v2_protobuf.read(first, LIMITS, phase)
    assert v2_skeletons.alike(second, asks=phase == REQUEST) is not None
    known = [outcome(lambda one=one: v2_protobuf.read(one, LIMITS, phase)) for one in (second, broken)]
    forget()
    alone = [outcome(lambda one=one: v2_protobuf.read(one, LIMITS, phase)) for one in (broken, second)][::-1]
    assert repr(known) == repr(alone)


def test_what_is_remembered_is_bounded() -> None:
    forget()
    for i in range(3000):
        name = f"tensor-{i:08}"
        tensor = {"shape": [1, 2], "name": name, "datatype": "FP32", "data": [1, 2]}
        v2.read(json.dumps({f"model_{i}": 1, "inputs": [tensor]}).encode(), LIMITS)
        v2_protobuf.read(protobuf(1.0, 2.0, name=name.encode()), LIMITS, REQUEST)
    assert len(v2_frames._FRAMES) <= 512
    assert all(len(some) <= 4 for some in v2_frames._FRAMES.values())
    assert len(v2_skeletons._SKELETONS) <= 1024
    forget()
