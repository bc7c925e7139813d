"""Bearer tokens (RFC 6750, AP-191, AP-543): in the Authorization header and nowhere else."""

from dataclasses import dataclass

from starlette.requests import Request

from server.auth import scopes
from server.errors import ProblemError
from server.house import house
from server.negotiate import field
from storage import Transaction, tokens
from storage.actors import ActorRow, State


@dataclass(frozen=True, slots=True)
class Grant:
    """What a valid token stands for: one of our actors, the scopes it was given, and the ``client_id`` that uses it."""

    actor: ActorRow
    scopes: frozenset[str]
    client: str


async def grant(request: Request) -> Grant | None:
    """Return what the request's bearer token stands for; None when it carries none.

    Raises a 401 for a token that is unknown, expired or revoked.
    """
    token = carried(request)
    return None if token is None else await granted(request, token)


def carried(request: Request) -> str | None:
    """Return the token in the request's Authorization header."""
    scheme, _, token = field(request, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def granted(request: Request, token: str) -> Grant:
    """Return what a token stands for. Raises a 401 for one that is unknown, expired or revoked.

    What was accepted from other servers just before takes effect first, so that a program sees it (AP-318).
    """
    parts = house(request)
    await parts.settling.settled()
    held = await parts.store.peek(holder, tokens.hash_of(token), now=parts.ports.clock())
    if held is None:
        raise challenge(request, "invalid_token", "the token is unknown, expired or revoked")
    return held


async def holder(tx: Transaction, hashed: str, *, now: int) -> Grant | None:
    """Return what a token stands for, given its hash; None when it stands for nothing (any more)."""
    found = await tokens.holder(tx, hashed, now=now)
    if found is None or found[1].state >= State.SUSPENDED:
        return None
    token, actor = found
    return Grant(actor, scopes.meaning(token.scope), token.client)


async def require(request: Request, scope: str, *others: str) -> Grant:
    """Return the request's grant; a 401 without one, a 403 when it has neither the scope nor one of the others."""
    held = await grant(request)
    if held is None:
        raise challenge(request, None, "a bearer token is required")
    if held.scopes.isdisjoint((scope, *others)):
        raise insufficient(request, scope)
    return held


def challenge(request: Request, error: str | None, detail: str) -> ProblemError:
    """Return a 401 that says which credentials are wanted, and where they are explained (AP-532, AP-543).

    Many programs look for the error where OAuth's other endpoints have it, in the body; so it is there, too.
    """
    told = {} if error is None else {"error": error, "error_description": detail}
    headers = {"WWW-Authenticate": _challenge(request, error=error)}
    return ProblemError(401, detail, headers=headers, members=told)


def insufficient(request: Request, scope: str) -> ProblemError:
    """Return the 403 for a token that lacks a scope (RFC 6750 §3.1)."""
    detail, error = "the token lacks the scope", "insufficient_scope"
    headers = {"WWW-Authenticate": _challenge(request, error=error, scope=scope)}
    return ProblemError(403, detail, headers=headers, members={"error": error, "error_description": detail})


def _challenge(request: Request, **parameters: str | None) -> str:
    explained = f"{house(request).base_url}/.well-known/oauth-protected-resource"
    given = {**parameters, "resource_metadata": explained}
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in given.items() if value is not None)
