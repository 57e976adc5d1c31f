"""House rules that a machine can hold: how long things are, what they are called, and who may touch the world."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("schemas", "detectors", "streams")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PURE = [path for path in FILES if path.relative_to(ROOT).parts[0] != "streams"]

LONGEST_FILE = 250
LONGEST_FUNCTION = 40  # lines below the docstring
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
    long = {f.name: length(f) for f in functions(ast.parse(path.read_text())) if length(f) > LONGEST_FUNCTION}
    assert not long


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


def test_nothing_names_the_machine_it_was_made_on():
    for path in sorted(p for p in ROOT.rglob("*") if p.is_file() and not set(p.relative_to(ROOT).parts) & HIDDEN):
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".sql", ".sh", ".txt", ".lock", ".json", ""}:
            text = path.read_text(errors="replace")
            assert not [word for word in MACHINE if word in text], name(path)


HIDDEN = {".git", ".venv", ".cache", "__pycache__", ".hypothesis", ".mypy_cache", ".ruff_cache", "dist", "build"}
MACHINE = ["/" + "work/", "/tmp/" + "wk", "/" + "root/", "index" + "-url ="]
