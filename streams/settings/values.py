"""Values as people write them: lists between commas, files that may be unset, networks, brokers, lifetimes."""

import json
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr
from pydantic_settings import NoDecode

from streams.settings.spans import Span


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


def _lasting(span: float) -> float:
    """Refuse to forget at once by mistake, and what ends beyond 2106, where the database's times end."""
    if not 3600.0 <= span <= 18_250 * 86_400.0:
        raise ValueError(f'{span:g} s is no time to keep rows for; right would be from "1h" to "18250d"')
    return span


def _broker(text: str) -> str:
    """Refuse what has no port: clients disagree on what to assume."""
    host, _, port = text.rpartition(":")
    if not host.strip("[]") or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError(f'{text!r} is no host:port; right would be "b1:9092"')
    return text


def _network(text: str) -> str:
    """Refuse what is neither an address nor a network."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f'{text!r} is no network; right would be "10.0.0.0/8"') from None
    return text


Strings = Annotated[list[str], NoDecode, BeforeValidator(_strings)]
Brokers = Annotated[list[Annotated[str, AfterValidator(_broker)]], NoDecode, BeforeValidator(_strings)]
File = Annotated[Path | None, BeforeValidator(_nothing)]
Maybe = Annotated[bool | None, BeforeValidator(_nothing)]
Networks = Annotated[list[Annotated[str, AfterValidator(_network)]], NoDecode, BeforeValidator(_strings)]
Secret = Annotated[SecretStr | None, BeforeValidator(_nothing)]
Lifetime = Annotated[Span, AfterValidator(_lasting)]


class Section(BaseModel):
    """One table of the file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
