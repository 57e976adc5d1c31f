"""The sentence transformer itself, from bytes of an ONNX file: slower by a thousand, and nearer to what texts mean.

Pieces come from the compiled WordPiece and the vocabulary that ships with tidegate, which is the transformer's own.
Texts of like length go together, padded to one of a few widths, so that a GPU meets few shapes.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from detectors.text.embedding import Bytes, pieces
from schemas.batch import Codes, Floats, Integers

BEGIN, END = 101, 102  # [CLS] and [SEP] of BERT's vocabularies
WIDTHS = (16, 32, 64, 128, 256, 512)
PLACES = 8192  # of one batch: 512 short texts or 16 of the longest
CACHED = 512  # the same where a batch should stay in a core's cache


class Transformer:
    """Sentence vectors by ONNX Runtime.

    Parameters
    ----------
    model : content of an ONNX file as ``streams.text_export`` writes it
    providers : of ONNX Runtime, the first that works is used
    threads : of one call on a CPU
    longest : pieces of a text that are read, at most 512
    cut : the pieces of a text
    output : which of the file's outputs is asked for
    """

    def __init__(
        self,
        model: bytes,
        providers: Sequence[str] = ("CPUExecutionProvider",),
        threads: int = 1,
        longest: int = 128,
        cut: Callable[[Bytes], Codes] = pieces,
        output: str = "embedding",
    ) -> None:
        import onnxruntime  # noqa: PLC0415 - heavy

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self.session = onnxruntime.InferenceSession(model, options, providers=list(providers))
        self.longest, self.cut = min(longest, WIDTHS[-1]), cut
        self.places = CACHED if self.session.get_providers()[0] == "CPUExecutionProvider" else PLACES
        self.output = output
        self.dimensions = next(int(one.shape[1]) for one in self.session.get_outputs() if one.name == output)

    def vectors(self, texts: Sequence[Bytes]) -> Floats:
        """Vectors (N, dimensions) f4 of texts, each (n,) u1 of UTF-8; zeros for one that says nothing.

        The last bits depend on what a text was padded with: two calls agree to 1e-5.
        """
        found = [self.cut(text)[: self.longest - 2] for text in texts]
        out = np.zeros((len(found), self.dimensions), np.float32)
        for rows, ids, mask in batches(found, self.places):
            out[rows] = self.session.run([self.output], {"input_ids": ids, "attention_mask": mask})[0]
        return out


def batches(found: Sequence[Codes], places: int = PLACES) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Rows (n,), pieces (n, S) and mask (n, S) of each batch, by length; texts without pieces are in none."""
    lengths = np.array([len(one) + 2 for one in found], np.int64)
    bucket = np.searchsorted(WIDTHS, lengths)
    for at, width in enumerate(WIDTHS):
        rows = np.flatnonzero((bucket == at) & (lengths > 2))
        size = places // width
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            ids, mask = np.zeros((2, len(part), width), np.int64)
            for i, row in enumerate(part):
                ids[i, : lengths[row]] = [BEGIN, *found[row], END]
                mask[i, : lengths[row]] = 1
            yield part, ids, mask
