"""``tidegate protect``: texts that answers must not repeat, as salted numbers."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import Config, settings_of

EXAMPLE = "tidegate protect system-prompt.txt handbook.md --out assistant.protected"


def protect(
    texts: Annotated[list[Path], typer.Argument(metavar="FILE", help="Texts that answers must not repeat, UTF-8.")],
    out: Annotated[Path, typer.Option(help="Write the shingles here.", show_default=False)],
    ordinary: Annotated[
        list[Path] | None,
        typer.Option(help="Texts that everybody may read; what they say too is left out.", show_default=False),
    ] = None,
    other_words: Annotated[
        bool,
        typer.Option(
            "--other-words",
            help="For a system prompt: also know its sentences in other words. What it is about can then be guessed "
            "from the file.",
        ),
    ] = False,
    config: Config = None,
) -> None:
    """Write salted shingles of texts, by which answers that repeat them are known; no word can be read from them.

    Name the file in a table "protect" of the configuration. The shingles hold for this installation's secret only
    (calibration.secret_file).
    """
    from streams import protected
    from streams.cli.failures import Failed, say

    settings = settings_of(config)
    secret = settings.secret()
    try:
        made = protected.make(texts, secret, ordinary=ordinary or [], other_words=other_words)
        protected.write(made, out)
    except protected.Unfit as error:
        raise Failed(str(error)) from None
    if secret == settings.FACTORY_SECRET:
        say("shingles are keyed with the factory's secret, which everybody knows; set calibration.secret_file")
    also = f", {len(made.meanings)} sentences in other words" if other_words else ""
    print(f"{out}: {made.count} different runs of eight words{also}, {out.stat().st_size} bytes")
