"""Sight: which detectors can look at a log, and what the others lack."""

from collections.abc import Sequence

import numpy as np

from schemas.pairing import LONE
from schemas.record import Record
from schemas.scanner.scanned import batches


def sight(records: Sequence[Record], *, manifest: bool) -> tuple[list[str], dict[str, str]]:
    """Return which detectors can look at such records, and what the others lack.

    ``manifest`` says whether it is configured what a model was trained on.
    """
    from detectors.library import discover  # noqa: PLC0415 - compiles, which unreadable samples need not wait for
    from detectors.scorer import lack  # noqa: PLC0415 - as above

    made = batches(records, np.arange(len(records)))
    has = {
        "features": any(batch.features.shape[1] or batch.named for batch in made),
        "words": any(one.prompt is not None or one.messages is not None for one in records),
        "text": any(one.completion is not None for one in records),
        "probabilities": any(batch.probabilities.shape[1] for batch in made),
        "latency": any(one.latency_ms is not None for one in records),
        "tokens": any(one.tokens_in is not None or one.tokens_out is not None for one in records),
        "halves": any(one.phase in LONE for one in records),
    }
    has["classes"] = has["probabilities"] or not has["words"]
    blind = {}
    for name, kind in discover().items():
        unlisted = "manifest" in kind.spec.needs and not manifest
        if said := lack(kind.spec, has) or ("no manifest" if unlisted else ""):
            blind[name] = said
    return [name for name in discover() if name not in blind], blind
