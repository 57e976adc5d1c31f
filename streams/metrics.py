"""Metrics: a worker's numbers for Prometheus, read when they are asked for, so that the hot path counts nothing twice.

Labels are tables, topics, partitions, threats and models; never principals, who are many and have a right to privacy.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Number = Callable[[], float]
Labelled = Callable[[], Mapping[Any, float]]
"""Numbers by label, a tuple of strings in the order of the labels."""


@dataclass(frozen=True, slots=True)
class Series:
    """One metric: its name without prefix, what it says, its labels, and how it is read."""

    name: str
    help: str
    read: Labelled
    labels: tuple[str, ...] = ()
    counter: bool = False


@dataclass(eq=False)
class Metrics(Collector):
    """All metrics of a process, under the prefix ``tidegate_``.

    Attributes
    ----------
    alerts : raised by this process, by threat and model; whoever raises counts here
    """

    series: list[Series] = field(default_factory=list)
    alerts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self.counts("alerts", "alerts raised", lambda: dict(self.alerts), labels=("threat", "model"))
        self.registry.register(self)

    def gauge(self, name: str, help: str, read: Number) -> None:  # noqa: A002  # Prometheus' name
        """Show a number as it is at the moment."""
        self.series.append(Series(name, help, lambda: {(): read()}))

    def gauges(self, name: str, help: str, read: Labelled, *, labels: tuple[str, ...]) -> None:  # noqa: A002
        """Show numbers as they are at the moment, one for each combination of labels."""
        self.series.append(Series(name, help, read, labels))

    def count(self, name: str, help: str, read: Number) -> None:  # noqa: A002
        """Show a number that only grows."""
        self.series.append(Series(name, help, lambda: {(): read()}, counter=True))

    def counts(self, name: str, help: str, read: Labelled, *, labels: tuple[str, ...]) -> None:  # noqa: A002
        """Show numbers that only grow, one for each combination of labels."""
        self.series.append(Series(name, help, read, labels, counter=True))

    def collect(self) -> Iterator[Metric]:
        """Read everything; what cannot be read at the moment is left out."""
        for series in self.series:
            try:
                values = dict(series.read())
            except (RuntimeError, AttributeError, KeyError):  # another thread is changing it, or it is not there yet
                continue
            yield _family(series, values.items())


def _family(series: Series, values: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
    kind = CounterMetricFamily if series.counter else GaugeMetricFamily
    family: Metric = kind(f"tidegate_{series.name}", series.help, labels=series.labels)
    for labels, value in values:
        family.add_metric([str(label) for label in labels], float(value))  # type: ignore[attr-defined]
    return family
