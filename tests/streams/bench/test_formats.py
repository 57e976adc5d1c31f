import pytest

from schemas.formats import FORMATS, Source, named, recognise
from schemas.formats.message import Around
from streams.bench import formats, tables

CASES = list(formats.cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_what_is_measured_is_recognised_for_what_it_is(case):
    raw = Around(1, None, tuple(case.headers))
    source = tables.MAPPED if case.form == "mapping" else Source()
    found = recognise([case.entry], source, topic=case.topic, raws=[raw])
    assert (found.name, found.share, found.tied) == (case.form, 1.0, ())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_what_is_measured_is_read(case):
    raw = Around(1_767_571_245_000, None, tuple(case.headers))
    source = tables.MAPPED if case.form == "mapping" else formats.TOLD
    reading = named(case.form).read_many([case.entry], [0], topic=case.topic, source=source, raws=[raw])
    assert not reading.rejects
    assert len(reading.records) + len(reading.halves) >= 1


def test_each_reader_has_its_rate_beside_plain_python(monkeypatch):
    monkeypatch.setattr(formats, "BYTES", 1)
    monkeypatch.setattr(formats, "RUNS", 1)
    found = formats.measure()
    assert set(found) == {case.what for case in CASES}
    assert {case.form for case in CASES} <= set(FORMATS)
    for row in found.values():
        assert row["records_per_second"] > 0
    assert found["mapping, 32 features"]["json_loads_per_second"] > 0
    assert found["mapping, 32 features"]["goal"] == 40_000
