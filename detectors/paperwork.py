"""Checks of what a detector says about itself: its spec, its docstring, its parameters."""

import dataclasses
import json
import tomllib
from typing import Any

from detectors.api import Detector
from detectors.scenarios import SCENARIOS
from schemas.threats import THREATS

Kind = type[Detector]

GATES = {"budget", "conformal"}
NEEDS = {
    "classes", "features", "numbers", "probabilities", "profile", "latency", "tokens", "manifest", "text", "words",
    "halves",
}  # fmt: skip


def spec_is_complete(kind: Kind) -> None:
    """Name, title, threat, gate, share, source and scenarios are there and known."""
    spec = kind.spec
    assert spec.name == kind.__module__.rpartition(".")[2], "the name is the module's"
    assert 0 < len(spec.title) <= 60
    assert spec.threat in THREATS
    assert spec.gate in GATES
    assert 0 < spec.share <= 1
    assert spec.unit
    assert spec.needs <= NEEDS
    assert spec.reference.startswith(("https://", "doi:"))
    assert spec.runbook.startswith("docs/")
    assert spec.maturity in {"sandbox", "incubating", "stable", "deprecated"}
    assert spec.scenario in SCENARIOS, f"no scenario {spec.scenario!r}"
    assert spec.look_alike in SCENARIOS, f"no scenario {spec.look_alike!r}"


def docstring_has_score_and_reference(kind: Kind) -> None:
    """The class says how its score is made and where that comes from."""
    text = kind.__doc__ or ""
    for section in ("Score", "References"):
        assert f"{section}\n    {'-' * len(section)}" in text, f"no section {section}"


def builds_without_arguments(kind: Kind) -> None:
    """Defaults are usable, equal, and cannot be changed."""
    assert kind() == kind()
    parameters = getattr(kind, "__dataclass_params__", None)
    assert parameters is not None, "a dataclass, so that its parameters are known"
    assert parameters.frozen, "parameters can be changed"


def params_roundtrip_toml(kind: Kind) -> None:
    """Every parameter can be set from the configuration file."""
    values = {name: _another(getattr(kind(), name)) for name in _parameters(kind)}
    text = "\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
    made = kind(**tomllib.loads(text))
    assert {name: getattr(made, name) for name in values} == values


def _parameters(kind: Kind) -> list[str]:
    return [f.name for f in dataclasses.fields(kind)]  # type: ignore[arg-type]


def _another(value: Any) -> Any:
    return (not value) if isinstance(value, bool) else value * 2
