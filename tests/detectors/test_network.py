"""The two matrices: the same answer as plain arithmetic and as ONNX, whatever the batch."""

import numpy as np
import onnxruntime
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.models import shipped
from detectors.network import Network, logits, parts, softened, threats
from detectors.statistics import TIMING
from detectors.training.export import onnx_bytes


def deviations(seed: int, rows: int = 200) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return np.clip(chance.standard_t(2, (rows, 64)) * 2, -8, 8).astype(np.float32)


def found(z: np.ndarray, network: Network) -> np.ndarray:
    out = np.empty(len(z))
    logits(z, network, out)
    return out


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 199))
def test_a_cut_changes_no_bit(seed: int, cut: int):
    z, network = deviations(seed), shipped("attack_profile").network
    whole = found(z, network)
    assert np.concatenate([found(z[:cut], network), found(z[cut:], network)]).tobytes() == whole.tobytes()


def test_the_shipped_onnx_model_answers_as_the_two_matrices_do():
    model, z = shipped("attack_profile"), deviations(7)
    session = onnxruntime.InferenceSession(onnx_bytes(*model), providers=["CPUExecutionProvider"])
    logit, shares = session.run(None, {"z": z})
    np.testing.assert_allclose(logit, found(z, model.network), rtol=1e-4, atol=1e-4)
    for row in range(20):
        np.testing.assert_allclose(shares[row], threats(z[row], model.network), atol=1e-5)


def test_it_is_what_the_formula_says():
    z, network = deviations(3), shipped("attack_profile").network
    x = softened(z).astype(np.float64)
    hidden = np.maximum(0, x @ network.first + network.bias)
    np.testing.assert_allclose(
        found(z, network), hidden @ network.second[:, 0] + network.offset[0], rtol=1e-4, atol=1e-4
    )


def test_parts_add_up_to_what_the_statistics_change():
    network = shipped("attack_profile").network
    usual = np.zeros((1, 64), np.float32)
    z = usual.copy()
    z[0, 5] = 1e-3
    slope = (found(z, network) - found(usual, network))[0]
    np.testing.assert_allclose(parts(z[0], network)[5], slope, rtol=0.05, atol=1e-5)


def test_half_of_the_hidden_units_know_nothing_of_time():
    weights = shipped("attack_profile").network.first[TIMING]
    assert not weights[:, :32].any()
    assert weights[:, 32:].any()
