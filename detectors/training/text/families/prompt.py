"""Prompt: words of a caller written for training, with what they are."""

from dataclasses import dataclass
from typing import Literal

Head = Literal["subversion", "harmful", "benign"]


@dataclass(frozen=True)
class Prompt:
    """Words of a caller, and what a detector should say of them.

    Attributes
    ----------
    text : what is sent, at most ``LONGEST`` characters
    family : whose it is, a key of ``FAMILIES``
    head : which head should fire; ``benign`` for neither
    source : ``family/group``, the group of templates it was written from; whole groups are held out of training
    topic : what is asked for in a few words, also of a twin; empty where nothing is
    harmful : whether that topic is one that no model should help with: such an attack is one for both heads
    """

    text: str
    family: str
    head: Head
    source: str
    topic: str = ""
    harmful: bool = False


LONGEST = 6000
"""Characters of the longest prompt that is written."""
