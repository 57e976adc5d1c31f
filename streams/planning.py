"""From settings to the plan of a pipeline, with the files that they name."""

from detectors.plan import Plan
from streams import classifiers, letters, manifests, protected
from streams.settings import Settings


def plan_of(settings: Settings, *, release: str = "") -> Plan:
    """What the pipeline must know; a burn-in given as a share of a file is a day here."""
    seconds = settings.calibration.burn_in.seconds
    return Plan(
        burn_in=seconds if seconds is not None else 86_400.0,
        alerts_per_day=settings.budget.alerts_per_day,
        max_principals=settings.state.max_principals,
        halves=any(one.routed or one.form not in ("auto", "native") for one in settings.source),
        letters=letters.opened(settings.images),
        suspects=settings.kafka.suspects,
        secret=settings.secret(),
        detectors=classifiers.without_linear(settings),
        manifests=manifests.loaded(settings),
        watched=protected.loaded(settings),
        classifiers=classifiers.loaded(settings),
        release=release,
    )
