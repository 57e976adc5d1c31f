"""Alert: what tidegate tells a person, and the facts behind it."""

from enum import StrEnum
from hashlib import blake2b

import msgspec


class Verdict(StrEnum):
    """What an alert blames: an attacker, a broken client or server, a moving world, or tidegate itself."""

    ATTACK = "attack"
    FAULT = "fault"
    DRIFT = "drift"
    SELF = "self"


class Severity(StrEnum):
    """How soon a person should look."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """One statistic that carried an alert: its value here, what is usual, and both in words."""

    name: str
    value: float
    typical: float
    text: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a request, and of the ordinary request beside it, in the model's units."""

    name: str
    value: float
    ordinary: float


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One request that says what an alert is about, beside an ordinary one.

    ``differs`` are the values in which the two differ most, of a prompt what was measured of it; ``ordinary`` says what
    stands beside it, and is empty where that is the nearest ordinary request of the clean period. ``confidence`` is 0
    where none was logged; ``principal`` says whose it is where an alert names several.
    """

    id: str
    time: float
    answer: str = ""
    confidence: float = 0.0
    text: str = ""
    ordinary_answer: str = ""
    differs: list[Difference] = msgspec.field(default_factory=list)
    principal: str = ""
    ordinary: str = ""


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What part of the traffic stood behind an alert, and which detectors could not look."""

    share_scored: float = 1.0
    not_watched: list[str] = msgspec.field(default_factory=list)


class Frameworks(msgspec.Struct, frozen=True, kw_only=True):
    """Technique ids: MITRE ATLAS, OWASP ML 2023, OWASP LLM 2025, NIST AI 100-2."""

    atlas: list[str] = msgspec.field(default_factory=list)
    owasp_ml: list[str] = msgspec.field(default_factory=list)
    owasp_llm: list[str] = msgspec.field(default_factory=list)
    nist: list[str] = msgspec.field(default_factory=list)


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert, as JSON lines, Kafka topic ``tidegate.alerts`` and table ``alerts`` carry it.

    ``time`` is the record time of ``trigger``, the record that crossed the line. ``id`` is a hash of detector, key and
    trigger, so that any replay on any machine writes the same alert again. An alert is written again, with the same id,
    when other principals have joined those that it names, when what came after shows another aim, or when another
    detector finds the same principal within a day.
    """

    id: str
    time: float
    first_time: float
    last_time: float
    verdict: Verdict
    threat: str
    severity: Severity
    detector: str
    model: str
    version: str = ""
    tenant: str = ""
    principal: str = ""
    principals: list[str] = msgspec.field(default_factory=list)
    trigger: str = ""
    record_ids: list[str] = msgspec.field(default_factory=list)
    count: int = 1
    title: str = ""
    message: str = ""
    score: float = 0.0
    threshold: float = 0.0
    unit: str = ""
    gate: str = ""
    calibration: str = ""
    budget_paid: float = 0.0
    confidence: float = 0.0
    why: list[Why] = msgspec.field(default_factory=list)
    examples: list[Example] = msgspec.field(default_factory=list)
    coverage: Coverage = msgspec.field(default_factory=Coverage)
    frameworks: Frameworks = msgspec.field(default_factory=Frameworks)
    recommendation: str = ""
    runbook: str = ""
    incident: str = ""
    status: str = "new"
    drill: bool = False
    release: str = ""

    @property
    def grown(self) -> bool:
        """Whether it was written before, when less was known: who joined, what it aims at, what else was found."""
        return self.last_time > self.time


def alert_id(detector: str, key: str, trigger: str) -> str:
    """32 hex digits from what raised an alert: the same on every machine and in every replay."""
    text = "\x1f".join((detector, key, trigger))
    return blake2b(text.encode(), digest_size=16, person=b"tidegate.alert").hexdigest()
