"""``tidegate scan``: history from files."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import Config, readable, settings_of

EXAMPLE = "tidegate scan traffic.jsonl.gz --alerts alerts.jsonl --burn-in 1d --budget 2/day"


def scan(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="JSONL, .gz, .zst or Parquet, oldest first; - is standard input."),
    ],
    alerts: Annotated[
        Path | None, typer.Option(help="Write alerts here, one JSON object a line.", show_default=False)
    ] = None,
    input_format: Annotated[str, typer.Option(help="Format of the log; auto recognises it.")] = "auto",
    burn_in: Annotated[
        str, typer.Option(help='Clean period to learn from: "1d", "6h" or "20%".', show_default=False)
    ] = "",
    budget: Annotated[str, typer.Option(help='False alerts that are affordable: "10/day".', show_default=False)] = "",
    rejects: Annotated[Path | None, typer.Option(help="Write what could not be read here.", show_default=False)] = None,
    scores: Annotated[Path | None, typer.Option(help="Write every record's scores here.", show_default=False)] = None,
    db: Annotated[
        Path | None, typer.Option(help="Keep alerts and coverage in this directory.", show_default=False)
    ] = None,
    outlet: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME|URL",
            help="Push what was found to this [\\[outlet]] or URL; may be given again.",
            show_default=False,
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Watch history from files with the same detectors, gates and incidents as run."""
    from schemas.formats import FORMATS
    from streams.cli.failures import Wrong
    from streams.cli.scanning import perform

    if input_format not in ("auto", *FORMATS):
        raise Wrong(f"--input-format {input_format}: known are auto, {', '.join(FORMATS)}")
    paths = readable(files)
    overrides: dict[str, dict[str, object]] = {}
    if burn_in:
        overrides["calibration"] = {"burn_in": burn_in}
    if budget:
        overrides["budget"] = {"alerts_per_day": budget}
    if db:
        overrides["clickhouse"] = {"url": f"chdb://{db.absolute()}"}
    settings = settings_of(config, **overrides)
    perform(
        paths,
        settings,
        form=input_format,
        alerts=alerts,
        rejects=rejects,
        scores=scores,
        keep=db is not None,
        outlets=outlet or (),
    )
