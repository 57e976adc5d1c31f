"""Alerts on a model that answers otherwise: what they say, and that no form of log breaks them."""

import msgspec
import numpy as np
import pytest

from detectors.model_change import Changes
from schemas.alert import Severity, Verdict
from schemas.columns import batches
from schemas.record import Record

PEOPLE = 6


def records(n, *, version="1", start=0, **answer):
    return [
        Record(
            id=f"r{start + k}", time=1000.0 + start + k, model="loan", version=version, principal=f"u{k % PEOPLE}",
            **({"features": [float(k % 30), 1.0]} | {name: make(k % 30) for name, make in answer.items()}),
        )
        for k in range(n)
    ]  # fmt: skip


def told(some, cut=50):
    changes, found = Changes("loan", b"secret"), []
    for a in range(0, len(some), cut):
        part = some[a : a + cut]
        found += changes.follow(batches(part, np.arange(a, a + len(part))), "0.1")
    return found


def two(share):
    return lambda k: [0.9, 0.1] if k >= 30 * share else [0.2, 0.8]


def test_an_exchanged_model_is_a_fault_of_the_model_and_names_nobody():
    before, after = records(300, probabilities=two(0)), records(300, start=300, probabilities=two(1))
    (alert,) = told([*before, *after])
    assert (alert.threat, alert.verdict, alert.severity) == ("model_change", Verdict.FAULT, Severity.HIGH)
    assert (alert.principal, alert.principals, alert.version) == ("", [], "1")
    assert alert.first_time >= 1300.0
    assert alert.title == "Version 1 of model loan no longer gives the answers that it gave"
    assert "Of 270 earlier ones it was 0" in alert.message


@pytest.mark.parametrize(("share", "severity"), [(0.5, Severity.HIGH), (0.05, Severity.MEDIUM)])
def test_a_new_version_says_what_it_answers_otherwise(share, severity):
    some = []
    for k in range(200):
        old, new = (
            Record(
                id=f"{version}-{k}", time=1000.0 + k, model="loan", version=version, principal=f"u{k % PEOPLE}",
                features=[float(k)], probabilities=answer,
            )
            for version, answer in (("1", [0.9, 0.1]), ("2", [0.3, 0.7] if k % 20 < 20 * share else [0.8, 0.2]))
        )  # fmt: skip
        some += [old, new]
    (alert,) = told(some)
    assert (alert.version, alert.severity) == ("2", severity)
    assert {one.name for one in alert.why} == {"other_labels", "probability_moved"}
    assert "of version 1 and of version 2" in alert.message
    assert alert.title.startswith("Version 2 of model loan answers ")
    assert alert.title.endswith(" of the same inputs otherwise than version 1")


def test_a_new_version_that_answers_the_same_is_not_told_of():
    old, new = records(300, probabilities=two(0.5)), records(300, version="2", start=300, probabilities=two(0.5))
    assert told([*old, *new]) == []


def test_cuts_change_no_alert():
    some = [*records(300, probabilities=two(0)), *records(200, version="2", start=300, probabilities=two(0.4)),
            *records(300, start=500, probabilities=two(1))]  # fmt: skip
    alerts = [[msgspec.json.encode(one) for one in told(some, cut)] for cut in (1, 7, 250, 800)]
    assert alerts[0]
    assert all(found == alerts[0] for found in alerts)


FORMS = {
    "labels only": {"label": lambda k: "yes" if k % 2 else "no"},
    "one probability": {"probabilities": lambda k: [0.9 if k % 2 else 0.2]},
    "named values": {"features": lambda k: {"age": float(k), "job": "clerk"}, "label": lambda k: k % 2},
    "nothing to compare": {"features": lambda _: None},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_log_is_taken(form):
    assert told(records(200, **form)) == []


@pytest.mark.parametrize("name", ["labels only", "one probability", "named values"])
def test_a_swap_is_seen_in_whatever_is_logged(name):
    form = FORMS[name]
    shifted = {key: (lambda k, make=make: make(k + 1)) if key != "features" else make for key, make in form.items()}
    (alert,) = told([*records(300, **form), *records(300, start=300, **shifted)])
    assert alert.threat == "model_change"


def test_the_order_in_which_named_values_are_logged_makes_no_other_input():
    turned = {"features": lambda k: {"job": "clerk", "age": float(k)}, "label": lambda k: 1 - k % 2}
    assert len(told([*records(300, **FORMS["named values"]), *records(300, start=300, **turned)])) == 1


def test_hostile_names_and_labels_raise_nothing():
    some = [
        Record(
            id=f"r{k}", time=1.0 + k, model="m", version="\ud800", principal="\udfff", features=[1.0], label="\ud800"
        )
        for k in range(20)
    ]
    assert told(some) == []


def test_inputs_whose_numbers_had_to_be_tamed_are_not_taken_for_the_same():
    some = records(300, probabilities=two(0))
    odd = [
        msgspec.structs.replace(r, id=f"odd{k}", features=[float("nan"), 1.0], probabilities=[k % 2, 1 - k % 2])
        for k, r in enumerate(some)
    ]
    assert told([*some, *odd]) == []
