"""The sections about other systems: Kafka, ClickHouse, the topics to watch, the destinations of alerts."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from schemas.formats import FORMATS, rules
from schemas.formats.mapped import compiled
from streams.settings.spans import Span
from streams.settings.values import Brokers, File, Lifetime, Maybe, Networks, Secret, Section, Strings
from streams.sinks import address


class Topics(Section):
    """Topics that tidegate writes to."""

    alerts: str = Field(default="tidegate.alerts", description="alerts, one JSON object a message")
    rejects: str = Field(default="tidegate.rejects", description="records that could not be read, and why")
    signals: str = Field(default="tidegate.signals", description="statistics of blocks, from workers to the correlator")
    records: str = Field(default="tidegate.records", description="what the router re-keyed by principal, for workers")
    halves: str = Field(default="tidegate.halves", description="halves of calls on their way to each other")


class Kafka(Section):
    """Where the traffic comes from."""

    brokers: Brokers = Field(default=["127.0.0.1:9092"], min_length=1, description="bootstrap servers, host:port")
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
    password: Secret = Field(default=None, description="SASL password; better in password_file or the environment")
    password_file: File = Field(default=None, description="file with the SASL password, readable by its owner only")
    ca_file: File = Field(default=None, description="PEM of the authority that signed the brokers' certificates")
    certificate_file: File = Field(default=None, description="PEM of the client's certificate, for mutual TLS")
    key_file: File = Field(default=None, description="PEM of the client's key, readable by its owner only")
    version: str = Field(
        default="",
        pattern=r"^(\d+(\.\d+){1,2})?$",
        description='protocol version, such as "2.0"; empty asks the brokers',
    )
    slice_records: int = Field(default=8000, ge=1, le=100_000, description="records taken from a partition at a time")
    session_timeout: Span = Field(default=10.0, description="time after which a silent worker loses its partitions")
    max_skew: Span = Field(
        default=86400.0, description="how far a record's time may be ahead of Kafka's before Kafka's is taken instead"
    )
    suspects: bool = Field(
        default=True,
        description="whether inputs whose answers contradict what lies near go to the signals topic, column by column: "
        "what backdoor triggers are found by",
    )
    topics: Topics = Field(default=Topics(), description="topics that tidegate writes to")


class ClickHouse(Section):
    """Where alerts, coverage and evidence go."""

    url: str = Field(
        default="clickhouse://tidegate_writer@127.0.0.1:9000/tidegate",
        description="clickhouse://, clickhouses:// (TLS), or chdb:///DIRECTORY for the embedded engine",
    )
    password: Secret = Field(default=None, description="password; better in password_file or the environment")
    password_file: File = Field(default=None, description="file with the password, readable by its owner only")
    records: Literal["off", "metadata", "full"] = Field(
        default="off",
        description="what is kept of every record: nothing, who and when, or also what was asked and answered",
    )
    records_ttl: Lifetime = Field(default=30 * 86400.0, description="how long records and scores are kept")
    alerts_ttl: Lifetime = Field(default=730 * 86400.0, description="how long alerts and incidents are kept")
    scores_share: float = Field(default=0.01, ge=0, le=1, description="share of rows whose scores are stored, 0 to 1")
    timeout: Span = Field(default=30.0, description="time after which an insert is tried again")

    @property
    def lifetimes(self) -> dict[str, float]:
        """How long rows are kept by table, s."""
        records = dict.fromkeys(("records", "scores"), self.records_ttl)
        return records | dict.fromkeys(("alerts", "incidents"), self.alerts_ttl)

    @field_validator("url")
    @classmethod
    def _usable(cls, url: str) -> str:
        if url.startswith("chdb://"):
            address.directory(url)
        elif not url.startswith("memory://"):
            address.parse(url, password="-")  # noqa: S106 - so that no file is read
        return url


class Source(Section):
    """One topic to watch."""

    topic: str = Field(
        default="traffic", min_length=1, description="topic that carries the model's requests and answers"
    )
    format: str = Field(default="auto", description="log format, or auto to recognise it from the first records")
    routed: Maybe = Field(
        default=None,
        description="whether the router re-keys it by principal and joins halves; unset: all but the native format",
    )
    principal: Strings = Field(
        default=["principal"],
        min_length=1,
        description="places that name the caller, first found first: a field, headers.NAME, const:NAME; "
        'at ["principal"] those that the format knows',
    )
    hash_principal: bool = Field(default=False, description="store callers under a keyed hash instead of their names")
    model: str = Field(default="", description="model name for records that carry none")
    version: str = Field(default="", description="model version for records that carry none")
    tenant: str = Field(default="", description="tenant for records that carry none")
    phase: Literal["", "feedback"] = Field(
        default="", description='"feedback" where the topic says afterwards what was true: label, and principal says so'
    )
    weight: float = Field(
        default=1.0, gt=0, description="part of the false-alert budget that its models have, beside other topics'"
    )
    trusted_hops: int = Field(
        default=0, ge=0, le=32, description="proxies in front of what writes the log, whose forwarded addresses count"
    )
    trusted_proxies: Networks = Field(default=[], description="networks of such proxies, instead of or beside a number")
    fields: dict[str, str] = Field(
        default={}, description='with format mapping: where each field of a record stands, such as {time = "ts as ms"}'
    )
    features: dict[str, str] = Field(
        default={}, description='with format mapping: where each named feature stands, such as {age = "body.age"}'
    )

    words_apart: bool = Field(
        default=False,
        description="with format otel: words come as log events gen_ai.user.message, gen_ai.choice, and are joined "
        "with spans; set it for the topics of both",
    )

    @field_validator("format")
    @classmethod
    def _known(cls, name: str) -> str:
        if name != "auto" and name not in FORMATS:
            raise ValueError(f"{name!r} is no format; there are auto, {', '.join(FORMATS)}")
        return name

    @model_validator(mode="after")
    def _mapped(self) -> Self:
        mapped = bool(self.fields or self.features)
        if mapped and self.format not in ("auto", "mapping"):
            raise ValueError(f'fields and features belong to format = "mapping", not to {self.format!r}')
        if self.format == "mapping" and not mapped:
            raise ValueError('format = "mapping" needs [source.fields]: where each field of a record stands')
        if mapped:
            compiled(tuple(self.fields.items()), tuple(self.features.items()))
        return self

    @property
    def form(self) -> str:
        """The format's name: what has fields is mapped."""
        return "mapping" if self.fields or self.features else self.format

    def rules(self, secret: bytes) -> rules.Source:
        """Return what a reader of this source's format is told; ``secret`` hashes principals if that is asked for."""
        return rules.Source(
            model=self.model,
            version=self.version,
            tenant=self.tenant,
            phase=self.phase,
            principal=tuple(self.principal),
            secret=secret if self.hash_principal else b"",
            trusted_hops=self.trusted_hops,
            trusted_proxies=tuple(self.trusted_proxies),
            fields=tuple(self.fields.items()),
            features=tuple(self.features.items()),
            words_apart=self.words_apart,
        )


def routed(source: Source) -> bool:
    """Whether a router re-keys a source: unless it is said, all formats but native, which is taken for keyed."""
    return source.form not in ("auto", "native") if source.routed is None else source.routed


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
