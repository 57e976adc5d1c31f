"""The detectors in writing: the table of ``docs/detectors.md``."""

import numpy as np

from detectors import library
from detectors.api import Detector

BEGIN, END = "<!-- generated from detectors/library: python -m streams.catalogue -->", "<!-- end -->"


def table() -> str:
    """A Markdown table, one line a detector: what it sees, what it needs, what a key costs, where it comes from."""
    head = ["detector", "sees", "raises", "needs", "gate, share", "state a key", "maturity", "after"]
    rows = [_row(kind) for kind in library.discover().values()]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _row(kind: type[Detector]) -> list[str]:
    spec = kind.spec
    size = np.dtype(kind.state).itemsize
    return [
        f"`{spec.name}`",
        spec.title[:1].lower() + spec.title[1:],
        f"`{spec.threat}`",
        ", ".join(sorted(spec.needs)) or "nothing but time and principal",
        f"{spec.gate}, {spec.share:g}",
        f"{size} bytes" if size else "none, reads the profile",
        spec.maturity,
        f"[source]({spec.reference})",
    ]


def refreshed(page: str) -> str:
    """``page`` with a fresh table between its two marks; raises ``ValueError`` where one is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN!r} ... {END!r}")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"
