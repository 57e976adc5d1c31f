"""Which clean records teach a reference: no principal more than a few, half of the principals held out."""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from detectors.burn_in import BurnIn

PER_PRINCIPAL = 48
FEWEST_PRINCIPALS = 8
FEWEST_RECORDS = 200
SPLIT_BY_PRINCIPAL = 24  # with fewer, each principal's records are halved instead
ROWS = 12_000  # at most, in each half
NUMBERS = 1 << 25  # at most, in each half

Rows = npt.NDArray[np.int64]


class NotEnough(ValueError):
    """The clean period has too little traffic to say what is normal; the message says what is missing."""


def random(secret: bytes, model: str, version: str) -> np.random.Generator:
    """Random numbers that only the holder of the secret can foresee, the same for the same model version."""
    key = secret if len(secret) <= 64 else blake2b(secret).digest()  # BLAKE2b takes at most 64 bytes
    digest = blake2b(f"{model}\x1f{version}".encode(), key=key, person=b"tidegate.ref").digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))


def choose(burn_in: BurnIn, chance: np.random.Generator) -> tuple[Rows, Rows]:
    """Rows to fit, and rows of other principals to hold out.

    Raises
    ------
    NotEnough : fewer than 8 principals or 200 records
    """
    principals = len(np.unique(burn_in.principal))
    if principals < FEWEST_PRINCIPALS or len(burn_in) < FEWEST_RECORDS:
        raise NotEnough(
            f"the clean period of model {burn_in.model!r} has {len(burn_in)} records of {principals} principals; "
            f"at least {FEWEST_RECORDS} records of {FEWEST_PRINCIPALS} principals are needed"
        )
    order = chance.permutation(len(burn_in))
    rank = _rank_within(burn_in.principal[order])
    few = rank < PER_PRINCIPAL
    order, rank = order[few], rank[few]
    if principals >= SPLIT_BY_PRINCIPAL:
        fitting = chance.permutation(len(burn_in.principals))[burn_in.principal[order]] % 2 == 0
    else:
        fitting = rank % 2 == 0
    most = min(ROWS, NUMBERS // max(burn_in.features.shape[1], 1))
    return np.sort(order[fitting][:most]), np.sort(order[~fitting][:most])


def _rank_within(codes: npt.NDArray[np.int32]) -> Rows:
    """How many earlier entries have the same code."""
    order = np.argsort(codes, kind="stable")
    starts = np.r_[0, np.flatnonzero(np.diff(codes[order])) + 1]
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(np.r_[starts, len(codes)]))
    return rank
