"""Classifiers from the configuration: files read under limits, opened on what there is, calibrated on clean records."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from detectors import worded
from detectors.classifiers import deep
from detectors.classifiers.classified import LEAST
from detectors.classifiers.classifier import Classifier, opened
from detectors.classifiers.classifiers import Classifiers
from detectors.classifiers.onnx_file import Refused
from detectors.classifiers.session import CUDA, TENSORRT
from detectors.classifiers.texts import Cut
from detectors.packing import Corrupt
from detectors.text.deep import shipped
from detectors.text.embedding import LONGEST, Bytes, pieces
from detectors.text.reading import Words
from detectors.text.wordpiece import CELLS, tokenize, vocabulary
from schemas.batch import Batch, Codes
from schemas.columns import batches
from schemas.formats import LIMITS, Source
from streams import text_model
from streams.files import read_lines
from streams.scan import recognised
from streams.settings import Invalid, Settings
from streams.settings.models import Onnx, UserModel

log = structlog.get_logger()

DEVICES = ("/dev/nvidiactl", "/dev/dxg")  # there where a driver of NVIDIA's is
LINEAR = "prompt_attack"
LARGEST_VOCABULARY = 1 << 24  # bytes


def loaded(settings: Settings) -> Classifiers:
    """The configured classifiers, opened; raises ``Invalid`` naming every one that cannot be used."""
    if not settings.classifier and settings.deep.folder is None:
        return Classifiers()
    made: list[Classifier] = []
    problems: list[str] = []
    chosen = provider(settings.onnx)
    for number, one in enumerate(settings.classifier):
        try:
            made.append(read(one, settings, chosen))
        except (Refused, OSError) as error:
            said = getattr(error, "strerror", None) or str(error)
            problems.append(f"classifier.{number} ({one.name}): {one.path}: {said}")
    if settings.deep.folder is not None:
        try:
            made.append(transformer(settings, chosen))
        except (Refused, Corrupt, OSError) as error:
            problems.append(f"deep.folder: {settings.deep.folder}: {getattr(error, 'strerror', None) or error}")
    if problems:
        raise Invalid(problems)
    found = Classifiers(made, left=settings.onnx.share_without_gpu)
    for each in made:
        log.info("classifier", name=each.declared.name, provider=each.session.provider, one_at_a_time=each.alone,
                 share=found.share(each)[0], calibrated_on=each.declared.calibrated_on or "the burn-in")  # fmt: skip
    return found


def provider(onnx: Onnx) -> str:
    """What sessions are asked to run on; raises ``Invalid`` where what is demanded is not there."""
    import onnxruntime  # noqa: PLC0415 - heavy

    there = set(onnxruntime.get_available_providers()) if driven() else set()
    wanted = {"cuda": CUDA, "tensorrt": TENSORRT}
    if onnx.provider == "auto":
        return "cuda" if CUDA in there else "cpu"
    if onnx.provider != "cpu" and wanted[onnx.provider] not in there:
        raise Invalid([f'onnx.provider: there is no GPU for "{onnx.provider}" here; right would be "auto" or "cpu"'])
    return onnx.provider


def driven() -> bool:
    """Whether there is a driver of a GPU here; a runtime that could use one says nothing about that."""
    return any(Path(device).exists() for device in DEVICES)


def read(one: UserModel, settings: Settings, chosen: str) -> Classifier:
    """One classifier, opened and calibrated; raises ``Refused`` or ``OSError``."""
    data = _bytes(one.path, settings.onnx.largest_bytes)
    if one.sha256 and sha256(data).hexdigest() != one.sha256.lower():
        raise Refused("its sha256 is not the one in the configuration: it is another file, or was changed; compare")
    made = opened(data, one.declared(), _cut(one.vocabulary), provider=chosen, memory=settings.onnx.memory_bytes)
    if chosen != "cpu" and not made.session.on_gpu:
        made.lost = "it could not be opened there"
    if one.calibration is not None:
        _calibrate(made, one.calibration)
    return made


def transformer(settings: Settings, chosen: str) -> Classifier:
    """The sentence transformer of deep mode; raises ``Refused``, ``Corrupt`` or ``OSError``."""
    folder, asked = settings.deep.folder, settings.deep.precision
    assert folder is not None
    precision = asked if asked != "auto" else "fp16" if chosen != "cpu" else "fp32"
    made = deep.opened(
        text_model.read(folder, text_model.file_of(precision)), shipped(), words=settings.deep.words,
        only_doubtful=settings.deep.prompts == "doubtful", provider=chosen, memory=settings.onnx.memory_bytes,
    )  # fmt: skip
    if chosen != "cpu" and not made.session.on_gpu:
        made.lost = "it could not be opened there"
    return made


def without_linear(settings: Settings) -> dict[str, dict[str, Any]]:
    """Settings of detectors in deep mode: it stands in for ``prompt_attack``, unless that is configured."""
    found = settings.detectors
    if settings.deep.folder is None or found.get(LINEAR, {}).get("enabled") is not None:
        return found
    return {**found, LINEAR: {**found.get(LINEAR, {}), "enabled": False}}


def _bytes(path: Path, largest: int) -> bytes:
    size = path.stat().st_size
    if size > largest:
        raise Refused(f"it has {size:,} bytes, more than onnx.largest_bytes = {largest:,}; raise that if you trust it")
    with path.open("rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise Refused(f"it has more than onnx.largest_bytes = {largest:,} bytes")
    return data


def _cut(path: Path | None) -> Cut:
    """The pieces of a text, by a vocabulary with one piece a line; by the shipped one if there is none."""
    if path is None:
        return pieces
    if path.stat().st_size > LARGEST_VOCABULARY:
        raise Refused(f"its vocabulary {path} has more than {LARGEST_VOCABULARY >> 20} MiB")
    lines = path.read_text("utf-8", "replace").rstrip("\n").split("\n")
    if len(lines) > CELLS // 2:
        raise Refused(f"its vocabulary {path} has more than {CELLS // 2} pieces")
    known = vocabulary(lines)

    def cut(text: Bytes) -> Codes:
        ids = np.empty(LONGEST, np.int32)
        return ids[: tokenize(text, known, ids)]

    return cut


def _calibrate(made: Classifier, path: Path) -> None:
    """Learn from declared clean records how clean records score."""
    plain = replace(made, declared=replace(made.declared, share=1.0, model="", version=""))
    found = [batch.classified for batch in map(Classifiers([plain]).read, _records(path))]
    score = np.concatenate([np.zeros(0, np.float32), *(said.score[:, 0] for said in found if said is not None)])
    score = score[~np.isnan(score)]
    if len(score) < LEAST:
        raise Refused(f"its calibration set {path} has {len(score)} records that it can look at; give it {LEAST}")
    law = worded.learn(score, np.arange(len(score)))
    made.declared = replace(made.declared, law=law, calibrated_on=len(score))


def _records(path: Path) -> Iterator[Batch]:
    words = Words()
    reader = None
    for chunk in read_lines([str(path)], limit_bytes=LIMITS.size_bytes):
        if not chunk.lines:
            continue
        reader = reader or recognised("auto", chunk)[1]
        some = reader.read_many(chunk.lines, range(len(chunk.lines)), source=Source(model="-")).records
        yield from map(words.read, batches(some, np.arange(len(some), dtype=np.int64)))
