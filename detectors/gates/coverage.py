"""Coverage: what a calibration of so many principal-epochs can promise, in numbers and words."""

from dataclasses import dataclass

import numpy as np

from detectors.gates import interval, tail
from detectors.gates.payment import HEAD
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


def of(sample: Sample, *, budget: float, forecast: float, period: str = "day") -> Coverage:
    """What the sample's thresholds promise when ``forecast`` principals an epoch share ``budget``."""
    volume = max(1.0, forecast)
    alpha = min(HEAD * budget / volume, float(ALPHAS[-1]))
    level = np.array([max(alpha, ALPHAS[0])])
    r = int(tail.ranks(sample, level)[0])
    if alpha <= 0.0:
        low = high = 0.0
    elif r:
        low, high = (volume * p for p in interval.beta(r, sample.units))
    else:
        t = tail.tails(sample, level)
        low, high = (
            volume * alpha * f
            for f in interval.tail(
                float(t.steps(level, sample.units)[0]), int(t.behind[0]), int(t.rank[0]), sample.units
            )
        )
    how = "" if r else ", by an exponential tail" if not sample.exceeded else ", alerted principals censored"
    text = f"{_short(budget)} a {period}, from {sample.units} principal-{period}s{how}: {_short(low)} to {_short(high)}"
    return Coverage(low, high, not r and alpha < max(1, sample.exceeded) / (sample.units + 1), text)


def burn_in(budget: float, periods: float, *, period: str = "day") -> str:
    """The rule of the burn-in in words: how well ``periods`` clean periods fix a rate of ``budget`` alerts each."""
    expected = HEAD * budget * periods
    begin = (
        f"The threshold for {_short(budget)} false alerts a {period} is fixed by those that the clean traffic itself "
        f"would have raised: about {_short(expected)} in {_spans(periods, period)}"
    )
    if expected < 1.0:
        middle = ", too few to count, so it is extrapolated by an exponential tail"
    else:
        low, high = interval.poisson(int(expected))[0], interval.poisson(int(expected) - 1)[1]
        middle = f", so the true rate may lie between {_short(low / periods)} and {_short(high / periods)} a {period}"
    return (
        f"{begin}{middle}. Within 18 % takes 30 of them, {_spans(30.0 / (HEAD * budget), period)}, whatever the volume."
    )


def _spans(count: float, period: str) -> str:
    return f"{_short(count)} {period}{'' if count == 1 else 's'}"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value >= 0.1 else f"{value:.1g}"
