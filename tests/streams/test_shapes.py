"""How files hold their entries: each shape gives the same entries, however it is packed and cut."""

import gzip
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams import decompress
from streams.documents import Cutter
from streams.files import read_lines

ENTRIES = [{"a": 1, "b": '}{"[,'}, {"a": [1, {"c": []}]}, {"é": None}]


def entries(path, **limits):
    chunks = list(read_lines([str(path)], **limits))
    values = [json.loads(line) for chunk in chunks for line in chunk.lines]
    return values, [one for chunk in chunks for one in chunk.rejects], [raw for c in chunks for raw in c.raws or []]


def lines(values):
    return "\n".join(map(json.dumps, values))


@pytest.mark.parametrize(
    "text",
    [
        lines(ENTRIES),
        json.dumps(ENTRIES),
        json.dumps(ENTRIES, indent=2),
        "[\n" + ",\n".join(map(json.dumps, ENTRIES)) + "\n]\n",
        "\n".join(json.dumps(one, indent=4) for one in ENTRIES),
        "".join(map(json.dumps, ENTRIES)),
        "\ufeff" + json.dumps(ENTRIES, indent=1),
        "# exported\n" + "\n# next\n".join(json.dumps(one, indent=2) for one in ENTRIES),
    ],
)
@pytest.mark.parametrize("packed", [lambda data: data, gzip.compress])
def test_the_same_entries_come_out_of_every_way_to_write_them(tmp_path, text, packed):
    (tmp_path / "log").write_bytes(packed(text.encode()))
    assert entries(tmp_path / "log")[:2] == (ENTRIES, [])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.recursive(st.text(max_size=6) | st.none(), lambda one: st.lists(one, max_size=3)), max_size=6),
       st.booleans(), st.integers(1, 9), st.integers(0, 2**32))  # fmt: skip
def test_cuts_in_pieces_do_not_matter(values, array, piece, seed):
    documents = [{"v": value} for value in values]
    chance = random.Random(seed)
    indent = chance.choice([None, 1])
    text = json.dumps(documents, indent=indent) if array else "".join(json.dumps(d, indent=indent) for d in documents)
    data, cutter, found = text.encode(), Cutter(1 << 20, array=array), []
    for at in range(0, len(data), piece):
        found += [json.loads(value) for value, _ in cutter.cut(data[at : at + piece])]
    assert found == documents
    assert cutter.rest() == (b"", 0)


def test_a_document_beyond_the_limit_is_a_reject_and_the_next_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(decompress, "PIECE", 50)
    (tmp_path / "log").write_text(json.dumps([{"a": "x" * 500}, {"b": 1}], indent=1))
    values, rejects, _ = entries(tmp_path / "log", limit_bytes=100)
    assert values == [{"b": 1}]
    assert "more than the 100" in rejects[0].reason


def test_one_broken_first_line_does_not_make_a_log_a_document(tmp_path):
    (tmp_path / "log").write_text('{"a": "cut off\n' + lines(ENTRIES))
    found = [line for chunk in read_lines([str(tmp_path / "log")]) for line in chunk.lines]
    assert [json.loads(line) for line in found[1:]] == ENTRIES


def test_envelopes_of_a_topic_keep_key_headers_time_and_topic(tmp_path):
    made = [
        {"topic": "t", "partition": 0, "offset": 7, "tstype": "create", "ts": 1767571245525, "broker": 0,
         "headers": ["ce_id", "x", "ce_id", "y"], "key": "k", "payload": '{"a": 1}'},
        {"topic": "u", "partition": 0, "offset": 8, "ts": 5, "headers": {}, "key": None,
         "payload_b64": "eyJhIjogMn0="},
    ]  # fmt: skip
    (tmp_path / "log").write_text(lines(made) + '\n{"topic": "t"}\n')
    values, rejects, raws = entries(tmp_path / "log")
    assert values == [{"a": 1}, {"a": 2}]
    assert [(raw.topic, raw.timestamp, raw.key) for raw in raws] == [("t", 1767571245525, b"k"), ("u", 5, None)]
    assert raws[0].headers == (("ce_id", b"x"), ("ce_id", b"y"))
    assert rejects[0].reason == "no message in an envelope, as others in this file are"


def test_a_table_has_numbers_names_and_nothing(tmp_path):
    (tmp_path / "log.csv").write_text('id,amount,code,"note, long"\n1,2.5,007,"a\nb"\n2,,x,\n3,1,2,3,4\n')
    values, rejects, raws = entries(tmp_path / "log.csv")
    assert values == [{"id": 1, "amount": 2.5, "code": "007", "note, long": "a\nb"}, {"id": 2, "code": "x"}]
    assert rejects[0].reason == "a row of 5 cells under 4 names"
    assert raws[0].headers == (("content-type", b"text/csv"),)


