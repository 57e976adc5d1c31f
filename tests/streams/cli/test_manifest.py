import json

import numpy as np
import pytest

from detectors.scenarios import DAY, answer, inputs

MONDAY = 1_767_571_200.0
CONFIG = '[calibration]\nsecret = "ours"\n[[manifest]]\nmodel = "loan"\nfile = "loan.manifest"\n'


def line(**record):
    return json.dumps(record) + "\n"


@pytest.fixture(scope="module")
def train():
    return inputs(np.random.default_rng(7), 300).astype(np.float64).round(3)


@pytest.fixture
def files(tmp_path, train):
    (tmp_path / "train.jsonl").write_text("".join(line(features=row) for row in train.tolist()))
    (tmp_path / "canaries.jsonl").write_text(line(features=train[0].tolist()))
    (tmp_path / "tidegate.toml").write_text(CONFIG)
    return tmp_path


def traffic(train, thief):
    """Two days of twenty customers; on the second one of them asks what ``thief`` makes of the training rows."""
    chance = np.random.default_rng(5)
    times = np.sort(chance.uniform(0, 2 * DAY, 3000))
    x = inputs(chance, len(times)).astype(np.float64).round(3)
    who = chance.integers(0, 20, len(times))
    own = np.flatnonzero((times > DAY) & (who == 7))
    x[own[::2]] = thief(train, len(own[::2]))
    p = answer(x.astype(np.float32)).astype(np.float64).round(4).tolist()
    return [
        line(
            id=f"r{i}",
            time=MONDAY + t,
            model="loan",
            principal=f"u{who[i]}",
            features=x[i].tolist(),
            probabilities=p[i],
        )
        for i, t in enumerate(times.tolist())
    ]


def alerts(path):
    return [
        one
        for one in map(json.loads, (path / "alerts.jsonl").read_text().splitlines())
        if one["detector"] == "membership"
    ]


def scan(tidegate, path, lines):
    (path / "log.jsonl").write_text("".join(lines))
    code, _, err = tidegate("scan", "log.jsonl", "--burn-in", "1d", "--alerts", "alerts.jsonl", "--db", "history")
    assert code == 0, err
    return alerts(path)


def test_who_asks_training_rows_is_named_from_a_manifest(tidegate, files, train):
    code, out, _ = tidegate("manifest", "train.jsonl", "--out", "loan.manifest")
    assert (code, out.startswith("loan.manifest: 300 different rows, 0 canaries")) == (0, True)
    (found,) = scan(tidegate, files, traffic(train, lambda rows, n: rows[10 : 10 + n]))
    assert (found["principal"], found["threat"], found["gate"]) == ("u7", "membership", "budget")
    assert "regression test" in found["message"]


def test_a_canary_is_certain_and_outside_the_budget(tidegate, files, train):
    assert tidegate("manifest", "train.jsonl", "--canaries", "canaries.jsonl", "--out", "loan.manifest")[0] == 0

    def once(rows, n):
        return np.concatenate([rows[:1], inputs(np.random.default_rng(9), n - 1).round(3)])

    (found,) = scan(tidegate, files, traffic(train, once))
    assert (found["principal"], found["gate"], found["budget_paid"], found["severity"]) == (
        "u7",
        "deterministic",
        0,
        "high",
    )


def test_without_a_manifest_coverage_says_so(tidegate, files, train):
    (files / "tidegate.toml").unlink()
    assert scan(tidegate, files, traffic(train, lambda rows, n: rows[:n])) == []
    _, out, _ = tidegate_with_history(tidegate, files)
    assert "membership: no manifest" in out


def tidegate_with_history(tidegate, path):
    (path / "tidegate.toml").write_text(f'[clickhouse]\nurl = "chdb://{path}/history"\n')
    return tidegate("coverage", "--reasons", "--format", "json")


def test_records_and_bare_rows_make_the_same_manifest(tidegate, files, train):
    records = [line(time=1.0, model="x", features=row, principal="p") for row in train.tolist()]
    (files / "records.jsonl").write_text("".join(records))
    assert tidegate("manifest", "train.jsonl", "--out", "a.manifest")[0] == 0
    assert tidegate("manifest", "records.jsonl", "--out", "b.manifest")[0] == 0
    assert (files / "a.manifest").read_bytes() == (files / "b.manifest").read_bytes()


def test_named_values_make_one_too(tidegate, files):
    rows = [{"age": age, "city": "Ulm"} for age in range(50)]
    (files / "named.jsonl").write_text("".join(line(features=row) for row in rows) + "nothing\n")
    code, out, err = tidegate("manifest", "named.jsonl", "--out", "named.manifest")
    assert (code, "50 different rows" in out) == (0, True)
    assert "1 lines were no usable rows" in err


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line(features=[1.0, 2.0]), line(features=[1.0])], "rows of 1 numbers, others have 2 numbers"),
        ([line(features=[1.0, 2.0]), line(features={"a": 1})], "rows of named values, others have 2 numbers"),
        (["nothing\n"], "none of the known formats"),
        (["\n"], "there is no row with features"),
    ],
)
def test_rows_that_make_none_are_said(tidegate, files, lines, said):
    (files / "odd.jsonl").write_text("".join(lines))
    code, _, err = tidegate("manifest", "odd.jsonl", "--out", "odd.manifest")
    assert code == 1
    assert said in err
    assert not (files / "odd.manifest").exists()


def test_a_manifest_that_cannot_be_used_stops_before_anything_is_read(tidegate, files):
    (files / "log.jsonl").write_text(line(id="r", time=MONDAY, model="loan", principal="u", features=[1.0]))
    code, _, err = tidegate("scan", "log.jsonl")
    assert (code, "loan.manifest: No such file" in err) == (2, True)
    (files / "loan.manifest").write_bytes(b"tgM1" + bytes(80))
    assert "damaged" in tidegate("scan", "log.jsonl")[2]
    assert tidegate("manifest", "train.jsonl", "--out", "loan.manifest", "--config", "tidegate.toml")[0] in (0, 2)


def test_the_doctor_says_whether_manifests_can_be_used(tidegate, files):
    assert "loan.manifest" in tidegate("doctor")[1]
    assert tidegate("manifest", "train.jsonl", "--out", "loan.manifest")[0] == 0
    assert "300 training rows of model loan, 0 canaries" in " ".join(tidegate("doctor")[1].split())


def test_a_manifest_of_another_secret_is_named(tidegate, files):
    (files / "log.jsonl").write_text(line(id="r", time=MONDAY, model="loan", principal="u", features=[1.0]))
    (files / "other.toml").write_text('[calibration]\nsecret = "theirs"\n')
    assert tidegate("manifest", "train.jsonl", "--out", "loan.manifest", "--config", "other.toml")[0] == 0
    code, _, err = tidegate("scan", "log.jsonl")
    assert (code, "made with another secret" in err) == (2, True)
