import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from schemas.signal import LARGEST, MARKS, SHORT, Block, Signal, Sketch, Suspect, decode, encode, identity


def signal() -> Signal:
    block = Block(
        number=3,
        first=1.0,
        last=2.5,
        records=7,
        voices=2,
        newcomers=1,
        names=["a"],
        speakers=["u-1", "u-2"],
        counts=[3, 4],
        known=[90, 5],
        level=b"\x00\x3c\x00\x40",
        usual=b"\x00\x3c\x00\x38",
        sample=[[1.0]],
    )
    return Signal(topic="traffic", partition=2, time=9.0, offset=11, block=block, model="fraud", version="1")


def test_a_signal_comes_back_as_it_was_sent():
    assert decode(encode(signal())) == signal()
    pulse = Signal(topic="traffic", partition=0, time=1.0, counts={"fraud": 3})
    assert decode(encode(pulse)) == pulse
    assert len(encode(pulse)) < 80


@given(st.binary(max_size=200))
def test_bytes_that_are_no_signal_are_none(data):
    assert decode(data) is None or isinstance(decode(data), Signal)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_a_damaged_signal_never_raises(at, junk):
    data = encode(signal())
    at %= len(data)
    assert decode(data[:at]) is None
    found = decode(data[:at] + junk + data[at + len(junk) :])
    assert found is None or isinstance(found, Signal)


@given(st.integers(0, 4), st.sampled_from([b"", b"\x00\x7c", b"\x00\x3c\x00\x7e", b"\x00" * 6]))
def test_voices_that_do_not_fit_together_are_none(speakers, usual):
    made = msgspec.structs.replace(signal().block, speakers=["u"] * speakers, usual=usual)
    assert decode(encode(msgspec.structs.replace(signal(), block=made))) is None


@given(st.text(max_size=90), st.text(max_size=90))
def test_an_identity_is_short_and_nobody_elses(one, other):
    assert len(identity(one)) <= SHORT
    assert np.array([identity(one)], f"S{SHORT}")[0] == identity(one)
    assert (identity(one) == identity(other)) == (one.encode("utf-8", "replace") == other.encode("utf-8", "replace"))


def test_what_is_too_large_is_not_read():
    assert decode(encode(signal()) + b"\x00" * LARGEST) is None


def test_a_block_whose_lists_do_not_fit_or_whose_numbers_are_not_finite_is_no_signal():
    good = signal()
    for change in ({"counts": []}, {"known": [-1, 2]}, {"sample": [[1.0, 2.0]]}, {"first": float("inf")}):
        block = msgspec.structs.replace(good.block, **change)
        assert decode(encode(msgspec.structs.replace(good, block=block))) is None
    assert decode(encode(msgspec.structs.replace(good, time=float("nan")))) is None


def test_a_suspect_whose_columns_do_not_fit_is_no_signal():
    good = Suspect(principal="u", number=1, time=1.0, label=0, answer="a", z=b"ab", rarity=b"cd", scale=bytes(16))
    sent = Signal(topic="t", partition=0, time=2.0, suspect=good, model="m")
    assert decode(encode(sent)) == sent
    for change in ({"z": b"a"}, {"rarity": b""}, {"scale": b"x"}, {"time": float("nan")}, {"z": b"", "rarity": b""}):
        other = msgspec.structs.replace(good, **change)
        assert decode(encode(msgspec.structs.replace(sent, suspect=other))) is None


def sketch(**change) -> Signal:
    made = Sketch(
        principal="p-1", number=4, count=8, first=1.0, last=2.0, z=bytes(64), marks=[1, 2**64 - 1], record="r-9"
    )
    return Signal(
        topic="traffic",
        partition=2,
        time=9.0,
        model="fraud",
        version="1",
        sketch=msgspec.structs.replace(made, **change),
    )


def test_a_sketch_comes_back_as_it_was_sent_and_is_small():
    assert decode(encode(sketch())) == sketch()
    assert decode(encode(sketch(known=True))) == sketch(known=True)
    assert len(encode(sketch(marks=[2**63 + k for k in range(MARKS)]))) < 400


def test_a_sketch_with_impossible_numbers_is_no_signal():
    for change in ({"count": 0}, {"count": 1 << 40}, {"first": float("nan")}, {"last": float("inf")},
                   {"marks": [-1]}, {"marks": list(range(MARKS + 1))}):  # fmt: skip
        assert decode(encode(sketch(**change))) is None
