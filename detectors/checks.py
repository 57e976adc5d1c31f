"""Properties that every detector of the library has: one function each, run over whatever the folder holds."""

import contextlib
import dataclasses
import sys
import tomllib
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from detectors import library, stage
from detectors.api import Columns, Detector, IntArray, Scores, StateArray
from detectors.gates import budget, conformal
from detectors.reference import Reference
from detectors.scenarios import SCENARIOS
from schemas.alert import Severity, Verdict
from schemas.batch import LARGEST
from schemas.threats import THREATS

Kind = type[Detector]
GATES = {"budget": budget, "conformal": conformal}
NEEDS = {"features", "probabilities", "profile", "latency", "tokens"}


def spec_is_complete(kind: Kind) -> None:
    """Name, title, threat, gate, share, source and scenarios are there and known."""
    spec = kind.spec
    assert spec.name == kind.__module__.rpartition(".")[2], "the name is the module's"
    assert 0 < len(spec.title) <= 60
    assert spec.threat in THREATS
    assert spec.gate in GATES
    assert 0 < spec.share <= 1
    assert spec.unit
    assert spec.needs <= NEEDS
    assert spec.reference.startswith(("https://", "doi:"))
    assert spec.runbook.startswith("docs/")
    assert spec.maturity in {"sandbox", "incubating", "stable", "deprecated"}
    assert spec.scenario in SCENARIOS, f"no scenario {spec.scenario!r}"
    assert spec.look_alike in SCENARIOS, f"no scenario {spec.look_alike!r}"


def docstring_has_score_and_reference(kind: Kind) -> None:
    """The class says how its score is made and where that comes from."""
    text = kind.__doc__ or ""
    for section in ("Score", "References"):
        assert f"{section}\n    {'-' * len(section)}" in text, f"no section {section}"


def builds_without_arguments(kind: Kind) -> None:
    """Defaults are usable, equal, and cannot be changed."""
    assert kind() == kind()
    assert dataclasses.is_dataclass(kind)
    for name in _parameters(kind):
        with contextlib.suppress(dataclasses.FrozenInstanceError):
            setattr(kind(), name, 0)
            raise AssertionError(f"{name} can be changed")


def params_roundtrip_toml(kind: Kind) -> None:
    """Every parameter can be set from the configuration file."""
    values = {name: _another(getattr(kind(), name)) for name in _parameters(kind)}
    text = "\n".join(f"{name} = {str(value).lower()}" for name, value in values.items())
    made = kind(**tomllib.loads(text))
    assert {name: getattr(made, name) for name in values} == values


def shapes(kind: Kind) -> None:
    """One finite score or NaN a row, and columns of why with a row each; state is plain numbers."""
    rows, slots = stage.ordinary()
    scores, state = play(kind(), rows, slots)
    assert scores.value.shape == (len(slots),)
    assert scores.value.dtype == np.float64
    assert not np.isinf(scores.value).any()
    assert all(len(column) == len(slots) for column in scores.why.values())
    assert not state.dtype.hasobject


def empty_batch(kind: Kind) -> None:
    """No rows, no scores, no complaint."""
    rows, slots = stage.ordinary()
    scores, _ = play(kind(), stage.part(rows, slice(0, 0)), slots[:0])
    assert scores.value.shape == (0,)


def batch_cuts_do_not_matter(kind: Kind) -> None:
    """Any cutting of the stream gives the same bits: scores, explanations, state."""
    rows, slots = stage.ordinary()
    whole, state = play(kind(), rows, slots)
    for seed in range(3):
        cuts = np.random.default_rng(seed).choice(len(slots), 12 * (seed + 1), replace=False)
        pieces, after = play(kind(), rows, slots, cuts=[1, 2, *sorted(cuts.tolist())])
        assert pieces.value.tobytes() == whole.value.tobytes()
        assert same(after, state)
        for name, column in whole.why.items():
            assert pieces.why[name].tobytes() == column.tobytes(), name


def same_seed_same_scores(kind: Kind) -> None:
    """Neither global chance nor an earlier run changes a score, and inputs stay as they were."""
    rows, slots = stage.ordinary()
    before = rows.batch.features.tobytes() + rows.z.tobytes()
    first, _ = play(kind(), rows, slots)
    np.random.seed(5)  # noqa: NPY002  # it is this global state that must not matter
    again, _ = play(kind(), rows, slots)
    assert first.value.tobytes() == again.value.tobytes()
    assert rows.batch.features.tobytes() + rows.z.tobytes() == before


def untrusted_rows_teach_nothing(kind: Kind) -> None:
    """What is shown untrusted is scored, and changes no later score."""
    rows, slots = stage.ordinary()
    half = len(slots) // 2
    detector = kind()
    expected, state = play(detector, stage.part(rows, slice(0, half)), slots[:half])
    poison = _untrusted(stage.part(rows, slice(half, None)))
    seen = state.copy()
    scores = detector.score(poison, slots[half:], state)
    assert scores.value.shape == (len(slots) - half,)
    assert same(state, seen)
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
        scores, state = play(kind(), dataclasses.replace(seen, batch=hostile), slots[:600])
    assert not np.isinf(scores.value).any()
    for name in state.dtype.names or ():
        if state.dtype[name].base.kind == "f":
            assert np.isfinite(state[name]).all(), name


def memory_is_bounded(kind: Kind) -> None:
    """State is the array it is given; scoring more rows keeps nothing else."""
    rows, slots = stage.ordinary()
    detector = kind()
    _, state = play(detector, rows, slots)
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
    play(kind(), rows, slots)
    with _audited() as events:
        play(kind(), rows, slots)
    assert not events, f"{sorted(events)}"


