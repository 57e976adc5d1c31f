"""The commands that look into the database, on the embedded engine."""

import json

import msgspec
import pytest

from detectors.exposure import Exposed
from schemas.alert import Alert, Severity, Verdict, Why
from streams.batches import TopicPartition
from streams.deposits import SAMPLE, Place, SinkDeposits
from streams.rows import exposure
from streams.sinks import rows
from streams.sinks.address import open_sink
from streams.sinks.migrations import migrate

HOSTILE = "evil\x1b[2J[bold]"


def alert(number: int, **other) -> Alert:
    plain = {
        "id": f"{number:032x}", "time": 1_767_700_000.0 + number, "first_time": 1_767_699_000.0,
        "last_time": 1_767_700_000.0 + number, "verdict": Verdict.ATTACK, "threat": "extraction",
        "severity": Severity.HIGH, "detector": "unusual_profile", "model": "fraud", "principal": f"u-{number}",
        "principals": [f"u-{number}"], "title": f"u-{number} is copying model fraud", "count": 3,
        "why": [Why(name="distance", value=0.31, typical=0.02, text="asks where customers do not")],
    }  # fmt: skip
    return Alert(**(plain | other))


FOUND = [alert(2), alert(1, severity=Severity.LOW, threat="flood"), alert(3, title=HOSTILE, verdict=Verdict.DRIFT)]


HELD = [
    ("fraud", "1", Exposed(who, 1_767_700_000.0, 1_767_699_000.0, answers, level, inputs, agreement, 0.2, "r-1"))
    for who, answers, level, inputs, agreement in
    (("u-2", 90, 3, 40, 0.4), ("u-2", 400, 7, 160, 0.75), (HOSTILE, 100, 3, 40, 0.5))
]  # fmt: skip


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("db")
    sink = open_sink(f"chdb://{folder / 'db'}")
    migrate(sink)
    sink.write("alerts", rows.alerts(FOUND), "first")
    sink.write("exposure", exposure(HELD, TopicPartition("traffic", 0)), "held")
    sink.close()
    path = folder / "tidegate.toml"
    path.write_text(f'[clickhouse]\nurl = "chdb://{folder / "db"}"\n')
    return path


def test_alerts_are_listed_oldest_first_in_the_form_of_the_topic(tidegate, config):
    code, out, _ = tidegate("alerts", "--format", "jsonl", "--config", config)
    assert code == 0
    found = [msgspec.json.decode(line, type=Alert) for line in out.splitlines()]
    assert found == sorted(FOUND, key=lambda one: one.time)


def test_alerts_are_chosen_by_what_is_asked(tidegate, config):
    def ids(*options):
        code, out, _ = tidegate("alerts", "--format", "json", "--config", config, *options)
        assert code == 0
        return [int(one["id"], 16) for one in json.loads(out)]

    assert ids() == [1, 2, 3]
    assert ids("--severity", "low") == [1]
    assert ids("--threat", "extraction", "--verdict", "attack") == [2]
    assert ids("--principal", "u-3") == [3]
    assert ids("--since", "1767700002") == [2, 3]
    assert ids("--until", "1767700002") == [1]
    assert ids("--limit", "1") == [1]
    assert ids("--model", "other") == []


def test_a_threat_that_is_none_gets_the_nearest_right_name(tidegate, config):
    code, _, err = tidegate("alerts", "--threat", "extracton", "--config", config)
    assert code == 2
    assert 'did you mean "extraction"?' in err


def test_ocsf_findings_come_one_a_line(tidegate, config):
    code, out, _ = tidegate("alerts", "--format", "ocsf", "--config", config)
    assert code == 0
    assert [json.loads(line)["class_uid"] for line in out.splitlines()] == [2004] * 3


def test_nothing_in_a_table_acts_on_the_terminal(tidegate, config):
    _, out, _ = tidegate("alerts", "--config", config)
    assert "evil\\x1b[2J[bold]" in out
    assert "\x1b" not in out


def test_one_alert_is_shown_in_full_by_how_its_id_begins(tidegate, config):
    code, out, _ = tidegate("alert", f"{2:032x}", "--config", config)
    assert code == 0
    assert "asks where customers do not" in out
    assert "u-2 is copying model fraud" in out
    code, out, _ = tidegate("alert", f"{3:032x}", "--format", "json", "--config", config)
    assert json.loads(out)["title"] == HOSTILE
    code, out, _ = tidegate("alert", f"{3:032x}", "--format", "ocsf", "--config", config)
    assert json.loads(out)["class_uid"] == 2004


def test_an_id_must_say_which(tidegate, config):
    assert tidegate("alert", "0000", "--config", config)[0] == 2
    assert tidegate("alert", "ffff", "--config", config) == (
        1, "", "tidegate: no alert's id begins with ffff; tidegate alerts lists them\n",
    )  # fmt: skip
    assert tidegate("alert", "x' OR 1=1", "--config", config)[0] == 2


def test_coverage_and_budget_answer_when_there_is_nothing(tidegate, config):
    for command in (["coverage"], ["coverage", "--reasons"], ["budget"], ["exposure"]):
        code, out, _ = tidegate(*command, "--format", "json", "--until", "2026-01-01", "--config", config)
        assert (code, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    ("command", "said"),
    [("alerts", "tidegate coverage says"), ("coverage", "no records then"), ("exposure", "nobody holds a share"),
     ("budget", "begins when its burn-in is over"), ("coverage --reasons", "every record then was watched")],
)  # fmt: skip
def test_a_person_who_looks_at_nothing_is_told_so_and_a_program_is_not(tidegate, config, command, said):
    question = (*command.split(), "--until", "2026-01-01", "--config", config)
    code, out, err = tidegate(*question)
    assert (code, len(out.splitlines())) == (0, 1)
    assert said in err
    assert tidegate(*question, "--format", "json") == (0, "[]\n", "")


