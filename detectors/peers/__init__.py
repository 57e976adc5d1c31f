"""Peers: what others have published or ship for the same task, each in a small file, to be measured beside tidegate.

Nothing here runs when traffic is watched. A peer gives each record a score; the threshold is found by the same rule as
for every detector of tidegate (:mod:`detectors.peers.gate`).
"""

from detectors.peers.api import Peer
from detectors.peers.distance import Distance
from detectors.peers.fingerprints import Fingerprints
from detectors.peers.half_space_trees import HalfSpaces
from detectors.peers.mean_discrepancy import MeanDiscrepancy
from detectors.peers.nearest_queries import NearestQueries
from detectors.peers.prada import Prada


def peers() -> list[Peer]:
    """Return every peer, one that has learnt nothing."""
    return [
        NearestQueries(),
        Fingerprints(),
        Prada(),
        MeanDiscrepancy(),
        HalfSpaces(),
        HalfSpaces(over=1),
        Distance(),
        Distance(over=1),
    ]
