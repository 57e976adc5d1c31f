"""Images that become others when a model scales them down."""

import numpy as np
import pytest

from detectors.images.scaling import METHODS, hidden, scaled, taps

H, W, SIZE = 520, 610, 224


def noise(seed, smooth=1.0):
    chance = np.random.default_rng(seed)
    y, x = np.fft.fftfreq(H)[:, None], np.fft.rfftfreq(W)[None]
    away = np.hypot(y, x)
    away[0, 0] = 1
    made = np.fft.irfft2(np.fft.rfft2(chance.normal(size=(H, W))) / away**smooth, s=(H, W))
    return np.clip(128 + 50 * made / made.std(), 0, 255).astype(np.float32)


def matrix(n, method):
    at, weight = taps(n, SIZE, method)
    made = np.zeros((SIZE, n))
    for k in range(at.shape[1]):
        np.add.at(made, (np.arange(SIZE), at[:, k]), weight[:, k])
    return made


def camouflaged(image, target, method):
    """The nearest image that scales to the target."""
    rows, columns = matrix(H, method), matrix(W, method)
    off = target - rows @ image @ columns.T
    return np.clip(image + np.linalg.pinv(rows) @ off @ np.linalg.pinv(columns).T, 0, 255).astype(np.float32)


@pytest.mark.parametrize("method", METHODS)
def test_another_image_under_an_image_is_found_with_its_size(method):
    target = noise(2, 1.4)[:SIZE, :SIZE]
    found = hidden(camouflaged(noise(1), target, method))
    assert found.times > 1.5
    assert found.size == SIZE


@pytest.mark.parametrize("method", METHODS)
def test_letters_under_an_image_are_found(method):
    image = noise(3)
    target = scaled(image, SIZE, method).astype(np.float64)
    target[60:160:8, 20:200] -= 90
    assert hidden(camouflaged(image, np.clip(target, 0, 255), method)).times > 1.15


def test_ordinary_images_and_hard_ones_are_not():
    y, x = np.mgrid[:H, :W]
    chance = np.random.default_rng(4)
    grid = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) * 16
    dithered = noise(7, 1.3) > np.tile(grid, (H // 4 + 1, W // 4 + 1))[:H, :W]
    rings = 127 + 99 * np.cos((x * x + y * y) / 400)
    noisy, flat = chance.uniform(0, 255, (H, W)), np.full((H, W), 9.0)
    stripes, board = (x % 3 == 0) * 255.0, ((x + y) % 2) * 255.0
    for image in (noise(5), noise(6, 0.5), noisy, flat, stripes, board, dithered * 255.0, rings):
        assert hidden(image.astype(np.float32)).times < 1.08


def test_an_image_that_no_model_scales_down_hides_nothing():
    assert hidden(noise(8)[:300, :300]).size == 0