def test_a_database_that_is_not_there_is_named_and_not_made(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text(f'[clickhouse]\nurl = "chdb://{tmp_path / "histroy"}"\n')
    for command in ("alerts", "coverage", "exposure", "budget"):
        code, out, err = tidegate(command)
        assert (code, out) == (1, "")
        assert f"chdb://{tmp_path / 'histroy'}: there is no such directory; check [clickhouse] url" in err
    assert not (tmp_path / "histroy").exists()


def test_a_file_where_the_database_should_be_is_said_so(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text(f'[clickhouse]\nurl = "chdb://{tmp_path / "tidegate.toml"}"\n')
    code, _, err = tidegate("alerts")
    assert code == 1
    assert f"cannot use the directory {tmp_path / 'tidegate.toml'}: a file has that name" in err


def test_a_database_that_does_not_answer_names_the_key_to_look_at(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text('[clickhouse]\nurl = "clickhouse://127.0.0.1:1/tidegate"\n')
    for command in (["alerts"], ["migrate"], ["coverage"]):
        code, _, err = tidegate(*command)
        assert code == 1
        assert "ClickHouse at 127.0.0.1:1/tidegate does not answer" in err
        assert err.endswith("check [clickhouse] url\n")


def test_the_budget_counts_alerts_by_day_and_detector(tidegate, config):
    code, out, _ = tidegate("budget", "--format", "json", "--config", config)
    assert code == 0
    assert sum(row["alerts"] for row in json.loads(out)) == 2


def test_who_could_copy_a_model_is_shown_the_best_first(tidegate, config):
    code, out, _ = tidegate("exposure", "--format", "json", "--config", config)
    found = json.loads(out)
    assert (code, [one["principal"] for one in found]) == (0, ["u-2", HOSTILE])
    assert (found[0]["agreement"], found[0]["answers"], found[0]["inputs"]) == (0.75, 400, 160)
    code, out, _ = tidegate("exposure", "--principal", HOSTILE, "--config", config)
    assert code == 0
    assert "\x1b" not in out
    assert "0.5" in out
    assert tidegate("exposure", "--model", "other", "--format", "csv", "--config", config)[1].count("\n") == 1


def test_a_partition_that_waits_for_others_is_among_the_reasons(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text(f'[clickhouse]\nurl = "chdb://{tmp_path / "waiting"}"\n')
    assert tidegate("migrate")[0] == 0
    sink = open_sink(f"chdb://{tmp_path / 'waiting'}")
    SinkDeposits(sink).put(SAMPLE, Place("traffic", "fraud", "3", 0), 5, b"sample")
    sink.close()
    code, out, _ = tidegate("coverage", "--reasons", "--format", "json")
    assert code == 0
    (row,) = json.loads(out)
    assert (row["model"], row["topic"], row["partition"], row["now"]) == ("fraud", "traffic", 5, "yes")
    assert row["reason"].startswith("settling since 20")
    assert json.loads(tidegate("coverage", "--reasons", "--model", "chat", "--format", "json")[1]) == []
    assert "settling since" in tidegate("coverage", "--reasons")[1]


def test_migrate_says_what_it_would_do_does_it_and_then_has_nothing_to_do(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text(f'[clickhouse]\nurl = "chdb://{tmp_path / "new"}"\n')
    code, out, err = tidegate("alerts")
    assert (code, out) == (1, "")
    assert "run tidegate migrate" in err
    code, out, _ = tidegate("migrate", "--dry-run")
    assert code == 0
    assert "CREATE TABLE" in out
    assert "MODIFY TTL" in out
    assert tidegate("migrate")[0] == 0
    assert tidegate("migrate") == (0, "the schema is up to date\n", "")


def test_migrate_sets_how_long_rows_are_kept_and_again_when_that_is_configured_otherwise(tidegate, tmp_path):
    def configure(days: int) -> None:
        text = f'[clickhouse]\nurl = "chdb://{tmp_path / "kept"}"\nrecords_ttl = "{days}d"\nalerts_ttl = "400d"\n'
        (tmp_path / "tidegate.toml").write_text(text)

    configure(7)
    assert "set how long rows are kept" in tidegate("migrate")[1]
    assert tidegate("migrate")[1] == "the schema is up to date\n"
    configure(8)
    dry = tidegate("migrate", "--dry-run")[1]
    assert {line.split()[2] for line in dry.splitlines() if "MODIFY TTL" in line} == {
        "tidegate.records", "tidegate.scores",
    }  # fmt: skip
    assert tidegate("migrate", "--dry-run")[1] == dry
    assert tidegate("migrate")[1] == "set how long rows are kept\n"
    assert tidegate("migrate")[1] == "the schema is up to date\n"


@pytest.mark.parametrize("wrong", ["30m", "0s", "20000d"])
def test_a_time_that_would_forget_at_once_or_cannot_be_computed_is_refused(tidegate, tmp_path, wrong):
    (tmp_path / "tidegate.toml").write_text(f'[clickhouse]\nurl = "memory://"\nalerts_ttl = "{wrong}"\n')
    code, _, err = tidegate("migrate")
    assert code == 2
    assert "alerts_ttl" in err
    assert "18250d" in err


def test_memory_has_nothing_to_migrate(tidegate, tmp_path):
    (tmp_path / "tidegate.toml").write_text('[clickhouse]\nurl = "memory://"\n')
    assert tidegate("migrate")[0] == 2
