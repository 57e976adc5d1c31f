"""What Prometheus and Kubernetes get to see."""

import socket
import urllib.error
import urllib.request

import pytest

from streams.health import Health
from streams.metrics import Metrics


def get(health: Health, path: str) -> tuple[int, str]:
    host, port = health.address
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def health(checks=None, metrics=None) -> Health:
    return Health("127.0.0.1:0", checks=checks or {}, registry=(metrics or Metrics()).registry)


def test_it_is_healthy_while_no_check_complains():
    said = {"sink": ""}
    with health({"sink": lambda: said["sink"], "group": lambda: ""}) as server:
        assert get(server, "/healthz") == (200, "ok\n")
        said["sink"] = "ClickHouse takes nothing since 40 s"
        assert get(server, "/healthz?verbose=1") == (503, "sink: ClickHouse takes nothing since 40 s\n")
        said["sink"] = ""
        assert get(server, "/healthz")[0] == 200


def test_one_check_can_be_asked_alone():
    with health({"loop": lambda: "", "partitions": lambda: "none are assigned yet"}) as server:
        assert get(server, "/healthz")[0] == 503
        assert get(server, "/healthz/loop") == (200, "ok\n")
        assert get(server, "/healthz/partitions") == (503, "partitions: none are assigned yet\n")
        assert get(server, "/healthz/sink")[0] == 404


def test_metrics_are_read_when_they_are_asked_for():
    metrics, seen = Metrics(), {"records": 3}
    metrics.count("records", "records handled", lambda: seen["records"])
    metrics.gauge("oldest_unacked_seconds", "age", lambda: 1.5)
    metrics.gauges("partition_clock_seconds", "clock", lambda: {("traffic", "0"): 9.0}, labels=("topic", "partition"))
    metrics.alerts["flood", "fraud"] += 2
    with health(metrics=metrics) as server:
        status, text = get(server, "/metrics")
        seen["records"] = 5
        later = get(server, "/metrics")[1]
    assert status == 200
    lines = text.splitlines()
    assert "tidegate_records_total 3.0" in lines
    assert "tidegate_oldest_unacked_seconds 1.5" in lines
    assert 'tidegate_partition_clock_seconds{partition="0",topic="traffic"} 9.0' in lines
    assert 'tidegate_alerts_total{model="fraud",threat="flood"} 2.0' in lines
    assert "tidegate_records_total 5.0" in later.splitlines()


def test_what_cannot_be_read_at_the_moment_is_left_out():
    metrics = Metrics()
    metrics.gauge("gone", "not there yet", lambda: {}["nothing"])
    metrics.gauge("here", "there", lambda: 1.0)
    with health(metrics=metrics) as server:
        status, text = get(server, "/metrics")
    assert status == 200
    assert "tidegate_gone" not in text
    assert "tidegate_here 1.0" in text


def test_hostile_labels_stay_labels():
    metrics = Metrics()
    metrics.alerts["flood", 'a"\n} 7\nb{'] += 1
    with health(metrics=metrics) as server:
        text = get(server, "/metrics")[1]
    assert len([line for line in text.splitlines() if line.startswith("tidegate_alerts_total{")]) == 1


def test_everything_else_is_not_found_and_nothing_can_be_sent():
    with health() as server:
        assert get(server, "/../../etc/passwd")[0] == 404
        host, port = server.address
        request = urllib.request.Request(f"http://{host}:{port}/healthz", data=b"x", method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=5)
        with refused.value:
            assert refused.value.code == 501
        with socket.create_connection(server.address, 5) as raw:
            raw.sendall(b"\x00\xff garbage\r\n\r\n")
            raw.settimeout(5)
            assert b"400" in raw.recv(200)
        assert get(server, "/healthz")[0] == 200


def test_the_address_is_given_back():
    server = health().start()
    address = server.address
    server.stop()
    again = Health(f"{address[0]}:{address[1]}", checks={}, registry=Metrics().registry)
    assert again.address == address
    again.stop()


@pytest.mark.parametrize("listen", ["", "9108", "127.0.0.1:", "127.0.0.1:99999", "host:port"])
def test_an_address_that_is_none_is_refused_with_an_example(listen):
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:9108"):
        Health(listen, checks={}, registry=Metrics().registry)
