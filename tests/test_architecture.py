"""House rules that a machine can hold: how long things are, what they are called, and who may touch the world."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("schemas", "detectors", "streams")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PURE = [path for path in FILES if path.relative_to(ROOT).parts[0] != "streams"]

LONGEST_FILE = 260
LONGEST_FUNCTION = 45  # lines below the docstring
EXEMPT: dict[str, str] = {}  # path::function -> why it may be longer
UNPICKLERS = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc", "shared", "tools"}
WORLD = {
    "aiohttp", "aiokafka", "asyncio", "chdb", "clickhouse_driver", "confluent_kafka", "faust", "glob", "http", "httpx",
    "io", "kafka", "logging", "multiprocessing", "os", "pathlib", "pickle", "random", "requests", "shutil", "socket",
    "sqlite3", "ssl", "structlog", "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body
    said = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if said and len(body) > 1 else body[0]
    return (function.end_lineno or 0) - first.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_short_and_named_for_what_it_holds(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    assert path.stem not in BANNED_NAMES


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_function_fits_a_screen(path):
    lengths = {f"{name(path)}::{f.name}": length(f) for f in functions(ast.parse(path.read_text()))}
    assert not {f: n for f, n in lengths.items() if n > LONGEST_FUNCTION and f not in EXEMPT}


def test_an_exemption_has_a_reason_and_is_still_needed():
    found = {f"{name(p)}::{f.name}": length(f) for p in FILES for f in functions(ast.parse(p.read_text()))}
    stale = [one for one, why in EXEMPT.items() if len(why) < 20 or found.get(one, 0) <= LONGEST_FUNCTION]
    assert not stale


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_is_unpickled(path):
    """State and messages may be an attacker's, and unpickling runs code, NumPy's too."""
    tree = ast.parse(path.read_text())
    imported = {alias.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    imported |= {(n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not imported & UNPICKLERS
    allowed = [k for k in ast.walk(tree) if isinstance(k, ast.keyword) and k.arg == "allow_pickle"]
    assert all(isinstance(k.value, ast.Constant) and k.value.value is False for k in allowed)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_what_is_public_says_what_it_is(path):
    """Of a detector's methods the protocol says it; ``__init__`` and other names of Python's own need nothing."""
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree) or not tree.body
    silent = [node.name for node in public(tree) if not ast.get_docstring(node)]
    assert not silent or path.parent.name == "library"


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (f for f in node.body if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)
                            and not f.name.startswith("_") and not overrides(f))  # fmt: skip


def overrides(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        getattr(d, "id", getattr(d, "attr", "")) in ("override", "overload", "setter") for d in function.decorator_list
    )


@pytest.mark.parametrize("path", PURE, ids=name)
def test_below_streams_nothing_touches_the_world(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    assert not imported & WORLD


@pytest.mark.parametrize("path", PURE, ids=name)
def test_below_streams_there_is_no_clock_and_no_printing(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in CLOCKS | {"print", "open", "input"}, f"line {node.lineno}"


def test_tests_have_the_shape_of_what_they_test():
    folders = {path.parent.relative_to(ROOT) for path in FILES}
    tests = [path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")]
    untested = [
        str(folder)
        for folder in folders
        if not any(folder in t.parents or f"{folder}_" in str(t).replace("test_", "", 1) for t in tests)
    ]
    assert not untested


def committed() -> list[Path]:
    """Text files that are, or would be, committed."""
    git = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    listed = [ROOT / one for one in git.stdout.split("\0") if one] if git.returncode == 0 else []
    files = listed or [p for p in ROOT.rglob("*") if not set(p.relative_to(ROOT).parts) & HIDDEN]
    return sorted(p for p in files if p.is_file() and b"\0" not in p.read_bytes()[:4096])


HIDDEN = {".git", ".venv", ".cache", "__pycache__", ".hypothesis", ".mypy_cache", ".ruff_cache", "dist", "build"}
MACHINE = re.compile(  # paths of whoever made this, and package registries; written so as not to find itself
    r"/work[/]|/tmp[/]wk|/root[/]|/home[/]\w|/Users[/]\w|\bshared[/](?:design|prototypes|samples)"
    r"|pypi[.]org/simple|files[.]pythonhosted|index-ur[l]\s*=|registry[.]npmjs|repo1?[.]maven[.]org|proxy[.]golang[.]org"
)
UNDONE = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")


def test_nothing_names_the_machine_it_was_made_on():
    found = {name(path): MACHINE.findall(path.read_text(errors="replace")) for path in committed()}
    assert not {path: words for path, words in found.items() if words}


def test_nothing_is_left_to_do():
    found = {name(path): UNDONE.findall(path.read_text(errors="replace")) for path in committed()}
    assert not {
        path: words for path, words in found.items() if words and not path.endswith((".lock", "LICENSE", ".svg"))
    }
