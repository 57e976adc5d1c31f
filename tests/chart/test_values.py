"""Values: wrong ones are refused, missing ones asked for, and all are explained."""

import itertools
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart import helm
from tests.chart.helm import CHART, MINIMAL, rendered

pytestmark = pytest.mark.chart

WRONG = {
    "worker.replica=2": "additional properties 'replica' not allowed",
    "worker.replicas=-1": "/worker/replicas",
    "worker.terminationGracePeriodSeconds=50": "/worker/terminationGracePeriodSeconds",
    "kafka.brokers={kafka}": "/kafka/brokers/0",
    "kafka.security=tls": "/kafka/security",
    "clickhouse.url=clickhouse://tidegate:secret@db/tidegate": "/clickhouse/url",
    "clickhouse.url=chdb:///data": "/clickhouse/url",
    "clickhouse.password=secret": "additional properties 'password' not allowed",
    "clickhouse.scoresShare=2": "/clickhouse/scoresShare",
    "clickhouse.recordsTtl=month": "/clickhouse/recordsTtl",
    "sources=null": "missing property 'sources'",
    "sources[0].topic=a b": "/sources/0/topic",
    "budget.alertsPerDay=0": "/budget/alertsPerDay",
    "userId=0": "/userId",
    "image.tag=a:b": "/image/tag",
    "image.digest=sha256:1": "/image/digest",
    "metrics.port=80": "/metrics/port",
    "outlets[0].name=soc": "missing property 'url'",
    "networkPolicy.kafkaTo[0].ip=10.0.0.1": "additional properties 'ip' not allowed",
}
REQUIRED = {
    "image.repository=": "image.repository: say where",
    "kafka.brokers=null": "kafka.brokers: say where",
    "clickhouse.url=": "clickhouse.url: say where",
    "installationSecret.name=": "installationSecret.name: make a Secret first",
}


@pytest.mark.parametrize("given_", WRONG)
def test_a_wrong_value_is_refused(given_: str) -> None:
    with pytest.raises(helm.Refused, match=re.escape(WRONG[given_])):
        rendered(MINIMAL, "--set", given_)


@pytest.mark.parametrize("missing", REQUIRED)
def test_what_only_the_user_knows_is_asked_for_in_plain_words(missing: str) -> None:
    with pytest.raises(helm.Refused, match=re.escape(REQUIRED[missing])):
        rendered(MINIMAL, "--set", missing)


def test_every_value_is_explained() -> None:
    lines = (CHART / "values.yaml").read_text().splitlines()
    bare = [
        line
        for before, line in itertools.pairwise(lines)
        if re.match(r"\s*(?!requests|limits)[a-zA-Z]+:", line) and not before.lstrip().startswith("#")
    ]
    assert bare == ["image:"]  # explained key by key


def test_the_schema_knows_exactly_the_values() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())

    def known(node: Any, where: str = "") -> Iterator[str]:
        node = schema["definitions"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        for key, inner in node.get("properties", {}).items():
            yield f"{where}{key}"
            if key not in ("affinity", "resources"):  # Kubernetes' own
                yield from known(inner, f"{where}{key}.")

    def written(node: Any, where: str = "") -> Iterator[str]:
        for key, inner in node.items() if isinstance(node, dict) else ():
            yield f"{where}{key}"
            if key != "resources":
                yield from written(inner, f"{where}{key}.")

    assert set(known(schema)) - {"global"} == set(written(yaml.safe_load((CHART / "values.yaml").read_text())))


def test_objects_refuse_keys_that_the_schema_does_not_name() -> None:
    def objects(node: Any) -> Iterator[Any]:
        if isinstance(node, dict):
            if "properties" in node and isinstance(node["properties"], dict):
                yield node
            for inner in node.values():
                yield from objects(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from objects(inner)

    found = list(objects(json.loads((CHART / "values.schema.json").read_text())))
    assert len(found) > 20
    assert all(each["additionalProperties"] is False for each in found)


def test_no_example_is_without_words_on_what_to_do_next(tmp_path: Path) -> None:
    said = notes(tmp_path, "--set", "worker.replicas=3", "--set", "migration.enabled=false")
    for words in (
        "rollout status statefulset/demo-tidegate-worker",
        "helm test demo -n watch",
        "tidegate inspect traffic",
    ):
        assert words in said
    assert "snapshots.shared=true" in said
    assert "tidegate migrate" in said
    assert "snapshots.shared" not in notes(tmp_path, "--set", "worker.replicas=3,snapshots.shared=true")


def notes(folder: Path, *more: str) -> str:
    """What helm prints after an installation, which it renders only where there is a cluster: here as an object."""
    copy = folder / "chart"
    shutil.copytree(CHART, copy, dirs_exist_ok=True)
    text = (copy / "templates" / "NOTES.txt").read_text()
    (copy / "templates" / "_notes.tpl").write_text(f'{{{{- define "notes" }}}}{text}{{{{- end }}}}')
    (copy / "templates" / "notes.yaml").write_text(
        'apiVersion: v1\nkind: Notes\nsaid: {{ include "notes" . | toJson }}\n'
    )
    arguments = ["template", "demo", str(copy), "-n", "watch", "--kube-version", helm.KUBERNETES, "-f", str(MINIMAL)]
    [said] = yaml.safe_load_all(helm.helm(*arguments, "--show-only", "templates/notes.yaml", *more))
    return str(said["said"])


DOCS = CHART.parents[1] / "docs"
SHOWN = {
    (page, number): text
    for page in ("install-kubernetes.md", "operations.md")
    for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```$", (DOCS / page).read_text(), re.M | re.S))
}


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: f"{shown[0]}-{shown[1]}")
def test_values_that_the_docs_show_are_taken(shown: tuple[str, int], tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SHOWN[shown])
    base = file if shown == ("install-kubernetes.md", 0) else MINIMAL
    assert rendered(base, "-f", str(file))
