"""Other APIs of language models, whose bodies gateways log beside OpenAI's: in its shape. One line adds one."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from schemas.formats.bodies import gemini, ollama, tgi


class Api(Protocol):
    """What the module of an API offers."""

    def asks(self, found: Mapping[str, Any]) -> bool:
        """Whether this is a request of this API, and chat's reading would miss something of it."""
        ...

    def question(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """A request in OpenAI's shape."""
        ...

    def answers(self, found: Mapping[str, Any]) -> bool:
        """Whether this is an answer of this API."""
        ...

    def answer(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """An answer in OpenAI's shape."""
        ...

    def piece(self, chunk: Mapping[str, Any]) -> bool:
        """Whether this is a piece of an answer in a stream."""
        ...

    def assembled(self, chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """One answer in OpenAI's shape of the pieces of a stream."""
        ...


APIS = tuple(cast("Api", api) for api in (gemini, ollama, tgi))
_OURS = ("choices", "output", "results")  # of OpenAI's answers, which some servers mix with names of their own


def question(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """A request in OpenAI's shape, whichever API's it is."""
    return next((api.question(found) for api in APIS if api.asks(found)), found)


def answers(found: Mapping[str, Any]) -> bool:
    """Whether this is an answer of one of these."""
    return not any(found.get(name) for name in _OURS) and any(api.answers(found) for api in APIS)


def answer(found: dict[str, Any]) -> dict[str, Any]:
    """An answer in OpenAI's shape, whichever API's it is."""
    if any(found.get(name) for name in _OURS):
        return found
    return next((api.answer(found) for api in APIS if api.answers(found)), found)


def assembled(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """One answer of a stream's pieces; None if they are of none of these."""
    return next((api.assembled(chunks) for api in APIS if any(map(api.piece, chunks[:2]))), None)
