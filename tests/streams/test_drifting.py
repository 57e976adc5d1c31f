import numpy as np

from detectors.training.lab.drifts import drift
from detectors.training.lab.types import DAY
from detectors.training.lab.victims import victim
from detectors.training.lab.world import world
from streams.drifting import NONE, Trial, table, trial


def of(kind: str, delay: int | None, *, early=0, principals=50) -> Trial:
    return Trial(kind, principals, 1000, delay, early, 3.0, (1.0, 2.0))


def test_a_row_says_how_many_were_found_in_time_and_how_soon():
    made = table(
        [of("prior", 120), of("prior", 300), of("prior", 4000), of("prior", None), of("prior", 7, principals=9)]
    )
    assert made[2] == "| prior | 50 | 2 of 4 | 210 | 3 | 0 in 12 | 1.0, then 2.0 |"
    assert made[3].startswith("| prior | 9 | 1 of 1 | 7 | 1 |")


def test_a_world_that_does_not_drift_has_false_alerts_only():
    (row,) = table([of(NONE, None, early=1), of(NONE, None)])[2:]
    assert row == "| none | 50 |  |  |  | 1 in 6 | 1.0 |"


def test_a_world_is_watched_from_its_burn_in_to_its_drift():
    made = victim("wines-network", 3, scale=0.5)
    moved = drift(made, np.random.default_rng(1), "offset", 2.5 * DAY, size=2.0)
    found = trial(world(made, 3, 5, 30, moved=moved, redeploy=False), "offset", 30, 2.0)
    assert found.limit == 1000
    assert found.early == 0
    assert found.calm == 1.5
    assert found.delay is not None
    assert 0 < found.delay < 1000
