"""``tidegate train``: a classifier of attacks on the user's own model."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

EXAMPLE = "tidegate train tabular --model fraud.onnx --data clean.jsonl --out fraud-attacks.onnx"


class Kind(StrEnum):
    """What the model takes."""

    IMAGE = "image"
    TABULAR = "tabular"
    TEXT = "text"


def train(
    kind: Annotated[Kind, typer.Argument(help="What the model takes.", case_sensitive=False)],
    model: Annotated[Path, typer.Option(help="The model to protect, an ONNX file.", exists=True, dir_okay=False)],
    data: Annotated[
        Path,
        typer.Option(help="Honest inputs: records, lines with features or prompt, or .npz with x.", exists=True),
    ],
    out: Annotated[Path, typer.Option(help="Write the classifier here; its card and clean records lie beside it.")],
    rows: Annotated[int, typer.Option(min=50, help="Inputs that each attack begins with.")] = 2000,
    asked: Annotated[int, typer.Option(min=1, help="The same of attacks that only ask, which are slow.")] = 60,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the inputs.")] = 12,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 0,
    scale: Annotated[float, typer.Option(help="Logged pixels are multiplied by it before the model sees them.")] = 1.0,
    channels_last: Annotated[
        bool, typer.Option("--channels-last", help="Logged pixels have their channels last.")
    ] = False,
) -> None:
    """Attack a model, learn what the attacks look like, and write a classifier with what was measured of it.

    Takes minutes to hours; stopped and started again, it goes on where it was. Needs the extra "train".
    """
    from streams.cli.failures import Failed, Wrong, say

    quiet()
    try:
        from streams import adversarial, adversarial_text
    except ImportError as error:
        raise Wrong(f"{error.name} is missing: pip install 'tidegate[train]'") from None
    sizes = adversarial.Sizes(rows=rows, asked=asked, epochs=epochs, seed=seed)
    try:
        if kind is Kind.TEXT:
            made = adversarial_text.train(model, data, out, sizes=sizes, tell=say)
        else:
            made = adversarial.train(
                str(kind), model, data, out, sizes=sizes, scale=scale, last=channels_last, tell=say
            )
    except (adversarial.Unfit, adversarial.Refused) as error:
        raise Failed(f"{model}: {error}" if isinstance(error, adversarial.Refused) else str(error)) from None
    say(f"written: {', '.join(str(file) for file in made.files)}")
    print(made.toml)


def quiet() -> None:
    """Keep JAX on the CPU and on one core, beside whatever else runs here."""
    import os

    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
