import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import manifest
from detectors.fingerprints import CANARY, MEMBER, OTHER, UNKNOWN
from detectors.manifest import Lookup, Manifest
from detectors.packing import Corrupt

SECRET = b"a secret"


def rows(n, seed=0):
    return np.random.default_rng(seed).normal(0, 1, (n, 6)).astype(np.float32)


@pytest.fixture(scope="module")
def made():
    return Manifest.of_numbers(rows(500), rows(500)[:3], SECRET)


def codes(known, x, bad=None):
    return Lookup(known).codes(x, None, np.zeros(len(x), np.uint16) if bad is None else bad)


def test_a_manifest_comes_back_from_its_bytes_and_the_same_rows_give_the_same(made):
    again = Manifest.from_bytes(made.to_bytes(), SECRET)
    x = np.concatenate([rows(500), rows(500, seed=1)])
    assert codes(again, x).tobytes() == codes(made, x).tobytes()
    assert again.digest == made.digest
    assert Manifest.of_numbers(rows(500), rows(500)[:3], SECRET).to_bytes() == made.to_bytes()


def test_rows_others_and_canaries_are_told_apart(made):
    found = codes(made, np.concatenate([rows(500), rows(500, seed=1)]))
    assert (found[:3] == (MEMBER | CANARY)).all()
    assert (found[3:500] == MEMBER).all()
    assert (found[500:] == OTHER).mean() > 0.99


def test_tamed_numbers_and_other_forms_are_unknown(made):
    assert codes(made, rows(2), np.array([0, 1], np.uint16)).tolist() == [MEMBER | CANARY, UNKNOWN]
    assert codes(made, rows(2)[:, :5]).tolist() == [UNKNOWN, UNKNOWN]
    assert Lookup(made).codes(rows(1), [{"a": 1}], np.zeros(1, np.uint16)).tolist() == [UNKNOWN]
    assert manifest.unwatched(Lookup(made), 5) == "the manifest's rows have 6 features, the model's 5"
    assert manifest.unwatched(Lookup(made), 6) == ""


def test_with_another_manifest_than_in_the_clean_period_only_canaries_are_known(made):
    found = manifest.lookup({("m", ""): made}, "m", "2", {})
    assert found is not None
    assert found.codes(rows(5), None, np.zeros(5, np.uint16)).tolist() == [CANARY] * 3 + [UNKNOWN] * 2
    assert "only canaries" in manifest.unwatched(found, 6)
    same = manifest.lookup({("m", ""): made}, "m", "2", {manifest.NAME: manifest.remembered(made)})
    assert same is not None
    assert same.manifest.learnt


def test_a_versions_own_manifest_wins(made):
    other = Manifest.of_numbers(rows(10, seed=3), rows(0), SECRET)
    known = {("m", ""): made, ("m", "2"): other}
    assert manifest.find(known, "m", "2") is other
    assert manifest.find(known, "m", "1") is made
    assert manifest.find(known, "n", "1") is None


def test_it_holds_no_row_and_is_small(made):
    data = made.to_bytes()
    assert len(data) < 500 * 3 + 600
    assert not any(value.tobytes() in data for value in rows(500).ravel())


def test_another_secret_is_said(made):
    with pytest.raises(Corrupt, match="another secret"):
        Manifest.from_bytes(made.to_bytes(), b"another")


@pytest.mark.parametrize("data", [b"", b"tgM1", b"tgA1" + bytes(60), bytes(100)])
def test_what_is_no_manifest_is_refused(data):
    with pytest.raises(Corrupt):
        Manifest.from_bytes(data, SECRET)


@settings(deadline=None)  # compiles at the first
@given(st.integers(0, 1 << 20), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_noticed(place, change):
    data = bytearray(Manifest.of_numbers(rows(20), rows(20)[:1], SECRET).to_bytes())
    data[place % len(data)] ^= change
    with pytest.raises(Corrupt):
        Manifest.from_bytes(bytes(data), SECRET)


def test_arrays_of_another_form_are_refused_even_if_sealed(made):
    for wrong in ({"blocks": made.blocks[:0]}, {"blocks": made.blocks[:, :4]}, {"unit": made.unit.astype(np.float64)}):
        with pytest.raises(Corrupt):
            Manifest.from_bytes(dataclasses.replace(made, **wrong).to_bytes(), SECRET)
