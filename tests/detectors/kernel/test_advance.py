"""What each signal and statistic of the kernel means, against plain formulas."""

from dataclasses import replace

import numpy as np
import pytest

from detectors import profile
from detectors.features import numeric
from detectors.kernel.rows import STATE
from detectors.statistics import AT, NAMES

N = 200


def story(known, features, *, probabilities=None, gaps=None):
    """Statistics and signals of one principal that sends these inputs; by name."""
    _, reference, today = known
    n = len(features)
    batch = today.batch(np.arange(n) % len(today))
    p = batch.probabilities if probabilities is None else np.asarray(probabilities, np.float32)
    time = 1.7e9 + np.cumsum(np.full(n, 30.0) if gaps is None else gaps)
    batch = replace(batch, features=np.ascontiguousarray(features, np.float32), probabilities=p, time=time)
    columns = numeric.columns(reference, batch)
    made, signals = profile.trace(
        reference.habits, columns, time, np.zeros(n, np.int64), np.zeros(1, STATE), keep_signals=True
    )
    return dict(zip(NAMES, made.T, strict=True)), {name: signals[:, k] for name, k in AT.items()}, columns


@pytest.fixture(scope="module")
def distinct(known):
    """Inputs that are no near copies of each other."""
    chance = np.random.default_rng(3)
    x = chance.normal(0, 1.2, (N, 12)).astype(np.float32)
    x[:, 0] = 2.5
    return x


@pytest.fixture(scope="module")
def search(known):
    """Ever smaller changes of one input, with its answer's probability falling."""
    chance = np.random.default_rng(4)
    x = np.repeat(known[2].features[:1], 40, axis=0) + 0.003 * chance.normal(0, 1, (40, 12)).astype(np.float32)
    first = np.linspace(0.9, 0.3, 40)
    return x, np.stack([first, 0.95 - first, np.full(40, 0.05)], axis=1)


@pytest.mark.parametrize("memory", [32, 256])
def test_means_start_at_the_prior_and_forget_at_the_length_of_their_memory(known, distinct, memory):
    made, signals, _ = story(known, distinct)
    prior = known[1].habits.prior
    for name, k in AT.items():
        mean, count = np.float64(prior[k]), 0
        expected = []
        for value in signals[name]:
            if not np.isnan(value):
                count += 1
                mean += (value - mean) / min(count + {32: 8, 256: 16}[memory], memory)
            expected.append(mean)
        assert np.allclose(made[f"{name}/{memory}"], expected, atol=2e-3), name


def test_a_repeat_is_seen_while_it_is_among_the_last_32_distinct_inputs(known, distinct):
    x = np.concatenate([distinct[:33], distinct[1:2], distinct[:1]])
    _, signals, _ = story(known, x)
    assert signals["repeat"][:33].tolist() == [0.0] * 33
    assert signals["repeat"][33] == 1.0
    assert signals["repeat"][34] == 0.0


def test_the_nearest_earlier_input_is_found_and_measured_in_usual_spacings(known, distinct):
    _, signals, columns = story(known, distinct)
    u = columns["u"].astype(np.float64)
    spacing = float(known[1].habits.spacing[0])
    assert np.isnan(signals["nearest"][0])
    for i in range(1, N):
        d = np.sqrt(((u[max(0, i - 32) : i] - u[i]) ** 2).sum(1).min()) / spacing
        assert np.isclose(signals["nearest"][i], np.log2(np.clip(d, 1 / 64, 8)), atol=1e-4)
        assert signals["near_copy"][i] == (d < 0.5)


def test_steps_and_their_directions(known, distinct):
    _, signals, columns = story(known, distinct)
    step = np.diff(columns["u"].astype(np.float64), axis=0)
    length = np.sqrt((step**2).sum(1))
    cosine = (step[1:] * step[:-1]).sum(1) / (length[1:] * length[:-1])
    assert np.allclose(signals["step"][1:], np.log2(np.clip(length / known[1].habits.spacing[0], 1 / 64, 8)), atol=1e-4)
    assert np.isnan(signals["direction"][:2]).all()
    assert np.allclose(signals["direction"][2:], cosine, atol=1e-4)
    assert np.allclose(signals["alignment"][2:], np.abs(cosine), atol=1e-4)


