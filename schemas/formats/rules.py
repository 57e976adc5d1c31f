"""Limits and Source: how much a record may be, and what a source leaves out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a record may cost; beyond it is a reject.

    Attributes
    ----------
    size_bytes : length of one record as it came
    features : numbers or named values in one record
    depth : objects and lists within each other
    kept_bytes : how much of a refused record the reject keeps
    """

    size_bytes: int = 1 << 20
    features: int = 65_536
    depth: int = 32
    kept_bytes: int = 4096


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of one topic or file beside its records.

    Attributes
    ----------
    model, version, tenant, phase : used where a record names none
    principal : where to look for who asked, first found first: a field, a dotted path such as ``headers.x-api-key``,
        or ``const:NAME``
    trusted_hops, trusted_proxies : proxies in front of what wrote the log, by number or by network: how much of a
        forwarded chain of addresses is believed
    fields, features : of the mapping reader: where each field of a record and each named feature stands
    words_apart : of OpenTelemetry, whether words are in log events of the first generation, to be joined with spans
    secret : if not empty, principals are replaced by their keyed hash and never leave the reader raw
    """

    model: str = ""
    version: str = ""
    tenant: str = ""
    principal: tuple[str, ...] = ("principal",)
    secret: bytes = b""
    phase: str = ""
    trusted_hops: int = 0
    trusted_proxies: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    features: tuple[tuple[str, str], ...] = ()
    words_apart: bool = False


LIMITS = Limits()
SOURCE = Source()
