"""Request ids: one that comes again with another request, which breaks the joining of requests with their answers.

Whoever calls may choose the id in most serving stacks. A client that always sends the same one is careless; one that
sends the id of somebody else's request may want its own to be taken for that one. Neither hides anything here: the
first request keeps its answer, and every further one is watched by itself.
"""

from collections.abc import Sequence

from schemas.alert import Alert, Severity, Verdict, Why, alert_id
from schemas.pairing import REUSED, TAKEN
from schemas.record import Record
from schemas.threats import THREATS, frameworks, runbook

NAME, THREAT = "request_ids", "fuzzing"
SPAN = 2 * 86_400.0  # s of record time within which the same is told once
MOST = 4096  # models and callers that are remembered


class RequestIds:
    """What was told of the records of one partition; ``told`` is by model and caller, s."""

    def __init__(self, told: Sequence[tuple[str, float]] = ()) -> None:
        self.told = dict(told)

    def follow(self, records: Sequence[Record], release: str) -> list[Alert]:
        """Alerts of records that are one half of a call, in order."""
        return [
            _alert(one, release)
            for one in records
            if one.phase in (REUSED, TAKEN) and self._new("\x1f".join(_about(one)), one.time)
        ]

    def _new(self, about: str, time: float) -> bool:
        before = self.told.get(about)
        if before is not None and time - before <= SPAN:
            return False
        self.told.pop(about, None)
        if len(self.told) >= MOST:
            del self.told[next(iter(self.told))]
        self.told[about] = time
        return True


def _about(one: Record) -> tuple[str, ...]:
    """Who is told of: a model whose clients reuse ids, or who takes those of others."""
    return (one.model, one.version, one.principal) if one.phase == TAKEN else (one.model, one.version)


def _alert(one: Record, release: str) -> Alert:
    taken, key = one.phase == TAKEN, "\x1f".join(_about(one))
    first = one.id.rpartition("~")[0] or one.id
    if taken:
        title = f"{one.principal} sends ids of other callers' requests to model {one.model}"
        said = f"Request {first} of another caller was followed by a different one of {one.principal} with the same id."
    else:
        title = f"Ids of requests to model {one.model} are used again"
        said = f"Request {first} was followed by a different one with the same id; {one.principal} sent it."
    return Alert(
        id=alert_id(NAME, key, one.id),
        time=one.time,
        first_time=one.time,
        last_time=one.time,
        verdict=Verdict.ATTACK if taken else Verdict.FAULT,
        threat=THREAT,
        severity=Severity.MEDIUM if taken else Severity.LOW,
        detector=NAME,
        model=one.model,
        version=one.version,
        tenant=one.tenant,
        principal=one.principal if taken else "",
        principals=[one.principal] if taken else [],
        trigger=one.id,
        record_ids=[one.id, first],
        title=title,
        message=f"{said} Which answer belongs to which request is then not sure. The first keeps its answer, and the "
        "second is watched without one. More of the same is not told again for two days.",
        why=[Why(name="requests_with_this_id", value=2.0, typical=1.0, text="different requests had one id")],
        frameworks=frameworks(THREAT),
        recommendation=THREATS[THREAT].recommendation,
        runbook=runbook(THREAT),
        incident=alert_id("incident", key, NAME),
        release=release,
    )
