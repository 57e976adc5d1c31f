from pathlib import Path

import pytest

from streams.settings.document import default_file, reference_table, refreshed

ROOT = Path(__file__).parents[3]


def test_the_configuration_page_is_fresh():
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert refreshed(page) == page


def test_the_example_file_is_fresh():
    assert (ROOT / "docs" / "tidegate.toml").read_text() == default_file()


def test_every_key_has_a_meaning():
    for row in reference_table().splitlines()[2:]:
        key, default, meaning = row.strip("| ").split(" | ")
        assert key.startswith("`")
        assert default
        assert len(meaning) > 3


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="has no"):
        refreshed("# nothing here")
