"""Toolbox: seeded, and without a trace in NumPy's global state."""

import numpy as np

from detectors.training.lab.attacks.box import box
from detectors.training.lab.attacks.surrogate import fit, one_hot
from detectors.training.lab.attacks.toolbox import seeded, tool, white_box
from detectors.training.lab.victims import victim


def test_the_global_state_is_put_back_and_what_is_drawn_depends_on_the_seed():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    drawn = []
    for seed in (1, 1, 2):
        with seeded(np.random.default_rng(seed)):
            drawn.append(np.random.random())  # noqa: NPY002
    assert drawn[0] == drawn[1] != drawn[2]
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_a_tool_fools_the_model_that_it_may_look_into():
    one = victim("digits8-network", 1, 0.2)
    net = fit(np.random.default_rng(1), one.pool[:400], one_hot(one.pool_class[:400], one.classes))
    place = box(one, np.random.default_rng(1))
    x = one.pool[400:420]
    made = tool("FastGradientMethod")(white_box(net, place), eps=0.3).generate(place.inside(x).astype(np.float32))
    assert made.shape == (20, len(place.free))
    assert (net.label((place.low + made * place.width).astype(np.float32)) != net.label(x)).mean() > 0.8
