import gc

from streams.collector import PATIENT, calmed


def test_the_collector_is_as_it_was_afterwards():
    before = gc.get_threshold()
    with calmed():
        assert gc.get_threshold() == PATIENT
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
