"""``python -m streams.catalogue``: write the generated part of ``docs/detectors.md`` afresh."""

from pathlib import Path

from detectors.catalogue import refreshed


def main(page: Path) -> None:
    """Refresh one page in place."""
    page.write_text(refreshed(page.read_text()))


if __name__ == "__main__":
    main(Path("docs/detectors.md"))
