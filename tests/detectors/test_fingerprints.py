import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import fingerprints
from detectors.fingerprints import CANARY, MEMBER, OTHER

SECRET = b"a secret"
numbers = st.floats(-1e6, 1e6, width=32)


def rows(n, seed=0, features=12):
    return np.random.default_rng(seed).normal(0, 1, (n, features)).astype(np.float32)


def known(x):
    return fingerprints.keys(SECRET, fingerprints.spread(x))


@settings(deadline=None)  # compiles at the first
@given(st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_row_has_one_fingerprint_however_its_numbers_were_written(made):
    x = np.array(made, np.float32)
    keys = known(rows(500, features=3))
    text = np.array(json.loads(json.dumps(x.astype(np.float64).tolist())), np.float64).astype(np.float32)
    short = np.array([[float(str(value)) for value in row] for row in x], np.float32)
    expected = fingerprints.of_numbers(keys, x)
    assert (fingerprints.of_numbers(keys, text) == expected).all()
    assert (fingerprints.of_numbers(keys, short) == expected).all()
    assert expected.all()


def test_a_tenth_in_text_and_as_float32_are_one():
    keys = known(rows(500, features=2))
    x = np.array([[0.1, 0.2], [0.10000000149011612, 0.20000000298023224]], np.float32)
    assert len(set(fingerprints.of_numbers(keys, x).tolist())) == 1


def test_hardly_a_row_is_lost_when_a_log_keeps_seven_digits():
    x = rows(5000)
    keys = known(x)
    rounded = np.array([[float(f"{value:.7g}") for value in row] for row in x], np.float32)
    assert (fingerprints.of_numbers(keys, rounded) == fingerprints.of_numbers(keys, x)).mean() > 0.995


def test_rows_that_differ_a_little_have_other_fingerprints():
    x = rows(2000)
    keys = known(x)
    other = x.copy()
    other[:, 3] += 0.05
    assert (fingerprints.of_numbers(keys, other) != fingerprints.of_numbers(keys, x)).all()
    assert len(np.unique(fingerprints.of_numbers(keys, x))) == len(x)


def test_the_order_of_rows_in_a_batch_does_not_matter():
    x = rows(300)
    keys = known(x)
    whole = fingerprints.of_numbers(keys, x)
    assert (fingerprints.of_numbers(keys, x[::-1])[::-1] == whole).all()
    assert (np.concatenate([fingerprints.of_numbers(keys, x[a : a + 7]) for a in range(0, 300, 7)]) == whole).all()


def test_another_secret_has_other_fingerprints():
    x = rows(300)
    other = fingerprints.keys(b"another", fingerprints.spread(x))
    assert not np.isin(fingerprints.of_numbers(other, x), fingerprints.of_numbers(known(x), x)).any()


def test_columns_that_never_vary_and_absurd_numbers_do_no_harm():
    x = rows(100)
    x[:, 0] = 7
    x[:, 1] = 0
    x[:50, 2] = 1e12
    made = fingerprints.of_numbers(known(x), x)
    assert len(np.unique(made)) == 100


def test_named_values_are_one_whatever_their_order_and_digits():
    a, b = fingerprints.of_names(
        SECRET, [{"age": 0.1, "city": "Ulm", "new": True}, {"new": 1, "city": "Ulm", "age": 0.10000000149}]
    )
    assert a == b
    others = [{"age": 0.2, "city": "Ulm", "new": True}, {"age": 0.1, "city": "ulm", "new": True}, {"age": 0.1}, {}]
    assert len({a, *fingerprints.of_names(SECRET, others).tolist()}) == 5
    assert a != fingerprints.of_names(b"another", [{"age": 0.1, "city": "Ulm", "new": True}])[0]


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())))
def test_any_named_values_have_a_fingerprint(row):
    assert fingerprints.of_names(SECRET, [row])[0]


def test_the_filter_knows_every_row_and_takes_hardly_another_for_one():
    chance = np.random.default_rng(1)
    prints = chance.integers(1, 2**64, 20_000, np.uint64)
    others = chance.integers(1, 2**64, 100_000, np.uint64)
    blocks = fingerprints.blocks_for(len(prints))
    fingerprints.fill(prints, blocks)
    assert blocks.nbytes <= 3.1 * len(prints)
    codes = np.zeros(len(prints), np.uint8)
    fingerprints.look_up(prints, blocks, np.zeros(0, np.uint64), codes)
    assert (codes == MEMBER).all()
    codes = np.zeros(len(others), np.uint8)
    fingerprints.look_up(others, blocks, np.sort(others[:3]), codes)
    assert (codes[:3] == (OTHER | CANARY)).all()
    assert (codes[3:] == MEMBER).mean() < 0.0005
