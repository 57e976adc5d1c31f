"""Outlets as the configuration names them. One line in ``KINDS`` and one function adds a sort of destination."""

from collections.abc import Callable, Sequence
from pathlib import Path

from streams.dead_letters import DeadLetters
from streams.outlets.api import Outlet
from streams.outlets.signature import WrongKey, key_of
from streams.outlets.webhook import TRIES, Webhook, WrongOutlet
from streams.settings import Outlet as Chosen


def configured(chosen: Sequence[Chosen], *, directory: Path | None, tries: int = TRIES) -> list[Outlet]:
    """Return the outlets of ``[[outlet]]`` tables, in their order, not yet started.

    Parameters
    ----------
    directory : where each keeps its dead letters, as ``outlet-NAME.jsonl``; None keeps none and counts them
    tries : for each alert, before it is given up

    Raises
    ------
    WrongOutlet
        names the outlet and what is wrong with it
    """
    names = [outlet.name for outlet in chosen]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise WrongOutlet(f"two outlets are called {twice[0]}")
    return [KINDS[outlet.kind](outlet, _dead_letters(outlet.name, directory), tries) for outlet in chosen]


def _webhook(chosen: Chosen, dead_letters: DeadLetters, tries: int) -> Outlet:
    try:
        key = key_of(chosen.secret_file.read_text()) if chosen.secret_file else None
        return Webhook(
            name=chosen.name,
            url=chosen.url,
            key=key,
            dead_letters=dead_letters,
            form=chosen.form,
            timeout=chosen.timeout,
            tries=tries,
        )
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise WrongOutlet(f"outlet {chosen.name}: cannot read {chosen.secret_file}: {reason}") from None
    except (WrongKey, WrongOutlet) as error:
        raise WrongOutlet(f"outlet {chosen.name}: {error}") from None


def _dead_letters(name: str, directory: Path | None) -> DeadLetters:
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in name)
    return DeadLetters(directory / f"outlet-{safe}.jsonl" if directory else None)


KINDS: dict[str, Callable[[Chosen, DeadLetters, int], Outlet]] = {"webhook": _webhook}
