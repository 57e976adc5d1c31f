"""``tidegate demo``: attacks on a model, caught before your eyes."""

from pathlib import Path
from typing import Annotated

import typer

EXAMPLE = "tidegate demo --attack extraction --seed 7"


def demo(
    seconds: Annotated[float, typer.Option(min=5, help="About how long it may take.")] = 20.0,
    attack: Annotated[
        list[str] | None, typer.Option(help="Only this attack; may be given again.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Other people, other attackers.")] = 1,
    keep: Annotated[Path | None, typer.Option(help="Leave the database here.", show_default=False)] = None,
    svg: Annotated[Path | None, typer.Option(help="Also draw the last screen here.", show_default=False)] = None,
) -> None:
    """Watch attacks on a model being caught: no servers, nothing to set up."""
    from detectors.training.traffic import ATTACKS
    from streams.cli.failures import Failed, Wrong
    from streams.demo.process import Died
    from streams.embedded import Unavailable
    from streams.settings.words import nearest

    for name in attack or []:
        if name not in ATTACKS:
            near = nearest(name, ATTACKS)
            raise Wrong(f"--attack {name}: " + (f"did you mean {near}?" if near else f"known are {', '.join(ATTACKS)}"))
    try:
        from streams.demo.run import show

        show(seconds=seconds, attacks=attack or list(ATTACKS), seed=seed, svg=svg, keep=keep)
    except (Unavailable, ImportError) as error:
        raise Failed(f'{error}: the demo needs pip install "tidegate[embedded]"') from None
    except Died as error:
        raise Failed(str(error)) from None
