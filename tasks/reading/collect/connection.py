"""Connect to the address that a name was resolved to and found public, and to no other.

A name server that answers twice differently, a redirect and an address in any spelling lead
nowhere else: what is looked at is what is connected to.
"""

import socket
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from tasks.reading.confinement import NotAllowed, is_public

Resolve = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, IPv4 first.

    Raises:
        OSError: It has none.
    """
    found = socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP)
    addresses = dict.fromkeys(str(address[0]) for *_, address in found)
    return sorted(addresses, key=lambda address: ":" in address)


class PinnedTransport(httpx.BaseTransport):
    """Sends each request to an address that was looked at, in a connection of its own.

    Certificates are checked for the name. No connection is kept: one that was made for a name
    would else serve another at the same address.
    """

    def __init__(self, *, allow_private: bool, resolve: Resolve = resolved) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        limits = httpx.Limits(max_keepalive_connections=0)
        self._transport = httpx.HTTPTransport(limits=limits, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            NotAllowed: The host has an address that is not public, and none may be.
            httpx.ConnectError: It has no address, or none that answers.
        """
        url = request.url
        host = url.raw_host.decode("ascii").strip("[]")
        addresses = self._addresses(host, url.port or (443 if url.scheme == "https" else 80))
        extensions = {**request.extensions, "sni_hostname": host}
        for address in addresses[:-1]:
            try:
                return self._send(request, address, extensions)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._send(request, addresses[-1], extensions)

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{host} has no address: {error}") from error
        private = [address for address in addresses if not is_public(address)]
        if private and not self._allow_private:
            raise NotAllowed(f"{host}: {private[0]} is no public address")
        return addresses

    def _send(
        self, request: httpx.Request, address: str, extensions: dict[str, Any]
    ) -> httpx.Response:
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            extensions=extensions,
        )
        return self._transport.handle_request(pinned)

    def close(self) -> None:
        """End all connections."""
        self._transport.close()
