"""Folders with transformers: opened if they are what was written, refused if a byte differs."""

from pathlib import Path

import pytest

from detectors.packing import Corrupt
from streams.text_model import MANIFEST, PRECISIONS, file_of, read, transformer, write


def test_what_was_written_is_read(tmp_path: Path):
    write(tmp_path / "new", {"a.onnx": b"abc", "b.onnx": b""})
    assert read(tmp_path / "new", "a.onnx") == b"abc"
    assert read(tmp_path / "new", "b.onnx") == b""


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_file_that_is_not_the_listed_one_is_refused(tmp_path: Path, precision: str):
    write(tmp_path, {file_of(precision): b"abc"})
    (tmp_path / file_of(precision)).write_bytes(b"abd")
    with pytest.raises(Corrupt, match="is not the file that manifest"):
        transformer(tmp_path, precision)


def test_a_file_that_nobody_listed_is_refused(tmp_path: Path):
    write(tmp_path, {})
    (tmp_path / "a.onnx").write_bytes(b"abc")
    with pytest.raises(Corrupt, match=r"a\.onnx is not the file"):
        read(tmp_path, "a.onnx")


@pytest.mark.parametrize("manifest", [b"", b"[]", b'{"files": 3}', b"{}"])
def test_a_damaged_manifest_is_refused(tmp_path: Path, manifest: bytes):
    (tmp_path / "a.onnx").write_bytes(b"abc")
    (tmp_path / MANIFEST).write_bytes(manifest)
    with pytest.raises(Corrupt, match="is no manifest"):
        read(tmp_path, "a.onnx")
