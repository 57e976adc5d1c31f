"""The space of clean inputs."""

import numpy as np
import pytest

from detectors.features import space
from detectors.features.inputs import UNITS_PER_SD
from detectors.fitting import geometry


@pytest.fixture(scope="module")
def plane():
    """Clean rows on a plane in 40 columns, with a little noise; the space fitted on them; two classes."""
    chance = np.random.default_rng(0)
    axes = np.linalg.qr(chance.normal(size=(40, 2)))[0]
    real = chance.normal(0, 4, (900, 2)) @ axes.T + 0.1 * chance.normal(size=(900, 40))
    z = np.rint(np.clip(real * UNITS_PER_SD, -127, 127)).astype(np.float32)
    group = (real @ axes[:, 0] > 0).astype(np.int32)
    return axes, z, group, geometry.fit(z, group, 2, np.random.default_rng(1))


def measured(geo, z, group):
    n = len(z)
    u, v = np.empty((n, 32), np.int16), np.empty((n, 32), np.float32)
    residual, unlike, knn, trust = np.empty((4, n), np.float32)
    space.project(z, z @ geo.matrix, geo, u, v, residual, unlike)
    phi = np.empty((n, 128), np.float32)
    space.place(v, v @ geo.wide, group, geo, phi, knn, trust)
    return {"u": u, "v": v, "residual": residual, "unlike": unlike, "phi": phi, "knn": knn, "trust": trust}


def test_principal_directions_span_the_plane_and_the_residual_is_what_lies_outside(plane):
    axes, z, group, geo = plane
    principal = geo.matrix[:, 32:34] / np.linalg.norm(geo.matrix[:, 32:34], axis=0)
    assert np.linalg.norm(axes.T @ principal) > 1.39
    off = np.clip(z[:200] + np.rint(20 * np.random.default_rng(2).normal(size=(200, 40))), -127, 127)
    assert measured(geo, off.astype(np.float32), group[:200])["residual"].min() > (
        measured(geo, z[:200], group[:200])["residual"].mean() + 1
    )


def test_columns_that_the_others_do_not_predict_are_seen_and_moves_along_clean_directions_are_not(plane):
    axes, z, group, geo = plane
    along = np.rint(z[:200] + 60 * axes[:, 0]).astype(np.float32)
    across = np.random.default_rng(3).normal(size=(200, 40))
    across -= across @ axes @ axes.T
    off = np.rint(z[:200] + 60 * across / np.linalg.norm(across, axis=1, keepdims=True)).astype(np.float32)
    assert measured(geo, off, group[:200])["unlike"].mean() > measured(geo, along, group[:200])["unlike"].mean() + 1


def test_a_residual_is_the_distance_from_a_regression_on_all_other_columns():
    chance = np.random.default_rng(4)
    real = chance.normal(size=(4000, 6)) @ chance.normal(size=(6, 6))
    z = np.rint(np.clip(real * UNITS_PER_SD / real.std(0) / 1.5, -127, 127)).astype(np.float32)
    geo = geometry.fit(z, np.zeros(len(z), np.int32), 1, np.random.default_rng(1))
    deviation = (z @ geo.matrix - geo.offset)[:, 64:70] * geo.unit[64:70]
    exact = z.astype(np.float64)
    for j in range(6):
        others = np.column_stack([np.delete(exact, j, axis=1), np.ones(len(z))])
        left = exact[:, j] - others @ np.linalg.lstsq(others, exact[:, j], rcond=None)[0]
        assert np.corrcoef(left, deviation[:, j])[0, 1] > 0.99
        assert deviation[:, j].std() < 1.05


def test_one_column_however_far_off_counts_for_four_deviations(plane):
    _, z, group, geo = plane
    one = np.repeat(z[:1], 40, axis=0)
    one[np.arange(40), np.arange(40)] = 127
    row = measured(geo, z[:1], group[:1])["unlike"][0]
    wild = measured(geo, np.full((1, 40), 127, np.float32) * np.sign(z[:1] + 0.5), group[:1])["unlike"][0]
    assert np.exp(wild) <= 4 * 32 + 0.01
    assert np.exp(measured(geo, one, np.repeat(group[:1], 40))["unlike"]).max() <= 4 * 32 + 0.01
    assert wild > row


