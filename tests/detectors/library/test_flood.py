"""Flood: honest bursts stay quiet, floods do not, and why the score goes through the conformal gate."""

import dataclasses
import re

import numpy as np
import pytest

from detectors import forecast, stage
from detectors.forecast import Patience
from detectors.gates import calibration
from detectors.gates.honest import Honest
from detectors.gates.trajectories import Trajectories
from detectors.library.flood import Flood
from detectors.threat_naming import normal_for

DAY, HOUR = 86400.0, 3600.0
GRANT = Patience(Flood().caution, 0.5 ** (1 / Flood().half_life), Flood().patience)


def person(chance):
    sessions = chance.normal(13, 3, chance.poisson(4)).clip(0, 23) * HOUR
    return np.concatenate([[], *(s + np.cumsum(chance.exponential(20, chance.geometric(1 / 8))) for s in sessions)])


def nightly(chance):
    return HOUR * chance.uniform(1, 4) + np.cumsum(chance.exponential(0.5, int(chance.uniform(0.7, 1.4) * 800)))


def camera(chance):
    starts = chance.uniform(0, 24, chance.poisson(8)) * HOUR
    return np.concatenate([[], *(s + np.cumsum(chance.exponential(1, chance.integers(10, 60))) for s in starts)])


def backlog(chance):
    return HOUR * chance.uniform(8, 18) + np.cumsum(chance.exponential(2, int(chance.lognormal(5.5, 0.8))))


CAST = {person: 60, nightly: 4, camera: 8}


@pytest.fixture(scope="module")
def honest():
    """Six days of honest bursts: times and principals of each; newcomers and their backlogs from the second."""
    days, names = [], {}
    for d in range(6):
        cast = [(f"{f.__name__}{i}", f) for f, n in CAST.items() for i in range(n)]
        cast += [(f"new{d}-{i}", (person, backlog)[i % 2]) for i in range(6 if d else 0)]
        times, who = [], []
        for name, behave in cast:
            t = behave(np.random.default_rng([d, *name.encode()]))
            t = t[(t >= 0) & (t < DAY)]
            times.append(1767571200.0 + d * DAY + t)
            who.append(np.full(len(t), names.setdefault(name, len(names))))
        time, code = np.concatenate(times), np.concatenate(who)
        order = np.argsort(time, kind="stable")
        days.append((time[order], code[order]))
    return days


def peaks(day, state, law):
    time, code = day
    value, seen = np.empty((len(time), 2)), np.empty((len(time), 2, 3), np.float32)
    weight = np.ones((len(time), 2), np.float32)
    forecast.watch(time, code, weight, np.ones(len(time), np.bool_), law, GRANT, state, value, seen)
    top = np.full(len(state), -np.inf)
    np.maximum.at(top, code, value[:, 0])
    return top


def run(honest, law, budget=1.0):
    """Principals a day over the conformal threshold, and over that of the budget gate."""
    state = np.zeros(1 + max(code.max() for _, code in honest), forecast.state)
    first = peaks(honest[0], state, law)
    units = np.isfinite(first).sum()
    history = Trajectories()
    history.add("flood", epoch=1, peak=first[np.isfinite(first)])
    curve = calibration.fit(
        history, model="m", version="1", kind="frozen", epoch=1, budgets={"flood": budget}, volumes={}
    ).curves["flood"]
    threshold = curve.thresholds[np.searchsorted(curve.alphas, budget / units, side="right") - 1]
    conformal, paid = 0, 0
    for day in honest[1:]:
        top = peaks(day, state, law)
        conformal += np.count_nonzero(top > threshold)
        paid += np.count_nonzero(top > np.log(len(day[0]) / budget))
    return conformal / 5, paid / 5


def test_honest_bursts_keep_to_the_budget_of_the_conformal_gate(honest):
    law = forecast.learn(*honest[0], np.ones(len(honest[0][0]), np.float32))
    false, _ = run(honest, law)
    assert false <= 1.0


