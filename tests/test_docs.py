"""What the documentation says is so: links lead somewhere, commands run, tables name what is there."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest
import typer

from detectors import drift_words, late_labels, library, prompt_words, threat_naming, trigger_words
from detectors.feedback import poisoning_words
from detectors.training.traffic import traffic
from schemas.formats import native
from schemas.record import Record
from schemas.threats import THREATS, runbook
from streams.cli import application
from streams.settings import Settings, load

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
SECTIONS = ["How sure", "Check in five minutes", "What to do", "What honest behaviour looks like this", "Whom to wake"]
AHEAD = {"coverage_loss"}  # pages beyond what detectors say: about ourselves

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| \[`(\w+)`\]\(([^)]+)\) \| (.+) \| (.+) \| (\w+) \|$", re.MULTILINE)
NEED_A_SERVER = {"migrate", "doctor", "run", "produce"}
PLACEHOLDERS = {"ID", "WHO", "MODEL"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(path.read_text()) if kind == language]


def commands(path: Path) -> list[list[str]]:
    lines = [line for body in blocks(path, "sh") for line in body.replace("\\\n", " ").splitlines()]
    words = [shlex.split(line, comments=True) for line in lines]
    return [one for one in words if one]


# -- links


def slug(heading: str) -> str:
    plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return plain.replace(" ", "-")


def anchors(path: Path) -> set[str]:
    text = FENCE.sub("", path.read_text())
    return {slug(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    lost = []
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


def test_the_index_of_the_docs_names_every_page():
    """Pages of a folder with an index of its own are named there."""
    missing = []
    for page in (ROOT / "docs").rglob("*.md"):
        own = page.parent / "index.md"
        index = own if own.exists() and own != page else ROOT / "docs" / "index.md"
        relative = os.path.relpath(page, index.parent)
        if page != index and f"({relative})" not in index.read_text():
            missing.append(f"{name(page)} in {name(index)}")
    assert not missing


# -- commands


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_are_ones_that_there_are(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in commands(page):
        if words[0] == "make":
            assert {w for w in words[1:] if "=" not in w} <= targets, words
        if words[0] == "tidegate":
            assert_parses(words[1:])


def assert_parses(words: list[str]) -> None:
    """Hold the words against the command's own parameters; files need not be there."""
    chosen = typer.main.get_command(application([words[0]])).commands.get(words[0])
    assert chosen is not None, f"no command {words[0]}"
    known = {option: p for p in chosen.params for option in (*p.opts, *p.secondary_opts)}
    rest = iter(words[1:])
    for word in rest:
        if word.startswith("-") and word != "-":
            option, _, value = word.partition("=")
            assert option in known, f"{words[0]} has no {option}"
            if not (value or getattr(known[option], "is_flag", False)):
                assert next(rest, None) is not None, f"{option} wants a value"


