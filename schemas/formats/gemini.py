"""Google's Gemini API as a tap beside it logs it: bodies of ``generateContent`` and ``streamGenerateContent``.

Taken in as :mod:`schemas.formats.openai` takes in its own: both sides in one object, one side of a call, a bare body,
at once or in pieces. Each of them may also stand in a log of OpenAI's bodies.

References
----------
https://ai.google.dev/api/generate-content
"""

from collections.abc import Iterable
from typing import cast

from schemas.formats import openai
from schemas.formats.bodies import gemini as bodies
from schemas.formats.bodies.apis import Api
from schemas.formats.exchange import Exchange
from schemas.formats.message import Message
from schemas.formats.rules import Limits, Source
from schemas.formats.sides import sure

TITLE = "Gemini request and response bodies"
PRINCIPALS = openai.PRINCIPALS


def signs(one: Message) -> float:
    """The names that only its bodies have."""
    return sure(one, cast("Api", bodies))


def read(one: Message, source: Source, limits: Limits) -> Iterable[Exchange]:
    """The call, or the half of one, that an entry tells of."""
    return openai.read(one, source, limits)
