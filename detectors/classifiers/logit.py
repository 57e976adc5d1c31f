"""From a model's outputs to one number a row: a logit, rounded to a step far above numeric noise.

Batch sizes, processors and providers differ in a model's last bits: by 1e-6 in single precision, by up to 1e-2 in half.
A score is therefore a multiple of 1/32, so that the same record nearly always gets the same one everywhere. On a CPU
the batches have fixed shapes besides, and the score is the same always.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers.onnx_file import Refused
from schemas.batch import Floats

STEP = 1 / 32
LARGEST = 64.0
NEAR = 1e-6  # of probabilities to 0 or 1, beyond which logits do not grow
SLACK = 1e-3  # that a probability may be outside [0, 1] by

Array = npt.NDArray[Any]


def column(output: Array, attack: int) -> Array:
    """The outputs (N,) or (N, K) of the attack's column, (N,) or for logits of K classes against the others'."""
    if output.ndim == 1:
        return output.astype(np.float64)
    if output.ndim != 2 or not -output.shape[1] <= attack < output.shape[1]:
        raise Refused(f"its output has the shape {list(output.shape)} and no column {attack}; set output and attack")
    return output[:, attack].astype(np.float64)


def logits(output: Array, attack: int, *, logit: bool) -> Floats:
    """Scores (N,) f4 in steps of 1/32 within +-64; NaN where the output is not finite.

    Of K > 1 logits it is the attack's against the log-sum-exp of the others; of probabilities p it is log p / (1 - p).
    """
    chosen = column(output, attack)
    if logit and output.ndim == 2 and output.shape[1] > 1:
        others = np.delete(output.astype(np.float64), attack, axis=1)
        top = others.max(1)
        chosen = chosen - top - np.log(np.exp(others - top[:, None]).sum(1))
    elif not logit:
        if ((chosen < -SLACK) | (chosen > 1 + SLACK)).any():
            raise Refused('its output is no probability (it leaves [0, 1]); set scores = "logit"')
        p = np.clip(chosen, NEAR, 1 - NEAR)
        chosen = np.log(p) - np.log1p(-p)
    rounded = np.clip(np.rint(chosen / STEP) * STEP, -LARGEST, LARGEST)
    return np.where(np.isfinite(chosen), rounded, np.nan).astype(np.float32)
