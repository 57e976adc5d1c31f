"""Machine code from the cache is used only while everything built into it is the same."""

import os
import subprocess
import sys

HELPER = "from schemas.compiled import compiled\nSTEP = {step}\n@compiled\ndef add(x):\n    return x + {more}\n"
CALLER = (
    "import helper\nfrom helper import STEP, add\nfrom schemas.compiled import compiled\n"
    "@compiled\ndef twice(x):\n    return 2 * add(x) + STEP\n"
    "print(twice(10), sum(twice.stats.cache_hits.values()))\n"
)


def run(folder, *, step, more):
    helper = folder / "helper.py"
    helper.write_text(HELPER.format(step=step, more=more))
    os.utime(helper, ns=(step * 10**9, more * 10**9))
    (folder / "caller.py").write_text(CALLER)
    os.utime(folder / "caller.py", (1, 1))
    path = os.pathsep.join([str(folder), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", "import caller"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.split()


def test_a_changed_callee_or_constant_in_another_file_is_compiled_again(tmp_path):
    assert run(tmp_path, step=1, more=1) == ["23", "0"]
    assert run(tmp_path, step=1, more=1) == ["23", "1"]
    assert run(tmp_path, step=1, more=2) == ["25", "0"]
    assert run(tmp_path, step=5, more=2) == ["29", "0"]
