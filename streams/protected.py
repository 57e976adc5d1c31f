"""Protected texts and canaries: made from files of text, written, and read for the configured models."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from detectors.outputs import Watched, protected
from detectors.outputs.canaries import Canaries
from detectors.outputs.protected import Protected
from detectors.packing import Corrupt
from streams.settings import Invalid, Settings
from streams.settings.sections import Protect

LARGEST_TEXT = 1 << 28  # bytes of one file of text
LARGEST_LIST = 1 << 24  # bytes of a file of canaries


class Unfit(ValueError):
    """Files that nothing can be made of; the sentence says why."""


def make(
    paths: Sequence[Path], secret: bytes, *, ordinary: Sequence[Path] = (), other_words: bool = False
) -> Protected:
    """Shingles of texts in ``paths`` without those of ``ordinary`` ones, with their meaning if asked for.

    Raises ``Unfit`` or ``OSError``.
    """
    try:
        made = Protected.of_texts(_texts(paths), secret, _texts(ordinary), other_words=other_words)
    except ValueError as error:
        raise Unfit(f"{error}; keep --other-words for the system prompt, in a file of its own") from None
    if not made.count:
        raise Unfit("no text has eight words in a row that are not in ordinary ones")
    return made


def write(made: Protected, path: Path) -> None:
    """Write shingles; what was there before stays until the new file is whole."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(made.to_bytes())
    beside.replace(path)


def loaded(settings: Settings) -> Mapping[tuple[str, str], Watched]:
    """What is watched of the configured models; raises ``Invalid`` naming everything that cannot be used."""
    found, problems = {}, []
    for number, one in enumerate(settings.protect):
        try:
            found[one.model, one.version] = read(one, settings.secret())
        except (OSError, Corrupt, ValueError) as error:
            problems.append(f"protect.{number}: {getattr(error, 'strerror', None) or error}")
    if problems:
        raise Invalid(problems)
    return found


def read(one: Protect, secret: bytes) -> Watched:
    """What one table names; raises ``Corrupt``, ``OSError``, or ``ValueError`` for a canary that is too short."""
    texts = () if one.texts is None else (_protected(one.texts, secret),)
    return Watched(_canaries(one.canaries), _canaries(one.foreign), texts)


def _protected(path: Path, secret: bytes) -> Protected:
    if path.stat().st_size > protected.LARGEST:
        raise Corrupt(f"protected texts are at most {protected.LARGEST >> 20} MiB")
    return Protected.from_bytes(path.read_bytes(), secret)


def _canaries(path: Path | None) -> Canaries:
    if path is None:
        return Canaries([])
    if path.stat().st_size > LARGEST_LIST:
        raise Corrupt(f"a list of canaries is at most {LARGEST_LIST >> 20} MiB")
    lines = path.read_text("utf-8", "replace").splitlines()
    return Canaries([line.strip() for line in lines if line.strip()])


def _texts(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        if path.stat().st_size > LARGEST_TEXT:
            raise Unfit(f"{path} has more than {LARGEST_TEXT >> 20} MiB; cut it into several files")
        yield path.read_text("utf-8", "replace")
