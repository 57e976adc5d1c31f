"""How n-grams are scaled before a second fit: by the log of how much more often attacks have them than honest prompts.

With m and n the weights of the attacks and of the honest prompts that have a gram, and M and N those of all,

    s = |log ((m + a) / (M + 2a)) - log ((n + a) / (N + 2a))|      with a = 1

Under one ridge a gram so costs less the more it tells by itself, and what both sides have alike is hardly used. Scales
are brought to a mean square of one over all occurrences, so that the ridge means what it does without them.

References
----------
Wang, Manning, Baselines and bigrams: simple, good sentiment and topic classification, ACL 2012, section 2.2,
https://aclanthology.org/P12-2018/ (there the sign of the ratio is kept, which fits the same).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Array = npt.NDArray[Any]

SMOOTH = 1.0  # a, in prompts of the mean weight


def scales(some: sparse.csr_matrix, positive: Array, weight: Array) -> Array:
    """Scales (P,) f8 of the P grams of N prompts, (N, P), for labels and weights (N,)."""
    worth = weight / weight.mean()
    has = sparse.csr_matrix((np.ones(some.nnz, np.float32), some.indices, some.indptr), shape=some.shape)
    among = [has.T @ (worth * side) + SMOOTH for side in (positive, ~positive)]
    in_all = [worth[side].sum() + 2 * SMOOTH for side in (positive, ~positive)]
    ratio = np.abs(np.log(among[0] / in_all[0]) - np.log(among[1] / in_all[1]))
    often = among[0] + among[1]
    found: Array = ratio / np.sqrt((ratio**2 * often).sum() / often.sum())
    return found
