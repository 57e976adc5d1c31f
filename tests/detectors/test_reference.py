"""Reference: fitted or refused in plain words, stored without pickle, never trusted blindly."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.features import numeric
from detectors.packing import Corrupt, pack, unpack
from detectors.reference import NotEnough, Reference


def test_bytes_and_back_are_the_same_reference(shaped):
    _, reference, today = shaped
    again = Reference.from_bytes(reference.to_bytes())
    assert again.id == reference.id
    assert again.to_bytes() == reference.to_bytes()
    batch = today.batch(slice(0, 100))
    mine, theirs = numeric.columns(reference, batch), numeric.columns(again, batch)
    assert all(mine[k].tobytes() == theirs[k].tobytes() for k in mine)


def test_the_id_is_a_hash_of_the_content(known):
    reference = known[1]
    assert len(reference.id) == 18
    assert reference.id.startswith("r-")
    taught = reference.with_learnt({"some_detector": {"weights": np.arange(3.0)}})
    assert taught.id != reference.id
    assert Reference.from_bytes(taught.to_bytes()).learnt["some_detector"]["weights"].tolist() == [0.0, 1.0, 2.0]
    assert replace(reference, version="2").id != reference.id


def test_what_one_detector_learns_is_kept_beside_what_another_did(known):
    both = known[1].with_learnt({"a": {"x": np.ones(1)}}).with_learnt({"b": {"y": np.zeros(2)}})
    assert set(both.learnt) == {"a", "b"}


@pytest.mark.parametrize(("records", "principals"), [(199, 30), (5000, 7)])
def test_too_little_traffic_is_refused_in_a_plain_sentence(clean, records, principals):
    with pytest.raises(NotEnough, match=f"'loan' has {records} records of {principals} principals; at least 200"):
        Reference.fit(clean(records=records, principals=principals), secret=b"test")


def test_an_empty_clean_period_is_refused(clean):
    sample = clean(records=200, principals=8)
    empty = replace(
        sample,
        **{n: getattr(sample, n)[:0] for n in ("time", "principal", "features", "probabilities", "labels")},
        **{n: getattr(sample, n)[:0] for n in ("latency", "tokens", "bad")},
    )
    with pytest.raises(NotEnough, match="0 records of 0 principals"):
        Reference.fit(empty, secret=b"test")


def test_the_least_traffic_is_enough(clean):
    assert Reference.fit(clean(records=200, principals=8), secret=b"").features == 12


def test_principals_on_the_list_without_a_record_change_nothing(clean):
    sample = clean()
    longer = replace(sample, principals=[*sample.principals, "never came"])
    assert Reference.fit(longer, secret=b"test").features == 12


@pytest.mark.parametrize("value", [0.0, 7.0, -1e12])
def test_inputs_that_never_vary_make_a_reference_that_notices_when_they_do(clean, value):
    sample = clean()
    still = replace(sample, features=np.full_like(sample.features, value))
    reference = Reference.fit(still, secret=b"test")
    batch = still.batch(slice(0, 2))
    moved = batch.features.copy()
    moved[1] += np.float32(max(1.0, abs(value) / 100))
    raw = numeric.columns(reference, replace(batch, features=moved))["raw"]
    assert raw[1, 0] > raw[0, 0] + 1
    assert raw[1, 2] == 1 > raw[0, 2] == 0


def test_extreme_and_hardly_varying_columns_fit_without_a_warning(clean):
    sample = clean()
    x = sample.features.copy()
    x[:, 3] = 1e12
    x[::7, 3] = -1e12
    x[:, 4] = 0
    x[5, 4] = 1e-30
    x[:, 5] = np.arange(len(x)) % 2
    reference = Reference.fit(replace(sample, features=x), secret=b"test")
    for part in (reference.margins, reference.space, reference.tails, reference.habits, reference.usual):
        assert all(np.isfinite(column).all() for column in part)


def test_everybody_sending_one_input_is_enough(clean):
    sample = clean()
    same = replace(
        sample,
        features=np.repeat(sample.features[:1], len(sample), axis=0),
        probabilities=np.repeat(sample.probabilities[:1], len(sample), axis=0),
    )
    reference = Reference.fit(same, secret=b"test")
    assert np.isfinite(reference.usual.median).all()


def test_a_long_secret_is_as_good_as_a_short_one(clean):
    sample = clean()
    long = [Reference.fit(sample, secret=b"s" * 65 + end).id for end in (b"a", b"b", b"a")]
    assert long[0] == long[2] != long[1]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_refused(known, data):
    whole = known[1].to_bytes()
    kind = data.draw(st.sampled_from(["cut", "longer", "noise"]))
    if kind == "cut":
        broken = whole[: data.draw(st.integers(0, len(whole) - 1))]
    elif kind == "longer":
        broken = whole + data.draw(st.binary(min_size=1, max_size=9))
    else:
        broken = data.draw(st.binary(max_size=200))
    with pytest.raises(Corrupt):
        Reference.from_bytes(broken)


def altered(reference, **changes):
    header, arrays = unpack(reference.to_bytes())
    for name, change in changes.items():
        part = arrays if "__" in name else header
        part[name.replace("__", ".")] = change(part[name.replace("__", ".")])
    return pack(header, {k: v for k, v in arrays.items() if v is not None})


@pytest.mark.parametrize(
    "change",
    [
        {"space__starts": lambda a: a + 9999},
        {"space__starts": lambda a: a[::-1].copy()},
        {"space__class_mean": lambda a: a[:1]},
        {"space__matrix": lambda a: a.astype(np.float64)},
        {"margins__surprise": lambda a: a[:, :3].copy()},
        {"margins__bucket": lambda _: np.zeros(5, np.int32)},
        {"tails__curve": lambda a: a[:, :10].copy()},
        {"habits__mix": lambda _: np.ones(300, np.float32)},
        {"usual__median": lambda _: None},
        {"features": lambda n: n + 1},
        {"features": lambda _: 0},
        {"classes": lambda n: n + 1},
        {"answers": lambda a: a | {"classes": 2}},
        {"answers": lambda a: a | {"names": ["x"] * 9}},
        {"layout": lambda n: n + 1},
        {"inputs": lambda _: False},
    ],
)
def test_arrays_that_compiled_loops_could_not_trust_are_refused(known, change):
    with pytest.raises(Corrupt):
        Reference.from_bytes(altered(known[1], **change))


def test_folded_columns_must_exist(clean):
    reference = Reference.fit(clean(features=1100, records=300, principals=10), secret=b"test")
    with pytest.raises(Corrupt, match="bucket"):
        Reference.from_bytes(altered(reference, margins__bucket=lambda a: a + 1000))
