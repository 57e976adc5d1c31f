"""Network: two small matrices over the 64 deviations of a profile, an attack's logit and its threat's.

    x_k = z_k / (1 + |z_k| / 4)        h = max(0, x W + a)        out = h V + b

Row by row in one compiled loop, so that no answer depends on batches.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.batch import Doubles, Floats
from schemas.compiled import compiled

Array = npt.NDArray[Any]
SOFT = np.float32(4)


class Network(NamedTuple):
    """Weights of I inputs, H hidden units, and outputs: the attack's logit first, then one for each of K threats.

    Attributes
    ----------
    first, bias : (I, H) and (H,) f4
    second, offset : (H, 1 + K) and (1 + K,) f4
    """

    first: Floats
    bias: Floats
    second: Floats
    offset: Floats


def softened(z: Floats) -> Floats:
    """Inputs x (N, 64) of deviations z (N, 64)."""
    return np.asarray(z / (np.float32(1) + np.abs(z) / SOFT), np.float32)


@compiled
def logits(z: Array, network: Network, out: Array) -> None:
    """Fill ``out`` (N,) f8 with the attack's logit for each row of z (N, 64)."""
    hidden = np.empty(len(network.bias), np.float32)
    for i in range(len(z)):
        _hidden(z[i], network, hidden)
        total = network.offset[0]
        for j in range(len(hidden)):
            total += max(hidden[j], np.float32(0)) * network.second[j, 0]
        out[i] = total


@compiled
def _hidden(z: Array, network: Network, hidden: Array) -> None:
    """Fill ``hidden`` (H,) before it is cut at 0, for one row z (64,)."""
    for j in range(len(hidden)):
        hidden[j] = network.bias[j]
    for k in range(len(z)):
        x = z[k] / (np.float32(1) + abs(z[k]) / SOFT)
        if x != 0:
            for j in range(len(hidden)):
                hidden[j] += x * network.first[k, j]


def threats(z: Floats, network: Network) -> Doubles:
    """How likely each of the K threats is, (K,), if this profile z (64,) is an attacker's."""
    hidden = np.empty(len(network.bias), np.float32)
    _hidden(z, network, hidden)
    out = np.maximum(hidden, 0).astype(np.float64) @ network.second[:, 1:] + network.offset[1:]
    shares = np.exp(out - out.max())
    made: Doubles = shares / shares.sum()
    return made


def parts(z: Floats, network: Network) -> Doubles:
    """What each statistic adds to the attack's logit, (64,): x_k times the slope of the logit there."""
    hidden = np.empty(len(network.bias), np.float32)
    _hidden(z, network, hidden)
    slope: Doubles = network.first.astype(np.float64) @ ((hidden > 0) * network.second[:, 0])
    return slope * softened(z)
