"""Page: tables of evaluations between two markers of a Markdown page, whose prose stays as it is."""

from collections.abc import Mapping
from pathlib import Path

from streams import tables
from streams.evaluation import Evaluation

BEGIN, END = "<!-- tables: begin, written by make eval -->", "<!-- tables: end -->"


class Unmarked(ValueError):
    """A page has no place for tables."""


def chapter(name: str, found: Evaluation, peers: Mapping[str, Evaluation]) -> str:
    """Everything about one trace."""
    parts = [
        f"## {name.capitalize()}",
        tables.beside(found, peers) if peers else "",
        "Queries to the first alert, and the threat that it names.",
        tables.campaigns(found),
    ]
    sections = [
        (
            "How far the copies of thieves agreed with the model at the first alert, and in the end.",
            tables.thieves(found),
        ),
        ("", tables.by(found, "variant", lambda one: one.campaign.variant or "-")),
        ("", tables.by(found, "threat", lambda one: one.campaign.threat or "-")),
        ("Attackers who know of detectors; medians.", tables.adaptive(found)),
        ("", tables.detectors(found)),
        ("", tables.personas(found)),
    ]
    for before, table in sections:
        parts += [before, table] if table else []
    return "\n\n".join(part for part in [*parts, _end(found)] if part)


def _end(found: Evaluation) -> str:
    watched = f" in {found.days:.0f} watched days" if found.days else ""
    others = ", ".join(f"{count} of verdict {name}" for name, count in sorted(found.other.items()))
    said = f"False attack alerts: {len(found.false)}{watched}, {found.attempts} times the same honest records."
    return f"{said} Other verdicts: {others}." if others else said


def text(found: Mapping[str, Evaluation], peers: Mapping[str, Mapping[str, Evaluation]], promised: float) -> str:
    """Return the tables of all traces; ``promised`` false alerts a day."""
    chapters = (chapter(name, one, peers.get(name, {})) for name, one in found.items())
    return "\n\n".join([tables.overview(found, promised), *chapters])


def around(page: Path) -> tuple[str, str]:
    """Return what stands before and after the place for tables; a page that is not there has a title.

    Raises
    ------
    Unmarked
        the page has not both markers, each once and in order
    """
    before = page.read_text(encoding="utf-8") if page.exists() else f"# Labelled traces\n\n{BEGIN}\n{END}\n"
    if before.count(BEGIN) != 1 or before.count(END) != 1 or before.index(BEGIN) > before.index(END):
        raise Unmarked(f"{page}: right would be one line {BEGIN} and after it one line {END}")
    head, rest = before.split(BEGIN)
    return head, rest.split(END)[1]


def put(page: Path, made: str) -> None:
    """Replace what stands between the markers of a page; raises as :func:`around` does."""
    head, tail = around(page)
    page.write_text(f"{head}{BEGIN}\n\n{made}\n\n{END}{tail}", encoding="utf-8")
