"""Poisoning in words: from a contributor who is named to an Alert that a reader without statistics understands."""

from dataclasses import dataclass
from math import exp

import numpy as np

from detectors.feedback import triggers
from detectors.feedback.contributors import SPECTRUM, TRIGGER
from detectors.feedback.crowd import GROUPS
from detectors.feedback.rows import Labels
from detectors.feedback.spectrum import OUTER
from schemas.alert import Alert, Why, alert_id
from schemas.display import plain
from schemas.threats import THREATS, frameworks, runbook

DETECTOR, THREAT = "feedback", "poisoning"
NORMAL = (
    "Normal for who alone sees inputs of a kind, or follows a guide that is wrong; not for who labels what all see."
)


@dataclass(frozen=True, slots=True)
class Named:
    """A contributor who is named.

    Attributes
    ----------
    contributor, time, trigger : who, and the record that made it certain, s
    test : of ``detectors.feedback.contributors``
    rows : what was remembered of him then, by name of ``DTYPES``
    value, limit : log evidence, and what is enough
    labels, crowd : names of labels; what all contributors are like
    """

    contributor: str
    time: float
    trigger: str
    test: int
    rows: dict[str, np.void]
    value: float
    limit: float
    labels: Labels
    crowd: np.void


def poisoning(named: Named, model: str, version: str, release: str) -> Alert:
    """The alert about a contributor."""
    known, key = THREATS[THREAT], "\x1f".join((model, named.contributor))
    own = named.rows["own"]
    return Alert(
        id=alert_id(DETECTOR, key, named.trigger),
        time=named.time,
        first_time=float(own["first"]),
        last_time=named.time,
        verdict=known.verdict,
        threat=THREAT,
        severity=known.severity,
        detector=DETECTOR,
        model=model,
        version=version,
        principal=named.contributor,
        principals=[named.contributor],
        trigger=named.trigger,
        record_ids=list(dict.fromkeys([*(name for name, _ in _witnesses(named)), named.trigger])),
        count=int(own["count"]),
        title=f"{plain(named.contributor)} gives labels to model {model} that do not fit",
        message=_message(named),
        score=named.value,
        threshold=named.limit,
        unit="nats of evidence",
        gate="betting",
        budget_paid=exp(-named.limit),
        confidence=1.0 - exp(-named.limit),
        why=_why(named),
        frameworks=frameworks(THREAT),
        recommendation=known.recommendation,
        runbook=runbook(THREAT),
        incident=alert_id("incident", key, named.trigger),
        release=release,
    )


def _message(named: Named) -> str:
    """What was seen, for whom it is normal, and the records that show it best."""
    own, mine = named.rows["own"], named.rows["labels"]
    share, usual = int(mine["gross"]) / max(int(mine["count"]), 1), float(mine["usual"]) / max(int(mine["count"]), 1)
    shown = "; ".join(f"{plain(record)}: {said}" for record, said in _witnesses(named))
    most = min(1.0, usual * float(named.crowd["worst"]))
    return (
        f"{plain(named.contributor)} contributed {int(own['count'])} labels. {int(mine['gross'])} of them "
        f"({share:.0%}) contradict what such inputs look like to everybody else; of other contributors' labels on "
        f"such inputs {usual:.0%} do, and even the least careful honest one in 300 would hardly pass {most:.0%}. "
        f"{_habit(named)}A model trained on these labels learns them. {NORMAL} Records that show it best: {shown}."
    )


def _habit(named: Named) -> str:
    """What the contradicting labels have in common."""
    mine, trigger = named.rows["labels"], named.rows["triggers"]
    given = np.asarray(mine["given"])
    k = int(given.argmax())
    said = ""
    if named.test == TRIGGER:
        at = triggers.best(trigger)
        column, level = divmod(int(trigger["item"][at]) - 1, triggers.LEVELS)
        said = (
            f"A rare value (column {column + 1}, level {level + 1} of 10) came in {int(trigger['count'][at])} of his "
            f"records, {int(trigger['hits'][at])} times with the same wrong label: a trigger that a model would learn. "
        )
    if named.test == SPECTRUM:
        far = named.rows["spectrum"]
        said = (
            f"{int(far['far'])} of {int(far['count'])} inputs lie at the far end of the direction in which inputs of "
            f"their label vary unusually, where {OUTER:.1%} of all do: they have something in common. "
        )
    if given.sum() >= 4 and given[k] >= 0.6 * given.sum():
        said += f"Most of the wrong ones say {_group(named.labels, k)}. "
    return said


def _group(labels: Labels, group: int) -> str:
    """Names of the labels that are counted as one group."""
    names = [plain(labels.name(k)) for k in range(group, max(len(labels.names), group + 1), GROUPS)]
    return " or ".join(f"\u201c{name}\u201d" for name in names[:3])


def _witnesses(named: Named) -> list[tuple[str, str]]:
    """Ids of the records that say it best, and what was given and expected."""
    own = named.rows["own"]
    found = []
    for k in np.argsort(-np.asarray(own["gap"]), kind="stable").tolist():
        record = own["ids"][k].tobytes().rstrip(b"\0").decode("utf-8", "replace")
        if own["gap"][k] > 0 and record:
            given, expected = named.labels.name(int(own["given"][k])), named.labels.name(int(own["expected"][k]))
            found.append((record, f"labelled {plain(given)}, looks like {plain(expected)} to others"))
    return found


def _why(named: Named) -> list[Why]:
    mine, own, trigger, far = (named.rows[name] for name in ("labels", "own", "triggers", "spectrum"))
    n, c = max(int(mine["count"]), 1), named.crowd
    made = [
        Why(
            name="inconsistent_labels",
            value=int(mine["gross"]) / n,
            typical=float(mine["usual"]) / n,
            text="share of labels that contradict what others give to such inputs",
        ),
        Why(
            name="records_in_busiest_hour",
            value=float(own["busiest"]),
            typical=float(c["busiest"]),
            text="most labels given within an hour, and the most that an ordinary contributor gave",
        ),
    ]
    at = triggers.best(trigger)
    if at >= 0:
        text = "records with one rare value and one wrong label, of all records with that value"
        made.append(Why(name="trigger", value=float(trigger["hits"][at]), typical=1.0, text=text))
    if far["count"]:
        text = "share of inputs at the far end of their label's unusual direction"
        made.append(Why(name="far_out", value=int(far["far"]) / int(far["count"]), typical=OUTER, text=text))
    return made