def test_columns_that_never_vary_have_no_residual():
    chance = np.random.default_rng(5)
    z = np.rint(chance.normal(size=(500, 5)) * UNITS_PER_SD).astype(np.float32)
    z[:, 3:] = 7
    geo = geometry.fit(z, np.zeros(len(z), np.int32), 1, np.random.default_rng(1))
    assert np.flatnonzero(np.abs(geo.matrix[:, 64:]).sum(0)).tolist() == [0, 1, 2]
    same = np.full((1, 5), 7, np.float32)
    flat = geometry.fit(np.repeat(same, 50, axis=0), np.zeros(50, np.int32), 1, np.random.default_rng(1))
    assert np.isfinite(measured(flat, same, np.zeros(1, np.int32))["unlike"]).all()


def test_nearest_reference_rows_are_those_that_brute_force_finds(plane):
    _, z, group, geo = plane
    found = measured(geo, z[:100], group[:100])
    rows = geo.wide[:, 128:].T.astype(np.float64)
    for i in range(100):
        squared = ((rows - found["v"][i]) ** 2).sum(1)
        starts = geo.starts[group[i]], geo.starts[group[i] + 1]
        same = squared[starts[0] : starts[1]].min()
        other = np.delete(squared, np.s_[starts[0] : starts[1]]).min()
        assert np.isclose(found["knn"][i], 0.5 * np.log(max(same, 1)), atol=1e-4)
        assert np.isclose(found["trust"][i], 0.5 * np.log(max(same, 1)) - 0.5 * np.log(max(other, 1)), atol=1e-4)


def test_one_class_alone_leaves_nothing_to_compare_with(plane):
    _, z, _, _ = plane
    geo = geometry.fit(z, np.zeros(len(z), np.int32), 1, np.random.default_rng(1))
    found = measured(geo, z[:10], np.zeros(10, np.int32))
    assert np.isnan(found["trust"]).all()
    assert np.isfinite(found["knn"]).all()


def test_fourier_features_agree_with_their_kernel(plane):
    """The mean product of two rows' features is the mean of four Gaussian kernels (Rahimi, Recht 2007)."""
    _, z, group, geo = plane
    uncentred = geo._replace(class_mean=np.zeros_like(geo.class_mean))
    found = measured(uncentred, z[:300], group[:300])
    v = found["v"].astype(np.float64)
    pairs = np.random.default_rng(4).integers(0, 300, (2, 2000))
    distance = np.linalg.norm(v[pairs[0]] - v[pairs[1]], axis=1)
    widths = np.array([0.35, 0.7, 1.4, 1.4]) * np.median(distance)
    kernel = np.exp(-(distance[:, None] ** 2) / (2 * widths**2)).mean(1)
    product = (found["phi"][pairs[0]] * found["phi"][pairs[1]]).mean(1)
    assert np.corrcoef(kernel, product)[0, 1] > 0.95
    assert abs((product - kernel).mean()) < 0.1


def test_fourier_features_of_each_class_are_centred(plane):
    _, z, group, geo = plane
    phi = measured(geo, z, group)["phi"]
    for k in (0, 1):
        assert np.abs(phi[group == k].mean(0)).max() < 0.06


def test_spacing_is_the_usual_distance_to_the_nearest_and_ignores_copies():
    grid = 100 * np.arange(50, dtype=np.int16)[:, None] * np.ones(32, np.int16)
    between = grid[:-1] + np.int16(30)
    assert np.isclose(geometry.spacing(grid, np.concatenate([between, grid]))[0], 30 * np.sqrt(32), rtol=1e-6)
    assert geometry.spacing(grid, grid)[0] == 256
