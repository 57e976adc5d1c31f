"""Sentence transformers on disk: a folder that ``python -m streams.text_export`` wrote, checked when it is opened."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from detectors.packing import Corrupt
from detectors.text.transformer import Transformer

MANIFEST = "manifest.json"
PRECISIONS = ("fp32", "fp16", "int8")


def file_of(precision: str) -> str:
    """Name of the file that holds the transformer in this precision."""
    return f"sentence_transformer_{precision}.onnx"


def transformer(
    folder: Path,
    precision: str = "fp32",
    providers: Sequence[str] = ("CPUExecutionProvider",),
    threads: int = 1,
    longest: int = 128,
    output: str = "embedding",
) -> Transformer:
    """Open a transformer: fp32 anywhere, fp16 for GPUs, int8 for CPUs that must be quick.

    Raises ``Corrupt`` if its file is not the one that the folder's manifest lists, ``OSError`` if there is none.
    """
    return Transformer(read(folder, file_of(precision)), providers, threads, longest, output=output)


def read(folder: Path, name: str) -> bytes:
    """Content of a file of such a folder, which must be the one that its manifest lists."""
    try:
        listed = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=dict[str, dict[str, str]])["files"]
    except (msgspec.MsgspecError, KeyError) as error:
        raise Corrupt(f"{folder / MANIFEST} is no manifest: {error}") from error
    data = (folder / name).read_bytes()
    if sha256(data).hexdigest() != listed.get(name):
        raise Corrupt(f"{folder / name} is not the file that {MANIFEST} lists: run python -m streams.text_export again")
    return data


def write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put files and their manifest into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    digests = {name: sha256(data).hexdigest() for name, data in sorted(contents.items())}
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode({"files": digests})) + b"\n")
