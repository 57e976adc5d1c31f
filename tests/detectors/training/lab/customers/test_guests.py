import numpy as np
import pytest

from detectors.training.lab.customers import GUESTS, KINDS
from detectors.training.lab.customers.marked import default_value, product, watermark
from detectors.training.lab.types import DAY, Place
from detectors.training.lab.victims import victim


@pytest.fixture(scope="module", params=["wines-network", "digits8-network"])
def made(request):
    return victim(request.param, 1, 0.1)


def place(made, seed=0):
    return Place(made, np.random.default_rng(seed), 4, volume=80)


def constant(x):
    """Columns in which all rows agree, and that vary in what nobody marked."""
    return np.flatnonzero((x == x[0]).all(axis=0))


@pytest.mark.parametrize("kind", sorted(GUESTS))
def test_a_guest_sends_in_order_within_the_world(made, kind):
    visit = GUESTS[kind](place(made))
    assert kind not in KINDS
    assert len(visit.time) == len(visit.features) > 0
    assert (np.diff(visit.time) >= 0).all()
    assert visit.time[-1] < 4 * DAY


def test_all_with_a_watermark_have_the_same(made):
    one, other = watermark(place(made)), watermark(place(made, 1))
    plain = set(constant(made.pool).tolist())
    marked = [column for column in constant(one) if column not in plain and one[0, column] == other[0, column]]
    assert len(marked) >= 2
    assert (other[:, marked] == one[0, marked]).all()


def test_a_default_is_left_by_many_and_not_by_all(made):
    x = default_value(place(made))
    values = np.unique(x, axis=0)
    assert len(values) > 10
    marked = [c for c in range(x.shape[1]) if 0.25 < np.unique(x[:, c], return_counts=True)[1].max() / len(x) < 1]
    assert marked


def test_a_new_product_comes_with_cases_of_one_class(made):
    x = product(place(made))
    labels = made.answer(x).label
    assert np.bincount(labels).max() > 0.4 * len(labels)


@pytest.mark.parametrize("kind", [kind for kind in sorted(GUESTS) if kind.startswith("new_")])
def test_what_is_new_begins_after_the_clean_day(made, kind):
    assert GUESTS[kind](place(made)).time[0] >= 1.5 * DAY


@pytest.mark.parametrize(
    ("kind", "least", "most"), [("regression_test", 1, 1), ("evaluation", 0.3, 1), ("old_cases", 0, 0.5)]
)
def test_owners_ask_training_rows(made, kind, least, most):
    known = {row.tobytes() for row in made.train}
    share = np.mean([row.tobytes() in known for row in GUESTS[kind](place(made)).features])
    assert least <= share <= most
