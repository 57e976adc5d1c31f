"""Ten thousand broken, hostile and huge records among good ones: none raises, none is lost, memory stays flat."""

import json
import random
import tracemalloc

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.columns import batches
from schemas.formats.native import attributes, read, read_many
from schemas.record import LATEST, Record, Reject

GOOD = {
    "id": "g", "time": 1767571245.5, "model": "fraud", "version": "3", "principal": "u-1", "features": [0.5, -1.0],
    "probabilities": [0.25, 0.75], "latency_ms": 2.5,
}  # fmt: skip
ODD = [
    None, True, False, 0, -1, 1e308, -1e308, 5e-324, 2**63, 2**64, -(2**63), 10**300, "", "x", "\x00", "\x1b[31m",
    "\u202e", "\ufeff", "NaN", "null", "'; DROP TABLE records; --", "{model:String}", "../../etc", "%s%n", "é" * 50,
    "x" * 5000, [], [[]], [[[]]], {}, {"": {}}, [None], [1, "a", {}], {"a": [{}]}, {"b64": "", "dtype": "f4"},
    {"b64": "AAAA", "dtype": "f4"}, {"b64": "A", "dtype": "u1", "shape": [0]}, {"b64": None, "dtype": None},
    {"b64": "AAAA", "dtype": "u1", "shape": [-1, -3]},
]  # fmt: skip
RAW = [
    b'"\\ud800"', b'"\xff\xfe"', b"NaN", b"-Infinity", b"1e999", b"1" * 5000, b"-" + b"9" * 400, b"{", b"\x00",
    b"[" * 50 + b"]" * 50, b'"\\u0000"', b"0x10", b"1.", b".5", b"+1", b"01", b"tru", b"'a'", b'{"a":1,"a":2}',
    b'"a\nb"', b"[NaN,Infinity]", b'{"k": NaN}', b'["\xc3\x28"]', b'{"\\udfff": 1}', b'[{"\\ud834": "\\udd1e"}]',
]  # fmt: skip


def assert_record_or_reject(outcome, value):
    """What every outcome must be, so that nothing behind the reader has to be careful again."""
    if isinstance(outcome, Reject):
        assert outcome.reason
        assert len(outcome.reason) < 500
        assert outcome.reason.isprintable()
        assert len(outcome.value) <= 4096
        return
    assert isinstance(outcome, Record)
    assert 0 <= outcome.time < LATEST
    assert outcome.id
    assert outcome.principal
    assert 0 < len(outcome.model) <= 128
    assert max(map(len, (outcome.id, outcome.principal, outcome.client_ip, outcome.session, outcome.trace_id))) <= 256
    assert len(outcome.user_agent) <= 512
    assert outcome.latency_ms is None or 0 <= outcome.latency_ms <= 1e9
    assert msgspec.json.encode(outcome)
    assert msgspec.msgpack.encode(outcome)
    (batch,) = batches([outcome], np.arange(1))
    assert np.isfinite(batch.features).all()
    assert np.isfinite(batch.probabilities).all()
    assert isinstance(attributes(value), dict)


def broken(random, corpus):
    """One hostile value: a good record with an odd value in a random field, or damaged bytes."""
    value = corpus[random.randrange(len(corpus))]
    kind = random.randrange(6)
    if kind == 0:
        return value[: random.randrange(len(value))]
    if kind == 1:
        at = random.randrange(len(value))
        return value[:at] + bytes([random.randrange(256)]) + value[at + 1 :]
    if kind == 2:
        return random.randbytes(random.randrange(200))
    if kind == 3:
        return random.choice((b" ", b"\xef\xbb\xbf", b"\x00", b"[", b"{")) + value
    if kind == 4:
        return value + random.choice((b" ", b"\x00", b"}", value))
    return value


def corpus():
    """Every field of a record with every odd value and every odd piece of JSON, as JSON and as msgpack."""
    names = [*Record.__struct_fields__, "unknown"]
    made = [json.dumps(GOOD | {name: odd}).encode() for name in names for odd in ODD]
    made += [
        msgspec.msgpack.encode(GOOD | {name: odd})
        for name in names
        for odd in ODD
        if not isinstance(odd, int) or -(2**63) <= odd < 2**64
    ]
    for name in names:
        rest = json.dumps({key: value for key, value in GOOD.items() if key != name}).encode()
        made += [rest[:-1] + b', "%s": %s}' % (name.encode(), raw) for raw in RAW]
    return made


def test_every_odd_value_in_every_field_is_a_record_or_a_reject():
    values = corpus()
    assert len(values) > 2000
    for value in values:
        assert_record_or_reject(read(value, offset=0), value)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_a_reject(value):
    assert_record_or_reject(read(value, offset=0), value)


leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(exclude_categories=[]), max_size=8)
)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from([*Record.__struct_fields__, "other"]), trees, max_size=6), st.booleans())
def test_any_object_is_a_record_or_a_reject(fields, ascii_only):
    value = json.dumps(GOOD | fields, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert_record_or_reject(read(value, offset=0), value)


def test_ten_thousand_among_good_ones_lose_nothing_and_cost_no_memory():
    dice = random.Random(20260105)
    odd = corpus()
    good = json.dumps(GOOD).encode()
    huge = [b'{"time":1,"model":"m","prompt":"' + b"x" * 10_000_000 + b'"}', b"[" * 900_000, b"9" * 900_000]
    read_many([good, *odd], range(len(odd) + 1))
    tracemalloc.start()
    peaks = []
    for part in range(20):
        values = [value for _ in range(500) for value in (broken(dice, odd), good)] + [huge[part % 3]]
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        reading = read_many(values, range(len(values)), topic="t")
        peaks.append(tracemalloc.get_traced_memory()[1] - before)
        seen = sorted([*reading.offsets.tolist(), *(reject.offset for reject in reading.rejects)])
        assert seen == list(range(len(values)))
        assert {i for i, value in enumerate(values) if value == good} <= set(reading.offsets.tolist())
        assert all(reject.reason for reject in reading.rejects)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert max(peaks) < 60e6
    assert max(peaks[10:]) < 1.5 * max(peaks[:10])
    assert kept < 5e6
