"""Decide which addresses pictures may be fetched from, so that no sheet can reach inside.

A host is resolved once, every address it has must be public, and the connection then goes to the
very address that was checked; a name that changes its mind in between gains nothing.
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit, urlunsplit

from tierbook.engines.remote import is_loopback


class Forbidden(Exception):
    """The address may not be fetched from; the words say why."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """An address that was checked: connect to `url`, and say `host` there."""

    url: str
    host: str
    host_header: str


async def pin(url: str, *, allow_loopback: bool = False) -> Pinned:
    """Check an address and fix it to one public IP address.

    Args:
        url: What a sheet, a provider or a redirect named.
        allow_loopback: Also take this machine, over http: for servers the seller runs here.

    Raises:
        Forbidden: It is no https address, or some address of its host is not public.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden("the address is not valid") from error
    host = parts.hostname
    if not host or parts.username is not None:
        raise Forbidden("the address is not valid")
    local = allow_loopback and is_loopback(url)
    if not local and (parts.scheme != "https" or port not in (None, 443)):
        raise Forbidden("only https addresses are fetched")
    if parts.scheme not in ("http", "https"):
        raise Forbidden("only web addresses are fetched")
    address = await _resolve(host, port or (443 if parts.scheme == "https" else 80), local)
    bracketed = f"[{address}]" if address.version == 6 else str(address)
    netloc = bracketed if port is None else f"{bracketed}:{port}"
    host_header = parts.netloc
    pinned = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
    return Pinned(pinned, host, host_header)


async def _resolve(host: str, port: int, local: bool) -> IPv4Address | IPv6Address:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Forbidden(f"{host} was not found") from error
    addresses = [ip_address(entry[4][0]) for entry in found]
    if not addresses:
        raise Forbidden(f"{host} was not found")
    for address in addresses:
        if not is_public(address) and not (local and address.is_loopback):
            raise Forbidden(f"{host} is inside a private network")
    # Machines without a way to IPv6 still resolve it; IPv4 reaches nearly everything.
    return min(addresses, key=lambda address: address.version)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is on the public internet, looking through IPv6 disguises."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            return False
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast
