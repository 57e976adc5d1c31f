"""Nothing that we import reports to its maker."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOAD = "import streams.doctor, onnxruntime; print(onnxruntime.get_available_providers())"


def test_loading_onnx_runtime_leaves_no_id_of_this_machine_behind(tmp_path):
    own = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY" and not k.startswith("XDG_")}
    home = {"HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", "NUMBA_CACHE_DIR": str(tmp_path.parent / "numba")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=ROOT, env=own | home, capture_output=True, text=True, check=False
    )
    assert "CPUExecutionProvider" in done.stdout, done.stderr
    assert list(tmp_path.rglob("*")) == []


def test_who_wants_it_on_keeps_it_on():
    own = os.environ | {"ORT_DISABLE_TELEMETRY": "0"}
    seen = subprocess.run(
        [sys.executable, "-c", "import os, streams; print(os.environ['ORT_DISABLE_TELEMETRY'])"],
        cwd=ROOT, env=own, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert seen.stdout == "0\n"
