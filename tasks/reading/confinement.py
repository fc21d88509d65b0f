"""Refuse what builds on this machine may not read or write: folders, addresses, private hosts.

Whoever may fill in a form of the UI names sources and stores, and the process that builds opens
them with its own rights. So the limits are not among the settings, which a form has, but in the
environment of that process:

- `BABELMILL_ROOTS`: folders, and addresses, below which everything named must lie; separated as
  in `PATH`. Without it: any.
- `BABELMILL_PROTOCOLS`: what addresses may begin with, separated by commas. Without it: object
  stores (`OBJECT_STORES`), which name a bucket and no host.
- `BABELMILL_PRIVATE_HOSTS=1`: hosts of addresses may be on this machine, in a private network or a
  cloud's metadata service. Without it: on the public internet only.
"""

import ipaddress
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOTS = "BABELMILL_ROOTS"
PROTOCOLS = "BABELMILL_PROTOCOLS"
PRIVATE_HOSTS = "BABELMILL_PRIVATE_HOSTS"

OBJECT_STORES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss")
#: Protocols of fsspec whose addresses name the host that is connected to.
_NAMING_HOSTS = {"http", "https", "ftp", "sftp", "ssh", "smb", "webdav", "webhdfs", "hdfs"}
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
#: The separator of `PATH`, where it is not that of a protocol or a port.
_BETWEEN_ROOTS = re.compile(rf"{re.escape(os.pathsep)}(?!//|\d+(?:\W|$))")
#: IPv4 addresses inside of IPv6 (RFC 6052), as gateways translate them.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: All that is assigned of IPv6 for single hosts anywhere (RFC 4291).
_UNICAST = ipaddress.ip_network("2000::/3")
#: Services of Azure and Oracle for their machines, at addresses that count as public.
_METADATA = {ipaddress.ip_address("168.63.129.16"), ipaddress.ip_address("192.0.0.192")}

_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(ValueError):
    """What is named may not be read or written here; the message says what allows it."""


def is_address(name: str) -> bool:
    """Tell whether a name is an address (`s3://…`) and no path of this machine."""
    return _ADDRESS.match(name) is not None


def refuse_outside(name: str | Path, what: str) -> None:
    """Refuse a path or an address that lies below none of the roots; links count as resolved.

    Args:
        name: A path, which need not exist, or an address.
        what: What it is, for the message.

    Raises:
        NotAllowed: There are roots, and it lies below none of them.
    """
    roots = [root for root in _BETWEEN_ROOTS.split(os.environ.get(ROOTS, "")) if root]
    if roots and not any(_lies_below(str(name), root) for root in roots):
        raise NotAllowed(
            f"the {what} {name} lies outside of what {ROOTS} allows: {', '.join(roots)}"
        )


def _lies_below(name: str, root: str) -> bool:
    if is_address(name) != is_address(root):
        return False
    if is_address(name):
        start = root.rstrip("/")
        return ".." not in name.split("/") and (name == start or name.startswith(f"{start}/"))
    return Path(os.path.realpath(name)).is_relative_to(os.path.realpath(root))


def refuse_address(address: str) -> None:
    """Refuse an address of a protocol or of a host that may not be reached.

    A name is resolved here and again by what connects; `socket_to_public` sees the latter.

    Raises:
        NotAllowed: Its protocol is not allowed, or its host has an address that is not public.
    """
    protocol = address.split("://", 1)[0].lower()
    given = os.environ.get(PROTOCOLS, "")
    allowed = [word.strip().lower() for word in given.split(",") if word.strip()] or OBJECT_STORES
    if protocol not in allowed:
        raise NotAllowed(
            f"{address}: addresses may begin with {', '.join(allowed)}; {PROTOCOLS} allows others"
        )
    host = urlsplit(address).hostname
    if protocol in _NAMING_HOSTS and host and not _private_hosts_are_allowed():
        for ip in _addresses_of(host):
            refuse_private(ip, address)


def _private_hosts_are_allowed() -> bool:
    return os.environ.get(PRIVATE_HOSTS, "") == "1"


def _addresses_of(host: str) -> Iterator[str]:
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError:  # what connects will say so
        return
    yield from sorted({str(address[0]) for *_, address in found})


def refuse_private(ip: str, named: str) -> None:
    """Refuse an IP address that is not on the public internet.

    Raises:
        NotAllowed: It is of this machine, of a private network, or of a metadata service.
    """
    if not is_public(ip):
        raise NotAllowed(
            f"{named}: {ip} is no public address; {PRIVATE_HOSTS}=1 allows private ones"
        )


def is_public(ip: str) -> bool:
    """Tell whether an IP address, or the IPv4 address inside of it, is on the public internet."""
    address: _Ip = ipaddress.ip_address(ip.partition("%")[0])
    inner: _Ip | None = None
    if isinstance(address, ipaddress.IPv6Address):
        is_translated = address in _NAT64
        inner = address.ipv4_mapped or address.sixtofour
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if is_translated else inner
    meant = inner or address
    is_unicast = meant in _UNICAST if meant.version == 6 else not meant.is_multicast
    return meant.is_global and is_unicast and meant not in _METADATA


def socket_to_public(info: tuple[int, int, int, str, tuple[str, int]]) -> socket.socket:
    """Make the socket of a connection, also of one that follows a redirect.

    Args:
        info: As of `socket.getaddrinfo`.

    Raises:
        NotAllowed: The connection goes to an address that is not public.
    """
    family, kind, protocol, _, address = info
    if not _private_hosts_are_allowed():
        refuse_private(address[0], "the connection")
    return socket.socket(family, kind, protocol)
