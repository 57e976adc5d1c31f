"""``python -m streams.laboratory OUT``: write a world of the laboratory as ``tidegate evaluate --traces`` reads it.

``NAME.jsonl`` (or .jsonl.zst), ``NAME.truth.csv`` with record id, label and attack id in its order,
``NAME.manifest.json``, and if asked for ``NAME.train.jsonl``. Needs the extra ``train``.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import typer
import zstandard

from detectors.training.lab.attacks.backdoor import implanted
from detectors.training.lab.campaigns import Campaign
from detectors.training.lab.customers import GROUPS, GUESTS
from detectors.training.lab.drifts import KINDS, drift
from detectors.training.lab.lineup import CAMPAIGNS, lineup
from detectors.training.lab.population import MEAN
from detectors.training.lab.types import DAY
from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.world import World, world

CHUNK = 2_000  # records that are written at once


def main(
    out: Annotated[Path, typer.Argument(help="the folder to write to")],
    *,
    name: Annotated[list[str], typer.Option("--victim", help="one of the laboratory's; several, or all")],
    seed: Annotated[int, typer.Option(help="another seed is another world")] = 1,
    days: Annotated[int, typer.Option(min=2, help="length, the first day is clean")] = 8,
    principals: Annotated[int, typer.Option(min=1, help="honest principals")] = 250,
    campaigns: Annotated[int, typer.Option(min=0, help="attack campaigns")] = CAMPAIGNS,
    mean: Annotated[float, typer.Option(help="records an honest principal and day")] = MEAN,
    adaptive: Annotated[float, typer.Option(help="share of attackers who know of detectors")] = 0.2,
    rhythm: Annotated[str, typer.Option(help="constant, poisson or hourly: everybody honest keeps it")] = "",
    since: Annotated[float, typer.Option(help="from which day on they keep it")] = 0.0,
    begin: Annotated[float, typer.Option(help="the day on which attackers may come; 0 spoils the burn-in")] = 1.0,
    kind: Annotated[str, typer.Option("--drift", help=f"how the world moves: {', '.join(KINDS)}")] = "",
    drift_day: Annotated[float, typer.Option(help="when it begins to")] = 4.0,
    ramp: Annotated[float, typer.Option(help="days until it has; 0 is at once")] = 0.0,
    drift_share: Annotated[float, typer.Option(help="share of honest principals for whom it moves")] = 1.0,
    without: Annotated[list[str] | None, typer.Option(help="kinds, or groups of kinds, that do not occur")] = None,
    guest: Annotated[list[str] | None, typer.Option(help=f"KIND=COUNT beyond all others: {', '.join(GUESTS)}")] = None,
    train: Annotated[bool, typer.Option(help="write the victim's training rows too, for tidegate manifest")] = False,
    compress: Annotated[bool, typer.Option(help="write .jsonl.zst")] = False,
) -> None:
    """Write worlds of the laboratory, with their truth."""
    absent = [kind for named in without or () for kind in GROUPS.get(named, (named,))]
    guests = {kind: int(count) for kind, _, count in (wanted.partition("=") for wanted in guest or ())}
    out.mkdir(parents=True, exist_ok=True)
    for one in NAMES if name == ["all"] else name:
        made = implanted(victim(one, seed), seed)
        chance = np.random.default_rng([seed, *b"lineup", *one.encode()])
        raids = partial(lineup, made, chance, days, count=campaigns, adaptive=adaptive, begin=begin * DAY)
        way = np.random.default_rng([seed, *b"drift", *one.encode()])
        moved = drift(made, way, kind, drift_day * DAY, ramp=ramp * DAY, share=drift_share) if kind else None
        drawn = world(
            made,
            seed,
            days,
            principals,
            raids,
            without=absent,
            mean=mean,
            rhythm=rhythm,
            since=since * DAY,
            moved=moved,
            invited=guests,
        )
        if train:
            rows = (msgspec.json.encode({"features": row}) + b"\n" for row in made.train.tolist())
            (out / f"{one}-{seed}.train.jsonl").write_bytes(b"".join(rows))
        write(out, f"{one}-{seed}", drawn, clean_days=begin, compress=compress)
        typer.echo(f"{one}-{seed}: {len(drawn.time)} records, {len(drawn.campaigns)} campaigns")


def write(out: Path, name: str, drawn: World[Campaign], *, clean_days: float = 1.0, compress: bool = False) -> None:
    """Write the log, the truth and the manifest of a world into a folder that exists."""
    log = out / (f"{name}.jsonl.zst" if compress else f"{name}.jsonl")
    with log.open("wb") as file:
        if compress:
            with zstandard.ZstdCompressor(3).stream_writer(file) as packed:
                for block in _blocks(drawn):
                    packed.write(block)
        else:
            file.writelines(_blocks(drawn))
    ids = attack_ids(drawn)
    with (out / f"{name}.truth.csv").open("w") as file_of_truth:
        file_of_truth.writelines(truth(drawn, ids))
    (out / f"{name}.manifest.json").write_bytes(msgspec.json.encode(manifest(drawn, ids, clean_days)))


def attack_ids(drawn: World[Campaign]) -> list[str]:
    """An id of each campaign, which says what it is."""
    return [f"{one.family}-{one.pacing}-{index}" for index, one in enumerate(drawn.campaigns)]


def truth(drawn: World[Campaign], ids: Sequence[str]) -> Iterator[str]:
    """Lines ``record id,label,attack id`` in the log's order; what an attacker pads with counts as his."""
    honest = f"drift-{drawn.moved.kind}" if drawn.moved else "benign"
    since = np.searchsorted(drawn.time, drawn.moved.start) if drawn.moved else len(drawn.time)
    for row, index in enumerate(drawn.campaign.tolist()):
        label = drawn.campaigns[index].family if index >= 0 else honest if row >= since else "benign"
        yield f"{row:08x},{label},{ids[index] if index >= 0 else ''}\n"


def manifest(drawn: World[Campaign], ids: Sequence[str], clean_days: float) -> dict[str, Any]:
    """What is known of the campaigns and of the honest principals."""
    spans = [drawn.start + drawn.time[drawn.attack == index][[0, -1]] for index in range(len(ids))]
    attacks = [
        {
            "attack_id": name,
            "label": one.family,
            "threat": one.threat,
            "variant": one.pacing,
            "clock": one.clock,
            "adaptive": list(one.adaptive),
            "queries": one.queries,
            "principals": list(one.visits),
            "start": float(span[0]),
            "end": float(span[1]),
            "success": one.success,
            "fidelity": {str(answers): share for answers, share in one.fidelity},
        }
        for name, one, span in zip(ids, drawn.campaigns, spans, strict=True)
    ]
    way = drawn.moved
    moved = way and {"kind": way.kind, "start": drawn.start + way.start, "ramp_s": way.ramp, "share": way.share}
    return {
        "t0": drawn.start,
        "t1": drawn.start + drawn.days * DAY,
        "clean_until": drawn.start + max(clean_days, 1.0) * DAY,
        "redeployed": None if drawn.redeployed is None else drawn.start + drawn.redeployed,
        "drift": moved,
        "attacks": attacks,
        "personas": dict(zip(drawn.names, drawn.kinds, strict=True)),
    }


def _blocks(drawn: World[Campaign]) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder()
    lines: list[bytes] = []
    for record in drawn.records():
        lines.append(encoder.encode(record) + b"\n")
        if len(lines) == CHUNK:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)


if __name__ == "__main__":
    typer.run(main)
