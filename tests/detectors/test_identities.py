import numpy as np

from detectors.identities import identities


def test_a_name_has_one_number_wherever_it_lies():
    one = identities([None, "anna", "bob"], np.array([1, 2]), b"key")
    other = identities([None, "bob", "carl", "anna"], np.array([3, 1]), b"key")
    assert one.tolist() == other.tolist()
    assert one.dtype == np.uint64
    assert len(set(one.tolist())) == 2


def test_numbers_are_another_installations_own():
    assert identities(["anna"], np.array([0]), b"a") != identities(["anna"], np.array([0]), b"b")


def test_nobody_gives_no_numbers():
    assert len(identities([], np.zeros(0, np.int64), b"key")) == 0
