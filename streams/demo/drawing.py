"""The demo's last screen as a picture that needs nothing but itself."""

import re

from rich.console import Console

_FONT = re.compile(r"[ \t]*@font-face\s*\{[^{}]*\}\n+")


def drawing(console: Console, *, title: str) -> str:
    """SVG of what a recording console printed.

    Rich has its fonts fetched from a network of others, which would tell them who reads our pages; a viewer's own
    monospaced font does, since every text states its length.
    """
    return self_contained(console.export_svg(title=title))


def self_contained(svg: str) -> str:
    """The same without fonts from elsewhere."""
    return _FONT.sub("", svg)
