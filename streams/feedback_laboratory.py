"""``python -m streams.feedback_laboratory OUT``: write a feedback world of the laboratory, as traces are written.

``NAME-SEED.feedback.jsonl`` with records of phase ``feedback``, ``NAME-SEED.feedback.truth.csv`` with record id, label
and attack id in its order, and ``NAME-SEED.feedback.manifest.json``. Needs the extra ``train``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
import numpy as np
import typer

from detectors.training.lab.feedback import Feedback, Poison, Poisoner, feedback
from detectors.training.lab.types import DAY
from detectors.training.lab.victims import NAMES, victim
from detectors.training.lab.world import MONDAY
from schemas.record import Record

WAYS: tuple[Poison, ...] = get_args(Poison)


def main(
    out: Annotated[Path, typer.Argument(help="the folder to write to")],
    *,
    name: Annotated[list[str], typer.Option("--victim", help="one of the laboratory's; several, or all")],
    seed: Annotated[int, typer.Option(help="another seed is another world")] = 1,
    records: Annotated[int, typer.Option(min=1, help="honest records, about")] = 30_000,
    contributors: Annotated[int, typer.Option(min=2, help="honest contributors")] = 500,
    noise: Annotated[float, typer.Option(min=0.0, max=0.4, help="share of honest labels that are wrong")] = 0.05,
    poison: Annotated[list[str] | None, typer.Option(help=f"WAY, or WAY=SHARE of his own: {', '.join(WAYS)}")] = None,
    answers: Annotated[bool, typer.Option(help="repeat the model's answers")] = True,
) -> None:
    """Write feedback worlds, with their truth."""
    wanted = [_poisoner(text) for text in poison or ()]
    out.mkdir(parents=True, exist_ok=True)
    for one in NAMES if name == ["all"] else name:
        made = victim(one, seed)
        drawn = feedback(made, seed, records=records, contributors=contributors, noise=noise, poisoners=wanted)
        stem = f"{one}-{seed}.feedback"
        with (out / f"{stem}.jsonl").open("wb") as file:
            file.writelines(msgspec.json.encode(line) + b"\n" for line in logged(drawn, answers=answers))
        with (out / f"{stem}.truth.csv").open("w") as file_of_truth:
            file_of_truth.writelines(truth(drawn))
        (out / f"{stem}.manifest.json").write_bytes(msgspec.json.encode(manifest(drawn, wanted)))
        typer.echo(f"{stem}: {len(drawn.time)} records, {len(wanted)} poisoners")


def _poisoner(text: str) -> Poisoner:
    named, _, share = text.partition("=")
    found = [way for way in WAYS if way == named]
    if not found:
        raise typer.BadParameter(f"{named!r} is none of {', '.join(WAYS)}")
    return Poisoner(found[0], own=float(share or 1.0))


def logged(drawn: Feedback, *, answers: bool) -> Iterator[Record]:
    """Yield what is logged, in order of time."""
    answered = drawn.victim.answer(drawn.features).probabilities if answers else np.empty((len(drawn.time), 0))
    rows = zip(drawn.features.tolist(), answered.tolist(), strict=True)
    for row, (features, probabilities) in enumerate(rows):
        yield Record(
            id=f"{row:08x}",
            time=MONDAY + float(drawn.time[row]),
            model=drawn.victim.name,
            version="1",
            principal=drawn.names[drawn.who[row]],
            features=features,
            probabilities=probabilities or None,
            label=int(drawn.label[row]),
            phase="feedback",
        )


def truth(drawn: Feedback) -> Iterator[str]:
    """Lines ``record id,label,attack id``; what a poisoner gives honestly is his campaign's too."""
    for row, who in enumerate(drawn.who.tolist()):
        mine = drawn.kinds[who] == "poisoner"
        yield f"{row:08x},{'poisoning' if drawn.poisoned[row] else 'benign'},{drawn.names[who] if mine else ''}\n"


def manifest(drawn: Feedback, poisoners: list[Poisoner]) -> dict[str, Any]:
    """What is known of poisoners and honest contributors."""
    names = [name for name, kind in zip(drawn.names, drawn.kinds, strict=True) if kind == "poisoner"]
    attacks = [
        {
            "attack_id": name,
            "label": "poisoning",
            "threat": "poisoning",
            "variant": one.poison,
            "own": one.own,
            "queries": int(drawn.poisoned[drawn.who == drawn.names.index(name)].sum()),
            "principals": [name],
        }
        for name, one in zip(names, poisoners, strict=True)
    ]
    end = MONDAY + float(np.ceil(drawn.time[-1] / DAY)) * DAY
    personas = dict(zip(drawn.names, map(str, drawn.kinds), strict=True))
    return {"t0": MONDAY, "t1": end, "clean_until": MONDAY, "attacks": attacks, "personas": personas}


if __name__ == "__main__":
    typer.run(main)
