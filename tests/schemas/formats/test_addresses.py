from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formats import Source, named
from schemas.formats.addresses import client, telling

TWO = Source(trusted_hops=2)
INSIDE = Source(trusted_proxies=("10.0.0.0/8", "fd00::/8"))


@pytest.mark.parametrize(
    ("written", "source", "found"),
    [
        ("203.0.113.9", Source(), "203.0.113.9"),
        ("203.0.113.9:443", Source(), "203.0.113.9"),
        ("[2001:db8::1]:443", Source(), "2001:db8::1"),
        ("::ffff:203.0.113.9", Source(), "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", Source(), "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.1, 10.0.0.2", TWO, "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.1, fd00::2", INSIDE, "203.0.113.9"),
        ("203.0.113.9, 10.0.0.1", TWO, "203.0.113.9"),
        ("10.0.0.3, 10.0.0.1", INSIDE, "10.0.0.3"),
        ("'; DROP TABLE, 203.0.113.9, 10.0.0.1", INSIDE, "203.0.113.9"),
        ("junk, 10.0.0.1", INSIDE, "10.0.0.1"),
        ('for="[2001:db8::7]:80";proto=http, for=10.0.0.1', INSIDE, "2001:db8::7"),
        ("not an address", TWO, "not an address"),
    ],
)
def test_a_chain_is_read_from_its_end_as_far_as_proxies_are_trusted(written, source, found):
    assert client(written, source) == found


def test_whoever_calls_cannot_choose_whom_it_counts_as():
    made = {client(f"198.51.100.{n}, 203.0.113.9, 10.0.0.1", INSIDE) for n in range(50)}
    assert made == {"203.0.113.9"}


@given(st.text(max_size=80), st.integers(0, 4))
def test_no_text_raises(written, hops):
    assert isinstance(client(written, Source(trusted_hops=hops, trusted_proxies=("10.0.0.0/8",))), str)


def test_only_places_that_hold_addresses_are_read_as_such():
    assert all(map(telling, ("headers.x-forwarded-for", "client_ip", "remote_addr")))
    assert not any(map(telling, ("membership", "user")))


def test_the_native_format_looks_into_headers_and_addresses_too():
    value = b'{"time": 1, "model": "m", "note": {"ip": "1.1.1.1, 203.0.113.9"}}'
    raw = SimpleNamespace(timestamp=1, key=None, headers=[("X-Api-Key-Hash", b"k-1")])

    def who(*places):
        found = named("native").read_many([value], [0], source=Source(principal=places), raws=[raw])
        return found.records[0].principal

    assert who("headers.x-api-key-hash", "principal") == "k-1"
    assert who("note.ip") == "203.0.113.9"
    assert who("principal", "const:shared") == "shared"
    assert who("principal") == "unknown"
