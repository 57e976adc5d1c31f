"""Text Generation Inference's own API as a tap beside it logs it: bodies of ``/generate`` and its stream.

Taken in as :mod:`schemas.formats.openai` takes in its own: both sides in one object, one side of a call, a bare body,
at once or in pieces. Each of them may also stand in a log of OpenAI's bodies.

References
----------
https://huggingface.github.io/text-generation-inference/
"""

from functools import partial

from schemas.formats.bodies import tgi as bodies
from schemas.formats.openai import PRINCIPALS, read
from schemas.formats.sides import sure

__all__ = ["PRINCIPALS", "TITLE", "read", "signs"]

TITLE = "TGI request and response bodies"
signs = partial(sure, api=bodies)
