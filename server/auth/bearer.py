"""Bearer tokens (RFC 6750, AP-191, AP-543): in the Authorization header and nowhere else."""

from dataclasses import dataclass

from starlette.requests import Request

from server.errors import ProblemError
from server.house import house
from storage import Transaction, actors, tokens
from storage.actors import ActorRow, State


@dataclass(frozen=True, slots=True)
class Grant:
    """What a valid token stands for: one of our actors and the scopes it was given."""

    actor: ActorRow
    scopes: frozenset[str]


async def grant(request: Request) -> Grant | None:
    """Return what the request's bearer token stands for; None when it carries none.

    Raises a 401 for a token that is unknown, expired or revoked.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    parts = house(request)
    found = await parts.store.read(_find, tokens.hash_of(token.strip()), now=parts.ports.clock())
    if found is None or found[1].state == State.GONE:
        raise challenge("invalid_token", "the token is unknown, expired or revoked")
    return Grant(found[1], frozenset(found[0].scope.split()))


async def _find(tx: Transaction, hashed: str, *, now: int) -> tuple[tokens.Token, ActorRow] | None:
    token = await tokens.find(tx, hashed, now=now)
    actor = None if token is None else await actors.by_id(tx, token.actor)
    return None if token is None or actor is None else (token, actor)


async def require(request: Request, scope: str) -> Grant:
    """Return the request's grant; a 401 without one, a 403 when it lacks the scope."""
    held = await grant(request)
    if held is None:
        raise challenge(None, "a bearer token is required")
    if scope not in held.scopes:
        raise ProblemError(
            403, "the token lacks the scope",
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
        )  # fmt: skip
    return held


def challenge(error: str | None, detail: str) -> ProblemError:
    """Return a 401 that says which credentials are wanted."""
    value = "Bearer" if error is None else f'Bearer error="{error}"'
    return ProblemError(401, detail, headers={"WWW-Authenticate": value})
