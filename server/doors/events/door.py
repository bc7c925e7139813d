"""The door itself: finds what was called, believes who calls, answers in the dialect (Events §1)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from server.auth.events import Right
from server.cors import Sharing
from server.doors.events.answers import Answered, response
from server.doors.events.call import Call
from server.doors.events.errors import refusal
from server.paths import Paths
from server.quotas import Quotas
from server.territory import Territory

Operation: TypeAlias = Callable[[Call], Awaitable[Answered]]
"""What answers a call. Raises what ``server.doors.events.errors`` knows."""
Operations: TypeAlias = Sequence[tuple[str, Mapping[str, Operation]]]
"""Paths, such as ``/api/v1/as/entities/{type}/{id}``, each with operations by method."""

V1: Final = "/api/v1/"
AS: Final = f"{V1}as/"
COLLECTOR: Final = "/api/collector/v1/"
PROVISIONING: Final = f"{V1}provisioning/"
ANALYTICS: Final = "/api/analytics/"
WEB: Final = "/asa"
PREFIXES: Final = (V1, COLLECTOR, ANALYTICS, WEB)

READING: Final = frozenset(("GET", "HEAD"))
QUOTA: Final = "events"

TERRITORY: Final = Territory(
    prefixes=PREFIXES,
    sharing=Sharing.of(
        methods="GET, HEAD, POST, PUT, DELETE, OPTIONS",
        sent="Authorization, X-API-Key, Content-Type, Accept, Last-Event-ID, X-Request-Id",
        shown="Link, X-Total-Count, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After,"
        " X-Request-Id",
    ),
    refusal=refusal,
    any_host=True,
    counts=True,
)
"""The first label of the host names the tenant (Events §1.1), so any Host is right here."""


class Door:
    """Answers everything below the prefixes.

    ``rights`` says what an operation needs of its caller where the method does not: to read for GET, to act for others.
    """

    def __init__(self, operations: Operations, rights: Mapping[Operation, Right]) -> None:
        self._paths: Paths[Operation] = Paths()
        self._rights = rights
        self._quotas = Quotas({}, usual=QUOTA)
        for path, handlers in operations:
            self._paths.add(path, handlers)

    async def __call__(self, request: Request) -> Response:
        """Answer one request. A mistake of ours is left to the front, which logs it."""
        scope = request.scope
        operation, names = self._paths.find(scope["raw_path"], scope["method"])
        scope["endpoint"] = operation
        right = self._rights.get(operation) or (Right.READ if scope["method"] in READING else Right.ACT)
        call = await Call.of(request, names, operation, right, self._quotas)
        counted = call.caller.key is not None and not call.caller.scoped
        if counted:
            scope["counted"] = True  # a tenant's program speaks for all its users, from one address
        answer = await self._answer(operation, call, counted)
        if counted:
            answer.raw_headers = [*answer.raw_headers, *call.quota.headers()]
        return answer

    async def _answer(self, operation: Operation, call: Call, counted: bool) -> Response:
        try:
            if counted:
                call.quota.take(now=call.now)
            return response(await operation(call))
        except ClientDisconnect:
            raise
        except Exception as error:
            refused = refusal(error)
            if refused.status_code >= 500 and refused.status_code != 501:
                raise
            return refused
