"""Records become columns: sorted by model and shape, in order, with numbers that nothing downstream can trip over."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.arrays import LARGEST, checked
from schemas.batch import HALF, UNANSWERED
from schemas.columns import batches
from schemas.record import Record

doubles = st.floats(allow_nan=True, allow_infinity=True, width=64)
numbers = st.one_of(st.none(), doubles)


def records_of(rows, **fields):
    fields = {"time": 1.0, "model": "m", "principal": "p"} | fields
    return [Record(id=str(i), features=row, **fields) for i, row in enumerate(rows)]


def one_batch(records):
    (batch,) = batches(records, np.arange(len(records)))
    return batch


@settings(deadline=None)  # the first example compiles
@given(st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=20))
def test_every_number_is_finite_and_normal_and_what_was_not_is_counted(rows):
    batch = one_batch(records_of(rows, probabilities=[0.5]))
    sizes = np.abs(batch.features)
    assert np.isfinite(batch.features).all()
    assert ((sizes == 0) | (sizes >= np.finfo(np.float32).tiny)).all()
    usable = [[x is not None and (x == 0 or 2.0**-126 <= abs(x) <= LARGEST) for x in row] for row in rows]
    assert batch.bad.tolist() == [row.count(False) for row in usable]
    for i, row in enumerate(rows):
        for j, x in enumerate(row):
            if usable[i][j]:
                assert batch.features[i, j] == np.float32(x)


def test_bad_numbers_become_what_is_documented():
    batch = one_batch(records_of([[math.nan, math.inf, -math.inf, 1e308, 1e-40, None, 1.5]]))
    assert batch.features[0].tolist() == pytest.approx([0, 1e12, -1e12, 1e12, 0, 0, 1.5])
    assert batch.bad.tolist() == [6]


@settings(deadline=None)  # the first example compiles
@given(st.lists(st.lists(st.one_of(st.none(), doubles), min_size=4, max_size=4), min_size=1, max_size=12), st.data())
def test_a_row_does_not_depend_on_the_rows_beside_it(rows, data):
    whole = one_batch([Record(time=1.0, model="m", logits=row) for row in rows])
    cut = data.draw(st.integers(0, len(rows) - 1))
    part = one_batch([Record(time=1.0, model="m", logits=row) for row in rows[cut:]])
    assert part.probabilities.tobytes() == whole.probabilities[cut:].tobytes()
    assert part.bad.tolist() == whole.bad[cut:].tolist()


@settings(deadline=None)  # the first example compiles
@given(st.lists(st.lists(numbers, min_size=2, max_size=5), min_size=1, max_size=10))
def test_softmax_of_any_logits_is_a_distribution(rows):
    for row in rows:
        batch = one_batch([Record(time=1.0, model="m", logits=row)])
        assert batch.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
        assert (batch.probabilities >= 0).all()


@settings(deadline=None)  # the first example compiles
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]),
            st.sampled_from(["1", "2"]),
            st.sampled_from([None, [1.0], [1.0, 2.0], [None, 2.0], {"x": 1.0, "c": "red"}]),
            st.sampled_from([None, [0.5, 0.5], {"no": 0.4, "yes": 0.6}]),
        ),
        max_size=30,
    )
)
def test_every_record_lands_in_one_batch_and_keeps_its_place(kinds):
    records = [
        Record(
            id=str(i), time=float(i), model=model, version=version, principal=f"p{i % 3}", features=f, probabilities=p
        )
        for i, (model, version, f, p) in enumerate(kinds)
    ]
    made = batches(records, np.arange(len(records)) * 10)
    assert sorted(int(offset) for batch in made for offset in batch.offsets) == [i * 10 for i in range(len(records))]
    firsts = [int(batch.offsets[0]) for batch in made]
    assert firsts == sorted(firsts)
    keys = [(b.model, b.version, b.features.shape[1], b.probabilities.shape[1], b.named is None) for b in made]
    assert len(set(keys)) == len(keys)
    for batch in made:
        assert (np.diff(batch.offsets) > 0).all()
        for row, record in enumerate(batch.records):
            assert batch.time[row] == record.time == batch.offsets[row] / 10
            assert batch.principals[batch.principal[row]] == record.principal
            assert (record.model, record.version) == (batch.model, batch.version)


def test_the_way_for_uniform_slices_gives_what_the_general_way_gives():
    rows = [[float(i), -1.0, 0.25] for i in range(50)]
    uniform = records_of(rows, probabilities=[0.25, 0.75], latency_ms=2.0, tokens_in=3, label="x")
    mixed = [*uniform, Record(time=1.0, model="other", principal="p")]
    alone, beside = one_batch(uniform), batches(mixed, np.arange(51))[0]
    for name in ("offsets", "time", "principal", "features", "probabilities", "latency", "tokens", "bad", "trusted"):
        assert getattr(alone, name).tobytes() == getattr(beside, name).tobytes()
    assert (alone.labels, alone.principals) == (beside.labels, beside.principals)


def test_columns_cannot_be_written_to():
    batch = one_batch(records_of([[1.0]], probabilities=[1.0]))
    columns = [getattr(batch, name) for name in batch.__slots__]
    arrays = [column for column in columns if isinstance(column, np.ndarray)]
    assert len(arrays) == 11
    assert not any(array.flags.writeable for array in arrays)


def test_what_was_not_logged_is_told_from_zero():
    batch = one_batch([Record(time=1.0, model="m"), Record(time=2.0, model="m", latency_ms=0.0, tokens_out=0, label=0)])
    assert np.isnan(batch.latency[0])
    assert batch.latency[1] == 0
    assert batch.tokens.tolist() == [[-1, -1], [-1, 0]]
    assert batch.labels == ["", "0"]
    assert (batch.features.shape, batch.probabilities.shape) == ((2, 0), (2, 0))


def test_probabilities_by_name_are_sorted_by_name():
    batch = one_batch([Record(time=1.0, model="m", probabilities={"dog": 0.75, "cat": 0.25})])
    assert batch.probabilities.tolist() == [[0.25, 0.75]]


def test_probabilities_outside_0_and_1_are_brought_in_and_counted_but_rounding_is_not():
    rows = [Record(time=1.0, model="m", probabilities=[-0.5, 1.5, math.nan, 1.0000001, -1e-9, 1e-60])]
    batch = one_batch(rows)
    assert batch.probabilities[0].tolist() == [0, 1, 0, 1, 0, 0]
    assert batch.bad.tolist() == [3]


def test_named_values_are_kept_by_name_with_their_numbers_tamed():
    batch = one_batch(records_of([{"age": math.nan, "colour": "red", "sum": -math.inf, "n": 2.0, "none": None}]))
    assert batch.named == [{"age": 0.0, "colour": "red", "sum": -LARGEST, "n": 2.0, "none": None}]
    assert batch.features.shape == (1, 0)
    assert batch.bad.tolist() == [2]


@pytest.mark.parametrize("dtype", ["u1", "f2", "f4", "f8"])
def test_an_array_form_is_read_row_major_and_little_endian_and_joins_lists_of_its_length(dtype):
    image = np.arange(6).reshape(2, 3)
    form = checked({"b64": image.astype("<" + dtype).tobytes(), "dtype": dtype, "shape": [2, 3]}, 100)
    batch = one_batch([*records_of([form]), *records_of([[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]])])
    assert batch.features.tolist() == [[0, 1, 2, 3, 4, 5]] * 2


def test_untrusted_records_say_so():
    (batch,) = batches(records_of([[1.0]]), np.arange(1), trusted=False)
    assert batch.trusted.tolist() == [False]


def test_no_records_make_no_batches():
    assert batches([], np.arange(0)) == []


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 300), st.integers(1, 40))
def test_lists_arrive_exactly(rows, columns):
    values = np.random.default_rng(rows * 100 + columns).normal(size=(rows, columns))
    batch = one_batch(records_of(values.tolist(), probabilities=[0.1]))
    assert np.array_equal(batch.features, values.astype(np.float32))


def test_a_request_alone_is_unanswered_unless_it_says_that_it_was_answered():
    phases = [("", None), ("request", None), ("request", 200), ("request", 503), ("response", 200), ("late", None)]
    records = [Record(time=1.0, model="m", features=[1.0], phase=phase, status=status) for phase, status in phases]
    (batch,) = batches(records, np.arange(6))
    assert batch.lone.tolist() == [0, UNANSWERED, HALF, UNANSWERED, HALF, HALF]


def test_where_every_call_is_whole_nothing_is_said_of_halves():
    assert one_batch(records_of([[1.0], [2.0]])).lone is None
