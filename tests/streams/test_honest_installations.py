"""Honest customers of small installations, two watched days at two false alerts a day: nobody attacks.

In each of them the clean day holds no evidence of some kind, so that a threshold learnt from it alone would lie a hair
above nothing.
"""

import numpy as np
import pytest

from detectors.pipeline import Pipeline
from detectors.plan import Plan
from schemas.alert import Verdict
from schemas.record import Record
from streams.scan import drive

DAY, HOUR, START = 86_400.0, 3600.0, 1767571200.0
DAYS = 3
WORDS = (
    "order account summary translate invoice total shipping parcel email reply python list meeting notes agenda poem",
    "garden recipe tomato weather travel train hotel price contract clause report quarter sales chart letter homework",
    "history gravity music guitar muscle coffee battery printer router index query backup holiday tax rent receipt",
)
REFUSED = "I'm sorry, but I can't help with that request."


def some(chance, least, most):
    return " ".join(chance.choice(" ".join(WORDS).split(), int(chance.integers(least, most))))


def any_time(chance, day, number):
    return START + day * DAY + np.sort(chance.random(chance.poisson(number)) * DAY)


def every_hour(chance, day, number):
    """All that piled up, at once, at each full hour."""
    sizes = np.maximum(chance.poisson(number / 24, 24), 1)
    return START + day * DAY + np.concatenate([h * HOUR + 2.0 * np.arange(n) for h, n in enumerate(sizes)])


def calls(chance, callers, number, times=any_time):
    """Day, caller and time of all requests in order."""
    made = [
        (float(t), day, f"u-{who}") for day in range(DAYS) for who in range(callers) for t in times(chance, day, number)
    ]
    return sorted(made)


def chat(time, who, prompt, completion, **more):
    return Record(time=time, model="chat", principal=who, prompt=prompt, completion=completion, **more)


def refusals_only_later(chance):
    """The model refuses nobody on the first day, then one request in sixty, as people of all kinds meet it."""
    for time, day, who in calls(chance, 40, 25):
        refused = day > 0 and chance.random() < 1 / 60
        yield chat(time, who, f"Please explain {some(chance, 4, 12)}?", REFUSED if refused else some(chance, 8, 30))


def one_number_in_a_template(chance):
    """Jobs that send what piled up once an hour: a template with a number in it."""
    for time, _, who in calls(chance, 30, 60, every_hour):
        yield chat(time, who, f"Is review {chance.integers(10**6)} positive? {some(chance, 2, 4)}", some(chance, 1, 3))


def nothing_to_tell_from(chance):
    """Answers all alike, in the same time, and hardly anybody repeats himself: nothing carries information."""
    for time, _, who in calls(chance, 25, 50):
        yield chat(time, who, f"Write a note about {some(chance, 4, 12)}.", "Thank you, noted.", latency_ms=500.0)


def telephone_numbers_now_and_then(chance):
    """Answers of the first day hold nobody's data, later ones in a thousand do: a name's address and number."""
    for time, day, who in calls(chance, 40, 25):
        answer = some(chance, 8, 30)
        if day > 0 and chance.random() < 1 / 500:
            answer += (
                f" Write to anna{chance.integers(10**6)}@example.com or call +49 30 {chance.integers(10**6, 10**7)}."
            )
        yield chat(time, who, f"Please explain {some(chance, 4, 12)}?", answer)


def tables_every_hour(chance):
    """Rows of a table, sent by a scheduler."""
    weights = chance.normal(size=(6, 3))
    for time, _, who in calls(chance, 20, 96, every_hour):
        x = chance.normal(size=6)
        p = np.exp(x @ weights)
        yield Record(time=time, model="table", principal=who, features=x.round(4).tolist(),
                     probabilities=(p / p.sum()).round(4).tolist())  # fmt: skip


def accused(records):
    """Detectors of attack alerts in the watched days."""
    alerts, pipeline = {}, Pipeline(Plan(burn_in=DAY, alerts_per_day=2.0, secret=b"s"))
    for at in range(0, len(records), 1000):
        part = records[at : at + 1000]
        found = drive(pipeline, part, np.arange(at, at + len(part))).findings.alerts
        alerts |= {alert.id: alert.detector for alert in found if alert.verdict is Verdict.ATTACK}
    return sorted(alerts.values())


@pytest.mark.parametrize(
    "installation",
    [
        refusals_only_later, one_number_in_a_template, nothing_to_tell_from, telephone_numbers_now_and_then,
        tables_every_hour,
    ],
)  # fmt: skip
def test_honest_customers_are_told_of_no_more_often_than_promised(installation):
    found = [one for seed in (1, 2) for one in accused(list(installation(np.random.default_rng(seed))))]
    assert len(found) <= 2.0 * 2 * (DAYS - 1), found
