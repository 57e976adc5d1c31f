"""The page of detectors is fresh, and says what its author's guide promises."""

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from detectors import checks, library
from detectors.catalogue import refreshed, table

PAGE = Path(__file__).parents[2] / "docs" / "detectors.md"


def test_the_page_of_detectors_is_fresh():
    assert refreshed(PAGE.read_text()) == PAGE.read_text(), "run python -m streams.catalogue"


def test_every_detector_has_one_line():
    assert re.findall(r"^\| `(\w+)` ", table(), re.MULTILINE) == list(library.discover())


def test_every_check_is_explained_on_the_page():
    text = PAGE.read_text()
    assert [name for name in checks.CHECKS if f"`{name}`" not in text] == []


def test_the_example_on_the_page_is_a_detector(tmp_path, monkeypatch):
    file = tmp_path / "night_owl.py"
    file.write_text(re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL).group(1))
    spec = spec_from_file_location("detectors.library.night_owl", file)
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    kind = module.DETECTOR
    for check in ("spec_is_complete", "docstring_has_score_and_reference", "builds_without_arguments", "shapes",
                  "batch_cuts_do_not_matter", "untrusted_rows_teach_nothing", "survives_bad_numbers",
                  "keys_do_not_mix"):  # fmt: skip
        checks.CHECKS[check](kind)


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="has no"):
        refreshed("# nothing here")
