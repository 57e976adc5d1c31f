"""Who teaches a reference."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.fitting.sample import PER_PRINCIPAL, choose, random


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(8, 60))
def test_no_principal_teaches_more_than_its_share_and_nobody_is_on_both_sides(clean, seed, principals):
    sample = clean(principals=principals)
    heavy = np.where(np.random.default_rng(seed).random(len(sample)) < 0.5, 0, sample.principal).astype(np.int32)
    sample = replace(sample, principal=heavy)
    fitted, held = choose(sample, np.random.default_rng(seed))
    assert len(np.intersect1d(fitted, held)) == 0
    assert min(len(fitted), len(held)) > 0
    assert np.bincount(heavy[np.concatenate([fitted, held])]).max() <= PER_PRINCIPAL
    if principals >= 40:
        assert not np.intersect1d(heavy[fitted], heavy[held]).size
    assert (np.diff(fitted) > 0).all()


def test_chance_is_the_installations_own():
    draws = {
        random(secret, model, version).integers(1 << 62)
        for secret in (b"", b"a", b"b", b"a" * 64, b"a" * 65)
        for model in ("m", "m2")
        for version in ("", "1")
    }
    assert len(draws) == 20
    assert random(b"a", "m", "1").integers(1 << 62) == random(b"a", "m", "1").integers(1 << 62)
