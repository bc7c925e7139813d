"""What becomes of tokens and what they say: revocation (RFC 7009), introspection (RFC 7662), whose they are."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth import bearer, granting, scopes
from server.auth.granting import SECOND_US
from server.doors.oauth.answers import NOT_KEPT, OAuthError, json
from server.doors.oauth.callers import client_of
from server.house import house
from storage import Transaction, actors, clients, consents, refreshtokens, tokens
from storage.actors import State
from vocab import stored


@dataclass(frozen=True, slots=True)
class Known:
    """A token that is good for something; ``hash`` is that of an access token."""

    kind: str
    actor: int
    client: str
    scope: str
    created: int
    expires: int | None
    consent: int | None
    hash: str | None


async def _find(tx: Transaction, token: str, *, now: int) -> Known | None:
    access = await tokens.find(tx, tokens.hash_of(token), now=now)
    if access is not None:
        return Known(
            "access_token", access.actor, access.client, access.scope, access.created, access.expires,
            access.consent, access.hash,
        )  # fmt: skip
    renewal = await refreshtokens.find(tx, token)
    given = None if renewal is None else await consents.find(tx, renewal.consent)
    if renewal is None or given is None or renewal.used is not None or renewal.expires <= now:
        return None
    return Known(
        "refresh_token", given.actor, given.client, given.scope, renewal.created, renewal.expires, given.id, None
    )  # fmt: skip


async def post_revoke(request: Request) -> Response:
    """End a token and all that came of the same consent, at once (AP-543); an unknown one is no error."""
    parts = house(request)
    fields = await parameters.in_form(request)
    token = fields.get("token")
    if not token:
        raise OAuthError("invalid_request", "token: is missing")
    client, now = await client_of(request, fields), parts.ports.clock()
    found = await parts.store.read(_find, token, now=now)
    if found is None:
        return Response(b"", 200, NOT_KEPT)
    if client is None:
        row = await parts.store.read(clients.find, found.client)
        if row is not None and row.secret is not None:
            raise OAuthError("invalid_client", "the client must prove who it is", 401)
    elif client != found.client:
        raise OAuthError("invalid_grant", "the token was given to another client")
    await parts.store.write(granting.revoke, found.consent, found.hash, now=now)
    return Response(b"", 200, NOT_KEPT)


async def post_introspect(request: Request) -> Response:
    """Tell what a token is good for, to the client it was given to or to its own actor (RFC 7662)."""
    parts = house(request)
    fields = await parameters.in_form(request)
    held = await bearer.grant(request)
    client = None if held is not None else await client_of(request, fields)
    row = None if client is None else await parts.store.read(clients.find, client)
    if held is None and (row is None or row.secret is None):
        raise OAuthError(
            "invalid_client", "a client with a secret or a bearer token is required", 401,
            headers={"WWW-Authenticate": 'Basic realm="clients"'},
        )  # fmt: skip
    found = await parts.store.read(_find, fields.get("token", ""), now=parts.ports.clock())
    if found is None or (held.actor.id != found.actor if held is not None else client != found.client):
        return json({"active": False})
    actor = await parts.store.read(actors.by_id, found.actor)
    if actor is None or actor.state >= State.SUSPENDED:
        return json({"active": False})
    expiry = {} if found.expires is None else {"exp": found.expires // SECOND_US}
    return json(
        {
            "active": True,
            "scope": found.scope,
            "client_id": found.client,
            "username": actor.name,
            "sub": actor.iri,
            "iss": parts.base_url,
            "iat": found.created // SECOND_US,
            **expiry,
            **({"token_type": "Bearer"} if found.kind == "access_token" else {}),
        }
    )


async def get_userinfo(request: Request) -> Response:
    """Tell a client whose token it holds."""
    held = await bearer.require(request, scopes.READ, scopes.READ_PROFILE)
    actor = held.actor
    return json(
        {
            "sub": actor.iri,
            "name": stored(actor.document, actor.context).text("name") or actor.name,
            "preferred_username": actor.name,
            "profile": f"{house(request).base_url}/@{actor.name}",
        }
    )
