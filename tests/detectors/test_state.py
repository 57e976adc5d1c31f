"""Slots, eviction, evidence and bytes of the key table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.evidence import EvidenceStore
from detectors.packing import Corrupt
from detectors.state import KeyTable

ROW = np.dtype([("value", "f8"), ("ring", "i4", 3)], align=True)
GATE = np.dtype([("peak", "f8")])


def table(limit=16, suspicion=None):
    return KeyTable({"row": ROW, "gate": GATE}, limit=limit, evidence=["gate"], suspicion=suspicion)


def feed(t, names, ordinal=0):
    """Put names in, evicting where needed; counts each name in its row."""
    distinct = sorted(set(names))
    codes = np.array([distinct.index(n) for n in names], np.int32)
    at = 0
    while at < len(codes):
        slots = t.assign(distinct, codes[at:], ordinal + at)
        np.add.at(t["row"]["value"], slots, 1.0)
        np.maximum.at(t["gate"]["peak"], slots, 1.0)
        at += len(slots)
        if at < len(codes):
            t.evict()
    return t


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([f"k{i}" for i in range(30)]), min_size=1, max_size=120), st.data())
def test_slots_and_state_do_not_depend_on_cuts_even_when_keys_are_evicted(names, data):
    cut = data.draw(st.integers(0, len(names)))
    whole = feed(table(limit=7), names)
    parts = table(limit=7)
    feed(parts, names[:cut])
    feed(parts, names[cut:], ordinal=cut)
    assert whole.to_bytes() == parts.to_bytes()


@given(st.lists(st.text(max_size=5), min_size=1, max_size=40))
def test_bytes_restore_every_key_and_row(names):
    one = feed(table(limit=8), names)
    other = table(limit=8)
    other.load(one.to_bytes())
    assert other.slot_of == one.slot_of
    assert other.to_bytes() == one.to_bytes()
    feed(one, names, 99)
    feed(other, names, 99)
    assert other.to_bytes() == one.to_bytes()


def test_never_more_keys_than_the_limit():
    t = feed(table(limit=10), [f"k{i}" for i in range(1000)])
    assert len(t) <= 10
    assert len(t["row"]) <= 11
    assert t.evicted >= 990


def test_the_longest_away_goes_first():
    t = feed(table(limit=4), ["a", "b", "c", "d", "a", "e"])
    assert "b" not in t.slot_of
    assert {"a", "c", "d", "e"} == set(t.slot_of)


def test_a_flood_of_newcomers_cannot_push_out_a_suspect():
    t = table(limit=64, suspicion=lambda t, slots: (t["gate"]["peak"][slots] > 5).astype(np.float32))
    feed(t, ["suspect"])
    t["gate"]["peak"][t.slot_of["suspect"]] = 9.0
    feed(t, [f"n{i}" for i in range(5000)], 1)
    assert "suspect" in t.slot_of


def test_evidence_comes_back_with_its_key_but_the_profile_starts_anew():
    t = table(limit=8)
    feed(t, ["thief"])
    t["gate"]["peak"][t.slot_of["thief"]] = 7.5
    feed(t, [f"n{i}" for i in range(20)], 1)
    assert "thief" not in t.slot_of
    feed(t, ["thief"], 30)
    assert t["gate"]["peak"][t.slot_of["thief"]] == 7.5
    assert t["row"]["value"][t.slot_of["thief"]] == 1.0


def test_row_zero_is_nobodys():
    t = feed(table(), ["a", "b"])
    assert 0 not in t.slot_of.values()
    assert t["row"]["value"][0] == 0.0


def test_another_layout_is_refused():
    data = feed(table(), ["a"]).to_bytes()
    with pytest.raises(Corrupt, match="another layout"):
        KeyTable({"row": GATE, "gate": GATE}, limit=16).load(data)


def test_memory_of_evidence_is_fixed_and_the_least_suspicious_goes():
    store = EvidenceStore({"gate": GATE}, rows=64)
    row = np.ones((), GATE)
    store.put("suspect", {"gate": row}, 1.0)
    for i in range(10_000):
        store.put(f"n{i}", {"gate": row}, 0.0)
    assert store.table.size == 64
    assert store.lost > 9_000
    assert "gate" in store.take("suspect")
    assert store.take("suspect") == {}


def test_a_flood_of_a_million_principals_fits_into_a_fixed_memory():
    """Names come in blocks of new ones only, as a flood would send them."""
    t = KeyTable({"row": np.dtype([("value", "f8")]), "gate": GATE}, limit=20_000, evidence=["gate"])
    t.evidence.put("x", {"gate": np.ones((), GATE)}, 0.0)
    size = 2000
    codes = np.arange(size, dtype=np.int32)
    for start in range(0, 1_000_000, size):
        names, at = [f"{start + i:x}" for i in range(size)], 0
        while at < size:
            at += len(t.assign(names, codes[at:], start + at))
            if at < size:
                t.evict()
    assert len(t["row"]) <= 20_001
    assert len(t.keys) <= 20_001
    assert t.evidence.table.nbytes <= 4 * 20_000 * 32