def test_an_input_that_comes_again_is_no_step(known, distinct):
    _, plain, _ = story(known, distinct[:60])
    twice = np.insert(distinct[:60], 50, distinct[45], axis=0)
    _, with_repeat, _ = story(known, twice)
    assert with_repeat["repeat"][50] == 1
    assert np.isnan(with_repeat["step"][50])
    for name in ("step", "direction"):
        assert np.array_equal(np.delete(with_repeat[name], 50), plain[name], equal_nan=True)


def test_a_search_is_one_growing_chain_of_near_copies_with_record_lows_and_flips(known, search):
    x, p = search
    made, signals, _ = story(known, x, probabilities=p)
    assert (signals["near_copy"][1:] == 1).all()
    assert np.allclose(signals["chain_length"][1:], np.log2(np.arange(1, 40) + 1), atol=1e-4)
    assert np.allclose(signals["record_low"][2:], 1 - 1 / np.arange(2, 40), atol=1e-5)
    assert np.allclose(signals["record_high"][2:], -1 / np.arange(2, 40), atol=1e-5)
    assert np.nansum(signals["flip"]) >= 1
    assert (signals["near_boundary"][1:] == (np.abs(np.log(p[1:, 0] / p[1:, 1])) < 0.5)).all()
    assert made["flip/32"][-1] > known[1].habits.prior[AT["flip"]]


def test_answers_in_random_order_make_as_many_records_as_chance_would(known, search):
    x, p = search
    shuffled = [np.random.default_rng(k).permutation(p[:39]) for k in range(30)]
    lows = [np.nanmean(story(known, x[:39], probabilities=q)[1]["record_low"]) for q in shuffled]
    assert abs(np.mean(lows)) < 0.05


def test_a_rare_mark_on_unrelated_inputs_with_one_answer_is_a_trigger(known):
    x = known[2].features[:60].copy()
    x[30:, 0] = 40.0
    p = np.tile([0.9, 0.05, 0.05], (60, 1))
    _, signals, _ = story(known, x, probabilities=p)
    assert np.nanmean(signals["trigger"][:30]) < 0.15
    assert signals["trigger"][50:].mean() > 0.5


def test_gaps_sessions_and_fading_counts(known, distinct):
    gaps = np.tile([10.0, 10.0, 10.0, 700.0], N // 4)
    made, signals, _ = story(known, distinct, gaps=gaps)
    assert np.allclose(signals["gap"][1:], np.log10(gaps[1:]), atol=1e-4)
    assert np.isnan(signals["gap"][0])
    session, burst, fresh, day, expected = 0, 0.0, 0.0, 0.0, []
    for gap in [0.0, *gaps[1:]]:
        session = 1 if gap > 300 else session + 1
        burst, fresh = burst * np.exp(-gap / 600) + 1, fresh * np.exp(-gap / 600) + 1
        day = day * np.exp(-gap / 86_400) + 1
        expected.append([1 + session, 1 + burst, (1 + burst) / (1 + day / 144), 1 + fresh])
    measured = np.stack([made[n] for n in ("session", "burst", "surge", "distinct")], axis=1)
    assert np.allclose(measured, np.log2(expected), atol=1e-3)


def test_the_mix_of_answers_and_its_entropy(known, distinct):
    made, signals, columns = story(known, distinct)
    prior = known[1].habits.mix.astype(np.float64)
    mix = prior.copy()
    for i, k in enumerate(columns["group"]):
        mix += (np.eye(3)[k] - mix) / min(i + 1 + 16, 128)
        assert np.isclose(made["label_entropy"][i], -(mix * np.log(mix)).sum() / np.log(3), atol=1e-3)
        assert np.isclose(made["label_shift"][i], (mix * np.log(mix / prior)).sum(), atol=1e-3)
    same = columns["label"][1:] == columns["label"][:-1]
    assert (signals["same_label"][1:] == same).all()


def test_contents_from_elsewhere_move_the_distribution_away(known, distinct):
    usual = story(known, known[2].features[:N])[0]["distribution_distance"][-1]
    away = story(known, distinct + np.float32(3))[0]["distribution_distance"][-1]
    assert away > usual + 1


def test_copies_say_nothing_about_the_distribution_of_contents(known, search):
    _, reference, _ = known
    x, p = search
    state = np.zeros(1, STATE)
    batch = replace(known[2].batch(np.arange(40)), features=x, probabilities=p.astype(np.float32))
    profile.run(reference, numeric.columns(reference, batch), batch.time, np.zeros(40, np.int64), state)
    assert state["contents"][0] == 1
    assert state["distinct"][0] == 40
