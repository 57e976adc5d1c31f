"""Arrivals: a slice's rows of one model version, whatever their forms, in the order in which they came."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from detectors.burn_in import take
from schemas.batch import Batch, Integers
from schemas.joining import joined, widened


class Arrivals:
    """Batches of one model version, one a form (numbers of features and classes), and their common order.

    Attributes
    ----------
    offsets : (N,) rising
    time : (N,) s since the epoch
    """

    def __init__(self, forms: Sequence[Batch]) -> None:
        self.forms = forms
        self.offsets, self.time = forms[0].offsets, forms[0].time
        self._form: Integers = np.zeros(0, np.int64)
        if len(forms) > 1:
            offsets = np.concatenate([b.offsets for b in forms])
            order = np.argsort(offsets)
            self.offsets = offsets[order]
            self.time = np.concatenate([b.time for b in forms])[order]
            self._form = np.repeat(np.arange(len(forms)), [len(b) for b in forms])[order]

    def __len__(self) -> int:
        """Return N."""
        return len(self.offsets)

    def fitted(self, classes: int | None) -> "Arrivals":
        """The same rows; requests without an answer are in the form of those that have one.

        Parameters
        ----------
        classes : C of those that have one, None if no record has shown it yet
        """
        bare = [_unanswered(b) for b in self.forms]
        if not any(bare):
            return self
        if classes is None:
            classes = next((b.probabilities.shape[1] for b, lone in zip(self.forms, bare, strict=True) if not lone), 0)
        if not classes:
            return self
        groups: dict[tuple[int, int, bool], list[Batch]] = {}
        for batch, lone in zip(self.forms, bare, strict=True):
            made = widened(batch, classes) if lone else batch
            form = made.features.shape[1], made.probabilities.shape[1], made.named is None
            groups.setdefault(form, []).append(made)
        return Arrivals([joined(some) if len(some) > 1 else some[0] for some in groups.values()])

    def parts(self, rows: slice) -> Iterator[tuple[Batch, npt.NDArray[np.intp]]]:
        """Give consecutive rows by form: as a batch (n,), and where they lie among all: (n,)."""
        if len(self.forms) == 1:
            yield take(self.forms[0], rows), np.arange(rows.start, rows.stop)
            return
        for k, batch in enumerate(self.forms):
            before = int(np.count_nonzero(self._form[: rows.start] == k))
            here = rows.start + np.flatnonzero(self._form[rows] == k)
            if len(here):
                yield take(batch, slice(before, before + len(here))), here


def _unanswered(batch: Batch) -> bool:
    """Whether all rows are requests in numbers of which nobody knows the answer."""
    asked = batch.features.shape[1] > 0 or batch.named is not None
    return batch.lone is not None and asked and not batch.probabilities.shape[1] and bool(batch.lone.all())
