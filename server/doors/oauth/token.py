"""The token endpoint (AP-539…AP-541, RFC 6749 §3.2): codes and refresh tokens become access tokens."""

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth import granting
from server.auth.granting import Claim, Issued
from server.doors.oauth.answers import OAuthError, json
from server.doors.oauth.callers import client_of
from server.house import house


async def post_token(request: Request) -> Response:
    """Exchange a code or a refresh token."""
    parts = house(request)
    parts.rates.take(request, "exchange a token")
    fields = await parameters.in_form(request)
    exchange = EXCHANGES.get(_required(fields, "grant_type"))
    if exchange is None:
        raise OAuthError("unsupported_grant_type", f"grant_type must be one of {', '.join(EXCHANGES)}")
    client = await client_of(request, fields)
    if client is None and exchange is not _refresh:
        raise OAuthError("invalid_request", "client_id: is missing")
    issued = await exchange(request, fields, client)
    if issued is None:
        raise OAuthError("invalid_grant", "it is unknown, used, out of date, or was meant for someone else")
    return json(
        {
            "access_token": issued.access_token,
            "token_type": "Bearer",
            "expires_in": granting.ACCESS_SECONDS,
            "refresh_token": issued.refresh_token,
            "scope": issued.scope,
            "activitypub_actor_id": issued.actor.iri,
            "me": issued.actor.iri,
            "created_at": parts.ports.clock() // granting.SECOND_US,
        }
    )


async def _code(request: Request, fields: dict[str, str], client: str | None) -> Issued | None:
    parts = house(request)
    claim = Claim(client or "", fields.get("redirect_uri"), _required(fields, "code_verifier"))
    return await parts.store.write(
        granting.redeem, _required(fields, "code"), claim, now=parts.ports.clock()
    )  # fmt: skip


async def _refresh(request: Request, fields: dict[str, str], client: str | None) -> Issued | None:
    parts = house(request)
    token = _required(fields, "refresh_token")
    return await parts.store.write(
        granting.refresh, token, client, fields.get("scope"), now=parts.ports.clock()
    )


def _required(fields: dict[str, str], name: str) -> str:
    value = fields.get(name)
    if not value:
        raise OAuthError("invalid_request", f"{name}: is missing")
    return value


EXCHANGES = {"authorization_code": _code, "refresh_token": _refresh}
"""What each ``grant_type`` does."""
