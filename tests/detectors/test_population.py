"""Population: halves, caps and quantiles in which each principal weighs one."""

import dataclasses

import numpy as np

from detectors import population, stage


def test_halves_are_of_principals_and_do_not_depend_on_order():
    batch = stage.burn_in().batch(slice(None))
    half = population.first_half(batch)
    names = np.array(batch.principals)[batch.principal]
    inside, outside = set(names[half]), set(names[~half])
    assert not inside & outside
    assert min(len(inside), len(outside)) > 10
    turned = stage.burn_in().batch(np.arange(len(batch))[::-1])
    assert population.first_half(turned).tolist() == half[::-1].tolist()


def test_a_handful_of_principals_is_not_split():
    batch = stage.burn_in().batch(slice(0, 50))
    few = dataclasses.replace(batch, principals=batch.principals[:5], principal=batch.principal % 5)
    assert population.first_half(few).all()


def test_at_most_so_many_rows_a_principal_are_kept_its_first():
    assert population.capped(np.array([0, 1, 0, 0, 1], np.int32), 2).tolist() == [True, True, True, False, True]


def test_quantiles_weigh_a_principal_once_however_much_it_sends():
    values = np.array([[0.0]] * 98 + [[1.0], [2.0]], np.float32)
    principal = np.array([0] * 98 + [1, 2], np.int32)
    assert population.quantiles(values, principal, (0.5,)).tolist() == [[1.0]]


def test_peaks_and_means_are_by_principal():
    values, principal = np.array([[1.0], [5.0], [3.0]], np.float32), np.array([4, 4, 9], np.int32)
    assert population.peaks(values, principal).tolist() == [[5.0], [3.0]]
    assert population.means(values, principal).tolist() == [[3.0], [3.0]]


def test_short_means_begin_at_the_prior_and_end_at_what_is_seen():
    signal = np.ones((200, 1), np.float32)
    made = population.short_means(signal, np.zeros(200, np.int32), np.zeros(1, np.float32))
    assert made[0, 0] == np.float32(1 / 9)
    assert made[-1, 0] > 0.99
