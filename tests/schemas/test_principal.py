"""Principals are kept under names that cannot be traced back without the secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.principal import hash_principal, looked_up, shortened

secrets = st.binary(min_size=1, max_size=200)


@given(secrets, st.text())
def test_the_same_principal_has_the_same_name_and_it_is_not_the_raw_one(secret, raw):
    name = hash_principal(secret, raw)
    assert name == hash_principal(secret, raw)
    assert len(name) == 34
    assert raw not in name or len(raw) <= 32


@given(secrets, secrets, st.text())
def test_another_secret_gives_another_name(one, other, raw):
    assert (hash_principal(one, raw) == hash_principal(other, raw)) == (one == other)


@pytest.mark.parametrize(
    ("secret", "name"),
    [
        (b"s3cret", "h-5e3fdd3064ccd0abed24daa2b21e8a47"),
        (b"k" * 64, "h-226a03725ac06644cf026a4fd6ca0590"),
        (b"k" * 65, "h-edc773b05c32b7f06236bae0ffdcb2c0"),
    ],
)
def test_a_name_outlives_releases_since_whatever_was_stored_is_found_by_it(secret, name):
    assert hash_principal(secret, "a@example.org") == name


def test_an_empty_secret_is_refused_since_anyone_could_undo_the_hash():
    with pytest.raises(ValueError, match="secret"):
        hash_principal(b"", "a@example.org")


@given(st.text(max_size=400), st.integers(min_value=40, max_value=300))
def test_a_shortened_name_fits_and_a_short_one_stays(text, limit):
    kept = shortened(text, limit)
    assert len(kept) == min(len(text), limit)
    assert kept == text or len(text) > limit


def test_a_shortened_name_outlives_releases_too():
    assert shortened("x" * 60, 50) == "xxxxxxxxxxxxxxxxx~c6ea6bc4a37395bfe0d1733482d326fb"
    assert shortened("x" * 50, 50) == "x" * 50


def test_two_long_names_that_begin_alike_stay_two():
    assert shortened("x" * 300 + "a", 128) != shortened("x" * 300 + "b", 128)


def test_a_dotted_path_is_followed_and_a_field_with_dots_wins():
    fields = {"headers": {"x-api-key": "k", "a": {"b": "deep"}}, "headers.x": "flat"}
    assert looked_up(fields, "headers.x-api-key") == "k"
    assert looked_up(fields, "headers.a.b") == "deep"
    assert looked_up(fields, "headers.x") == "flat"
    assert looked_up(fields, "headers.none.b") is None
    assert looked_up(fields, "missing") is None
