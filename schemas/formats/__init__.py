"""Log formats: each maps the bytes of one kind of log to records. One line in ``FORMATS`` adds one.

``native`` is our own. The others are foreign: a module with ``TITLE``, ``PRINCIPALS``, ``signs`` and ``read``, as
:class:`schemas.formats.foreign.Reader` says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from schemas.formats import native
from schemas.formats.foreign import Foreign, Reader
from schemas.formats.message import Around, Raw, message
from schemas.formats.reading import Half, Reading
from schemas.formats.rules import LIMITS, SOURCE, Limits, Source
from schemas.record import Record, Reject

__all__ = [
    "FORMATS", "LIMITS", "SOURCE", "Format", "Half", "Limits", "Raw", "Reading", "Recognised", "Source", "named",
    "recognise",
]  # fmt: skip

FORMATS = {
    "native": "schemas.formats.native",
    "litellm": "schemas.formats.litellm",
    "openai": "schemas.formats.openai",
    "gemini": "schemas.formats.gemini",
    "ollama": "schemas.formats.ollama",
    "tgi": "schemas.formats.tgi",
    "otel": "schemas.formats.otel",
    "envoy_ai_gateway": "schemas.formats.envoy_ai_gateway",
    "vllm": "schemas.formats.vllm",
    "kserve": "schemas.formats.kserve",
    "seldon2": "schemas.formats.seldon2",
    "seldon1": "schemas.formats.seldon1",
    "mlserver": "schemas.formats.mlserver",
    "oip_v2": "schemas.formats.oip_v2",
    "tf_v1": "schemas.formats.tf_v1",
    "mlflow": "schemas.formats.mlflow",
    "mapping": "schemas.formats.mapping",
    "columns": "schemas.formats.columns",
    "databricks": "schemas.formats.databricks",
    "sagemaker": "schemas.formats.sagemaker",
    "vertex": "schemas.formats.vertex",
    "bentoml": "schemas.formats.bentoml",
    "ray_serve": "schemas.formats.ray_serve",
    "ray_serve_replica": "schemas.formats.ray_serve_replica",
}
NATIVE = 0.9  # how surely what the native format can read is in it: others have fields of that name too
BARE = 0.25  # the same where of what was asked or answered it reads nothing, and there is something else
_SAID = (
    "features", "probabilities", "logits", "label", "value", "prompt", "messages", "completion", "image_b64",
)  # fmt: skip
SURE = 0.5  # signs from which on a format is named although nothing of it can be read
FAINT = 0.2  # signs below which nothing is said
CLOSE = 0.05  # formats whose signs differ by less are a tie


class Format(Protocol):
    """What the module of a format offers."""

    def read(
        self,
        value: bytes | None,
        *,
        offset: int,
        topic: str = "",
        partition: int = 0,
        limits: Limits = LIMITS,
        source: Source = SOURCE,
    ) -> Record | Reject:
        """Read one record; never raises, whatever the bytes."""
        ...

    def read_many(
        self,
        values: Sequence[bytes | None],
        offsets: Iterable[int],
        *,
        topic: str = "",
        partition: int = 0,
        limits: Limits = LIMITS,
        source: Source = SOURCE,
        raws: Sequence[Raw] | None = None,
    ) -> Reading:
        """Read N entries; never raises, whatever the bytes. ``raws`` are their keys, headers and times, if any."""
        ...


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which format samples are in.

    Attributes
    ----------
    name : a name of ``FORMATS``
    encoding : ``json``, ``msgpack`` or ``binary``
    share : part of the samples that could be read, in [0, 1]
    tied : other formats that they might as well be in
    """

    name: str
    encoding: str
    share: float
    tied: tuple[str, ...] = ()

    @property
    def doubt(self) -> str:
        """What to say where the samples look as much like something else; empty where they do not."""
        if not self.tied:
            return ""
        return f"it looks as much like {' or '.join(self.tied)}; read as {self.name} until format says which"


@cache
def named(name: str) -> Format:
    """Return the format of that name; KeyError if there is none."""
    module = import_module(FORMATS[name])
    return cast("Format", Foreign(cast("Reader", module)) if hasattr(module, "signs") else module)


def recognise(
    samples: Sequence[bytes], source: Source = SOURCE, *, topic: str = "", raws: Sequence[Raw] | None = None
) -> Recognised | None:
    """Return the format whose signs most of the samples bear, or None if none reads any."""
    found = []
    told = source if source.model else replace(source, model="-")  # what is in it does not depend on its name, nor
    keys: Sequence[Raw | None] = raws or [None] * len(samples)
    timed = [_timed(one) for one in keys]  # on whether the log keeps times
    for name in ("mapping",) if source.fields or source.features else FORMATS:
        format_ = named(name)
        foreign = isinstance(format_, Foreign)
        known, around = (told, timed) if foreign else (source, raws)
        reading = format_.read_many(samples, range(len(samples)), topic=topic, source=known, raws=around)
        share = 1.0 - len(reading.rejects) / max(len(samples), 1)
        if reading.records or reading.halves:
            refused = {reject.offset for reject in reading.rejects}
            read = [value for i, value in enumerate(samples) if i not in refused]
            signs = _signs(name, samples, topic, raws) if foreign else _telling(reading, samples)
            found.append((signs * share, share, name, _encoding(read)))
    found = [one for one in found if one[0] >= FAINT or one[2] in ("native", "mapping")]
    if not found:
        return _signed(samples, topic, raws)
    sure, share, name, encoding = max(found, key=lambda one: one[0])
    tied = tuple(other for signs, _, other, _ in found if other != name and signs > sure - CLOSE)
    return Recognised(name, encoding, share, tied)


def _timed(raw: Raw | None) -> Raw:
    if raw is None:
        return Around(1)
    return raw if raw.timestamp else Around(1, raw.key, raw.headers, getattr(raw, "topic", "") or "")


def _signed(samples: Sequence[bytes], topic: str, raws: Sequence[Raw] | None) -> Recognised | None:
    """The format that samples bear the signs of although nothing in them could be read."""
    signs = [(_signs(name, samples, topic, raws), name) for name in FORMATS if isinstance(named(name), Foreign)]
    sure, name = max(signs)
    return Recognised(name, _encoding(samples), 0.0) if sure >= SURE else None


def _signs(name: str, samples: Sequence[bytes], topic: str, raws: Sequence[Raw] | None) -> float:
    """Mean of what a foreign format's signs say of each sample."""
    format_ = cast("Foreign", named(name))
    around: Sequence[Raw | None] = raws or [None] * len(samples)
    said = [
        format_.signs(message(value, i, topic, 0, raw))
        for i, (value, raw) in enumerate(zip(samples, around, strict=True))
    ]
    return sum(said) / max(len(said), 1)


def _telling(reading: Reading, samples: Sequence[bytes]) -> float:
    """The native format's signs: records that say what was asked or answered, or have no other names than its own."""
    told = sum(
        any(getattr(one, name) is not None for name in _SAID) or not native.attributes(samples[at])
        for at, one in zip(reading.offsets.tolist(), reading.records, strict=True)
    )
    return BARE + (NATIVE - BARE) * told / max(len(reading.records), 1)


def _encoding(samples: Sequence[bytes]) -> str:
    """What the first sample that is not empty begins like."""
    first = next((one.lstrip() for one in samples if one.strip()), b"")
    if first[:1] in (b"{", b"[") or first.startswith(b"\xef\xbb\xbf"):
        return "json"
    return "msgpack" if first[:1] and (0x80 <= first[0] <= 0x8F or first[0] in (0xDE, 0xDF)) else "binary"
