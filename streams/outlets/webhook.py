"""Alerts by HTTP POST, signed, retried, and never in the way of detection.

The address comes from the configuration and from nowhere else: only ``http`` and ``https``, no redirect is followed, no
proxy or password is taken from the environment, and of the answer nothing but its status and ``Retry-After`` is read.
"""

import asyncio
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from time import time
from urllib.parse import urlsplit

import httpx
import structlog

from schemas.alert import Alert
from schemas.exports import encoder
from streams.dead_letters import DeadLetters
from streams.outlets.signature import headers
from streams.pauses import Pauses

log = structlog.get_logger()

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524, 529})
FORMS = {"json": "jsonl", "ocsf": "ocsf"}
TRIES = 10
LONGEST = 300.0  # s that a receiver may ask us to wait


class WrongOutlet(ValueError):
    """An outlet that cannot be used as configured; the message says why, without passwords."""


class Webhook:
    """One receiver of alerts.

    Parameters
    ----------
    key : signs every request; None sends unsigned ones, for receivers on the same machine
    form : ``json`` or ``ocsf``; see ``docs/outlets.md``
    timeout : s for one try
    tries : before an alert goes to the dead letters
    capacity : alerts that may wait

    Attributes
    ----------
    sent, failed : alerts delivered, and alerts given up
    problem : why the receiver takes nothing at the moment, else ""

    Raises
    ------
    WrongOutlet
        the URL is not http or https, names no host, or there is no such form
    """

    def __init__(
        self, *, name: str, url: str, key: bytes | None, dead_letters: DeadLetters, form: str = "json",
        timeout: float = 10.0, tries: int = TRIES, capacity: int = 10_000, pauses: Callable[[], Pauses] = Pauses,
    ) -> None:  # fmt: skip
        self.name, self.problem = name, ""
        self.sent = self.failed = 0
        self._url = _checked(url)
        self._key, self._dead_letters, self._tries, self._pauses = key, dead_letters, tries, pauses
        self._encode = _encoder(form)
        self._queue: asyncio.Queue[Alert] = asyncio.Queue(capacity)
        self._hand: Alert | None = None
        self._task: asyncio.Task[None] | None = None
        self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)

    @property
    def where(self) -> str:
        """The receiver for a message: no user, password or query, which may hold secrets."""
        return f"{self._url.scheme}://{self._url.netloc.decode()}{self._url.path}"

    def start(self) -> None:
        """Begin to deliver; call it where the event loop runs."""
        self._task = asyncio.create_task(self._run(), name=f"outlet {self.name}")

    def offer(self, alert: Alert) -> bool:
        """Queue an alert; False if too many wait and it went to the dead letters."""
        try:
            self._queue.put_nowait(alert)
        except asyncio.QueueFull:
            self._give_up([alert], "too many alerts were waiting")
            return False
        return True

    async def deliver(self, alert: Alert) -> bool:
        """Return once the receiver has the alert, or False once it went to the dead letters."""
        body, pauses = self._encode(alert), self._pauses()
        for tries in range(1, self._tries + 1):
            wait, reason = await self._post(alert.id, body)
            if not reason:
                self.sent += 1
                self.problem = ""
                return True
            self.problem = f"{self.where}: {reason}"
            if wait is None or tries == self._tries:
                break
            await asyncio.sleep(max(wait, pauses.next()))
        self._give_up([alert], reason, tries)
        return False

    async def drain(self, seconds: float) -> bool:
        """Wait up to ``seconds`` until everything offered is delivered or given up; return whether it is."""
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            return False
        return True

    def leave(self) -> int:
        """Put what was offered and is not delivered into the dead letters; return how much that is."""
        left = [self._hand] if self._hand is not None else []
        while not self._queue.empty():
            left.append(self._queue.get_nowait())
        self._hand = None
        if left:
            self._give_up(left, "not delivered before the end")
        return len(left)

    async def close(self) -> None:
        """End; what was offered and is not delivered goes to the dead letters."""
        self.leave()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._client.aclose()

    async def _run(self) -> None:
        while True:
            self._hand = await self._queue.get()
            await self.deliver(self._hand)
            self._hand = None
            self._queue.task_done()

    async def _post(self, name: str, body: bytes) -> tuple[float | None, str]:
        """Try once; return how long to wait before the next try (None: none) and what went wrong ("": nothing)."""
        sent = {"content-type": "application/json", "user-agent": "tidegate"}
        if self._key is not None:
            sent |= headers(self._key, id=name, time=time(), body=body)
        try:
            async with self._client.stream("POST", self._url, content=body, headers=sent) as answer:
                return _verdict(answer)
        except httpx.TransportError as error:
            return 0.0, f"{type(error).__name__} {error}".strip()
        except httpx.HTTPError as error:
            return None, f"{type(error).__name__} {error}".strip()

    def _give_up(self, alerts: Sequence[Alert], reason: str, tries: int = 0) -> None:
        """Put alerts into the dead letters, and say so: whoever runs this must know that somebody was not told."""
        self.failed += len(alerts)
        fixed = {"outlet": self.name, "where": self.where, "reason": reason, "tries": tries}
        before = self._dead_letters.kept
        self._dead_letters.append([fixed | {"body": self._encode(alert).decode()} for alert in alerts])
        kept = self._dead_letters.kept - before == len(alerts)
        where = str(self._dead_letters.path) if kept else "no room, or [state] snapshots is not set"
        log.warning("alerts were not delivered", outlet=self.name, alerts=len(alerts), first=alerts[0].id,
                    reason=reason, dead_letters=where)  # fmt: skip


def _verdict(answer: httpx.Response) -> tuple[float | None, str]:
    if answer.is_success:
        return None, ""
    reason = f"the receiver answered {answer.status_code}"
    if answer.status_code in AGAIN:
        return _asked(answer.headers.get("retry-after", "")), reason
    return None, reason + (", and redirects are not followed" if answer.is_redirect else "")


def _asked(text: str) -> float:
    """How long ``Retry-After`` asks to wait, s: a number or a date (RFC 9110, 10.2.3); 0 if it says nothing usable."""
    try:
        seconds = float(text) if text.isascii() and text.isdigit() else parsedate_to_datetime(text).timestamp() - time()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST)


def _checked(text: str) -> httpx.URL:
    try:
        urlsplit(text)  # the stricter of the two about brackets
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise WrongOutlet("the outlet's url cannot be read: right would be https://host/path") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise WrongOutlet("an outlet's url is http or https: right would be https://host/path")
    return url


def _encoder(form: str) -> Callable[[Alert], bytes]:
    if form not in FORMS:
        raise WrongOutlet(f"no form is called {form!r}: there are {' and '.join(FORMS)}")
    return encoder(FORMS[form])
