"""Files through the same pipeline: nothing lost, alerts in order, whatever the cuts into files."""

import msgspec
import pytest

from detectors import scenarios, stage
from detectors.plan import Plan
from streams.scan import Listener, Unreadable, scan
from tests.streams.scans import line


class Everything(Listener):
    def __init__(self):
        self.alerts, self.rejects, self.rows = [], [], 0

    def on_alerts(self, alerts):
        self.alerts += alerts

    def on_rejects(self, rejects):
        self.rejects += rejects

    def on_scores(self, batch, scores):
        self.rows += len(batch)


@pytest.fixture(scope="module")
def lines():
    days = [stage.day(0, stage.customers()), stage.day(1, [*stage.customers(), ("fuzzer", scenarios.fuzzing)])]
    return [line(day, n, i) for n, day in enumerate(days) for i in range(len(day.time))]


PLAN = Plan(alerts_per_day=5.0, secret=b"scan")


def watched(paths, **options):
    told = Everything()
    return scan([str(p) for p in paths], PLAN, told, **options), told


def test_one_file_or_several_give_the_same_alerts(tmp_path, lines):
    whole, first, second = tmp_path / "all.jsonl", tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    whole.write_bytes(b"\n".join(lines))
    first.write_bytes(b"\n".join(lines[:3000]))
    second.write_bytes(b"\n".join(lines[3000:]))
    one, told = watched([whole])
    many, also = watched([first, second])
    assert [msgspec.json.encode(a) for a in told.alerts] == [msgspec.json.encode(a) for a in also.alerts]
    assert one.records == many.records == told.rows == len(lines)
    assert "fuzzer" in {a.principal for a in told.alerts}


def test_broken_lines_are_counted_and_said_where(tmp_path, lines):
    path = tmp_path / "broken.jsonl"
    path.write_bytes(b"\n".join([*lines[:10], b"{not json", *lines[10:20], b'{"time": 1}']))
    summary, told = watched([path])
    assert (summary.records, summary.rejects) == (22, 2)
    assert [r.offset for r in told.rejects] == [10, 21]
    assert all(r.reason for r in told.rejects)
    assert summary.models["loan", "1"].records == 20


def test_what_no_format_reads_is_said(tmp_path):
    path = tmp_path / "noise"
    path.write_bytes(b"one\ntwo\n")
    with pytest.raises(Unreadable, match="noise"):
        watched([path])


def test_what_no_format_reads_is_said_with_the_place_where_it_ends_to_be_json(tmp_path):
    (tmp_path / "broken.txt").write_text('\n{"a": 1 "b": 2}\n')
    with pytest.raises(Unreadable, match=r"entry 2: not valid JSON: Expecting .* at character 9"):
        watched([tmp_path / "broken.txt"])
