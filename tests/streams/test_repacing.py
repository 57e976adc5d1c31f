"""A labelled trace with its honest customers at another pace."""

import json

import numpy as np
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from streams.repacing import Pace, main, repaced

moments = st.lists(st.floats(0, 1e6), min_size=1, max_size=200).map(lambda t: np.sort(np.array(t)) + 1.7e9)


@given(moments, st.sampled_from(Pace))
def test_a_customer_sends_as_much_in_the_same_span_in_order(time, pace):
    made = repaced(time, pace, np.random.default_rng(1))
    assert len(made) == len(time)
    assert (np.diff(made) >= 0).all()
    assert made[0] >= time[0] - 1e-6
    assert made[-1] <= time[-1] + len(time) + 1e-6


def test_paces_are_what_they_are_called():
    time = np.linspace(0, 36_000, 1000)
    constant, poisson, hourly = (np.diff(repaced(time, pace, np.random.default_rng(3))) for pace in Pace)
    assert np.allclose(constant, constant[0])
    assert poisson.std() == pytest.approx(poisson.mean(), rel=0.2)
    assert np.isclose(hourly, 1).sum() == 1000 - 10


@pytest.fixture
def trace(tmp_path):
    rows = [(i, "c-1" if i % 3 else "c-2", "") for i in range(300)]
    rows[200] = (200, "thief", "raid")
    lines = [
        json.dumps({"id": str(i), "time": 1000.0 + 60 * i, "principal": who, "features": [i]}) for i, who, _ in rows
    ]
    (tmp_path / "t.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "t.truth.csv").write_text("\n".join(f"{i},{'x' if raid else 'benign'},{raid}" for i, _, raid in rows))
    (tmp_path / "t.manifest.json").write_text("{}")
    return tmp_path


def test_a_copy_of_a_trace_has_the_same_records_in_time_order_and_attackers_keep_their_times(trace):
    app = typer.Typer()
    app.command()(main)
    done = CliRunner().invoke(app, [str(trace / "t.jsonl"), str(trace / "out"), "--pace", "constant"])
    assert done.exit_code == 0, done.output
    records = [json.loads(line) for line in (trace / "out" / "t.jsonl").read_text().splitlines()]
    labels = [line.split(",") for line in (trace / "out" / "t.truth.csv").read_text().splitlines()]
    assert sorted(int(r["id"]) for r in records) == list(range(300))
    assert [r["id"] for r in records] == [label[0] for label in labels]
    times = [r["time"] for r in records]
    assert times == sorted(times)
    (mine,) = [r for r in records if r["principal"] == "thief"]
    assert mine["time"] == 1000.0 + 60 * 200
    assert [label for label in labels if label[2]] == [["200", "x", "raid"]]
    assert {r["features"][0] == int(r["id"]) for r in records} == {True}


def test_before_the_day_that_is_named_nothing_changes(trace):
    app = typer.Typer()
    app.command()(main)
    CliRunner().invoke(app, [str(trace / "t.jsonl"), str(trace / "out"), "--since", "0.1"])
    before = [json.loads(line) for line in (trace / "t.jsonl").read_text().splitlines()]
    after = {r["id"]: r["time"] for r in map(json.loads, (trace / "out" / "t.jsonl").read_text().splitlines())}
    early = [r for r in before if r["time"] < 1000 + 0.1 * 86_400]
    assert len(early) == 144
    assert all(after[r["id"]] == r["time"] for r in early)
    assert any(after[r["id"]] != r["time"] for r in before[144:])
