"""How bytes leave: httpx's narrow transport interface over connections of our own.

httpx's own pool walks all its connections for each request, and every general client spends several times
on a request what the request itself takes; a fan-out is thousands of them. Addresses are checked for each
connection; proxies and credentials of the environment are not used.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator

import httpx

from federation.addresses import AddressPolicy
from federation.connection import Connection
from federation.dialling import Dialler, Origin, Resolve

CONNECTIONS_MAX = 512
"""So many are in use at a time, and so many more wait for their next request."""
KEEPALIVE_SECONDS = 60.0
PORTS = {"http": 80, "https": 443}


class GuardedTransport(httpx.AsyncBaseTransport):
    """Send requests over connections to permitted addresses only. Redirects and limits are the client's."""

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        connect_seconds: float,
        first_byte_seconds: float,
        dns_seconds: float,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._dialler = Dialler(
            policy, connect_seconds=connect_seconds, dns_seconds=dns_seconds, resolve=resolve, tls=tls
        )
        self._wait_seconds = first_byte_seconds
        self._turns = asyncio.Semaphore(CONNECTIONS_MAX)
        self._idle: dict[Origin, dict[Connection, float]] = {}
        self._idle_count = 0
        self._sweeping: asyncio.TimerHandle | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the caller reads the body from the response's stream and closes it."""
        url = request.url
        origin = (url.scheme, url.raw_host.decode("ascii"), url.port or PORTS.get(url.scheme, 0))
        head, body = _head(request), await request.aread()
        await self._turns.acquire()
        try:
            connection = await self._exchange(origin, head, body)
        except BaseException:
            self._turns.release()
            raise
        return httpx.Response(
            connection.status, headers=connection.fields, stream=_Body(self, origin, connection)
        )

    async def aclose(self) -> None:
        """Close every connection that is not in use."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
        self._dialler.close()

    def give_back(self, origin: Origin, connection: Connection) -> None:
        """Keep a connection for the next request, if that can be."""
        self._turns.release()
        if not connection.reusable or self._idle_count >= CONNECTIONS_MAX:
            connection.close()
            return
        self._idle.setdefault(origin, {})[connection] = time.monotonic()
        self._idle_count += 1
        if self._sweeping is None:
            self._sweeping = asyncio.get_running_loop().call_later(KEEPALIVE_SECONDS / 2, self._sweep)

    async def _exchange(self, origin: Origin, head: bytes, body: bytes) -> Connection:
        """Send a request and read the header of its answer.

        A peer may hang up just when we ask again. When it has not said a word, another connection is tried:
        what we fetch changes nothing there, and what we deliver is known there by its id (AP-299).
        """
        while True:
            known = self._take(origin)
            connection = known or await self._dialler.dial(origin)
            try:
                await connection.send(head, body, wait_seconds=self._wait_seconds)
            except httpx.NetworkError:
                if known is None or not known.silent:
                    raise
            except BaseException:
                connection.close()
                raise
            else:
                return connection

    def _take(self, origin: Origin) -> Connection | None:
        connections = self._idle.get(origin)
        while connections:
            connection, _ = connections.popitem()
            self._idle_count -= 1
            if connection.reusable:
                return connection
        self._idle.pop(origin, None)
        return None

    def _sweep(self) -> None:
        """Close what nobody has needed for a while."""
        old = time.monotonic() - KEEPALIVE_SECONDS
        for origin, connections in list(self._idle.items()):
            for connection in [one for one, since in connections.items() if since < old or not one.reusable]:
                del connections[connection]
                self._idle_count -= 1
                connection.close()
            if not connections:
                del self._idle[origin]
        self._sweeping = (
            asyncio.get_running_loop().call_later(KEEPALIVE_SECONDS / 2, self._sweep) if self._idle else None
        )


class _Body(httpx.AsyncByteStream):
    """The body of a response, and the way to give its connection back."""

    def __init__(self, transport: GuardedTransport, origin: Origin, connection: Connection) -> None:
        self._transport = transport
        self._origin = origin
        self._connection = connection

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._connection.chunks()

    async def aclose(self) -> None:
        self._transport.give_back(self._origin, self._connection)


def _head(request: httpx.Request) -> bytes:
    """Write the request line and the header fields (RFC 9112 §3 and §5)."""
    lines = [b"%b %b HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [b"%b: %b" % field for field in request.headers.raw]
    head = b"\r\n".join(lines)
    if head.count(b"\n") != len(lines) - 1 or head.count(b"\r") != len(lines) - 1:
        raise httpx.LocalProtocolError("a header field holds a line break")
    return head + b"\r\n\r\n"
