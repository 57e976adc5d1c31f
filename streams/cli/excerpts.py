"""Excerpts: the beginning of the prompts that an alert shows, where records are kept in full, and only as long.

An alert itself holds no word of a prompt: it lives longer than records, and goes to places that may not see them. What
looks like personal data or a secret is masked as in alerts about answers.
"""

from typing import TYPE_CHECKING

from schemas.batch import ID

if TYPE_CHECKING:
    from schemas.alert import Alert
    from streams.settings import Settings

MOST = 160  # characters of a prompt
RECORDS = 16  # that are looked at: an id may have been sent again


def excerpts(settings: "Settings", found: "Alert") -> dict[str, str]:
    """What some records of an alert asked, masked and cut, by id; empty where nothing of them is kept."""
    from streams.cli.store import ask

    if settings.clickhouse.records != "full" or not found.examples or not found.principals:
        return {}
    ids = {_cut(one.id): one.id for one in found.examples if one.id}
    times = [one.time for one in found.examples]
    rows = ask(
        settings, "alert_words", model=found.model, principals=found.principals, ids=list(ids), since=min(times) - 1,
        until=max(times) + 2, limit=RECORDS,
    )  # fmt: skip
    said = {ids[row["id"]]: excerpt(str(row["payload"])) for row in rows if row["id"] in ids}
    return {identity: said[identity] for identity in ids.values() if said.get(identity)}


def excerpt(payload: str) -> str:
    """The beginning of what a record asks in words, masked; empty where it asks in none, or is damaged."""
    import msgspec

    from detectors.text.asked import asked
    from schemas.record import Record

    try:
        text = asked(msgspec.json.decode(payload, type=Record))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
    return " ".join(masked(text[: 4 * MOST]).split())[: MOST + 1]


def masked(text: str) -> str:
    """A text in which personal data and secrets show their first and last two characters at most."""
    from detectors.outputs import find

    made, at = [], 0
    for one in sorted(find(text), key=lambda one: one.start):
        if one.start >= at:
            made += [text[at : one.start], one.masked]
            at = one.end
    return "".join([*made, text[at:]])


def _cut(identity: str) -> str:
    return identity.encode("utf-8", "replace")[:ID].decode("utf-8", "ignore")
