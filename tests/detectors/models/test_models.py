"""Shipped models: every file is the one that the manifest lists."""

from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import pytest

from detectors import models
from detectors.models import from_bytes, shipped, to_bytes
from detectors.packing import Corrupt, pack
from schemas.threats import THREATS

FOLDER = Path(models.__file__).parent


def listed() -> dict[str, str]:
    return msgspec.json.decode((FOLDER / "manifest.json").read_bytes())["files"]


def test_the_manifest_lists_every_model_file_and_its_digest():
    found = {p.name: sha256(p.read_bytes()).hexdigest() for p in FOLDER.iterdir() if p.suffix in (".arrays", ".onnx")}
    assert found == listed()


def test_a_model_names_threats_that_alerts_may_carry():
    model = shipped("attack_profile")
    assert set(model.threats) <= set(THREATS)
    assert model.network.second.shape[1] == 1 + len(model.threats)


def test_a_model_survives_its_own_file():
    model = shipped("attack_profile")
    again = from_bytes(to_bytes(model))
    assert again.threats == model.threats
    assert all(np.array_equal(a, b) for a, b in zip(again.network, model.network, strict=True))


def test_other_weights_than_the_listed_ones_are_refused(monkeypatch: pytest.MonkeyPatch):
    read = models._read

    def altered(name: str) -> bytes:
        data = read(name)
        return data if name == "manifest.json" else data[:-1] + bytes([data[-1] ^ 1])

    monkeypatch.setattr(models, "_read", altered)
    with pytest.raises(Corrupt, match="install tidegate again"):
        shipped("attack_profile")


def test_bytes_that_are_no_model_are_refused():
    with pytest.raises(Corrupt):
        from_bytes(pack({"threats": []}, {}))
