"""``python -m streams.repacing TRACE.jsonl OUT``: a labelled trace again, with all honest customers at another pace.

What was learnt of pace from one generator of traffic may be an artefact of it. Here every honest principal keeps its
requests, in their order, and gets other times for them; attackers keep theirs. The copy has the form that
``tidegate evaluate --traces`` reads.

::

    constant   evenly spread between its first and its last request
    poisson    at independent uniform moments between them
    hourly     one burst an hour, a second between two requests
"""

import re
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import numpy.typing as npt
import typer

from detectors.plan import DAY
from streams.truth import read

HOUR = 3600.0
BETWEEN = 1.0  # s between requests of a burst
TIME = re.compile(rb'"time"\s*:\s*[-+0-9.eE]+')

Moments = npt.NDArray[np.float64]


class Pace(StrEnum):
    """How a customer's requests follow each other."""

    CONSTANT = "constant"
    POISSON = "poisson"
    HOURLY = "hourly"


class _Head(msgspec.Struct):
    time: float
    principal: str = ""


def repaced(time: Moments, pace: Pace, chance: np.random.Generator) -> Moments:
    """Give one principal's n requests other times, rising, between its first and (about) its last; s."""
    n, first, last = len(time), float(time[0]), float(time[-1])
    if pace is Pace.POISSON:
        return np.sort(chance.uniform(first, last, n)) if n > 1 else time
    if pace is Pace.CONSTANT:
        return np.linspace(first, last, n)
    hours = max(1, int((last - first) // HOUR))
    burst = np.arange(n) * hours // n
    rank = np.arange(n) - np.searchsorted(burst, burst)
    made: Moments = first + burst * HOUR + rank * BETWEEN
    return made


def main(
    trace: Annotated[Path, typer.Argument(help="NAME.jsonl, with NAME.truth.csv and NAME.manifest.json beside it")],
    out: Annotated[Path, typer.Argument(help="the folder to write to")],
    *,
    pace: Annotated[Pace, typer.Option(help="of everybody honest")] = Pace.POISSON,
    since: Annotated[float, typer.Option(help="day from which on they keep it")] = 0.0,
    seed: Annotated[int, typer.Option(help="other times")] = 1,
) -> None:
    """Write a trace again with its honest customers at another pace."""
    name = trace.name.removesuffix(".jsonl")
    labels = trace.with_name(f"{name}.truth.csv")
    rows = labels.read_text().splitlines()
    truth = read(rows)
    starts, heads = _index(trace)
    time = np.array([head.time for head in heads])
    honest = np.ones(len(time), np.bool_)
    for campaign in truth.campaigns:
        honest[campaign.places] = False
    moved = np.flatnonzero(honest & (time >= time[0] + since * DAY))
    chance = np.random.default_rng(seed)
    for mine in _by_principal([heads[i].principal for i in moved.tolist()], moved):
        time[mine] = repaced(time[mine], pace, chance)
    order = np.argsort(time, kind="stable")
    out.mkdir(parents=True, exist_ok=True)
    _write(trace, out / trace.name, starts, order, time, honest)
    (out / labels.name).write_text("\n".join(rows[i] for i in order.tolist()) + "\n")
    shutil.copyfile(trace.with_name(f"{name}.manifest.json"), out / f"{name}.manifest.json")


def _index(trace: Path) -> tuple[list[int], list[_Head]]:
    """Where each line begins, and what is needed of it."""
    decode = msgspec.json.Decoder(_Head).decode
    starts, heads = [0], []
    with trace.open("rb") as lines:
        for line in lines:
            heads.append(decode(line))
            starts.append(starts[-1] + len(line))
    return starts, heads


def _by_principal(names: list[str], places: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Places of each principal, in time order."""
    _, code = np.unique(np.array(names), return_inverse=True)
    order = np.argsort(code, kind="stable")
    return np.split(places[order], np.flatnonzero(np.diff(code[order])) + 1) if len(places) else []


def _write(trace: Path, out: Path, starts: list[int], order: Any, time: Moments, honest: Any) -> None:
    with trace.open("rb") as source, out.open("wb") as sink:
        for i in order.tolist():
            source.seek(starts[i])
            line = source.read(starts[i + 1] - starts[i])
            if honest[i]:
                line = TIME.sub(f'"time":{time[i]:.3f}'.encode(), line, count=1)
            sink.write(line)


if __name__ == "__main__":
    typer.run(main)
