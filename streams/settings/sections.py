"""The sections of ``tidegate.toml``: every key with its meaning, its default and its bounds."""

import json
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from streams.settings.spans import Budget, BurnIn, BurnInLength, Span


def _strings(value: object) -> object:
    """Read a list from the environment: JSON, or parts between commas."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.lstrip().startswith("[") else [part.strip() for part in value.split(",")]
    except json.JSONDecodeError:
        raise ValueError(f'{value!r} is no list; right would be \'["a", "b"]\' or a,b') from None


def _nothing(value: object) -> object:
    """Read an empty text as "not set", so that a commented default can be uncommented as it stands."""
    return None if value == "" else value


Strings = Annotated[list[str], NoDecode, BeforeValidator(_strings)]
File = Annotated[Path | None, BeforeValidator(_nothing)]


class Section(BaseModel):
    """One table of the file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Topics(Section):
    """Topics that tidegate writes to."""

    alerts: str = Field(default="tidegate.alerts", description="alerts, one JSON object a message")
    rejects: str = Field(default="tidegate.rejects", description="records that could not be read, and why")
    signals: str = Field(default="tidegate.signals", description="statistics of blocks, from workers to the correlator")


class Kafka(Section):
    """Where the traffic comes from."""

    brokers: Strings = Field(default=["127.0.0.1:9092"], min_length=1, description="bootstrap servers, host:port")
    group: str = Field(
        default="tidegate", min_length=1, description="consumer group, whose workers share the partitions"
    )
    security: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = Field(
        default="plaintext", description="protocol towards the brokers"
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="SCRAM-SHA-512", description="how to sign in, with sasl_plaintext and sasl_ssl"
    )
    username: str = Field(default="", description="SASL user")
    password_file: File = Field(default=None, description="file with the SASL password, readable by its owner only")
    ca_file: File = Field(default=None, description="PEM of the authority that signed the brokers' certificates")
    certificate_file: File = Field(default=None, description="PEM of the client's certificate, for mutual TLS")
    key_file: File = Field(default=None, description="PEM of the client's key, readable by its owner only")
    slice_records: int = Field(default=2000, ge=1, le=100_000, description="records taken from a partition at a time")
    session_timeout: Span = Field(default=10.0, description="time after which a silent worker loses its partitions")
    topics: Topics = Field(default=Topics(), description="topics that tidegate writes to")


class ClickHouse(Section):
    """Where alerts, coverage and evidence go."""

    url: str = Field(
        default="clickhouse://tidegate_writer@127.0.0.1:9000/tidegate",
        description="clickhouse://, clickhouses:// (TLS), or chdb:///DIRECTORY for the embedded engine",
    )
    password_file: File = Field(default=None, description="file with the password, readable by its owner only")
    records: Literal["off", "metadata", "full"] = Field(
        default="off",
        description="what is kept of every record: nothing, who and when, or also what was asked and answered",
    )
    records_ttl: Span = Field(default=30 * 86400.0, description="how long records are kept")
    alerts_ttl: Span = Field(default=730 * 86400.0, description="how long alerts are kept")
    scores_share: float = Field(default=0.01, ge=0, le=1, description="share of rows whose scores are stored, 0 to 1")
    timeout: Span = Field(default=30.0, description="time after which an insert is tried again")

    @field_validator("url")
    @classmethod
    def _known_engine(cls, url: str) -> str:
        if url.partition("://")[0] not in ("clickhouse", "clickhouses", "chdb"):
            raise ValueError('right would be "clickhouse://user@host:9000/tidegate" or "chdb:///var/lib/tidegate"')
        return url


class Source(Section):
    """One topic to watch."""

    topic: str = Field(
        default="traffic", min_length=1, description="topic that carries the model's requests and answers"
    )
    format: str = Field(default="auto", description="log format, or auto to recognise it from the first records")
    principal: Strings = Field(
        default=["principal"], min_length=1, description="fields that name the caller, the first one found wins"
    )
    hash_principal: bool = Field(default=False, description="store callers under a keyed hash instead of their names")
    model: str = Field(default="", description="model name for records that carry none")
    version: str = Field(default="", description="model version for records that carry none")
    tenant: str = Field(default="", description="tenant for records that carry none")


class AlertBudget(Section):
    """What the team can afford to look at for nothing."""

    alerts_per_day: Budget = Field(default=10.0, description="false alerts a day, all models and detectors together")


class Calibration(Section):
    """How tidegate learns what is usual."""

    burn_in: BurnIn = Field(
        default=BurnInLength(), description='clean period of a new model version: "1d" of record time, or "20%" in scan'
    )
    wait: Span = Field(
        default=60.0, description="time that partitions wait for each other's samples when the burn-in is over"
    )
    secret: Annotated[SecretStr | None, BeforeValidator(_nothing)] = Field(
        default=None, description="secret behind projections and hashes; better in secret_file"
    )
    secret_file: File = Field(default=None, description="file with the secret, readable by its owner only")


class State(Section):
    """What a worker remembers about principals, and where it keeps that."""

    snapshots: File = Field(default=None, description="directory of snapshots; without one a restart forgets")
    interval_seconds: Span = Field(default=5.0, description="time between snapshots")
    max_principals: int = Field(
        default=1_000_000, ge=1, description="principals remembered per partition and model version"
    )


class Limits(Section):
    """What is too large or too deep to be a record."""

    record_bytes: int = Field(default=1 << 20, ge=64, le=1 << 30, description="bytes of a record")
    features: int = Field(default=65_536, ge=1, description="numbers in a record's features")
    depth: int = Field(default=32, ge=2, le=200, description="nesting of objects and lists")
    reject_bytes: int = Field(default=4096, ge=0, le=1 << 20, description="bytes of a rejected record that are kept")


class Outlet(Section):
    """One destination that alerts are pushed to."""

    name: str = Field(min_length=1, description="name, as in --outlet")
    kind: Literal["webhook"] = Field(default="webhook", description="sort of destination")
    url: str = Field(min_length=1, description="where to POST")
    secret_file: File = Field(default=None, description="file that holds the key that signs each request")
    form: Literal["json", "ocsf"] = Field(
        default="json", description="encoding: tidegate's own, or OCSF Detection Finding"
    )
    timeout: Span = Field(default=10.0, description="time after which a request is tried again")

    @field_validator("url")
    @classmethod
    def _http(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError('right would be "https://host/path"')
        return url


class Metrics(Section):
    """What Prometheus and the health checks ask."""

    listen: str = Field(default="127.0.0.1:9108", description="host:port of /metrics and /healthz; empty for none")


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
    limits: Limits = Field(default=Limits(), description="What is too large or too deep to be a record.")
    detectors: dict[str, dict[str, Any]] = Field(
        default={}, description="One [detectors.NAME] table a detector, only where it differs from its default."
    )
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
