"""One call of an operation: who asks for what, and the readers of what was sent."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from federation.signatures import Incoming
from server.auth.feeds import Denied, FeedsGrant, authenticate, policy, read
from server.house import House, house
from server.query import Query, parsed
from server.quotas import Quota, Quotas
from storage import Store
from storage.tenants import Tenant
from vocab import jsontext
from vocab.dialects.getstream.fields import NAME_BYTES_MAX
from vocab.errors import BadFields
from vocab.jsontext import Json


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose credentials are believed.

    ``names`` are the parameters of the path, decoded; ``now`` is in microseconds, ``quota`` what is left to the tenant.
    """

    request: Request
    house: House
    grant: FeedsGrant
    names: dict[str, str]
    query: Query
    now: int
    quota: Quota

    @classmethod
    async def of(
        cls, request: Request, names: dict[str, str], operation: Callable[..., object], quotas: Quotas
    ) -> "Call":
        """Believe a request's credentials. Raises the errors of ``server.auth.feeds``, BadFields for the query."""
        scope = request.scope
        query = parsed(scope["query_string"])
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        incoming = Incoming(scope["method"], target, scope["headers"])
        parts = house(request)
        now = parts.ports.clock()
        grant = await authenticate(parts.feedskeys, read(incoming, query.pairs), incoming, now=now)
        quota = quotas.of(grant.tenant.id, operation, parts.config.quotas)
        return cls(request, parts, grant, names, query, now, quota)

    @property
    def store(self) -> Store:
        """What we remember."""
        return self.house.store

    @property
    def tenant(self) -> Tenant:
        """Whose name space the call is about."""
        return self.grant.tenant

    @property
    def user(self) -> str:
        """Which user does this: the token's, or whom a server names in ``user_id``; else the empty text.

        Raises BadFields for what is too long to be a user's id.
        """
        named = self.grant.user or self.query.text("user_id")
        if len(named.encode()) > NAME_BYTES_MAX:
            raise BadFields({"user_id": [f"must have at most {NAME_BYTES_MAX} bytes"]})
        return named

    def count(self, items: int) -> None:
        """Count the call as so many, if they are more than one: each item of a batch does."""
        self.quota.count(max(0, items - 1))

    def claim(self, operation: policy.Operation) -> None:
        """Raise Denied unless the token is for something at all; what it is done to is still to be looked at."""
        if not self.grant.may(operation.resource, operation.action):
            raise Denied(f"this token may not {operation.action} this ({operation.resource})")

    @property
    def reader(self) -> str | None:
        """The user who calls, None when it is a server."""
        return self.grant.user if self.grant.governed else None

    def require(self, operation: policy.Operation, *, owner: str | None = None) -> None:
        """Raise Denied unless the caller may do something that is in no feed, and that belongs to ``owner``."""
        self.grant.require(operation, owner=owner)

    def pace(self, operation: str) -> None:
        """Count something costly that a user does; raise the 429 for too much of it. Servers pace themselves."""
        if self.grant.governed:
            self.house.rates.take(self.request, operation, by=f"{self.tenant.id} {self.grant.user}")

    async def json(self, *, missing: Json | None = None) -> Json:
        """Return the body as JSON, ``missing`` (an empty object) when there is none. Raises JsonError."""
        body = await self.request.body()
        if not body:
            return {} if missing is None else missing
        return jsontext.loads(body)
