"""The one way out: every request of this server to another goes through here.

Addresses are checked for each connection, redirects are followed by hand and checked and signed anew,
time and size have limits, nothing is compressed, and neither proxies nor credentials are taken from
the environment. A POST never follows a redirect (SEC-015, SEC-040 to SEC-048).
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import TracebackType
from typing import Self, TypeAlias, cast
from urllib.parse import urljoin

import httpx

from federation.addresses import PORTS, AddressPolicy, Network
from federation.budget import Budget
from federation.dialling import Resolve
from federation.errors import BadRedirect, Refused, TimedOut, Unreachable
from federation.response import Response, read_body
from federation.signatures import Outgoing
from federation.transport import GuardedTransport
from vocab import BadIri, iri

Sign: TypeAlias = Callable[[Outgoing], Awaitable[Mapping[str, str]]]
"""Makes the header fields that sign one request; called again for each redirect."""
Permit: TypeAlias = Callable[[str], Awaitable[None]]
"""Raises Refused for a host the operator has suspended; asked for each redirect too (SEC-012)."""

DOCUMENT_BYTES_MAX = 1024 * 1024
ANSWER_BYTES_MAX = 64 * 1024
"""As much as we read of what an inbox says to a delivery."""
TARGETS_REMEMBERED = 8_192
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """What the operator decided about requests to others; times are those of the limits table (SEC §2)."""

    user_agent: str
    own_origins: frozenset[str] = field(default_factory=frozenset)
    allow: tuple[Network, ...] = ()
    test_mode: bool = False
    ports: frozenset[int] = PORTS
    dns_seconds: float = 3
    connect_seconds: float = 5
    first_byte_seconds: float = 8
    document_seconds: float = 10
    delivery_seconds: float = 30
    redirects_max: int = 3


class Client:
    """Send requests to other servers. Use it as an async context manager."""

    def __init__(
        self,
        policy: OutboundPolicy,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        permit: Permit | None = None,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy
        self._permit = permit
        self._transport = transport or GuardedTransport(
            AddressPolicy(policy.allow, policy.test_mode, policy.ports),
            dns_seconds=policy.dns_seconds,
            connect_seconds=policy.connect_seconds,
            first_byte_seconds=policy.first_byte_seconds,
            resolve=resolve,
            tls=tls,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        sign: Sign | None = None,
        limit_bytes: int = DOCUMENT_BYTES_MAX,
        budget: Budget | None = None,
        total_seconds: float | None = None,
        redirects_max: int | None = None,
    ) -> Response:
        """GET a document, following a few redirects; every kind of failure is an OutboundError."""
        seconds = total_seconds or self._policy.document_seconds
        if budget is not None:
            seconds = min(seconds, budget.seconds_left)
        try:
            async with asyncio.timeout(seconds):
                most = self._policy.redirects_max if redirects_max is None else redirects_max
                return await self._follow(url, headers, sign, limit_bytes, budget, most)
        except TimeoutError:
            raise TimedOut(url, f"no whole answer within {seconds:g} seconds") from None

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        content_type: str,
        headers: Mapping[str, str],
        sign: Sign | None = None,
    ) -> Response:
        """POST a body once, to exactly this address; a redirect is an answer like any other."""
        seconds = self._policy.delivery_seconds
        try:
            async with asyncio.timeout(seconds):
                target = await self._check(url)
                return await self._send(
                    "POST", target, headers, sign, ANSWER_BYTES_MAX, content_type=content_type, body=body
                )
        except TimeoutError:
            raise TimedOut(url, f"no whole answer within {seconds:g} seconds") from None

    async def _follow(
        self,
        url: str,
        headers: Mapping[str, str],
        sign: Sign | None,
        limit_bytes: int,
        budget: Budget | None,
        redirects_max: int,
    ) -> Response:
        seen: list[str] = []
        moved_to: str | None = None
        for_good = True
        while True:
            target = await self._check(url)
            if str(target.url) in seen or len(seen) > redirects_max:
                raise BadRedirect(url, "too many redirects, or a loop of them")
            if seen and seen[-1].startswith("https:") and target.url.scheme != "https":
                raise BadRedirect(url, "a redirect from https to http")
            seen.append(str(target.url))
            if budget is not None:
                budget.spend(url, target.host)
            response = await self._send("GET", target, headers, sign, limit_bytes)
            location = response.headers.get("location")
            if response.status not in REDIRECTS or location is None:
                return response if moved_to is None else replace(response, moved_to=moved_to)
            for_good = for_good and response.status in FOR_GOOD
            headers = without_credentials(headers)
            try:
                url = urljoin(str(target.url), location)
            except ValueError:
                raise BadRedirect(url, "a redirect to what is no address") from None
            moved_to = url if for_good else moved_to

    async def _check(self, url: str) -> "_Target":
        """Bring an address into its canonical form and refuse hosts we do not call (SEC-040, SEC-037)."""
        try:
            target = _target(url)
        except BadIri as error:
            raise Refused(url, error.reason) from None
        if target.origin in self._policy.own_origins:
            raise Refused(url, "that is this server itself")
        if self._permit is not None:
            await self._permit(target.host)
        return target

    async def _send(
        self,
        method: str,
        target: "_Target",
        headers: Mapping[str, str],
        sign: Sign | None,
        limit_bytes: int,
        *,
        content_type: str = "",
        body: bytes | None = None,
    ) -> Response:
        sent = {
            "Host": target.host, "User-Agent": self._policy.user_agent, "Accept-Encoding": "identity", **headers,
        }  # fmt: skip
        if body is not None:
            sent |= {"Content-Type": content_type, "Content-Length": str(len(body))}
        if sign is not None:
            sent |= await sign(Outgoing(method, target.origin, target.path, content_type, body))
        # Bytes and a stream spare httpx what a general client does for a request, at several times its cost.
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()]
        stream = httpx.ByteStream(body or b"")
        return await self._exchange(
            httpx.Request(method, target.url, headers=fields, stream=stream), limit_bytes
        )

    async def _exchange(self, request: httpx.Request, limit_bytes: int) -> Response:
        url = str(request.url)
        try:
            answer = await self._transport.handle_async_request(request)
            try:
                headers = _read_fields(answer.headers.raw)
                stream = cast(httpx.AsyncByteStream, answer.stream)
                body = await read_body(url, answer.status_code, headers, stream, limit_bytes=limit_bytes)
            finally:
                await answer.aclose()
        except httpx.TimeoutException as error:
            raise TimedOut(url, str(error)) from error
        except httpx.TransportError as error:
            raise Unreachable(url, str(error)) from error
        return Response(answer.status_code, url, headers, body)


def without_credentials(headers: Mapping[str, str]) -> dict[str, str]:
    """Return header fields without what is meant for one address alone: no redirect takes it along (Atom §17.2)."""
    return {name: value for name, value in headers.items() if name.lower() not in CREDENTIALS}


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a request goes: ``path`` is the raw path with its query."""

    origin: str
    host: str
    path: str
    url: httpx.URL


@lru_cache(TARGETS_REMEMBERED)
def _target(url: str) -> _Target:
    """Read an address; BadIri when it is none of http's."""
    origin, uri = iri.origin(url), httpx.URL(iri.as_uri(iri.without_fragment(url)))
    return _Target(origin, origin.partition("://")[2], uri.raw_path.decode("ascii"), uri)


def _read_fields(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Read header fields: names in lower case, several of one name joined (RFC 9110 §5.3)."""
    fields: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), _text(value)
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
