"""TLS to a server whose certificate a private authority signed."""

import pytest

from streams.sinks.address import open_sink
from streams.sinks.api import Unavailable
from tests.servers.certificates import issued
from tests.servers.clickhouse import Server

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    authority, certificate, key = issued(folder)
    server = Server(folder / "clickhouse", {"tidegate_writer": "right"}, certificate=(certificate, key)).start()
    yield server, authority
    server.kill()


def asked(url):
    sink = open_sink(url, timeout=5)
    try:
        return sink.execute("SELECT 1 AS one")
    finally:
        sink.close()


def test_a_private_authority_is_trusted_when_it_is_named(secured):
    server, authority = secured
    url = f"clickhouses://tidegate_writer:right@127.0.0.1:{server.secure_port}/tidegate?ca_certs={authority}"
    assert asked(url) == [{"one": 1}]


def test_an_unknown_authority_is_not_trusted(secured):
    server, _ = secured
    with pytest.raises(Unavailable, match=r"does not answer: .*certificate verify failed"):
        asked(f"clickhouses://tidegate_writer:right@127.0.0.1:{server.secure_port}/tidegate")


def test_a_certificate_for_another_name_is_not_trusted(secured):
    server, authority = secured
    url = (
        f"clickhouses://w:right@127.0.0.1:{server.secure_port}/?ca_certs={authority}&server_hostname=clickhouse.example"
    )
    with pytest.raises(Unavailable, match=r"does not answer: .*certificate"):
        asked(url)


def test_checking_can_be_turned_off_by_who_insists(secured):
    server, _ = secured
    url = f"clickhouses://tidegate_writer:right@127.0.0.1:{server.secure_port}/tidegate?verify=false"
    assert asked(url) == [{"one": 1}]


def test_a_server_without_tls_is_no_secure_one(secured):
    server, authority = secured
    with pytest.raises(Unavailable, match="does not answer"):
        asked(f"clickhouses://tidegate_writer:right@{server.address}/tidegate?ca_certs={authority}&connect_timeout=2")
