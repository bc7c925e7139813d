"""How a connection comes about: look the name up, check every address, then connect to a checked one.

The socket is made by us for one checked address, so that nothing looks a name up again between check and
connection (SEC-041, SEC-043). Of several addresses the first that answers is taken (RFC 8305).
"""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeAlias

import aiohappyeyeballs
import httpx

from federation.addresses import AddressPolicy, literal
from federation.connection import Connection
from federation.errors import Refused
from federation.memory import Flights, Recent

Resolve: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""Looks a name up and returns its addresses as text; seam for tests."""
Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host, port."""

NAMES_CACHED_SECONDS = 30
NAMES_CACHED = 4096
RESOLVER_THREADS = 8
NEXT_ADDRESS_SECONDS = 0.25
"""So long after one address was tried without an answer the next one is tried too."""


@cache
def _tls() -> ssl.SSLContext:
    """Return the certificates we trust; reading them takes a tenth of a second."""
    return httpx.create_ssl_context(trust_env=False)


class Dialler:
    """Opens connections to permitted addresses only."""

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        connect_seconds: float,
        dns_seconds: float,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy
        self._connect_seconds = connect_seconds
        self._dns_seconds = dns_seconds
        self._resolve = resolve or self._look_up
        self._tls = tls or _tls()
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, "resolver")
        self._names: Recent[Origin, tuple[float, list[str]]] = Recent(NAMES_CACHED)
        self._flights: Flights[Origin, list[str]] = Flights()

    async def dial(self, origin: Origin) -> Connection:
        """Connect; Refused when we do not go there, ConnectError or ConnectTimeout when there is nobody."""
        scheme, host, port = origin
        self._policy.check_name(f"{scheme}://{host}:{port}", scheme, host, port)
        try:
            found = [host.strip("[]")] if literal(host) is not None else await self._known(origin)
            return await self._connect(origin, found)
        except TimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None
        except (OSError, RuntimeError) as error:  # uvloop's sockets raise either
            raise httpx.ConnectError(str(error)) from error

    def close(self) -> None:
        """Look up no more names."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def addresses(self, origin: Origin) -> list[str]:
        """Look a name up once and refuse it unless every address may be called (SEC-041)."""
        scheme, host, port = origin
        try:
            async with asyncio.timeout(self._dns_seconds):
                found = await self._resolve(host, port)
        except TimeoutError:
            raise OSError("the name was not found in time") from None
        if not found:
            raise OSError("the name has no address")
        parsed = [ipaddress.ip_address(text) for text in found]
        self._policy.check(f"{scheme}://{host}:{port}", scheme, host, port, parsed)
        return found

    async def _known(self, origin: Origin) -> list[str]:
        """Return a host's addresses, some seconds old at the most."""
        known = self._names.get(origin)
        if known is None or time.monotonic() - known[0] > NAMES_CACHED_SECONDS:
            found = await self._flights.join(origin, lambda: self.addresses(origin))
            known = (time.monotonic(), found)
            self._names.put(origin, known)
        return known[1]

    async def _look_up(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        infos = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(info[4][0]) for info in infos]

    async def _connect(self, origin: Origin, addresses: Sequence[str]) -> Connection:
        scheme, host, port = origin
        infos = [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (address, port),
            )
            for address in addresses
        ]
        async with asyncio.timeout(self._connect_seconds):
            connected = await aiohappyeyeballs.start_connection(
                infos, happy_eyeballs_delay=NEXT_ADDRESS_SECONDS, socket_factory=self._sockets(scheme)
            )
        async with asyncio.timeout(self._connect_seconds):
            _, connection = await asyncio.get_running_loop().create_connection(
                Connection,
                sock=connected,
                ssl=self._tls if scheme == "https" else None,
                server_hostname=host.strip("[]") if scheme == "https" else None,
            )
        return connection

    def _sockets(self, scheme: str) -> Callable[[Any], socket.socket]:
        """Return what makes the socket for one address, the last to check it."""

        def make(info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
            family, kind, protocol, _, (address, *_rest) = info
            if not self._policy.permits(scheme, ipaddress.ip_address(address)):
                raise Refused(str(address), "the address is not public")
            return socket.socket(family, kind, protocol)

        return make
