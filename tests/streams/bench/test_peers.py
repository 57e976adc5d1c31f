"""Peers do a part of the work on the same records."""

from streams.bench.peers import measure


def test_each_peer_has_a_rate_and_says_what_it_does():
    found = measure(200)
    assert found
    assert all(row["records_per_second"] > 0 and row["does"] for row in found.values())
