"""Ollama's own API as a tap beside it logs it: bodies of ``/api/chat``, ``/api/generate`` and ``/api/embed``.

Taken in as :mod:`schemas.formats.openai` takes in its own: both sides in one object, one side of a call, a bare body,
at once or in pieces. Each of them may also stand in a log of OpenAI's bodies.

References
----------
https://docs.ollama.com/api
"""

from functools import partial

from schemas.formats.bodies import ollama as bodies
from schemas.formats.openai import PRINCIPALS, read
from schemas.formats.sides import sure

__all__ = ["PRINCIPALS", "TITLE", "read", "signs"]

TITLE = "Ollama request and response bodies"
signs = partial(sure, api=bodies)
