import io
import re
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console

from streams.demo.drawing import drawing, self_contained

ELSEWHERE = re.compile(r"(?:href|src|url)\s*[=(:]\s*[\"']?(?:\w+:)?//|@import|@font-face")
PICTURE = Path(__file__).parents[3] / "docs" / "demo.svg"


def drawn() -> str:
    console = Console(file=io.StringIO(), record=True, width=60)
    console.print("[bold]caught[/bold] 3 of 4 @font-face { }")
    return drawing(console, title="a title")


def test_a_drawing_shows_what_was_printed_and_is_well_formed():
    words = "".join(ElementTree.fromstring(drawn()).itertext()).replace("\xa0", " ")
    assert "caught" in words
    assert "3 of 4 @font-face" in words
    assert "a title" in words


def test_a_drawing_fetches_nothing_from_elsewhere():
    found = ElementTree.fromstring(drawn()).iter("{http://www.w3.org/2000/svg}style")
    styles = "".join(node.text or "" for node in found)
    assert "monospace" in styles
    assert not ELSEWHERE.search(styles)
    assert not re.search(r"url\((?!#)", drawn())


def test_the_picture_in_the_docs_fetches_nothing_either():
    text = PICTURE.read_text(encoding="utf-8")
    assert not ELSEWHERE.search(text)
    assert self_contained(text) == text
