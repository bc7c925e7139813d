"""How bytes leave: httpx's narrow transport interface over aiohttp's fast connection pool.

httpx's own pool walks all its connections for each request, which makes it the bottleneck of a
fan-out. This one resolves names itself, checks every address, and hands aiohttp only checked ones;
the socket is then made by us for one checked address, so that nothing looks a name up again between
check and connection (SEC-041, SEC-043). Proxies and credentials of the environment are not used.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from federation.addresses import AddressPolicy
from federation.errors import Refused

Resolve: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""Looks a name up and returns its addresses as text; seam for tests."""

CONNECTIONS_MAX = 512
KEEPALIVE_SECONDS = 60
NAMES_CACHED_SECONDS = 30
RESOLVER_THREADS = 8
CHUNK_BYTES = 64 * 1024


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
        self._policy = policy
        self._timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=connect_seconds, sock_read=first_byte_seconds
        )
        self._dns_seconds = dns_seconds
        self._resolve = resolve
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        self._names = ThreadPoolExecutor(RESOLVER_THREADS, "resolver")
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the caller reads the body from the response's stream and closes it."""
        url = URL(str(request.url), encoded=True)
        host, port = url.raw_host or "", url.port or 0
        self._policy.check_name(str(url), url.scheme, host, port)
        try:
            response = await self._session(url.scheme).request(
                request.method,
                url,
                headers=request.headers.multi_items(),
                data=request.content or None,
                allow_redirects=False,
            )
        except aiohttp.ClientError as error:
            raise _translated(error, request) from error
        return httpx.Response(
            response.status, headers=response.raw_headers, stream=_Stream(response), request=request
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()
        self._names.shutdown(wait=False, cancel_futures=True)

    def _session(self, scheme: str) -> aiohttp.ClientSession:
        if scheme not in self._sessions:
            self._sessions[scheme] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=_Resolver(self, scheme),
                    socket_factory=self._socket_factory(scheme),
                    ssl=self._tls,
                    limit=CONNECTIONS_MAX,
                    keepalive_timeout=KEEPALIVE_SECONDS,
                    ttl_dns_cache=NAMES_CACHED_SECONDS,
                ),
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            )
        return self._sessions[scheme]

    def _socket_factory(self, scheme: str) -> Callable[[Any], socket.socket]:
        def make(info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
            family, kind, protocol, _, (address, *_rest) = info
            if not self._policy.permits(scheme, ipaddress.ip_address(address)):
                raise Refused(str(address), "the address is not public")
            return socket.socket(family, kind, protocol)

        return make

    async def addresses(self, scheme: str, host: str, port: int) -> list[str]:
        """Look a name up once and refuse it unless every address may be called (SEC-041)."""
        try:
            async with asyncio.timeout(self._dns_seconds):
                found = await (self._resolve or self._look_up)(host, port)
        except TimeoutError:
            raise OSError("the name was not found in time") from None
        parsed = [ipaddress.ip_address(text) for text in found]
        self._policy.check(f"{scheme}://{host}:{port}", scheme, host, port, parsed)
        return found

    async def _look_up(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        infos = await loop.run_in_executor(
            self._names, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(info[4][0]) for info in infos]


class _Resolver(AbstractResolver):
    """Answers aiohttp with checked addresses."""

    def __init__(self, transport: GuardedTransport, scheme: str) -> None:
        self._transport = transport
        self._scheme = scheme

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._transport.addresses(self._scheme, host, port)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in found
        ]

    async def close(self) -> None:
        pass


class _Stream(httpx.AsyncByteStream):
    """The body of a response, and the way to give its connection back."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_chunked(CHUNK_BYTES):
                yield chunk
        except aiohttp.ClientError as error:
            raise httpx.ReadError(str(error)) from error

    async def aclose(self) -> None:
        self._response.close()


def _translated(error: aiohttp.ClientError, request: httpx.Request) -> httpx.TransportError:
    if isinstance(error, aiohttp.ServerTimeoutError):
        return httpx.ConnectTimeout(str(error), request=request)
    if isinstance(error, aiohttp.ClientConnectionError):
        return httpx.ConnectError(str(error), request=request)
    return httpx.RemoteProtocolError(str(error), request=request)
