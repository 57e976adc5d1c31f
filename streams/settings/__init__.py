"""Settings: one TOML file and the environment, checked before anything starts."""

from streams.settings.connections import ClickHouse, Kafka, Outlet, Source
from streams.settings.load import Invalid, load
from streams.settings.sections import Calibration, Limits, Settings, State
from streams.settings.spans import BurnInLength

__all__ = [
    "BurnInLength",
    "Calibration",
    "ClickHouse",
    "Invalid",
    "Kafka",
    "Limits",
    "Outlet",
    "Settings",
    "Source",
    "State",
    "load",
]
