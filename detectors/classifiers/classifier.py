"""One classifier: a model, opened, tried on made-up rows, and asked about real ones.

On a CPU a model is asked in batches of one fixed shape, filled up with zeros, so that the same kernels run whatever
the stream's cuts; it is tried beforehand whether a row's score then depends on its place or on its neighbours. If it
does (a model that is quantised dynamically takes one scale for a whole batch), rows are asked one at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from detectors.classifiers.declared import Declared
from detectors.classifiers.inputs import Asked, Feed, numbers
from detectors.classifiers.logit import logits
from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.session import FLOATING, Lost, Session
from detectors.classifiers.texts import Cut, texts
from schemas.batch import Batch, Floats, Integers

Array = npt.NDArray[Any]

AT_ONCE = {False: 64, True: 1024}  # rows of a batch, on a CPU and on a GPU
CELLS = {False: 1 << 19, True: 1 << 24}  # numbers of a batch, at most
TRIED = 8
PLACES = {False: 512, True: 16_384}  # pieces of words in a batch


@dataclass(slots=True)
class Classifier:
    """A model that looks at records.

    Attributes
    ----------
    alone : rows are asked one at a time, since they would depend on each other
    finish : what becomes of outputs; None: the logit of an attack
    lost : why it no longer runs on its GPU, empty while it does
    counts : rows scored, batches asked, rows those had room for
    """

    declared: Declared
    session: Session
    feed: Feed
    output: str
    alone: bool = False
    lost: str = ""
    finish: Callable[[Array], Floats] | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"rows": 0, "batches": 0, "room": 0})

    def ask(self, parts: Sequence[Asked]) -> list[Floats]:
        """Scores (n,) of each part's rows; falls to the CPU where the GPU is lost, and asks again there."""
        made: list[Floats] = [np.full(len(part.rows), np.nan, np.float32) for part in parts]
        for form in dict.fromkeys(part.form for part in parts):
            some = [i for i, part in enumerate(parts) if part.form == form]
            joined = {name: np.concatenate([parts[i].arrays[name] for i in some]) for name, _ in form}
            found = self._asked(joined)
            edges = np.cumsum([len(parts[i].rows) for i in some])[:-1]
            for i, scores in zip(some, np.split(found, edges), strict=True):
                made[i] = scores
        return made

    def _asked(self, arrays: Mapping[str, Array]) -> Floats:
        """Scores (n,) of rows of one form."""
        n = len(next(iter(arrays.values())))
        made = np.empty(n, np.float32)
        at = 0
        while at < n:
            size = self.size(arrays)
            end = min(n, at + size)
            try:
                made[at:end] = self._batch({name: array[at:end] for name, array in arrays.items()}, size)
            except Lost as error:
                self.lost = str(error)
                self.session.fall()
                continue
            at = end
        self.counts["rows"] += n
        return made

    def _batch(self, arrays: Mapping[str, Array], size: int) -> Floats:
        n = len(next(iter(arrays.values())))
        room = rounded(n, size) if self.session.on_gpu else size
        (output,) = self.session.run({name: padded(array, room) for name, array in arrays.items()}, [self.output])
        if len(output) != room:
            raise Refused(f"its output has {len(output)} rows for {room}; right would be one for each")
        self.counts["batches"] += 1
        self.counts["room"] += len(output)
        return self.finished(output[:n])

    def finished(self, output: Array) -> Floats:
        """Scores (n,) of the model's outputs."""
        if self.finish is not None:
            return self.finish(output)
        return logits(output, self.declared.attack, logit=self.declared.logit)

    def wanted(self, batch: Batch, rows: Integers) -> Integers:
        """Which of some rows (n,) of a batch it looks at: all."""
        del batch
        return rows

    def merged(self, batch: Batch, score: Floats, rows: Integers) -> Floats:
        """What it says of a batch (N,), whose ``rows`` it was to look at: its scores."""
        del batch, rows
        return score

    def size(self, arrays: Mapping[str, Array]) -> int:
        """Rows of a batch of such rows."""
        fixed = next((one.rows for one in self.session.inputs if one.rows), None)
        if fixed or self.alone:
            return fixed or 1
        gpu = self.session.on_gpu
        if self.declared.input == "text":
            width = max((array.shape[-1] for array in arrays.values() if array.ndim > 1), default=1)
            return max(1, PLACES[gpu] // max(1, width)) if width > 1 else AT_ONCE[gpu]
        row = max(int(np.prod(array.shape[1:])) for array in arrays.values())
        return max(1, min(AT_ONCE[gpu], CELLS[gpu] // max(1, row)))


def padded(array: Array, size: int) -> Array:
    """Rows (n, ...) and zeros up to ``size`` of them, in memory of their own."""
    if len(array) == size:
        return np.ascontiguousarray(array)
    if array.dtype == np.object_:
        return np.concatenate([array, np.full((size - len(array), *array.shape[1:]), "", np.object_)])
    made = np.zeros((size, *array.shape[1:]), array.dtype)
    made[: len(array)] = array
    return made


def rounded(n: int, most: int) -> int:
    """The power of two that holds n rows, at most ``most``: a GPU then meets few shapes."""
    return min(most, 1 << max(0, n - 1).bit_length())


def opened(
    data: bytes, declared: Declared, cut: Cut, *, provider: str = "cpu", memory: int = 1 << 30, threads: int = 1
) -> Classifier:
    """Open a model and try it; raises ``Refused`` with a sentence where it cannot be used."""
    session = Session(data, provider=provider, memory=memory, threads=threads)
    feed: Feed = texts(declared, session.inputs, cut) if declared.input == "text" else numbers(declared, session.inputs)
    made = Classifier(declared, session, feed, _output(session, declared.output))
    made.alone = tried(made)
    made.counts.update(dict.fromkeys(made.counts, 0))
    return made


def _output(session: Session, wanted: str) -> str:
    floating = [name for name, kind in session.outputs.items() if kind in FLOATING]
    if wanted and wanted not in session.outputs:
        raise Refused(f"it has no output {wanted}; there are {', '.join(session.outputs)}")
    if (wanted and wanted not in floating) or not floating:
        found = ", ".join(f"{name} ({kind})" for name, kind in session.outputs.items())
        raise Refused(f"its outputs are {found}, no floating-point tensor; export it so (scikit-learn: zipmap=False)")
    return wanted or floating[0]


def tried(made: Classifier) -> bool:
    """Whether made-up rows' scores depend on place or neighbours; raises ``Refused`` where on chance too."""
    draw = np.random.default_rng(0)
    arrays = made.feed.chance(draw, TRIED)
    size = made.size(arrays)
    rows = {name: np.concatenate([array] * (size // TRIED + 1))[: max(size, 1)] for name, array in arrays.items()}
    n = len(next(iter(rows.values())))
    back = {name: array[::-1] for name, array in rows.items()}
    first, again, turned = _raw(made, rows), _raw(made, rows), _raw(made, back)[::-1]
    if not np.array_equal(first, again, equal_nan=True):
        raise Refused("it gives the same row another score each time; export it in inference mode, without dropout")
    lonely = _raw(made, {name: padded(array[:1], n) for name, array in rows.items()})[:1]
    same = np.array_equal(first, turned, equal_nan=True) and np.array_equal(first[:1], lonely, equal_nan=True)
    if made.session.on_gpu or same:
        return False
    if any(one.rows for one in made.session.inputs) and n > 1:
        raise Refused(f"it takes {n} rows at once, and a row's score depends on the others; export it with one row")
    return True


def _raw(made: Classifier, arrays: Mapping[str, Array]) -> Array:
    """Outputs before they are rounded, after a look at what rounding makes of them."""
    (output,) = made.session.run({name: np.ascontiguousarray(a) for name, a in arrays.items()}, [made.output])
    n = len(next(iter(arrays.values())))
    if output.ndim == 0 or len(output) != n:
        raise Refused(f"its output has the shape {list(output.shape)} for {n} rows; right would be [rows, classes]")
    made.finished(output)
    return output
