"""A user's ONNX classifier, from a few lines of TOML to an alert: whatever the cuts."""

import asyncio
import itertools
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import pytest
from onnx import TensorProto, helper

from detectors import stage
from detectors.pipeline import Pipeline
from detectors.scenarios import inputs
from detectors.settlement import Settlement
from schemas.formats import native
from schemas.threats import THREATS, runbook
from streams import classifiers
from streams.asking import Asking
from streams.planning import plan_of
from streams.scan import drive
from streams.settings import Invalid, load
from tests.detectors.classifiers.conftest import model, network

NAME = "classifier_shifted"


def shifted(chance):
    """Inputs of an ordinary person, each moved a little where a model is weak."""
    t = np.sort(chance.uniform(8, 18, 60)) * 3600
    x = inputs(chance, len(t))
    x[:, 8] += 0.3
    return t, x


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The classifier's file, and records of two days."""
    folder = tmp_path_factory.mktemp("classifier")
    w = np.zeros((16, 1), np.float32)
    w[8] = 20.0  # what nobody honest moves
    nodes = [helper.make_node("MatMul", ["x", "w"], ["m"]), helper.make_node("Add", ["m", "b"], ["y"])]
    weights = {"w": w, "b": np.array([-20.0], np.float32)}
    ends = [("x", TensorProto.FLOAT, ["N", 16])], [("y", TensorProto.FLOAT, ["N", 1])]
    (folder / "shifted.onnx").write_bytes(model(nodes, *ends, weights))
    days = [stage.day(0, stage.customers()), stage.day(1, [*stage.customers(), ("attacker", shifted)])]
    lines = [line(day, i, n) for n, day in enumerate(days) for i in range(len(day.time))]
    (folder / "clean.jsonl").write_bytes(b"\n".join(lines[:2000]))
    return folder, lines


def line(day, i, number):
    return msgspec.json.encode(
        {
            "id": f"{number}-{i}", "time": float(day.time[i]), "model": "loan", "version": "1",
            "principal": day.names[day.code[i]], "features": day.features[i].astype(float).tolist(),
            "probabilities": day.probabilities[i].astype(float).tolist(),
        }
    )  # fmt: skip


def configured(folder, text=""):
    file = folder / "tidegate.toml"
    file.write_text(f"""
[onnx]
provider = "cpu"
memory_bytes = 268_435_456

[[classifier]]
name = "shifted"
path = "{folder / "shifted.onnx"}"
model = "loan"
threat = "evasion"
scores = "logit"
{text}
""")
    return replace(plan_of(load(file)), secret=b"test", alerts_per_day=5.0)


def run(plan, lines, cuts=(), *, reborn=False):
    """Alerts as bytes, and the last coverage."""
    pipeline, alerts, coverage = Pipeline(plan), [], {}
    for a, b in itertools.pairwise([0, *sorted(cuts), len(lines)]):
        read = native.read_many(lines[a:b], range(a, b))
        out = drive(pipeline, read.records, read.offsets)
        alerts += out.findings.alerts
        coverage |= {n: why for row in out.coverage for n, why in row.not_watched.items()}
        if reborn:
            pipeline = Pipeline.from_bytes(plan, pipeline.to_bytes())
    return alerts, coverage, pipeline


@pytest.fixture(scope="module")
def undisturbed(files):
    folder, lines = files
    return run(configured(folder), lines)


def test_its_scores_become_alerts_like_any_detectors(undisturbed):
    mine = [alert for alert in undisturbed[0] if alert.detector == NAME]
    assert [alert.principal for alert in mine] == ["attacker"]
    assert mine[0].threat == "evasion"
    assert mine[0].coverage.share_scored == 1.0
    assert "one clean record in a hundred" in mine[0].message
    assert "Normal " in mine[0].message


def test_neither_cuts_nor_snapshots_change_an_alert(files, undisturbed):
    folder, lines = files
    draw = np.random.default_rng(0)
    for reborn in (False, True):
        cuts = draw.choice(np.arange(1, len(lines)), 9, replace=False).tolist()
        alerts, coverage, _ = run(configured(folder), lines, cuts, reborn=reborn)
        assert [msgspec.json.encode(a) for a in alerts] == [msgspec.json.encode(a) for a in undisturbed[0]]
        assert coverage == undisturbed[1]


def test_a_declared_calibration_set_says_what_is_clean(files):
    folder, lines = files
    plan = configured(folder, f'calibration = "{folder / "clean.jsonl"}"')
    alerts, _, pipeline = run(plan, lines)
    (mine,) = (alert for alert in alerts if alert.detector == NAME)
    assert mine.principal == "attacker"
    assert "2,000 declared clean records" in mine.message
    judge = next(iter(pipeline.watches.values())).judge
    law = plan.classifiers.some[0].declared.law
    assert np.array_equal(judge.settled.reference.learnt[NAME]["knot"], law.knot)
    assert Settlement.from_bytes(judge.settled.to_bytes()).reference.id == judge.settled.reference.id


