import pytest

from streams.evaluation import Evaluation
from streams.page import BEGIN, END, Unmarked, put, text


def test_prose_stays_and_tables_are_replaced(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n\nbefore\n\n{BEGIN}\nold\n{END}\n\nafter\n")
    for made in ("first", "second"):
        put(page, made)
    assert page.read_text() == f"# Title\n\nbefore\n\n{BEGIN}\n\nsecond\n\n{END}\n\nafter\n"


def test_a_page_that_is_not_there_is_made(tmp_path):
    put(tmp_path / "new.md", "tables")
    assert f"{BEGIN}\n\ntables\n\n{END}" in (tmp_path / "new.md").read_text()


@pytest.mark.parametrize("content", ["nothing", BEGIN, f"{END}\n{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_page_without_a_place_is_left_alone(tmp_path, content):
    page = tmp_path / "page.md"
    page.write_text(content)
    with pytest.raises(Unmarked):
        put(page, "tables")
    assert page.read_text() == content


def test_every_trace_has_a_chapter_after_the_overview():
    found = {"one": Evaluation([], days=1.0), "two": Evaluation([], days=1.0)}
    made = text(found, {"one": {"peer": Evaluation([])}}, 2.0)
    assert made.index("| trace |") < made.index("## One") < made.index("| peer |") < made.index("## Two")
