"""Principals: who asked, as a name that is safe to keep."""

from collections.abc import Mapping
from hashlib import blake2b

UNKNOWN = "unknown"


def hash_principal(secret: bytes, raw: str) -> str:
    """Replace a key, an address or a name by ``h-`` and 32 hex digits that only ``secret`` can link to it.

    BLAKE2b, keyed (RFC 7693): without the secret of the installation nobody can try out a list of addresses.
    The same ``raw`` always gives the same name, so that counting per principal still works.

    Raises
    ------
    ValueError : ``secret`` is empty, which would make the hash a public one
    """
    if not secret:
        raise ValueError("hashing principals needs the installation's secret, which is empty")
    key = secret if len(secret) <= blake2b.MAX_KEY_SIZE else blake2b(secret).digest()
    return "h-" + blake2b(raw.encode("utf-8", "replace"), digest_size=16, key=key, person=b"tidegate.who").hexdigest()


def shortened(text: str, limit: int) -> str:
    """Keep ``text`` if it has at most ``limit`` characters, else its beginning, ``~`` and 32 hex digits of its hash.

    Two long names that begin alike stay two.
    """
    if len(text) <= limit:
        return text
    tail = blake2b(text.encode("utf-8", "replace"), digest_size=16, person=b"tidegate.cut").hexdigest()
    return f"{text[: limit - len(tail) - 1]}~{tail}"


def looked_up(fields: Mapping[str, object], path: str) -> object:
    """Return what stands at a dotted path, or None. A field whose own name has dots wins over nesting."""
    if path in fields:
        return fields[path]
    head, dot, rest = path.partition(".")
    inner = fields.get(head)
    return looked_up(inner, rest) if dot and isinstance(inner, Mapping) else None