def test_a_share_is_drawn_by_id_and_said_in_coverage_and_alerts(files):
    folder, lines = files
    plan = configured(folder, "share = 0.5")
    alerts, coverage, _ = run(plan, lines, [1000, 2345])
    again = run(plan, lines)
    assert [a.id for a in alerts] == [a.id for a in again[0]]
    assert coverage[f"share of {NAME}"] == "0.5 of the records: so it is configured"
    (mine,) = (alert for alert in alerts if alert.detector == NAME)
    assert mine.coverage.share_scored == 0.5
    read = native.read_many(lines, range(len(lines)))
    scored = [b.classified.score[:, 0] for b in plan.classifiers.read_many(Pipeline(plan).read(*read[:2]))]
    assert np.isfinite(np.concatenate(scored)).mean() == pytest.approx(0.5, abs=0.05)


def test_a_classifier_that_joins_after_the_burn_in_says_that_it_waits(files):
    folder, lines = files
    plan = configured(folder)
    bare = replace(plan, classifiers=type(plan.classifiers)())
    pipeline = run(bare, lines[:3600])[2]
    later = Pipeline.from_bytes(plan, pipeline.to_bytes())
    read = native.read_many(lines[3600:], range(3600, len(lines)))
    out = drive(later, read.records, read.offsets)
    assert NAME not in {alert.detector for alert in out.findings.alerts}
    assert any("joins with the next version" in row.not_watched.get(NAME, "") for row in out.coverage)


def test_records_of_another_form_are_not_looked_at_and_that_is_said(files):
    folder, _ = files
    plan = configured(folder)
    one = msgspec.json.encode({"id": "a", "time": 1.8e9, "model": "loan", "principal": "u", "features": [1.0] * 5})
    read = native.read_many([one], range(1))
    (batch,) = plan.classifiers.read_many(Pipeline(plan).read(read.records, read.offsets))
    assert np.isnan(batch.classified.score).all()
    assert batch.classified.shares == (0.0,)
    assert batch.classified.reasons == ("records have 5 numbers, the model takes 16",)


# -- asked together


async def test_rows_of_several_partitions_are_asked_about_together(files):
    folder, lines = files
    plan = configured(folder)
    asking = Asking(plan.classifiers, wait=0.05)
    parts = [native.read_many(lines[a : a + 100], range(a, a + 100)) for a in range(0, 800, 100)]
    batches = [Pipeline(plan).read(read.records, read.offsets) for read in parts]
    together = await asyncio.gather(*(asking.read(some) for some in batches))
    assert asking.rounds == 1
    assert asking.asked == 800
    for some, found in zip(batches, together, strict=True):
        alone = plan.classifiers.read_many(some)
        assert all(np.array_equal(a.classified.score, f.classified.score) for a, f in zip(alone, found, strict=True))


async def test_what_breaks_reaches_everybody_who_asked(files):
    folder, lines = files
    plan = configured(folder)

    class Broken(type(plan.classifiers)):
        def read_many(self, batches):
            raise ValueError("broken")

    asking = Asking(Broken(plan.classifiers.some), wait=0.01)
    read = native.read_many(lines[:10], range(10))
    batch = Pipeline(plan).read(read.records, read.offsets)
    found = await asyncio.gather(*(asking.read(batch) for _ in range(3)), return_exceptions=True)
    assert [str(one) for one in found] == ["broken"] * 3


# -- refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('sha256 = "' + "0" * 64 + '"', "sha256 is not the one"),
        ('output = "z"', "there are y"),
        ('input = "text"', "input_ids"),
        ('calibration = "/nowhere"', "No such file"),
    ],
)
def test_what_cannot_be_used_is_said_with_file_and_cure(files, text, said):
    with pytest.raises(Invalid, match=said) as refused:
        configured(files[0], text)
    assert "classifier.0 (shifted): " in str(refused.value)
    assert "shifted.onnx" in str(refused.value)


def test_a_file_that_is_too_large_is_not_read(files, tmp_path):
    (tmp_path / "shifted.onnx").write_bytes(network() + b"\0" * 5000)
    file = tmp_path / "t.toml"
    file.write_text(f'[onnx]\nlargest_bytes = 2000\n[[classifier]]\nname = "a"\npath = "{tmp_path / "shifted.onnx"}"\n')
    with pytest.raises(Invalid, match=r"onnx.largest_bytes = 2,000"):
        classifiers.loaded(load(file))


def test_a_digest_that_fits_is_taken(files):
    digest = sha256((files[0] / "shifted.onnx").read_bytes()).hexdigest()
    assert configured(files[0], f'sha256 = "{digest}"').classifiers.some[0].session.provider == "CPUExecutionProvider"


def test_a_gpu_that_is_demanded_and_not_there_is_said(files, monkeypatch):
    monkeypatch.setattr(classifiers, "DEVICES", ())
    file = files[0] / "gpu.toml"
    file.write_text(f'[onnx]\nprovider = "cuda"\n[[classifier]]\nname = "a"\npath = "{files[0] / "shifted.onnx"}"\n')
    with pytest.raises(Invalid, match='right would be "auto" or "cpu"'):
        classifiers.loaded(load(file))


@pytest.mark.parametrize("threat", sorted(THREATS))
def test_whatever_a_classifier_says_has_a_runbook(threat):
    assert (Path(__file__).parents[2] / runbook(threat)).is_file()
