"""One call of an operation: who asks for what, and the readers of what was sent."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.requests import Request

from server.auth.events import (
    Caller,
    Denied,
    Right,
    UnknownKey,
    authenticate,
    hosted,
    presented,
    require_same,
)
from server.auth.events.members import member
from server.house import House, house
from server.negotiate import prefers_activity
from server.query import Query, parsed
from server.quotas import Quota, Quotas
from storage import Store
from storage.tenants import DEFAULT, Tenant
from streams.events import Reader, Space
from vocab import jsontext
from vocab.dialects.events import Ref
from vocab.errors import BadFields
from vocab.jsontext import Json

ITEMS_MAX = 1_000
"""So many messages may come in one request."""


@dataclass(frozen=True)
class Call:
    """A request whose caller may do what the operation is for.

    ``names`` are the parameters of the path, decoded; ``now`` is in microseconds, ``quota`` what is left to the tenant.
    """

    request: Request
    house: House
    caller: Caller
    names: dict[str, str]
    query: Query
    now: int
    quota: Quota

    @classmethod
    async def of(
        cls,
        request: Request,
        names: dict[str, str],
        operation: Callable[..., object],
        right: Right,
        quotas: Quotas,
    ) -> "Call":
        """Believe who calls. Raises the errors of ``server.auth.events``, BadFields for the query."""
        parts = house(request)
        query = parsed(request.scope["query_string"])
        now = parts.ports.clock()
        caller = await _caller(request, query, right, now)
        caller.require(right)
        quota = quotas.of(caller.tenant.id, operation, parts.config.quotas)
        return cls(request, parts, caller, names, query, now, quota)

    @property
    def store(self) -> Store:
        """What we remember."""
        return self.house.store

    @property
    def tenant(self) -> Tenant:
        """Whose name space the call is about."""
        return self.caller.tenant

    @property
    def space(self) -> Space:
        """The tenant's events and entities."""
        return self.house.events.space(self.tenant)

    @property
    def user(self) -> Ref:
        """The current user's entity. Raises Denied when the key acts as nobody (Events §1.2)."""
        return self.caller.required_user()

    @property
    def ref(self) -> Ref:
        """The entity that the path names by ``{type}`` and ``{id}``. Raises BadReference."""
        return Ref.parse(f"{self.names['type']}/{self.names['id']}")

    @cached_property
    def wants_activity(self) -> bool:
        """Whether the Activity Streams form is wanted rather than the native one (Events §23.2)."""
        return prefers_activity(self.request.headers.get("accept", ""))

    async def reader(self) -> Reader:
        """Return who reads: what they are named by in rules (Events §3.6)."""
        return await self.house.eventskeys.reader(self.caller)

    def count(self, items: int) -> None:
        """Count the call as so many, if they are more than one: each item of a batch does."""
        self.quota.count(max(0, items - 1))

    async def json(self, *, missing: Json | None = None) -> Json:
        """Return the body as JSON, ``missing`` when there is none. Raises JsonError."""
        body = await self.request.body()
        if not body and missing is not None:
            return missing
        return jsontext.loads(body)

    async def message(self, *, missing: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the body, which has to be a JSON object. Raises JsonError, BadFields."""
        found = await self.json(missing=missing)
        if not isinstance(found, dict):
            raise BadFields({"body": ["must be a JSON object"]})
        return found

    async def messages(self) -> tuple[list[dict[str, Any]], bool]:
        """Return the objects of the body, and whether they came as an array (Events §1.3)."""
        found = await self.json()
        if isinstance(found, dict):
            return [found], False
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise BadFields({"body": ["must be a JSON object, or an array of objects"]})
        if len(found) > ITEMS_MAX:
            raise BadFields({"body": [f"must have at most {ITEMS_MAX} messages"]})
        self.count(len(found))
        return found, True


async def _caller(request: Request, query: Query, right: Right, now: int) -> Caller:
    """Return who calls: by a key, or a page of ours; nobody in particular where no key is asked for (Events §1.1)."""
    parts = house(request)
    keys = parts.eventskeys
    named = await hosted(keys, request.headers.get("host", ""), parts.host)
    key = presented(request.scope["headers"], query.pairs)
    if key is not None:
        caller: Caller | None = await authenticate(keys, key, now=now)
    elif right is Right.OPEN:
        tenant = named or await keys.tenant(DEFAULT)
        caller = None if tenant is None else Caller(tenant)
    else:
        caller = await member(request)
    if caller is None:
        raise UnknownKey("a key is required: as apikey in the query, or in the field X-API-Key")
    if caller.tenant.suspended is not None:
        raise Denied("the tenant is suspended")
    require_same(named, caller.tenant)
    return caller
