"""The chart, rendered by the helm program: its objects, its pods, its configuration."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parents[2] / "helm" / "tidegate"
EXAMPLES = sorted((CHART / "ci").glob("*.yaml"))
MINIMAL = CHART / "ci" / "minimal.yaml"
EVERYTHING = CHART / "ci" / "everything.yaml"
KUBERNETES = "1.31"

Object = dict[str, Any]


class Refused(Exception):
    """Helm said no; the message is helm's."""


def helm(*arguments: str) -> str:
    """Run helm and return what it printed."""
    program = os.environ.get("HELM") or shutil.which("helm")
    assert program, "no helm here: make chart builds it"
    done = subprocess.run([program, *arguments], check=False, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise Refused(done.stderr + done.stdout)
    return done.stdout


def rendered(values: Path, *more: str) -> list[Object]:
    """Objects of a release called ``demo`` in namespace ``watch``."""
    text = helm(
        "template", "demo", str(CHART), "--namespace", "watch", "--kube-version", KUBERNETES, "-f", str(values), *more
    )
    return [one for one in yaml.safe_load_all(text) if one]


def rendered_with(folder: Path, values: Object) -> list[Object]:
    """Objects of the minimal example with more values."""
    file = folder / "values.json"
    file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    return rendered(MINIMAL, "-f", str(file))


def one(objects: list[Object], kind: str, ending: str = "") -> Object:
    """The object of a kind whose name ends so; if several do, the one with the shortest name."""
    found = [o for o in objects if o["kind"] == kind and o["metadata"]["name"].endswith(ending)]
    return min(found, key=lambda o: len(o["metadata"]["name"]))


def pods(objects: list[Object]) -> Iterator[tuple[str, Object, Object]]:
    """Component, metadata and spec of every pod that the objects make."""
    for each in objects:
        template = each if each["kind"] == "Pod" else each.get("spec", {}).get("template")
        if template is not None:
            yield template["metadata"]["labels"]["app.kubernetes.io/component"], template["metadata"], template["spec"]


def pod(objects: list[Object], component: str) -> Object:
    """Spec of the pod of a component."""
    [spec] = [spec for name, _, spec in pods(objects) if name == component]
    return spec


def configuration(objects: list[Object], component: str = "worker") -> str:
    """Text of the ``tidegate.toml`` that a pod reads."""
    [volume] = [v for v in pod(objects, component)["volumes"] if v["name"] == "config"]
    name = volume["projected"]["sources"][0]["configMap"]["name"]
    return str(one(objects, "ConfigMap", name)["data"]["tidegate.toml"])


def files(spec: Object) -> set[str]:
    """Files under /etc/tidegate that a pod sees."""
    [mount] = [m for m in spec["containers"][0]["volumeMounts"] if m["name"] == "config"]
    [volume] = [v for v in spec["volumes"] if v["name"] == "config"]
    found = {"tidegate.toml"} if any("configMap" in s for s in volume["projected"]["sources"]) else set()
    for source in volume["projected"]["sources"]:
        found |= {item["path"] for item in source.get("secret", {}).get("items", [])}
    return {f"{mount['mountPath']}/{name}" for name in found}
