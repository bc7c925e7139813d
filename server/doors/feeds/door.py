"""The door itself: finds what was called, believes who calls, answers in the dialect."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from server.cors import Sharing
from server.doors.feeds.answers import Answered, response
from server.doors.feeds.call import Call
from server.doors.feeds.errors import refusal
from server.paths import Paths
from server.quotas import Quotas
from server.territory import Territory

Operation: TypeAlias = Callable[[Call], Awaitable[Answered]]
"""What answers a call. Raises what ``server.doors.feeds.errors`` knows."""
Operations: TypeAlias = Sequence[tuple[str, Mapping[str, Operation]]]
"""Paths as clients spell them, such as ``/api/v1.0/user/{id}/``, each with operations by method."""

API: Final = "/api/v1.0/"
ANALYTICS: Final = "/analytics/v1.0/"
REDIRECT: Final = "/analytics/redirect/"
PERSONALIZATION: Final = "/personalization/v1.0/"
PREFIXES: Final = (API, ANALYTICS, REDIRECT, PERSONALIZATION)

TERRITORY: Final = Territory(
    prefixes=(*PREFIXES, REDIRECT.rstrip("/")),
    sharing=Sharing.of(
        methods="GET, HEAD, POST, PUT, DELETE, OPTIONS",
        sent="Authorization, Stream-Auth-Type, X-Stream-Client, X-Api-Key, Content-Type, X-Request-Id",
        shown="X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, X-Request-Id",
    ),
    refusal=refusal,
    any_host=True,
    counts=True,
    uploads=(f"{API}files", f"{API}images"),
)
"""Some SDKs put a sub-domain before the host that they were told (Feeds §1.1), so any Host is right here."""


class Door:
    """Answers everything below the prefixes."""

    def __init__(self, operations: Operations, kinds: Mapping[Operation, str]) -> None:
        self._paths: Paths[Operation] = Paths()
        self._quotas = Quotas(kinds)
        for path, handlers in operations:
            self._paths.add(path, handlers)

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        started = time.perf_counter()
        scope = request.scope
        operation, names = self._paths.find(scope["raw_path"], scope["method"])
        scope["endpoint"] = operation
        call = await Call.of(request, names, operation, self._quotas)
        if not call.grant.governed:
            scope["counted"] = True  # an application's server speaks for all its users, from one address
        answer = await self._answer(operation, call, started)
        answer.raw_headers = [*answer.raw_headers, *call.quota.headers()]
        return answer

    async def _answer(self, operation: Operation, call: Call, started: float) -> Response:
        """Answer whoever is believed. A mistake of ours is left to the front, which logs it."""
        try:
            call.quota.take(now=call.now)
            answered = await operation(call)
        except ClientDisconnect:
            raise
        except Exception as error:
            refused = refusal(error, time.perf_counter() - started)
            if refused.status_code >= 500:
                raise
            return refused
        return response(answered, call.request.method, time.perf_counter() - started)
