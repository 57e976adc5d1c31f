"""Health: what Prometheus and Kubernetes ask, over HTTP, from a thread of its own.

``GET /healthz`` is 200 while every check says nothing, else 503 with what they say; ``GET /healthz/NAME`` asks one
check, so that being without work is no reason to be restarted; ``GET /metrics`` is for Prometheus.
Nothing about principals or records is told, and nothing can be changed.
"""

from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

log = structlog.get_logger()

Check = Callable[[], str]
"""Says in words what is wrong, or nothing."""

PATIENCE = 5.0  # s that a client may take to send its request


class Health:
    """An HTTP server on one address, for as long as the context lasts.

    Parameters
    ----------
    listen : ``host:port``; port 0 takes a free one
    checks : by name; they are called in the server's threads and must not block
    registry : what ``/metrics`` shows

    Attributes
    ----------
    address : host and port that are listened on

    Raises
    ------
    OSError : the address cannot be had
    ValueError : ``listen`` is no ``host:port``
    """

    def __init__(self, listen: str, *, checks: Mapping[str, Check], registry: CollectorRegistry) -> None:
        host, colon, port = listen.rpartition(":")
        if not colon or not port.isdigit() or int(port) > 65535:
            raise ValueError(f"metrics.listen: {listen!r} is no host:port, such as 127.0.0.1:9108")
        self.checks, self.registry = checks, registry
        self._server = ThreadingHTTPServer((host.strip("[]"), int(port)), _handler(self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="tidegate-health", daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        log.info("health", host=self.address[0], port=self.address[1])
        return self

    def stop(self) -> None:
        """Stop answering and give the address back."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(PATIENCE)
        self._server.server_close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body of a GET."""
        plain = "text/plain; charset=utf-8"
        if path == "/metrics":
            return 200, CONTENT_TYPE_PLAIN_0_0_4, generate_latest(self.registry)
        place, _, only = path.removeprefix("/").partition("/")
        if place != "healthz" or (only and only not in self.checks):
            return 404, plain, b"/healthz or /metrics\n"
        wrong = {name: said for name, check in self.checks.items() if only in ("", name) and (said := check())}
        body = "".join(f"{name}: {said}\n" for name, said in wrong.items()) or "ok\n"
        return 503 if wrong else 200, plain, body.encode("utf-8", "replace")


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "tidegate", ""
        timeout = PATIENCE

        def do_GET(self) -> None:
            status, kind, body = health.answer(self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
            log.debug("health request", request=format % args)

    return Handler