def late_rows_are_tolerated(kind: Kind) -> None:
    """Time may step back: scores stay finite, and those before are untouched."""
    rows, slots = stage.ordinary()
    time = rows.batch.time.copy()
    time[500::3] -= 1800.0
    late = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, time=time))
    scores, _ = play(kind(), late, slots)
    on_time, _ = play(kind(), rows, slots)
    assert not np.isinf(scores.value).any()
    assert scores.value[:500].tobytes() == on_time.value[:500].tobytes()


def keys_do_not_mix(kind: Kind) -> None:
    """Two principals interleaved score as the two apart."""
    rows, slots = stage.ordinary()
    most = np.argsort(-np.bincount(slots), kind="stable")[:2]
    both = np.flatnonzero(np.isin(slots, most))
    pair, keys = _rows(rows, both), slots[both] - slots[both].min() + 1
    together, _ = play(kind(), pair, keys)
    for key in np.unique(keys):
        own = np.flatnonzero(keys == key)
        apart, _ = play(kind(), _rows(pair, own), keys[own])
        assert apart.value.tobytes() == together.value[own].tobytes()


def learns_plain_arrays(kind: Kind) -> None:
    """What it learns is arrays of numbers, a few megabytes at most, the same after a trip through bytes."""
    known = stage.reference()
    learnt = known.learnt.get(kind.spec.name, {})
    assert all(isinstance(a, np.ndarray) and not a.dtype.hasobject for a in learnt.values())
    assert sum(a.nbytes for a in learnt.values()) < 4 << 20
    rows, slots = stage.ordinary()
    stored = dataclasses.replace(rows, reference=Reference.from_bytes(known.to_bytes()))
    assert play(kind(), stored, slots)[0].value.tobytes() == play(kind(), rows, slots)[0].value.tobytes()


def catches_its_scenario(kind: Kind) -> None:
    """Four who act its scenario rank above honest principals, and above four who only look like it: AUC 0.8."""
    peak, names = _peaks(kind)
    attack = peak[[n.startswith("attack-") for n in names]]
    alike = peak[[n.startswith("alike-") for n in names]]
    honest = peak[[not n.startswith(("attack-", "alike-")) for n in names]]
    for what, others in (("honest principals", honest), (kind.spec.look_alike, alike)):
        auc = _auc(attack, others)
        assert auc >= 0.8, f"AUC {auc:.2f} against {what}"


def explains_in_words(kind: Kind) -> None:
    """The worst row of its scenario is explained: threat, verdict, severity, a title, a paragraph, numbers."""
    rows, slots, names = stage.performance(kind.spec.scenario, kind.spec.look_alike)
    scores, _ = play(kind(), rows, slots)
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


def play(
    detector: Detector, rows: Columns, slots: IntArray, *, cuts: list[int] | None = None
) -> tuple[Scores, StateArray]:
    """Scores of all rows from fresh state, cut where asked, and the state after them."""
    state = np.zeros(int(slots.max(initial=0)) + 1, detector.state)
    edges = [0, *(cuts or []), len(slots)]
    made = [
        detector.score(stage.part(rows, slice(a, b)), slots[a:b], state) for a, b in zip(edges, edges[1:], strict=False)
    ]
    why = {name: np.concatenate([m.why[name] for m in made]) for name in made[0].why}
    return Scores(np.concatenate([m.value for m in made]), why), state


def same(state: StateArray, other: StateArray) -> bool:
    """Whether two states have equal bits, padding aside."""
    return all(state[name].tobytes() == other[name].tobytes() for name in state.dtype.names or ())


def _parameters(kind: Kind) -> list[str]:
    return [f.name for f in dataclasses.fields(kind)]  # type: ignore[arg-type]


def _another(value: Any) -> Any:
    return (not value) if isinstance(value, bool) else value * 2


def _rows(rows: Columns, which: IntArray) -> Columns:
    return stage.part(rows, which)  # type: ignore[arg-type]


def _untrusted(rows: Columns) -> Columns:
    batch = rows.batch
    poisoned = dataclasses.replace(batch, features=-3 * batch.features, trusted=np.zeros(len(batch), np.bool_))
    return dataclasses.replace(rows, batch=poisoned, z=-rows.z, statistics=-rows.statistics)


def _peaks(kind: Kind) -> tuple[Any, list[str]]:
    """Each principal's largest score on day two, of those who came."""
    rows, slots, names = stage.performance(kind.spec.scenario, kind.spec.look_alike)
    scores, _ = play(kind(), rows, slots)
    today = np.flatnonzero((rows.batch.time >= stage.MONDAY + stage.DAY) & ~np.isnan(scores.value))
    peak = np.full(len(names), -np.inf)
    np.maximum.at(peak, slots[today], scores.value[today])
    return peak, names


def _auc(high: Any, low: Any) -> float:
    """Share of pairs in which the first is larger; ties count half."""
    return float(((high[:, None] > low).mean() + (high[:, None] >= low).mean()) / 2)


_watching: list[set[str]] = []
_hooked: list[bool] = []


def _hear(event: str, _: Any) -> None:
    if _watching and event.startswith(("open", "socket.", "subprocess.", "os.")):
        _watching[-1].add(event)


@contextlib.contextmanager
def _audited() -> Iterator[set[str]]:
    """What the interpreter reports of files, sockets and processes; a hook can never be taken away, so it sleeps."""
    if not _hooked:
        sys.addaudithook(_hear)
        _hooked.append(True)
    _watching.append(set())
    try:
        yield _watching[-1]
    finally:
        _watching.pop()
