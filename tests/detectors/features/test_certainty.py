"""Certainty: ranks of margins among answers with the same label, whatever the number of classes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detectors.features import certainty

CHANCE = np.random.default_rng(0)
CLEAN = CHANCE.dirichlet([0.5] * 4, 2000).astype(np.float32)


def test_ranks_of_clean_answers_are_spread_evenly_over_each_label():
    known = certainty.learn(CLEAN)
    signal, _ = certainty.signals(CLEAN, known)
    label = CLEAN.argmax(1)
    for k in range(4):
        rank = signal[label == k, 0]
        assert abs(rank.mean()) < 0.05
        assert abs(np.quantile(rank, 0.9) - 0.8) < 0.08


def test_a_tie_is_least_sure_and_certainty_is_surest():
    known = certainty.learn(CLEAN)
    signal, _ = certainty.signals(np.array([[0.5, 0.5, 0, 0], [1, 0, 0, 0]], np.float32), known)
    assert signal[0, 0] < -0.9
    assert signal[1, 0] > 0.9


def test_a_sum_unlike_the_model_s_sums_is_odd():
    known = certainty.learn(CLEAN)
    signal, _ = certainty.signals(np.array([[0.9, 0.9, 0.9, 0.9], [0.25] * 4], np.float32), known)
    assert signal[:, 2].tolist() == [1, 0]


def test_a_model_that_logs_its_top_class_alone_may_have_any_sum_that_it_always_had():
    top = CHANCE.uniform(0.3, 1.0, (500, 1)).astype(np.float32)
    signal, _ = certainty.signals(top, certainty.learn(top))
    assert signal[:, 2].mean() < 0.01


def test_a_single_probability_is_sure_at_both_ends():
    known = certainty.learn(CHANCE.random((2000, 1)).astype(np.float32))
    signal, _ = certainty.signals(np.array([[0.999], [0.001], [0.5]], np.float32), known)
    assert signal[0, 0] > 0.9
    assert signal[1, 0] > 0.9
    assert signal[2, 0] < -0.9


def test_labels_that_hardly_occur_share_the_law_of_all():
    rare = CLEAN[CLEAN.argmax(1) != 3]
    known = certainty.learn(rare)
    assert known.own.tolist() == [1, 1, 1, 0]
    assert known.margins[4].tolist() == known.margins[0].tolist()


def test_equal_answers_have_equal_codes_and_others_have_others():
    _, code = certainty.signals(CLEAN[[0, 1, 0]], certainty.learn(CLEAN))
    assert code[0] == code[2] != code[1]


@given(arrays(np.float32, st.tuples(st.integers(1, 5), st.integers(1, 6)), elements=st.floats(0, 1, width=32)))
@settings(max_examples=40)
def test_any_answers_can_be_learnt_from_and_judged(answers):
    signal, _ = certainty.signals(answers, certainty.learn(answers))
    assert np.isfinite(signal).all()
    assert (np.abs(signal[:, 0]) <= 1).all()
