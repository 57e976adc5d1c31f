"""``tidegate manifest``: what a model was trained on, as fingerprints."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import Config, readable, settings_of

EXAMPLE = "tidegate manifest train.jsonl.gz --out fraud.manifest --canaries canaries.jsonl"


def manifest(
    train: Annotated[
        list[Path],
        typer.Argument(metavar="TRAIN", help='Records, or rows {"features": [...]}: JSONL, .gz, .zst or Parquet.'),
    ],
    out: Annotated[Path, typer.Option(help="Write the manifest here.", show_default=False)],
    canaries: Annotated[
        list[Path] | None,
        typer.Option(help="Rows that were planted and exist nowhere else; may be given again.", show_default=False),
    ] = None,
    input_format: Annotated[str, typer.Option(help="Format of the rows; auto recognises it.")] = "auto",
    config: Config = None,
) -> None:
    """Write keyed fingerprints of training rows, by which queries about them are known; no row can be read from them.

    Name the file in a table "manifest" of the configuration. The fingerprints hold for this installation's secret
    only (calibration.secret_file). Files are read twice.
    """
    from schemas.formats import FORMATS
    from streams import manifests
    from streams.cli.failures import Failed, Wrong, say

    if input_format not in ("auto", *FORMATS):
        raise Wrong(f"--input-format {input_format}: known are auto, {', '.join(FORMATS)}")
    rows, planted = readable(train), readable(canaries or [])
    if "-" in (*rows, *planted):
        raise Wrong("rows are read twice, which standard input cannot be; name files")
    settings = settings_of(config)
    secret, limits = settings.secret(), settings.limits.rules()
    try:
        made = manifests.make(rows, secret, canaries=planted, form=input_format, limits=limits)
    except (manifests.Unfit, manifests.Unreadable) as error:
        raise Failed(str(error)) from None
    manifests.write(made.manifest, out)
    if made.refused:
        say(f"{made.refused} lines were no usable rows")
    if secret == settings.FACTORY_SECRET:
        say("fingerprints are keyed with the factory's secret, which everybody knows; set calibration.secret_file")
    known = made.manifest
    print(f"{out}: {known.rows} different rows, {len(known.canaries)} canaries, {out.stat().st_size} bytes")
