"""What came of a slice, as rows of tables."""

from typing import Any

import numpy as np

from detectors.exposure import Exposed
from detectors.slices import Outcome
from schemas.feedback import FEEDBACK
from streams.batches import TopicPartition
from streams.sinks import rows
from streams.sinks.api import Columns
from streams.sinks.blocks import joined
from streams.writer import WriteSet

COMPUTED = {"input_hash": ("hash", np.uint64(0)), "margin": ("margin", np.float32(np.nan)),
            "confidence": ("confidence", np.float32(np.nan))}  # fmt: skip
TEXTS = ("model", "version", "detector", "calibration", "note")  # of the ledger


def write_set(outcome: Outcome, tp: TopicPartition, *, keep: str = "off") -> WriteSet:
    """Rows of an outcome by table; ``keep`` is ``off``, ``metadata`` or ``full``, of single records."""
    topic, partition = tp
    tables: dict[str, Columns] = {}
    if outcome.findings.alerts:
        tables["alerts"] = rows.alerts(outcome.findings.alerts)
    if outcome.coverage:
        tables["coverage"] = rows.coverage(outcome.coverage, topic=topic, partition=partition)
    if outcome.ledger:
        tables["ledger"] = ledger(outcome.ledger, tp)
    if outcome.exposed:
        tables["exposure"] = exposure(outcome.exposed, tp)
    if keep != "off":
        for judged in outcome.findings.judged:
            if len(judged.batch) and judged.batch.records[0].phase == FEEDBACK:
                continue
            n = len(judged.batch)
            known = {k: judged.shared.get(name, np.full(n, none)) for k, (name, none) in COMPUTED.items()}
            made = rows.records(judged.batch, topic=topic, partition=partition, columns=known, full=keep == "full")
            tables["records"] = joined([tables["records"], made]) if "records" in tables else made
    return WriteSet(tables)


def ledger(entries: list[dict[str, Any]], tp: TopicPartition) -> Columns:
    """Rows of table ``ledger``, one an epoch, model version and detector; of kind ``running`` where it is not over."""
    n = len(entries)

    def column(name: str, kind: type[np.generic]) -> np.ndarray[Any, Any]:
        return np.array([e[name] for e in entries], kind)

    texts: dict[str, Any] = {k: [e[k] for e in entries] for k in TEXTS}
    return texts | {
        "kind": [e.get("kind", "budget") for e in entries],
        "topic": rows.same(tp.topic, n),
        "partition": np.full(n, tp.partition, np.int32),
        "epoch": column("epoch", np.uint32),
        "start": rows.moments([e["start"] for e in entries]),
        "seconds": column("seconds", np.float64),
        "promised": column("promised", np.float64),
        "paid": column("paid", np.float64),
        "units": column("units", np.uint64),
        "alerts": column("alerts", np.uint64),
    }


def exposure(entries: list[tuple[str, str, Exposed]], tp: TopicPartition) -> Columns:
    """Rows of table ``exposure``: model, version, and a principal that could make a better copy than before."""
    n, found = len(entries), [one for _, _, one in entries]
    return {
        "model": [model for model, _, _ in entries],
        "version": [version for _, version, _ in entries],
        "principal": [one.principal for one in found],
        "reference": [one.reference for one in found],
        "topic": rows.same(tp.topic, n),
        "partition": np.full(n, tp.partition, np.int32),
        "time": rows.moments([one.time for one in found]),
        "first_time": rows.moments([one.first for one in found]),
        "level": np.array([one.level for one in found], np.uint16),
        "answers": np.array([one.answers for one in found], np.uint64),
        "inputs": np.array([one.inputs for one in found], np.uint64),
        "agreement": np.array([one.agreement for one in found], np.float64),
        "guess": np.array([one.guess for one in found], np.float64),
    }