def test_a_table_is_told_by_its_first_line_even_without_an_ending(tmp_path):
    (tmp_path / "log").write_text("time;user id;amount\n5;u-1;2\n")
    assert entries(tmp_path / "log")[0] == [{"time": 5, "user id": "u-1", "amount": 2}]


def test_a_binary_file_is_one_entry_with_the_headers_beside_it(tmp_path):
    (tmp_path / "x.bin").write_bytes(b'{"inputs":[]}\n\x00\x01\n\x02')
    (tmp_path / "x.headers.json").write_text('{"Inference-Header-Content-Length": 13}')
    (chunk,) = read_lines([str(tmp_path / "x.bin")])
    assert chunk.lines == [b'{"inputs":[]}\n\x00\x01\n\x02']
    assert chunk.raws[0].headers == (("Inference-Header-Content-Length", b"13"),)
    assert chunk.raws[0].timestamp > 1_600_000_000_000


def test_streams_of_events_and_http_messages_are_one_entry(tmp_path):
    (tmp_path / "sse").write_text('data: {"a":1}\n\ndata: [DONE]\n\n')
    (tmp_path / "http").write_text('POST /v2 HTTP/1.1\r\nX-Key: k\r\n\r\n{"a":\n1}')
    (events,), (call,) = read_lines([str(tmp_path / "sse")]), read_lines([str(tmp_path / "http")])
    assert events.lines == [b'data: {"a":1}\n\ndata: [DONE]\n\n']
    assert (call.lines, call.raws[0].headers) == ([b'{"a":\n1}'], (("X-Key", b"k"),))


SHOWN = """☁️  cloudevents.Event
Validation: valid
Context Attributes,
  specversion: 1.0
  type: org.kubeflow.serving.inference.request
  id: {name}
  time: 2026-01-05T00:23:26.0789529Z
Extensions,
  endpoint:
  inferenceservicename: fraud
Data,
  {data}
"""


def test_events_that_were_printed_are_objects_again(tmp_path):
    (tmp_path / "log").write_text("".join(SHOWN.format(name=f"r-{i}", data='{"instances":\n [[1]]}') for i in range(3)))
    (chunk,) = read_lines([str(tmp_path / "log")])
    found = [json.loads(line) for line in chunk.lines]
    assert [one["id"] for one in found] == ["r-0", "r-1", "r-2"]
    assert all(one["data"] == {"instances": [[1]]} for one in found)
    assert (found[0]["time"], found[0]["endpoint"]) == ("2026-01-05T00:23:26.0789529Z", "")
    (tmp_path / "log").write_text(
        SHOWN.format(name="r", data="no JSON: it's text") + SHOWN.format(name="s", data="x" * 9999)
    )
    chunks = list(read_lines([str(tmp_path / "log")], limit_bytes=4096))
    assert [json.loads(line)["data"] for one in chunks for line in one.lines] == ["no JSON: it's text"]
    assert ["4096" in reject.reason for one in chunks for reject in one.rejects] == [True]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.integers(0, 400), st.booleans())
def test_no_printed_event_raises(tmp_path, data, at, cut):
    text = SHOWN.replace("{name}", "r").replace("{data}", data).encode()
    (tmp_path / "log").write_bytes(text[:at] if cut else text[:at] + b"\xff" + text[at:])
    chunks = list(read_lines([str(tmp_path / "log")], limit_bytes=300))
    assert all(one.lines or one.rejects for one in chunks)


def test_an_answer_that_came_in_pieces_a_line_each_is_one_entry_and_several_are_not(tmp_path):
    ends, goes = '{"response": "b", "done": true}\n', '{"response": "a", "done": false}\n'
    chunk = '{"id": "c-1", "object": "chat.completion.chunk", "choices": []}\n'
    for text, entries in (
        (goes + goes + ends, 1), (chunk * 3, 1), (ends + ends, 2), (goes + ends + goes + ends, 4),
        (chunk + chunk.replace("c-1", "c-2"), 2), (goes + '{"time": 5}\n' + ends, 3),
    ):  # fmt: skip
        (tmp_path / "pieces").write_text(text)
        assert sum(len(one.lines) for one in read_lines([str(tmp_path / "pieces")])) == entries


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_bytes_of_a_file_raise(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("f") / data.draw(st.sampled_from(["x", "x.csv", "x.bin", "x.jsonl"]))
    parts = [
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"\\",
        b"\n",
        b",",
        b"a,b",
        b"\x00",
        b"\xff",
        b"data: ",
        b'{"topic":1}',
        b"\t",
        b"#",
    ]
    path.write_bytes(b"".join(data.draw(st.lists(st.sampled_from(parts), max_size=40))))
    for chunk in read_lines([str(path)], limit_bytes=64):
        assert chunk.raws is None or len(chunk.raws) == len(chunk.lines)
        assert all(chunk.lines)
