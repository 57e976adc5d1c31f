"""A receiver of alerts, and alerts for it."""

import asyncio
import time
from contextlib import suppress

from schemas.alert import Alert, Severity, Verdict

HANG = "until the sender gives up"


def alert(number=0):
    return Alert(
        id=f"{number:032x}", time=1767700000.1, first_time=1767700000.0, last_time=1767700000.1, verdict=Verdict.ATTACK,
        threat="flood", severity=Severity.HIGH, detector="flood", model="fraud", principal="u-\r\nx: y",
    )  # fmt: skip


class Receiver:
    """A real HTTP server on 127.0.0.1 that answers from a script, then 200, and keeps what it got."""

    def __init__(self, *script):
        self.script = list(script)
        self.got = []
        self.times = []
        self.tasks = []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/alerts"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await asyncio.gather(*self.tasks)

    async def _serve(self, reader, writer):
        self.tasks.append(asyncio.current_task())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        names = {name.lower(): value for name, value in fields.items()}
        body = await reader.readexactly(int(names["content-length"]))
        self.got.append((head.split("\r\n")[0], names, body))
        self.times.append(time.monotonic())
        answer = self.script.pop(0) if self.script else "200 OK\r\n"
        if answer == HANG:
            await reader.read()
        elif answer is not None:
            writer.write(f"HTTP/1.1 {answer}connection: close\r\ncontent-length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
