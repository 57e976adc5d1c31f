"""Properties that every detector of the library has: one function each, run over whatever the folder holds."""

import dataclasses
import tracemalloc
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from detectors import library, stage
from detectors.api import Columns, Detector
from detectors.paperwork import (
    builds_without_arguments,
    docstring_has_score_and_reference,
    params_roundtrip_toml,
    spec_is_complete,
)
from detectors.reference import Reference
from schemas.alert import Severity, Verdict
from schemas.batch import LARGEST
from schemas.threats import THREATS

Kind = type[Detector]


def shapes(kind: Kind) -> None:
    """One finite score or NaN a row, and columns of why with a row each; state is plain numbers."""
    rows, slots = stage.ordinary()
    scores, state = stage.play(kind(), rows, slots)
    assert scores.value.shape == (len(slots),)
    assert scores.value.dtype == np.float64
    assert not np.isinf(scores.value).any()
    assert all(len(column) == len(slots) for column in scores.why.values())
    assert not state.dtype.hasobject


def empty_batch(kind: Kind) -> None:
    """No rows, no scores, no complaint."""
    rows, slots = stage.ordinary()
    scores, _ = stage.play(kind(), stage.part(rows, slice(0, 0)), slots[:0])
    assert scores.value.shape == (0,)


def batch_cuts_do_not_matter(kind: Kind) -> None:
    """Any cutting of the stream gives the same bits: scores, explanations, state."""
    rows, slots = stage.ordinary()
    whole, state = stage.play(kind(), rows, slots)
    for seed in range(3):
        cuts = np.random.default_rng(seed).choice(len(slots), 12 * (seed + 1), replace=False)
        pieces, after = stage.play(kind(), rows, slots, cuts=[1, 2, *sorted(cuts.tolist())])
        assert pieces.value.tobytes() == whole.value.tobytes()
        assert stage.same(after, state)
        for name, column in whole.why.items():
            assert pieces.why[name].tobytes() == column.tobytes(), name


def same_seed_same_scores(kind: Kind) -> None:
    """Neither global chance nor an earlier run changes a score, and inputs stay as they were."""
    rows, slots = stage.ordinary()
    before = rows.batch.features.tobytes() + rows.z.tobytes()
    first, _ = stage.play(kind(), rows, slots)
    np.random.seed(5)  # noqa: NPY002  # it is this global state that must not matter
    again, _ = stage.play(kind(), rows, slots)
    assert first.value.tobytes() == again.value.tobytes()
    assert rows.batch.features.tobytes() + rows.z.tobytes() == before


def untrusted_rows_teach_nothing(kind: Kind) -> None:
    """What is shown untrusted is scored, and changes no later score."""
    rows, slots = stage.ordinary()
    half = len(slots) // 2
    detector = kind()
    expected, state = stage.play(detector, stage.part(rows, slice(0, half)), slots[:half])
    poison = _untrusted(stage.part(rows, slice(half, None)))
    seen = state.copy()
    scores = detector.score(poison, slots[half:], state)
    assert scores.value.shape == (len(slots) - half,)
    assert stage.same(state, seen)
    assert expected.value.shape == (half,)


def survives_bad_numbers(kind: Kind) -> None:
    """The worst that a Batch may hold gives a finite score or NaN, and no warning."""
    rows, slots = stage.ordinary()
    rows = stage.part(rows, slice(0, 600))
    worst = np.array([LARGEST, -LARGEST, 1e-40, -0.0, 0.0, 3.4e38], np.float32)
    chance = np.random.default_rng(0)
    batch = rows.batch
    hostile = dataclasses.replace(
        batch,
        features=chance.choice(worst, batch.features.shape),
        probabilities=chance.choice(np.array([0, 1, 1e-40, 0.5], np.float32), batch.probabilities.shape),
        time=chance.choice(np.array([0.0, -1e9, 1e12, 1.7e9, 1.7e308]), len(batch)),
        latency=chance.choice(np.array([np.nan, 0, -1, 1e30], np.float32), len(batch)),
        tokens=chance.choice(np.array([-1, 0, 2**31 - 1], np.int32), batch.tokens.shape),
        bad=chance.choice(np.array([0, 1, 65535], np.uint16), len(batch)),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        seen = stage.columns(rows.reference, dataclasses.replace(hostile, time=batch.time), slots[:600])
        scores, state = stage.play(kind(), dataclasses.replace(seen, batch=hostile), slots[:600])
    assert not np.isinf(scores.value).any()
    for name in state.dtype.names or ():
        if state.dtype[name].base.kind == "f":
            assert np.isfinite(state[name]).all(), name


def memory_is_bounded(kind: Kind) -> None:
    """State is the array it is given; scoring more rows keeps nothing else."""
    rows, slots = stage.ordinary()
    detector = kind()
    _, state = stage.play(detector, rows, slots)
    tracemalloc.start()
    try:
        detector.score(rows, slots, state)
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(5):
            detector.score(rows, slots, state)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 32_768, f"{grown} bytes more after five passes"
    assert detector == kind()


def no_io(kind: Kind) -> None:
    """Scoring opens no file, no socket, no process."""
    rows, slots = stage.ordinary()
    stage.play(kind(), rows, slots)
    with stage.audited() as events:
        stage.play(kind(), rows, slots)
    assert not events, f"{sorted(events)}"


def late_rows_are_tolerated(kind: Kind) -> None:
    """Time may step back: scores stay finite, and those before are untouched."""
    rows, slots = stage.ordinary()
    time = rows.batch.time.copy()
    time[500::3] -= 1800.0
    late = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, time=time))
    scores, _ = stage.play(kind(), late, slots)
    on_time, _ = stage.play(kind(), rows, slots)
    assert not np.isinf(scores.value).any()
    assert scores.value[:500].tobytes() == on_time.value[:500].tobytes()