def test_honest_bursts_are_no_poisson_process(honest):
    law = forecast.learn(*honest[0], np.ones(len(honest[0][0]), np.float32))
    _, false = run(honest, law._replace(spread=np.ones(2)))
    assert false > 10


def played(**changes):
    rows, slots, names = stage.performance("flood", "backlog")
    rows = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, **changes))
    scores, _ = stage.play(Flood(), rows, slots)
    attack = np.flatnonzero([names[s].startswith("attack") for s in slots])
    return rows, scores, attack


def test_an_alert_says_how_many_and_how_many_were_to_be_expected():
    rows, scores, attack = played()
    said = Flood().explain(rows, scores, int(attack[-1]))
    assert said.message.endswith(normal_for("flood"))
    assert re.search(r" requests in the first [0-9]+ minutes? of this hour; at most [0-9.]+ were", said.message)
    assert said.threat == "flood"
    assert "floods model loan" in said.title
    value, typical = next((v, t) for name, v, t, _ in said.why if name == "records")
    assert value > 10 * typical


def test_the_hour_that_is_told_of_stands_beside_its_own_usual_hour_and_others():
    rows, scores, attack = played()
    _, slots, names = stage.performance("flood", "backlog")
    known = np.flatnonzero([names[s].startswith("person") for s in slots])
    said = Flood().explain(rows, scores, int(known[-1]))
    hours = r"Its usual hour has [0-9.,]+ requests; others' hours at this time of day have [0-9.,]+ requests\."
    assert re.search(hours, said.message)
    ((name, here, usual),) = Flood().explain(rows, scores, int(attack[-1])).beside
    assert name.startswith("requests in this hour")
    assert here > 10 * usual > 0


def test_who_came_this_hour_is_said_to_have_no_usual_hour():
    rows, scores, attack = played()
    said = Flood().explain(rows, scores, int(attack[0]))
    assert "It is too new to have a usual hour; others' hours at this time of day have" in said.message


def test_a_newcomer_with_a_backlog_gives_a_fraction_of_the_evidence():
    _, scores, attack = played()
    _, slots, names = stage.performance("flood", "backlog")
    alike = np.flatnonzero([names[s].startswith("alike") for s in slots])
    assert scores.value[alike].max() < 0.3 * scores.value[attack].max()


def test_cost_is_counted_in_tokens_where_tokens_are_logged():
    sample = stage.burn_in()
    chance = np.random.default_rng(0)
    tokens = chance.integers(50, 150, (len(sample), 2)).astype(np.int32)
    rows, slots = stage.ordinary()
    clean = dataclasses.replace(rows, batch=dataclasses.replace(rows.batch, tokens=tokens))
    learnt = {"flood": Flood().learn(clean, slots)}
    dear = tokens.copy()
    busy = np.bincount(slots).argmax()
    dear[slots == busy] *= 200
    reference = dataclasses.replace(rows.reference, learnt=learnt)
    batch = dataclasses.replace(rows.batch, tokens=dear)
    scored = dataclasses.replace(rows, batch=batch, reference=reference)
    scores, _ = stage.play(Flood(), scored, slots)
    last = int(np.flatnonzero(slots == busy)[-1])
    said = Flood().explain(scored, scores, last)
    assert said.threat == "cost_abuse"
    assert said.title.endswith(f"drives up the cost of model {rows.batch.model}")
    assert "usual ones; at most the cost of " in said.message
    assert said.message.endswith(normal_for("cost_abuse"))
    assert scores.value[last] > 20


def test_a_log_without_cost_is_judged_by_numbers_alone():
    rows, slots = stage.ordinary()
    batch = dataclasses.replace(
        rows.batch, latency=np.full(len(slots), np.nan, np.float32), text=rows.batch.text[:, :0]
    )
    bare = dataclasses.replace(rows, batch=batch)
    assert Flood().learn(bare, slots)["kind"].tolist() == [0]


def test_where_nobody_ever_surprised_a_flood_still_needs_evidence():
    assert Flood.spec.floor is not None
    assert Honest(floor=Flood.spec.floor).least().min() > 2
