from dataclasses import replace

import numpy as np
import pytest

from detectors import stage, trimming
from detectors.burn_in import BurnIn
from detectors.plan import Plan

PLAN = Plan(secret=b"x")


@pytest.fixture(scope="module")
def clean() -> BurnIn:
    return stage.burn_in()


def spoilt(clean: BurnIn, count: int) -> BurnIn:
    """The same, with principals who send random inputs, one a minute."""
    random, n = np.random.default_rng(0), 120
    rows = np.tile(np.arange(n), count) % len(clean)
    span = np.abs(clean.features).max(0)
    own = random.uniform(-3, 3, (len(rows), clean.features.shape[1])).astype(np.float32) * span
    code = len(clean.principals) + np.repeat(np.arange(count), n)
    made = {
        name: np.concatenate([getattr(clean, name), getattr(clean, name)[rows]])
        for name in ("probabilities", "latency", "tokens", "bad", "text", "lone")
    }
    time = np.concatenate([clean.time, clean.start + 60.0 * np.tile(np.arange(n), count)])
    order = np.argsort(time, kind="stable")
    labels = [*clean.labels, *[clean.labels[row] for row in rows]]
    return replace(
        clean,
        principals=[*clean.principals, *[f"thief-{i}" for i in range(count)]],
        principal=np.concatenate([clean.principal, code]).astype(np.int32)[order],
        features=np.concatenate([clean.features, own])[order],
        time=time[order],
        labels=[labels[i] for i in order],
        **{name: column[order] for name, column in made.items()},
    )


def test_a_clean_burn_in_is_taken_whole(clean: BurnIn):
    made = trimming.taught(clean, PLAN)
    assert made.sample is clean
    assert made.kept.all()


def test_attackers_in_the_burn_in_teach_nothing_but_the_mildest(clean: BurnIn):
    dirty = spoilt(clean, max(3, len(clean.principals) // 8))
    made = trimming.taught(dirty, PLAN)
    thieves = [name for name in made.sample.principals if name.startswith("thief")]
    honest = [name for name in made.sample.principals if not name.startswith("thief")]
    assert len(thieves) <= int(np.ceil(trimming.EXPECTED * len(dirty.principals)))
    assert len(honest) >= 0.95 * len(clean.principals)
    assert len(made.sample) == made.kept.sum()
    assert (made.sample.features == dirty.features[made.kept]).all()
    assert [made.sample.principals[p] for p in made.sample.principal] == [
        dirty.principals[p] for p in dirty.principal[made.kept]
    ]


def test_where_an_earlier_version_watched_only_who_was_told_of_is_left_out(clean: BurnIn):
    dirty = spoilt(clean, max(3, len(clean.principals) // 8))
    made = trimming.taught(replace(dirty, accused=["thief-1", "a stranger"]), PLAN)
    assert set(dirty.principals) - set(made.sample.principals) == {"thief-1"}
    assert trimming.taught(replace(dirty, accused=[]), PLAN).kept.all()


def test_accusations_of_more_than_a_fifth_are_not_believed(clean: BurnIn):
    half = clean.principals[::2]
    assert trimming.taught(replace(clean, accused=half), PLAN).kept.all()


def test_samples_of_partitions_bring_all_that_were_accused_there(clean: BurnIn):
    parts = [replace(clean, accused=names) for names in (["b", "a"], None, ["a", "c"])]
    assert BurnIn.merge(parts).accused == ["a", "b", "c"]
    assert BurnIn.merge([clean, clean]).accused is None
    assert BurnIn.from_bytes(parts[0].to_bytes()).accused == ["b", "a"]


def test_a_population_that_is_loud_as_a_whole_is_left_alone():
    peak = np.concatenate([np.zeros(70), np.full(30, 9.0)])
    assert not trimming.suspect(peak, -0.2, 0.78).any()


def test_of_the_suspects_the_mildest_stay():
    peak = np.concatenate([np.zeros(90), np.arange(4.0, 14.0)])
    left_out = np.flatnonzero(trimming.suspect(peak, -0.2, 0.78))
    assert left_out.tolist() == list(range(91, 100))