def keys_do_not_mix(kind: Kind) -> None:
    """Two principals interleaved score as the two apart."""
    rows, slots = stage.ordinary()
    most = np.argsort(-np.bincount(slots), kind="stable")[:2]
    both = np.flatnonzero(np.isin(slots, most))
    pair, keys = stage.part(rows, both), slots[both] - slots[both].min() + 1
    together, _ = stage.play(kind(), pair, keys)
    for key in np.unique(keys):
        own = np.flatnonzero(keys == key)
        apart, _ = stage.play(kind(), stage.part(pair, own), keys[own])
        assert apart.value.tobytes() == together.value[own].tobytes()


def learns_plain_arrays(kind: Kind) -> None:
    """What it learns is arrays of numbers, a few megabytes at most, the same after a trip through bytes."""
    known = stage.reference()
    learnt = known.learnt.get(kind.spec.name, {})
    assert all(isinstance(a, np.ndarray) and not a.dtype.hasobject for a in learnt.values())
    assert sum(a.nbytes for a in learnt.values()) < 4 << 20
    rows, slots = stage.ordinary()
    stored = dataclasses.replace(rows, reference=Reference.from_bytes(known.to_bytes()))
    assert stage.play(kind(), stored, slots)[0].value.tobytes() == stage.play(kind(), rows, slots)[0].value.tobytes()


def catches_its_scenario(kind: Kind) -> None:
    """Four who act its scenario rank above honest principals, and above four who only look like it: AUC 0.8."""
    peak, names = stage.peaks(kind())
    attack = peak[[n.startswith("attack-") for n in names]]
    alike = peak[[n.startswith("alike-") for n in names]]
    honest = peak[[not n.startswith(("attack-", "alike-")) for n in names]]
    for what, others in (("honest principals", honest), (kind.spec.look_alike, alike)):
        auc = _auc(attack, others)
        assert auc >= 0.8, f"AUC {auc:.2f} against {what}"


def explains_in_words(kind: Kind) -> None:
    """The worst row of its scenario is explained: threat, verdict, severity, a title, a paragraph, numbers."""
    rows, slots, names = stage.performance(kind.spec.scenario, kind.spec.look_alike)
    scores, _ = stage.play(kind(), rows, slots)
    of_attack = np.flatnonzero([names[s].startswith("attack-") for s in slots])
    worst = int(of_attack[np.nan_to_num(scores.value[of_attack], nan=-np.inf).argmax()])
    said = kind().explain(rows, scores, worst)
    assert said.threat in THREATS
    assert said.verdict in set(Verdict)
    assert said.severity in set(Severity)
    assert 0 < len(said.title) <= 120
    assert said.message.endswith(".")
    assert names[slots[worst]] in said.title + said.message, "it does not say who"
    assert said.why
    assert all(name and text and np.isfinite([value, typical]).all() for name, value, typical, text in said.why)


CHECKS: dict[str, Callable[[Kind], None]] = {
    f.__name__: f
    for f in (
        spec_is_complete, docstring_has_score_and_reference, builds_without_arguments, params_roundtrip_toml, shapes,
        empty_batch, batch_cuts_do_not_matter, same_seed_same_scores, untrusted_rows_teach_nothing,
        survives_bad_numbers, memory_is_bounded, no_io, late_rows_are_tolerated, keys_do_not_mix, learns_plain_arrays,
        catches_its_scenario, explains_in_words,
    )
}  # fmt: skip


def cases() -> list[tuple[str, Kind, str]]:
    """Every detector of the folder with every check: ``Detector:check``, the class, the check's name."""
    return [(f"{kind.__name__}:{check}", kind, check) for kind in library.discover().values() for check in CHECKS]


def _untrusted(rows: Columns) -> Columns:
    batch = rows.batch
    poisoned = dataclasses.replace(batch, features=-3 * batch.features, trusted=np.zeros(len(batch), np.bool_))
    return dataclasses.replace(rows, batch=poisoned, z=-rows.z, statistics=-rows.statistics)


def _auc(high: Any, low: Any) -> float:
    """Share of pairs in which the first is larger; ties count half."""
    return float(((high[:, None] > low).mean() + (high[:, None] >= low).mean()) / 2)
