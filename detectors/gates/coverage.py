"""Coverage: what a calibration of so many principal-epochs can promise, in numbers and words."""

from dataclasses import dataclass

import numpy as np

from detectors.gates import interval, tail
from detectors.gates.payment import USUALLY
from detectors.gates.tail import ALPHAS, Sample


@dataclass(frozen=True, slots=True)
class Coverage:
    """False alerts an epoch at the forecast volume.

    Attributes
    ----------
    low, high : 90 % interval of the true rate over calibration sets (Beta law of ranks; approximate for a tail)
    extrapolated : whether the level in use lies beyond what ranks can tell
    """

    low: float
    high: float
    extrapolated: bool
    text: str


def of(
    sample: Sample,
    *,
    budget: float,
    forecast: float,
    period: str = "day",
    shape: float = 0.0,
    usual: float | None = None,
) -> Coverage:
    """What the sample's thresholds promise when ``forecast`` principals an epoch share ``budget``.

    ``shape`` is the tail's, where one is needed, and ``usual`` its mean excess on other models.
    """
    volume = max(1.0, forecast)
    most = volume * float(ALPHAS[-1])
    alpha = min(USUALLY * budget / volume, float(ALPHAS[-1]))
    level = np.array([max(alpha, ALPHAS[0])])
    r = int(tail.ranks(sample, level)[0])
    if alpha <= 0.0:
        low = high = 0.0
    elif r:
        part = min(alpha * (sample.units + 1) - r, 1.0) if r < sample.units else 0.0
        ends = zip(interval.beta(r, sample.units), interval.beta(min(r + 1, sample.units), sample.units), strict=True)
        low, high = (volume * (a + part * (b - a)) for a, b in ends)
    else:
        t = tail.tails(sample, level, usual)
        q = float(t.steps(level, sample.units, shape)[0]) / (1.0 - shape)
        low, high = (
            volume * alpha * f
            for f in interval.tail(q / (1.0 + shape * q), int(t.behind[0]), int(t.rank[0]), sample.units)
        )
    law = "a heavy tail" if shape else "an exponential tail"
    how = "" if r else f", by {law}" if not sample.exceeded else ", alerted principals censored"
    text = f"{_short(budget)} a {period}, from {sample.units} principal-{period}s{how}: {_short(low)} to {_short(high)}"
    if USUALLY * budget > most:
        text += f"; of so few principals at most a tenth is told of, {_short(most)} a {period}"
    return Coverage(low, high, not r and alpha < max(1, sample.exceeded) / (sample.units + 1), text)


def burn_in(budget: float, periods: float, *, period: str = "day") -> str:
    """The rule of the burn-in in words: how well ``periods`` clean periods fix a rate of ``budget`` alerts each."""
    expected = USUALLY * budget * periods
    begin = (
        f"The threshold for {_short(budget)} false alerts a {period} is fixed by those that the clean traffic itself "
        f"would have raised: about {_short(expected)} in {_spans(periods, period)}"
    )
    if expected < 1.0:
        middle = ", too few to count, so it is extrapolated by an exponential tail"
    else:
        low, high = interval.poisson(int(expected))[0], interval.poisson(int(expected) - 1)[1]
        middle = f", so the true rate may lie between {_short(low / periods)} and {_short(high / periods)} a {period}"
    enough = _spans(30.0 / (USUALLY * budget), period)
    return f"{begin}{middle}. Within 18 % takes 30 of them, {enough}, whatever the volume."


def _spans(count: float, period: str) -> str:
    return f"{_short(count)} {period}{'' if count == 1 else 's'}"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value >= 0.1 else f"{value:.1g}"
