"""Addresses: whose they are when proxies stand between the caller and the log."""

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from schemas.formats.rules import Source

LONGEST = 4096  # characters of a forwarded chain that are looked at, from its end
KNOWN = 65_536  # chains whose address is remembered
_FORWARDED = re.compile(r'for="?([^;,"]+)', re.IGNORECASE)


def telling(path: str) -> bool:
    """Whether what stands at a path of a log is an address or a chain of them, by the path's last name."""
    name = path.rpartition(".")[2].lower()
    return "forwarded" in name or name == "ip" or name.endswith(("_ip", "-ip", "addr", "address"))


def client(written: str, source: Source) -> str:
    """The caller's address, from an address or from what proxies wrote one behind the other.

    Whoever calls can write the beginning of such a chain, so it is read from its end: what the last
    ``source.trusted_hops`` proxies are, or those in ``source.trusted_proxies``, is passed over. Ports and brackets are
    cut off, and IPv4 in IPv6 is IPv4. What is no address stays as it is.
    """
    return _client(written, source.trusted_hops, source.trusted_proxies)


@lru_cache(KNOWN)
def _client(written: str, hops: int, proxies: tuple[str, ...]) -> str:
    chain = written[-LONGEST:]
    parts = _FORWARDED.findall(chain) if "for=" in chain.lower() else chain.split(",")
    if len(parts) == 1:
        return bare(parts[0]) or written
    networks = _networks(proxies)
    found = ""
    for passed, part in enumerate(reversed(parts)):
        address = bare(part)
        if not address:
            break  # only whoever called writes what is no address
        found = address
        trusted = passed < hops or any(ip_address(address) in one for one in networks)
        if not trusted:
            break
    return found or written


def bare(written: str) -> str:
    """An address without port, brackets and zone; empty if it is none."""
    text = written.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


@lru_cache(64)
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one, strict=False) for one in proxies)
