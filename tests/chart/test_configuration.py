"""The ``tidegate.toml`` that the chart writes: tidegate loads it, and every value has arrived as it was meant."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from streams.cli import COMMANDS
from streams.cli.run import Role
from streams.settings import Settings, load
from tests.chart.helm import EVERYTHING, EXAMPLES, MINIMAL, configuration, files, pod, pods, rendered, rendered_with

pytestmark = pytest.mark.chart

SECRETS = {"kafka.password", "clickhouse.password", "calibration.secret"}  # come as files
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30)


def loaded(text: str, folder: Path) -> Settings:
    path = folder / "tidegate.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def keys(node: Any, where: str = "") -> Iterator[str]:
    """Keys of the settings, ``section.key``; lists of tables count as one table."""
    for name, field in type(node).model_fields.items() if isinstance(node, BaseModel) else ():
        inner = getattr(node, name)
        inner = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], BaseModel) else inner
        if isinstance(inner, BaseModel):
            yield from keys(inner, f"{where}{name}.")
        elif field.annotation is not None and name != "detectors":
            yield f"{where}{name}"


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)
def test_tidegate_loads_it(values: Path, tmp_path: Path) -> None:
    given_ = yaml.safe_load(values.read_text())
    found = loaded(configuration(rendered(values)), tmp_path)
    assert found.kafka.brokers == given_["kafka"]["brokers"]
    assert found.clickhouse.url == given_["clickhouse"]["url"]
    assert found.metrics.listen == f"0.0.0.0:{given_.get('metrics', {}).get('port', 9108)}"


def test_what_nobody_sets_is_as_everywhere_else(tmp_path: Path) -> None:
    found = loaded(configuration(rendered(MINIMAL)), tmp_path).model_dump()
    default = Settings().model_dump()
    given_ = {
        "kafka.brokers",
        "clickhouse.url",
        "calibration.secret_file",
        "state.snapshots",
        "metrics.listen",
        "log.form",
    }
    for section, table in default.items():
        if isinstance(table, dict) and section != "detectors":
            differs = {f"{section}.{key}" for key in table if found[section][key] != table[key]}
            assert differs <= given_
    assert found["source"] == default["source"]


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    text = configuration(rendered(EVERYTHING))
    found = loaded(text, tmp_path)
    table = tomllib.loads(text)

    def written(node: Any, where: str = "") -> Iterator[str]:
        for key, inner in node.items():
            first = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], dict) else inner
            yield from written(first, f"{where}{key}.") if isinstance(first, dict) else [f"{where}{key}"]

    # `kind` is in the second outlet, `phase` and what a mapping has in the second source.
    second = {"outlet.kind", "source.phase", "source.fields", "source.features"}
    settable = {key for key in written(table) if not key.startswith("detectors.")} | second
    assert settable == set(keys(found)) - SECRETS


def test_values_arrive_as_they_were_meant(tmp_path: Path) -> None:
    found = loaded(configuration(rendered(EVERYTHING)), tmp_path)
    assert found.source[0].tenant == 'eu "west" \\ <prod>'
    assert found.source[0].principal == ["principal", "headers.x-api-key-hash", "client_ip"]
    assert [source.topic for source in found.source] == ["fraud-requests", "chat"]
    assert found.source[1].fields == {"time": "body.ts as ms", "principal": 'body."who"'}
    assert found.source[1].features == {"a b": "body.x as number"}
    assert found.budget.alerts_per_day == pytest.approx(2 / 7)
    assert found.calibration.burn_in.seconds == 6 * 3600
    assert found.detectors["flood"]["enabled"] is False
    assert found.detectors["flood"]["caution"] == 1e-7
    assert found.outlet[0].url == "https://soc.example/alerts?a=1&b=2"
    assert (found.outlet[0].secret_file, found.outlet[1].secret_file) == (
        Path("/etc/tidegate/secrets/outlet-soc"), None,
    )  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=30))
def test_any_text_reaches_tidegate_unchanged(texts: list[tuple[str, str]], tmp_path: Path) -> None:
    sources = [{"topic": f"t{i}", "tenant": tenant, "principal": [field]} for i, (tenant, field) in enumerate(texts)]
    found = loaded(configuration(rendered_with(tmp_path, {"sources": sources})), tmp_path)
    assert [(source.tenant, source.principal[0]) for source in found.source] == texts


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)
def test_every_file_that_it_names_is_there(values: Path) -> None:
    objects = rendered(values)
    for component, _, spec in pods(objects):
        [config] = [v for v in spec["volumes"] if v["name"] == "config"]
        [container] = spec["containers"]
        named = set(re.findall(r"/etc/tidegate/[\w./-]+", configuration(objects, component)))
        named |= {e["value"] for e in container["env"] if e["value"].startswith("/etc/tidegate/")}
        assert named <= files(spec)
        assert "/etc/tidegate/secrets/installation" in named
        assert config["projected"]["defaultMode"] == 0o440
        assert container["workingDir"] == "/etc/tidegate"


def test_the_migration_may_sign_in_as_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = rendered(EVERYTHING)
    [container] = pod(objects, "migration")["containers"]
    for variable in container["env"]:
        monkeypatch.setenv(variable["name"], variable["value"])
    found = loaded(configuration(objects, "migration"), tmp_path)
    assert found.clickhouse.url.startswith("clickhouses://tidegate_admin@")
    assert found.clickhouse.password_file == Path("/etc/tidegate/secrets/migration-password")
    assert found.clickhouse.records_ttl == 7 * 86400


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)
def test_pods_start_commands_that_there_are(values: Path) -> None:
    for _, _, spec in pods(rendered(values)):
        [container] = spec["containers"]
        command, *options = container["args"]
        assert command in COMMANDS
        assert options in ([], ["--no-roles"], *(["--role", role.value] for role in Role))


def test_no_secret_passes_through_the_chart() -> None:
    objects = rendered(EVERYTHING)
    assert not [each for each in objects if each["kind"] == "Secret"]
    for _, _, spec in pods(objects):
        assert not any("valueFrom" in variable for variable in spec["containers"][0]["env"])
