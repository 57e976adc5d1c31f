import numpy as np
import pytest

from detectors.peers import peers
from detectors.peers.api import each, halves, principals, recent

DAY = 86_400.0


def named(peer):
    return peer.title


@pytest.mark.parametrize("peer", peers(), ids=named)
def test_a_peer_scores_every_record_once_it_has_seen_enough_of_a_principal(peer, crowd):
    peer.learn(crowd.part(crowd.time < DAY))
    scores = peer.score(crowd)
    assert scores.shape == (len(crowd),)
    for rows in principals(crowd.principal):
        assert np.isfinite(scores[rows[110:]]).all()


@pytest.mark.parametrize("peer", [peer for peer in peers() if peer.alone], ids=named)
def test_who_is_alone_has_the_same_scores_whoever_else_is_there(peer, crowd):
    peer.learn(crowd.part(crowd.time < DAY))
    some = np.isin(crowd.principal, [3, 40])
    assert np.allclose(peer.score(crowd)[some], peer.score(crowd.part(some)), rtol=1e-5, atol=1e-6, equal_nan=True)


@pytest.mark.parametrize("peer", peers(), ids=named)
def test_two_of_the_same_kind_give_the_same_scores(peer, crowd):
    clean = crowd.part(crowd.time < DAY)
    (other,) = (one for one in peers() if one.title == peer.title)
    peer.learn(clean)
    other.learn(clean)
    assert np.array_equal(peer.score(clean), other.score(clean), equal_nan=True)


def test_titles_tell_peers_apart_and_sources_are_said():
    assert len({peer.title for peer in peers()}) == len(peers())
    assert all(peer.source for peer in peers())


def test_records_of_a_principal_are_scored_together_and_in_order():
    principal = np.array([2, 0, 2, 2, 0])
    assert [rows.tolist() for rows in principals(principal)] == [[1, 4], [0, 2, 3]]
    assert each(principal, lambda rows: np.arange(len(rows)) * 1.0).tolist() == [0, 0, 1, 2, 1]
    assert not list(principals(np.zeros(0, np.int64)))


def test_a_mean_waits_until_there_are_enough_values():
    values, principal = np.array([1.0, 10.0, 3.0, 5.0]), np.array([0, 1, 0, 0])
    assert np.array_equal(recent(values, principal, 2), [np.nan, np.nan, 2.0, 4.0], equal_nan=True)
    assert recent(values, principal, 1).tolist() == values.tolist()


def test_nobody_is_judged_by_the_half_that_he_is_in():
    principal = np.arange(10)
    assert (halves(principal) != principal % 2).all()
