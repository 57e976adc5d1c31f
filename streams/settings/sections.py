"""Settings: the sections of ``tidegate.toml``, every key with its meaning, its default and its bounds."""

from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from schemas.formats import rules
from streams.settings.connections import ClickHouse, Kafka, Outlet, Source
from streams.settings.models import Deep, Onnx, UserModel
from streams.settings.spans import Budget, BurnIn, BurnInLength, Span
from streams.settings.values import File, Secret, Section


class AlertBudget(Section):
    """What the team can afford to look at for nothing."""

    alerts_per_day: Budget = Field(default=10.0, description="false alerts a day, all models and detectors together")


class Calibration(Section):
    """How tidegate learns what is usual."""

    burn_in: BurnIn = Field(
        default=BurnInLength(), description='clean period of a new model version: "1d" of record time, or "20%" in scan'
    )
    wait: Span = Field(
        default=10.0,
        description="how long a partition without news is waited for when others have ended their burn-in or their day",
    )
    secret: Secret = Field(default=None, description="secret behind projections and hashes; better in secret_file")
    secret_file: File = Field(default=None, description="file with the secret, readable by its owner only")


class State(Section):
    """What a worker remembers about principals, and where it keeps that."""

    snapshots: File = Field(
        default=None, description="directory of snapshots that all workers share; without one a restart reads all again"
    )
    interval_seconds: Span = Field(default=5.0, description="time between snapshots")
    max_principals: int = Field(
        default=1_000_000, ge=1, description="principals remembered per partition and model version"
    )


class Pairing(Section):
    """How requests and answers that a log has apart find each other."""

    window: Span = Field(default=60.0, description="time that one half waits for the other, by the clock of the log")
    memory_bytes: int = Field(
        default=128 << 20,
        ge=1 << 16,
        description="memory of the halves on each partition; beyond it the oldest is alone",
    )


class Limits(Section):
    """What is too large or too deep to be a record."""

    record_bytes: int = Field(default=1 << 20, ge=64, le=1 << 30, description="bytes of a record")
    features: int = Field(default=65_536, ge=1, description="numbers in a record's features")
    depth: int = Field(default=32, ge=2, le=200, description="nesting of objects and lists")
    reject_bytes: int = Field(default=4096, ge=0, le=1 << 20, description="bytes of a rejected record that are kept")

    def rules(self) -> rules.Limits:
        """Return them as readers of formats take them."""
        return rules.Limits(self.record_bytes, self.features, self.depth, self.reject_bytes)


class Images(Section):
    """What is read in the images of prompts."""

    words: bool = Field(default=False, description="whether words in pixels are read, a second an image and core")
    share: float = Field(default=1.0, gt=0, le=1, description="share of the images whose words are read, 0 to 1")


class Manifest(Section):
    """What one model was trained on, as ``tidegate manifest`` wrote it."""

    model: str = Field(min_length=1, description="model whose training rows these are")
    version: str = Field(default="", description="its version; empty for all that have no manifest of their own")
    file: Path = Field(description="file that tidegate manifest wrote, with this installation's secret")


class Protect(Section):
    """What one model's answers must not hold: canaries, and texts as ``tidegate protect`` wrote them."""

    model: str = Field(min_length=1, description="model whose answers are looked at")
    version: str = Field(default="", description="its version; empty for all that have no table of their own")
    canaries: File = Field(default=None, description="file with one planted token a line, of 8 letters or more")
    foreign: File = Field(default=None, description="the same of other tenants and models")
    texts: File = Field(default=None, description="file that tidegate protect wrote, with this secret")


class Metrics(Section):
    """What Prometheus and the health checks ask."""

    listen: str = Field(default="127.0.0.1:9108", description="host:port of /metrics and /healthz; empty for none")


class OwnReference(Section):
    """Callers whose work is hard subjects, such as red teams: their own first days are their reference."""

    principals: str = Field(default="", description='principals, as patterns with commas between: "red-team-*, u-4711"')
    days: float = Field(default=3.0, gt=0, description="how many days they are only watched by detectors of prompts")


class Log(Section):
    """What is said on stderr."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least important line shown"
    )
    form: Literal["auto", "text", "json"] = Field(
        default="auto", description="auto: text on a terminal, JSON elsewhere"
    )


class Settings(BaseSettings):
    """Everything that can be set, with defaults under which nothing needs to be."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="TIDEGATE_", env_nested_delimiter="__", case_sensitive=False
    )

    kafka: Kafka = Field(default=Kafka(), description="Where the traffic comes from.")
    clickhouse: ClickHouse = Field(default=ClickHouse(), description="Where alerts, coverage and evidence go.")
    source: list[Source] = Field(default=[Source()], description="One [[source]] table for each topic to watch.")
    budget: AlertBudget = Field(default=AlertBudget(), description="What the team can afford to look at for nothing.")
    calibration: Calibration = Field(default=Calibration(), description="How tidegate learns what is usual.")
    state: State = Field(default=State(), description="What a worker remembers, and where it keeps that.")
    pairing: Pairing = Field(
        default=Pairing(), description="How requests and answers that a log has apart find each other."
    )
    limits: Limits = Field(default=Limits(), description="What is too large or too deep to be a record.")
    detectors: dict[str, dict[str, Any]] = Field(
        default={}, description="One [detectors.NAME] table a detector, only where it differs from its default."
    )
    own_reference: OwnReference = Field(
        default=OwnReference(), description="Callers whose work is hard subjects: their first days are their reference."
    )
    manifest: list[Manifest] = Field(
        default=[], description="One [[manifest]] table for each model whose training rows are known."
    )
    protect: list[Protect] = Field(
        default=[], description="One [[protect]] table for each model whose answers must not give something away."
    )
    onnx: Onnx = Field(default=Onnx(), description="How ONNX classifiers run.")
    classifier: list[UserModel] = Field(
        default=[], description="One [[classifier]] table for each ONNX classifier of the user's own."
    )
    images: Images = Field(default=Images(), description="What is read in the images of prompts.")
    deep: Deep = Field(default=Deep(), description="Prompts read by a sentence transformer too.")
    outlet: list[Outlet] = Field(default=[], description="One [[outlet]] table for each destination of alerts.")
    metrics: Metrics = Field(default=Metrics(), description="What Prometheus and the health checks ask.")
    log: Log = Field(default=Log(), description="What is said on stderr.")

    FACTORY_SECRET: ClassVar[bytes] = b"tidegate factory secret"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, which arrives as keyword arguments; read nothing else."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    def secret(self) -> bytes:
        """Return the installation's secret, or the factory's, which everybody knows.

        Raises
        ------
        OSError
            if ``calibration.secret_file`` cannot be read
        """
        if self.calibration.secret is not None:
            return self.calibration.secret.get_secret_value().encode()
        if self.calibration.secret_file is not None:
            return self.calibration.secret_file.read_bytes().strip()
        return self.FACTORY_SECRET
