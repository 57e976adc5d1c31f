"""What names are learnt from, and that they are learnt."""

from functools import partial

import numpy as np
import pytest

from detectors import threat_naming, trail
from detectors.dossiers import LOOKED
from detectors.packing import Corrupt
from detectors.training.lab.lineup import lineup
from detectors.training.lab.victims import victim
from detectors.training.lab.world import world
from detectors.training.naming import Named, from_bytes, named, to_bytes, together
from detectors.training.naming_fit import fit, shares
from streams.naming_training import THREATS


def made(seed: int, m: int = 600) -> Named:
    """Campaigns of two threats that one measure tells apart once some requests have come."""
    random = np.random.default_rng(seed)
    threat, since = np.arange(m) // 3 % 2, np.tile([0, 8, 64], m // 3)
    x = random.normal(0, 0.3, (m, threat_naming.WIDTH)).astype(np.float32)
    x[:, -1] += np.where(since > 0, 2.0 * threat - 1.0, 0.0)
    return Named(x, threat, since, np.arange(m) // 3, np.arange(m) // 6)


def test_a_threat_that_shows_is_learnt():
    network = fit(made(0, 6_000), 2, hidden=16, epochs=30)
    other = made(1)
    said = shares(network, other.x)
    assert said.sum(1) == pytest.approx(1)
    right = said.argmax(1) == other.threat
    assert right[other.since > 0].mean() > 0.9
    assert right[other.since == 0].mean() < 0.7


def test_the_same_seed_fits_the_same_network():
    first, second = (fit(made(0), 2, hidden=4, epochs=1) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_rows_go_through_bytes_and_together_keep_moments_apart():
    one = made(0, 60)
    back = from_bytes(to_bytes(one))
    assert all(np.array_equal(a, b) for a, b in zip(one[1:], back[1:], strict=True))
    assert np.allclose(one.x, back.x, atol=2e-3)
    both = together([one, one])
    assert len(both.x) == 120
    assert len(np.unique(both.moment)) == 40
    assert len(np.unique(both.campaign)) == 20
    with pytest.raises(Corrupt):
        from_bytes(to_bytes(one)[:-9])


@pytest.fixture(scope="module")
def small() -> Named:
    attacked, chance = victim("payments-linear", 3), np.random.default_rng(3)
    raids = partial(lineup, attacked, chance, 2, count=3, families=("simba", "marginals"), pacings=("fast",))
    return named(world(attacked, 3, 2, 30, raids, redeploy=False, mean=40.0), THREATS, chance)


def test_a_world_gives_moments_that_are_followed_as_a_dossier_is(small: Named):
    assert small.x.shape[1] == threat_naming.WIDTH
    assert np.isfinite(small.x).all()
    assert {THREATS[code] for code in small.threat} == {"query_evasion", "extraction"}
    assert set(small.since.tolist()) <= {0, *LOOKED}
    shape = small.x[:, -trail.WIDTH :]
    requests = np.minimum(small.since, trail.KEPT)
    assert shape[:, 0] == pytest.approx(np.log2(requests + 1) / 3, abs=1e-5)
    assert not shape[small.since == 0].any()
