"""``python -m streams.settings``: write the generated parts of ``docs`` afresh."""

from pathlib import Path

from streams.settings.document import default_file, refreshed

if __name__ == "__main__":
    page = Path("docs/configuration.md")
    page.write_text(refreshed(page.read_text()))
    Path("docs/tidegate.toml").write_text(default_file())
