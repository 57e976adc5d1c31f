"""Tables of what gates make of left-out worlds, in Markdown."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from detectors.training.lab.adaptive import ADAPTIVE
from detectors.training.promise import Kept, Seen

MIDDLE = 2.0  # false alerts a day, for tables of one budget
RICH = 10.0
FEW = 0.4  # share caught below which a family has hardly a signature


def text(made: Mapping[float, Kept], spoilt: Mapping[float, tuple[Kept, Kept]]) -> str:
    """All tables; ``spoilt`` has the same worlds with a clean burn-in and with attackers in it."""
    parts = [promises(made), detectors(made), "## By kind of honest behaviour", kinds(made)]
    parts += ["## By pacing and family", by(made, lambda one: one.raid.pacing), by(made, lambda one: one.raid.family)]
    parts += ["## Attackers who know of detectors", adaptive(made)]
    if spoilt:
        parts += ["## Attackers in the burn-in", burn_ins(spoilt)]
    return "\n\n".join(part for part in parts if part)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def promises(made: Mapping[float, Kept]) -> str:
    """What was promised, printed and realised, and what was caught for it."""
    rows = []
    for budget, kept in made.items():
        low, high = kept.between()
        queries = [one.queries for one in kept.campaigns if one.queries is not None]
        rows.append([
            f"{budget:g}", f"{kept.caught():.1%} of {len(kept.campaigns)}", f"{np.median(queries):.0f}",
            f"{kept.false / kept.days:.2f} ({low:.2f} to {high:.2f})",
            f"{np.mean(kept.low):.2g} to {np.mean(kept.high):.2g}",
            f"{kept.inside} of {len(kept.rates)}", f"{max(kept.rates):.1f}",
        ])  # fmt: skip
    head = ["promised a day", "caught", "median queries", "false alerts a day (90 %)", "printed, mean of worlds",
            "worlds that agree with what was printed", "loudest world"]  # fmt: skip
    return _table(head, rows)


def detectors(made: Mapping[float, Kept]) -> str:
    """By detector, what was promised, paid and realised."""
    rows = []
    names = sorted({name for kept in made.values() for name in kept.spent})
    for name in names:
        cells = [name]
        for kept in made.values():
            spent = kept.spent[name]
            cells.append(" / ".join(f"{part / kept.days:.2f}" for part in spent))
        first = sum(one.detector == name for one in made[MIDDLE].campaigns)
        rows.append([*cells, str(first)])
    head = ["promised / paid / false, a day", *(f"at {budget:g}" for budget in made), f"first to catch at {MIDDLE:g}"]
    return _table(head, rows)


def kinds(made: Mapping[float, Kept]) -> str:
    """Which honest behaviour the false alerts are about."""
    order = [kind for kind, _ in made[MIDDLE].kinds.most_common(12)]
    rows = []
    for kind in [*order, "largest share of one kind"]:
        cells = []
        for kept in made.values():
            total = max(1, sum(kept.kinds.values()))
            share = max(kept.kinds.values(), default=0) if kind not in order else kept.kinds[kind]
            cells.append(f"{share / total:.1%}")
        rows.append([kind, *cells])
    return _table(["share of the false alerts", *(f"at {budget:g}" for budget in made)], rows)


def by(made: Mapping[float, Kept], key: Callable[[Seen], str]) -> str:
    """Share caught by some property of campaigns, worst first."""
    names = sorted({key(one) for one in made[MIDDLE].campaigns})
    rows = []
    for name in names:
        shares = [kept.caught([one for one in kept.campaigns if key(one) == name]) for kept in made.values()]
        count = sum(key(one) == name for one in made[MIDDLE].campaigns)
        rows.append((shares[list(made).index(MIDDLE)], [name, str(count), *(f"{share:.0%}" for share in shares)]))
    head = ["", "campaigns", *(f"at {budget:g}" for budget in made)]
    return _table(head, [cells for _, cells in sorted(rows, key=lambda row: (row[0], row[1][0]))])


def adaptive(made: Mapping[float, Kept]) -> str:
    """What each way of hiding costs an attacker, and what he keeps; medians."""
    middle, rich = made[MIDDLE].campaigns, made[RICH].campaigns
    rows = []
    for way in ("none", *ADAPTIVE):
        chosen = [one for one in middle if (way in one.raid.adaptive) or (way == "none" and not one.raid.adaptive)]
        more = [one for one in rich if (way in one.raid.adaptive) or (way == "none" and not one.raid.adaptive)]
        if not chosen:
            continue
        rows.append([
            way, str(len(chosen)), f"{made[MIDDLE].caught(chosen):.0%}", f"{made[RICH].caught(more):.0%}",
            f"{np.median([one.raid.queries for one in chosen]):.0f}",
            f"{np.median([one.sent / max(1, one.raid.queries) for one in chosen]):.1f}",
            f"{np.mean([one.raid.accounts for one in chosen]):.1f}",
            f"{np.median([one.days for one in chosen]):.1f}",
            _kept(chosen), _kept([one for one in chosen if one.queries is None]),
        ])  # fmt: skip
    head = ["way", "campaigns", f"caught at {MIDDLE:g}", f"at {RICH:g}", "own queries", "records sent for each",
            "accounts (mean)", "days", "keeps (mean)", "keeps where not caught"]  # fmt: skip
    return _table(head, rows)


def _kept(chosen: Sequence[Seen]) -> str:
    """Mean of what attacks achieved, over those of which it was measured."""
    found = [one.raid.kept for one in chosen if one.raid.kept is not None]
    return f"{np.mean(found):.2f} of {len(found)}" if found else "-"


def burn_ins(spoilt: Mapping[float, tuple[Kept, Kept]]) -> str:
    """The same worlds with a clean burn-in and with one that attackers were in."""
    rows = []
    for budget, (clean, dirty) in spoilt.items():
        lost = 1.0 - dirty.caught() / max(clean.caught(), 1e-9)
        rows.append([
            f"{budget:g}", f"{clean.caught():.1%}", f"{dirty.caught():.1%}", f"{lost:.0%}",
            f"{clean.false / clean.days:.2f}", f"{dirty.false / dirty.days:.2f}",
        ])  # fmt: skip
    head = ["promised a day", "caught, clean", "caught, spoilt", "lost", "false a day, clean", "spoilt"]
    return _table(head, rows)
