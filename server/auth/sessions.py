"""Members at their browsers: one cookie, believed only on pages and never where other sites may read (SEC-064).

Every visitor has the cookie: 256 random bits that forms are tied to. Signing in replaces it by a new
one and remembers the hash of that, so a cookie that someone planted before is worth nothing after.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from server.auth.granting import SECOND_US, fresh
from server.house import House, house
from storage import Transaction, actors, members, sessions
from storage.actors import ActorRow, State

SESSION_SECONDS = 14 * 24 * 3_600
COOKIE_CHARS = 43


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser: its cookie, whether that is new, and the member who is signed in with it, if one is."""

    cookie: str = field(repr=False)
    is_new: bool = False
    actor: ActorRow | None = None
    admin: bool = False

    def form_token(self, purpose: str) -> str:
        """Return what a form for one purpose must bring back from this very browser (SEC-065, SEC-090)."""
        return hmac.new(self.cookie.encode(), purpose.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, token: str, purpose: str) -> bool:
        """Tell whether a form that came back was ours, for this purpose and this browser."""
        return hmac.compare_digest(self.form_token(purpose).encode(), token.encode())


async def visit(request: Request) -> Visit:
    """Return whose browser this is. What is answered to a member is for no other site (SEC-064)."""
    parts = house(request)
    cookie = request.cookies.get(cookie_name(parts), "")
    if len(cookie) != COOKIE_CHARS:
        return Visit(fresh(), is_new=True)
    found = await parts.store.read(_find, cookie, now=parts.ports.clock())
    if found is None:
        return Visit(cookie)
    request.scope["confine"]()
    return Visit(cookie, actor=found[0], admin=found[1])


async def _find(tx: Transaction, cookie: str, *, now: int) -> tuple[ActorRow, bool] | None:
    session = await sessions.find(tx, cookie, now=now)
    actor = None if session is None else await actors.by_id(tx, session.actor)
    member = None if session is None else await members.find(tx, session.actor)
    if actor is None or member is None or actor.state >= State.SUSPENDED:
        return None
    return actor, member.admin


async def begin(tx: Transaction, actor: int, *, now: int) -> str:
    """Sign a member in and return their new cookie. A unit of work."""
    cookie = fresh()
    await sessions.add(tx, cookie, actor, now=now, expires=now + SESSION_SECONDS * SECOND_US)
    return cookie


def cookie_name(parts: House) -> str:
    """Return the cookie's name; its prefix forbids browsers to take it from another host or over plain http."""
    return "__Host-headwater" if _is_secure(parts) else "headwater"


def set_cookie(parts: House, response: Response, cookie: str) -> None:
    """Give a browser its cookie (SEC-065)."""
    response.set_cookie(
        cookie_name(parts), cookie, max_age=SESSION_SECONDS, path="/", secure=_is_secure(parts), httponly=True,
        samesite="lax",
    )  # fmt: skip


def _is_secure(parts: House) -> bool:
    return parts.base_url.startswith("https:")
