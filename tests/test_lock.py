"""The lock: exact versions with hashes, for everything that pyproject.toml asks for, and no address of an index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text()
FILE = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = FILE["project"]
ASKED = [
    *PROJECT["dependencies"],
    *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
    *(one for group in FILE["dependency-groups"].values() for one in group),
]


def pins() -> list[tuple[str, str, int]]:
    """Name, version and number of hashes of each entry."""
    entries = re.findall(r"^(\S+?)==(\S+?)(?: ;[^\\]*)? \\\n((?:    --hash=\S+(?: \\)?\n?)+)", LOCK, re.MULTILINE)
    return [(name, version, hashes.count("--hash=sha256:")) for name, version, hashes in entries]


def test_every_entry_is_an_exact_version_with_hashes():
    lines = [line for line in LOCK.splitlines() if line and not line.startswith(("#", " "))]
    assert len(pins()) == len(lines) > 60
    assert all(hashes > 0 for _, _, hashes in pins())


@pytest.mark.parametrize("asked", ASKED)
def test_what_the_project_asks_for_is_locked_at_a_version_that_will_do(asked):
    requirement = Requirement(asked)
    versions = [
        version for name, version, _ in pins() if canonicalize_name(name) == canonicalize_name(requirement.name)
    ]
    assert versions
    assert all(requirement.specifier.contains(Version(version)) for version in versions)


def test_no_address_of_an_index_is_in_it():
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", LOCK)
