"""Versions: which version of each model answered last. Requests do not say whom they reach; only answers do."""

from collections.abc import Mapping, Sequence

import msgspec

from schemas.pairing import LONE
from schemas.record import Record

MOST = 4096  # models that are remembered; of more the longest unheard are forgotten


class Versions:
    """By tenant and model, the version that answered last.

    A request that nobody answers has no version of its own. Watched under none, it would be compared with nobody's:
    those that are answered count under the version that the answers name.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.known = dict(known or {})

    def settled(self, records: Sequence[Record]) -> list[Record]:
        """The records of one call; a lone half without a version is of the one that answered last."""
        return [self._settled(one) for one in records]

    def _settled(self, one: Record) -> Record:
        key = f"{one.tenant}\0{one.model}"
        if one.version:
            self.known.pop(key, None)
            self.known[key] = one.version
            if len(self.known) > MOST:
                del self.known[next(iter(self.known))]
        elif one.phase in LONE and key in self.known:
            return msgspec.structs.replace(one, version=self.known[key])
        return one
