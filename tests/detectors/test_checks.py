"""Every detector of the library has every property of the suite."""

import pytest

from detectors import checks
from detectors.api import Detector


def case(name: str, kind: type[Detector], check: str):
    reason = kind.spec.exempt.get(check)
    return pytest.param(kind, check, id=name, marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [])


@pytest.mark.parametrize(("kind", "check"), [case(*c) for c in checks.cases()])
def test_detector(kind, check):
    checks.CHECKS[check](kind)


def test_an_exemption_names_a_check_and_a_reason():
    for kind in (c[1] for c in checks.cases()):
        assert set(kind.spec.exempt) <= set(checks.CHECKS)
        assert all(len(reason) > 20 for reason in kind.spec.exempt.values())
