"""The command line: one file a command, imported only when it is asked for."""

import os
import sys
from importlib import import_module

import typer

from streams.cli.failures import exit_code

COMMANDS = {  # in the order and the groups of `tidegate --help`
    "demo": "Try it",
    "scan": "Try it",
    "inspect": "Try it",
    "init": "Run it",
    "run": "Run it",
    "doctor": "Run it",
    "migrate": "Run it",
    "produce": "Run it",
    "manifest": "Run it",
    "protect": "Run it",
    "alerts": "Look",
    "alert": "Look",
    "coverage": "Look",
    "exposure": "Look",
    "budget": "Look",
    "train": "Run it",
    "evaluate": "Measure",
    "bench": "Measure",
}
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
)  # matrices are small: more threads only wait
EPILOG = "Every command has its own --help with an example. --debug anywhere shows tracebacks."


def main() -> int:
    """Run ``tidegate`` on ``sys.argv`` and return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    arguments = sys.argv[1:]
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    debug = "--debug" in own
    if debug:
        arguments.remove("--debug")
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")  # read once, when a command imports numpy
    try:
        application(arguments)(arguments, prog_name="tidegate")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException as error:
        if debug:
            raise
        return exit_code(error)
    return 0


def application(arguments: list[str]) -> typer.Typer:
    """The application with the one command that ``arguments`` begin with, or with all of them."""
    app = typer.Typer(
        name="tidegate",
        help="Watches the traffic of machine-learning models and says who is attacking them.",
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    wanted = [arguments[0]] if arguments and arguments[0] in COMMANDS else list(COMMANDS)
    for name in wanted:
        module = import_module(f"streams.cli.{name}")
        example = f"Example: {module.EXAMPLE}"
        app.command(name, epilog=example, rich_help_panel=COMMANDS[name])(getattr(module, name))
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"tidegate {version('tidegate')}")
        except PackageNotFoundError:
            print("tidegate from its source tree")
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False, "--version", help="Print the version and leave.", is_eager=True, callback=_version
    ),
) -> None:
    """Options that need no command."""
