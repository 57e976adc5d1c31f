"""Stages are timed one by one, and what a key costs is read off the dtypes."""

from streams.bench.detectors import bytes_per_key, measure


def test_every_stage_and_default_detector_has_a_rate():
    found = measure(20_000)
    assert {"decode", "batch", "slots", "features_and_profile", "flood", "unusual_profile"} <= set(found)
    assert all(row["records_per_second"] > 0 for row in found.values())
    assert all(row["best_microseconds"] <= row["microseconds"] for row in found.values())


def test_the_bytes_of_a_key_are_the_sum_of_its_parts():
    parts = bytes_per_key()
    whole = parts.pop("all")
    assert whole == sum(parts.values()) + 8  # and when it was last seen
    assert whole < 6 * 1024