def test_make_targets_of_contracts_are_there():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"setup", "demo", "test", "test-servers", "check", "fix", "bench", "docs", "image", "chart"} <= targets


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A directory with a log of some days, and ``tidegate`` on the path."""
    place = tmp_path_factory.mktemp("readme")
    made = traffic(3, records=9000, attacks=["flood", "fuzzing"])
    lines = [message.value for chunk in made.chunks() for message in chunk]
    (place / "traffic.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    program = place / "bin" / "tidegate"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nimport sys\nfrom streams.cli import main\nsys.exit(main())\n")
    program.chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TIDEGATE_")}
    environment |= {"PATH": f"{program.parent}:{environment['PATH']}", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return place, environment


def offline(block: str) -> bool:
    """Whether nothing in a block needs a server or installs anything."""
    words = [shlex.split(line) for line in block.splitlines()]
    commands = [w for w in words if w[:1] == ["tidegate"]]
    return bool(commands) and not any(w[0] == "make" or w[1] in NEED_A_SERVER or "--since" in w for w in words if w)


@pytest.mark.timeout(900)  # compiles everything where no test before it did
def test_what_the_readme_types_works(elsewhere):
    place, environment = elsewhere
    typed = [block for block in blocks(README, "sh") if offline(block)]
    assert [shlex.split(b)[1] for b in typed] == ["inspect", "TIDEGATE_CLICKHOUSE__URL=chdb://$PWD/history"]
    first = shell(typed[0], place, environment)
    assert "of format native" in first
    found = [msgspec.json.decode(line) for line in (place / "alerts.jsonl").read_bytes().splitlines()]
    assert found
    second = shell(typed[1].replace("3f2a91", found[0]["id"][:12]), place, environment)
    assert all(alert["id"] in second for alert in found if alert["verdict"] == "attack")
    assert found[0]["title"] in second
    assert "burn-in" in second


def shell(script: str, place: Path, environment: dict[str, str]) -> str:
    """Standard output of a script, which must not fail."""
    wide = environment | {"COLUMNS": "250"}
    done = subprocess.run(
        [shutil.which("sh") or "sh", "-euc", script], cwd=place, env=wide, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- examples


def test_the_readmes_record_is_one():
    (block,) = blocks(README, "json")
    record = native.read(block.encode(), offset=0)
    assert isinstance(record, Record)
    assert (record.model, record.principal, record.features) == ("fraud", "u-450339781f", [0.0, 0.18, 3.0])


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "toml")], ids=name)
def test_configurations_are_accepted(page, tmp_path):
    for block in blocks(page, "toml"):
        assert tomllib.loads(block)
        file = tmp_path / "tidegate.toml"
        file.write_text(block)
        assert isinstance(load(file), Settings)


# -- threats


def raised() -> dict[str, set[str]]:
    """By threat, who raises it: names of threats in the code of each detector."""
    spoken = {name: words_of(Path(str(sys.modules[kind.__module__].__file__))) for name, kind in modules()}
    for name in threat_naming.NAMED:
        spoken[name] |= set(threat_naming.MODEL.threats)
    spoken["prompt_attack"] |= {kind.threat for name, kind in prompt_words.KINDS.items() if name != "harmful"}
    correlator = words_of(Path(str(drift_words.__file__)))
    spoken["silence"] = correlator & {"source_silent"}
    spoken["drift"] = correlator - {"source_silent"}
    spoken["feedback"] = words_of(Path(str(poisoning_words.__file__)))
    spoken["late_labels"] = words_of(Path(str(late_labels.__file__)))
    spoken["trigger"] = words_of(Path(str(trigger_words.__file__)))
    return {threat: {who for who, said in spoken.items() if threat in said} for threat in THREATS}


def modules() -> list[tuple[str, type]]:
    return list(library.discover().items())


def words_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    named = {k.value.value for k in ast.walk(tree) if isinstance(k, ast.keyword) and isinstance(k.value, ast.Constant)
             and k.arg in ("name", "scenario", "look_alike", "unit", "gate")}  # fmt: skip
    said = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return {w for w in said if w in THREATS and (w not in named or said.count(w) > 1)}


def test_the_readme_lists_every_threat_that_is_raised_and_by_whom():
    table = {threat: set(re.findall(r"`(\w+)`", who)) for threat, _, _, who, _ in ROW.findall(README.read_text())}
    assert table == {threat: who for threat, who in raised().items() if who}


def test_the_readme_gives_each_threat_its_page_and_verdict():
    for threat, page, _, _, verdict in ROW.findall(README.read_text()):
        assert page == runbook(threat)
        assert verdict == THREATS[threat].verdict


@pytest.mark.parametrize("threat", sorted({t for t, who in raised().items() if who} | AHEAD))
def test_every_threat_has_a_runbook_for_whoever_is_woken(threat):
    text = (ROOT / runbook(threat)).read_text()
    assert text.startswith("# ")
    assert f"(`{threat}`)" in text.splitlines()[0]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert "tidegate" in text
    assert f"({threat}.md)" in (ROOT / "docs" / "runbooks" / "index.md").read_text()


@pytest.mark.parametrize("kind", [kind for _, kind in modules()], ids=[n for n, _ in modules()])
def test_a_detector_names_a_runbook_that_is_there(kind):
    assert (ROOT / kind.spec.runbook).is_file()


@pytest.mark.parametrize("page", RUNBOOKS, ids=name)
def test_a_runbooks_commands_can_be_copied(page):
    """Only the agreed placeholders stand for what the reader must put in."""
    for words in commands(page):
        assert {w for w in words if w.isupper()} <= PLACEHOLDERS, words


# -- the tour

PLACE = re.compile(r"(?:\[`([\w/]+\.py)`\]\([^)]+\)|`([\w/]+\.py)`)\s+`([A-Za-z]\w*(?:\.\w+)?)`")
METHOD = re.compile(r"`([A-Z]\w+\.\w+)`")


def defined(path: Path) -> set[str]:
    """Functions and classes of a module, and methods as ``Class.method``."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{one.name}" for one in node.body if hasattr(one, "name")}
    return found


def test_the_tour_names_functions_that_there_are():
    text = (ROOT / "docs" / "how-it-works.md").read_text()
    places = [(linked or plain, what) for linked, plain, what in PLACE.findall(text)]
    assert len(places) > 15
    assert not [(path, what) for path, what in places if what not in defined(ROOT / path)]
    everything = {name for package in ("schemas", "detectors", "streams") for path in (ROOT / package).rglob("*.py")
                  for name in defined(path)}  # fmt: skip
    assert not set(METHOD.findall(text)) - everything


# -- decisions, changelog


def test_decisions_are_numbered_without_gaps_and_say_what_follows():
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    assert all(len(page.read_text().splitlines()) <= 80 for page in pages)


def test_the_changelog_knows_the_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()
