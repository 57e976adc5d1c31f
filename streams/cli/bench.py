"""``tidegate bench``: how fast, beside the same work done with peers."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import Config, Format, Rows, settings_of

EXAMPLE = "tidegate bench --format json"


def bench(
    records: Annotated[int, typer.Option(min=1000, help="Records in each run.")] = 1_600_000,
    form: Rows = Format.TABLE,
    gpu: Annotated[
        bool, typer.Option("--gpu", help="Only the transformer's prompts/s, on a GPU if there is one.")
    ] = False,
    transformer: Annotated[
        Path | None, typer.Option(help="With --gpu: folder of python -m streams.text_export.", show_default=False)
    ] = None,
    formats: Annotated[bool, typer.Option("--formats", help="Only the readers of log formats.")] = False,
    router: Annotated[bool, typer.Option("--router", help="Only what a router re-keys by principal.")] = False,
    config: Config = None,
) -> None:
    """Measure records/s end to end and per detector, latency and memory, beside peers on the same records.

    With --formats: readers of log formats on one core, beside json.loads in the same run.
    With --router: native records re-keyed on one core, the middle one of five runs.
    With --gpu: prompts/s of the transformer by size of batch, on the provider that is here.
    """
    if formats:
        _formats(form)
        return
    if gpu:
        _transformer(transformer, form)
        return
    from streams.bench import measure, rekeying
    from streams.cli.output import as_json, show

    settings = settings_of(config)
    found: dict[str, object] = {"router": rekeying.measure(settings, records)} if router else measure(settings, records)
    if form in (Format.JSON, Format.JSONL):
        print(as_json(found))
        return
    show(_rows(found), form, columns=("what", "records_per_second", "of"))


def _formats(form: Format) -> None:
    from streams.bench.formats import measure
    from streams.cli.output import as_json, show

    found = measure()
    if form in (Format.JSON, Format.JSONL):
        print(as_json(found))
        return
    columns = ("what", "records_per_second", "goal", "json_loads_per_second", "megabytes_per_second", "bytes_an_entry")
    show([{"what": what, **row} for what, row in found.items()], form, columns=columns)


def _transformer(folder: Path | None, form: Format) -> None:
    from detectors.classifiers.onnx_file import Refused
    from streams.bench.gpu import measure
    from streams.cli.failures import Failed, say
    from streams.cli.output import as_json, show

    try:
        found = measure(folder)
    except Refused as error:
        raise Failed(str(error)) from None
    if form in (Format.JSON, Format.JSONL):
        print(as_json(found))
        return
    if "says" in found:
        say(found["says"])
    say(f"{found['provider']}, weights {found['weights']}: {found['mix']['prompts_per_second']:,} prompts/s of a mix")
    if "against_cpu" in found:
        say("GPU and CPU differ by at most {largest_difference:.1e} (allowed {within})".format(**found["against_cpu"]))
    show(found["batches"], form, columns=("pieces", "rows", "milliseconds", "prompts_per_second"))


def _rows(found: dict[str, object]) -> list[dict[str, object]]:
    """One row for each part of the measurement."""
    rows: list[dict[str, object]] = []
    for part, value in found.items():
        many = part in ("detectors", "peers", "formats")
        groups = value.items() if many and isinstance(value, dict) else [(part, value)]
        rows += [{"what": name, "of": part, **row} for name, row in groups if isinstance(row, dict)]
    return rows
