"""Who asks at the Atom door (Atom §2): by Basic, a bearer token, a cookie or a feed token; or nobody in particular.

Wrong credentials are refused, never taken for none: whoever gets a stream that is too small would not notice it.
Names and passwords in the address (``os_username``) are not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from starlette.requests import Request

from server.auth import basic, bearer, scopes, sessions, signin
from server.auth.basic import Credentials
from server.auth.sessions import Visit
from server.errors import ProblemError
from server.house import house
from server.negotiate import wants_html
from storage import Transaction, actors, feedtokens, members, tenantowners, tokens
from storage.actors import ActorRow, State
from streams.policy import viewer
from streams.providers import Onlooker
from streams.providers.onlooker import ANYBODY

Way = Literal["", "basic", "bearer", "session", "token"]

TOKEN: Final = "token"  # noqa: S105 the name of a parameter
"""The parameter that has a feed token (Atom §17.3)."""
XSRF: Final = "xsrfToken"
"""The field of a form by which a browser shows that the form is ours (Atom §7.2)."""
FORM: Final = "stream"
"""What forms of the stream are for."""
OF_MEMBERS: Final = frozenset(
    (scopes.READ, scopes.READ_PROFILE, scopes.WRITE, scopes.WRITE_OUTBOX, scopes.WRITE_MEDIA)
)
OF_MODERATORS: Final = OF_MEMBERS | {scopes.ADMIN_READ, scopes.ADMIN_WRITE}
"""What somebody may do who has shown their password."""
SAFE: Final = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, what they may do by the credentials they brought, and which these were (``""``: none).

    With a feed token the scope is ``feed:read`` alone. ``visit`` is the browser of a member who is signed in.
    """

    onlooker: Onlooker = ANYBODY
    actor: ActorRow | None = None
    scopes: frozenset[str] = frozenset()
    way: Way = ""
    visit: Visit | None = field(default=None, repr=False)

    @property
    def form_token(self) -> str:
        """Return what forms on a page for this browser must bring back as ``xsrfToken``; empty for any other."""
        return "" if self.visit is None else self.visit.form_token(FORM)


@dataclass(frozen=True, slots=True)
class _Member:
    """What is known of someone of ours: their actor, what is kept of their password, what else they may look into."""

    actor: ActorRow
    password: str | None = field(default=None, repr=False)
    admin: bool = False
    tenants: frozenset[int] = frozenset()

    @property
    def everything(self) -> frozenset[str]:
        """The scopes of who needs no token."""
        return OF_MODERATORS if self.admin else OF_MEMBERS


async def asking(request: Request, *, needs: str = scopes.READ) -> Asking:
    """Return who asks. Raises a 401 for wrong credentials, a 403 for a token that lacks the scope ``needs``.

    A feed token and a cookie count for reading (GET, HEAD) alone; whoever answers a form asks ``by_form`` too. With
    ``os_authType=basic`` nobody in particular gets a 401 that asks for name and password.
    """
    asked = await _asking(request, needs)
    if not asked.way and request.query_params.get("os_authType", "").lower() == "basic":
        raise unauthorized(request, "a name and a password are required")
    return asked


async def at_link(request: Request) -> Onlooker:
    """Return who follows the link of an entry: whoever sees it in the stream is believed at its address too.

    A token without the scope ``read`` reads as nobody there, a cookie counts on pages alone (SEC-064), and a feed token
    nowhere. Raises a 401 for wrong credentials.
    """
    if "authorization" in request.headers:
        if basic.is_carried(request):
            return (await _by_header(request, scopes.READ)).onlooker
        held = await bearer.grant(request)
        if held is None or scopes.READ not in held.scopes:
            return ANYBODY
        return (await _granted(request, held, scopes.READ, "bearer")).onlooker
    if request.method not in SAFE or not wants_html(request):
        return ANYBODY
    visit = await sessions.visit(request)
    return ANYBODY if visit.actor is None else (await _signed_in(request, visit)).onlooker


async def by_form(request: Request, fields: Mapping[str, str]) -> Asking:
    """Return whose browser sent a form of the stream; nobody when no member is signed in there.

    Raises a 409 when the form is not ours: it is from another site, or ``xsrfToken`` is missing or wrong (Atom §7.2).
    """
    visit = await sessions.visit(request)
    if visit.actor is None:
        return Asking()
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    elsewhere = origin not in (None, house(request).base_url) or site not in ("same-origin", "none")
    if elsewhere or not visit.is_form_token(fields.get(XSRF, ""), FORM):
        raise ProblemError(409, "the form is not one that this browser was given here", field=XSRF)
    return await _signed_in(request, visit)


def unauthorized(request: Request, detail: str) -> ProblemError:
    """Return the 401 that asks for a name and a password (RFC 7617 §2)."""
    challenge = f'Basic realm="{house(request).host}", charset="UTF-8"'
    return ProblemError(401, detail, headers={"WWW-Authenticate": challenge})


async def _asking(request: Request, needs: str) -> Asking:
    if "authorization" in request.headers:
        return await _by_header(request, needs)
    if request.method not in SAFE:
        return Asking()
    token = request.query_params.get(TOKEN)
    if token is not None:
        return await _by_feed_token(request, token)
    visit = await sessions.visit(request)
    return Asking() if visit.actor is None else await _signed_in(request, visit)


async def _by_header(request: Request, needs: str) -> Asking:
    try:
        credentials = basic.carried(request)
    except ValueError:
        raise unauthorized(request, "the header cannot be read") from None
    if credentials is not None:
        return await _by_basic(request, credentials, needs)
    if bearer.carried(request) is None:
        raise unauthorized(request, "only Basic and Bearer are understood")
    held = await bearer.grant(request)
    if held is None:
        raise bearer.challenge(request, None, "a bearer token is required")
    return await _granted(request, held, needs, "bearer")


async def _by_basic(request: Request, credentials: Credentials, needs: str) -> Asking:
    parts = house(request)
    name = signin.handle(credentials.name)
    hashed = tokens.hash_of(credentials.password)
    held = await parts.store.peek(bearer.holder, hashed, now=parts.ports.clock())
    if held is not None and held.actor.handle == name:
        return await _granted(request, held, needs, "basic")
    member = await parts.store.read(_named, name)

    async def check() -> bool:
        parts.rates.take(request, "sign in")
        network = parts.rates.network(request)
        return await signin.check(parts, name, credentials.password, network) is not None

    kept = None if member is None else member.password
    if not await parts.remembered.is_right(credentials, kept, check) or member is None:
        raise unauthorized(request, "there is no such name and password here")
    return _as(member, member.everything, "basic")


async def _granted(request: Request, held: bearer.Grant, needs: str, way: Way) -> Asking:
    if needs not in held.scopes and needs.partition(":")[0] not in held.scopes:
        raise bearer.insufficient(request, needs)
    member = await house(request).store.read(_of_actor, held.actor)
    return _as(member, held.scopes, way)


async def _by_feed_token(request: Request, token: str) -> Asking:
    actor = await house(request).store.peek(feedtokens.holder, token)
    if actor is None or actor.state >= State.SUSPENDED:
        raise unauthorized(request, "the feed token is unknown or revoked")
    onlooker = Onlooker(viewer(actor), actor.name, by_token=True)
    return Asking(onlooker, actor, frozenset({scopes.FEED_READ}), "token")


async def _signed_in(request: Request, visit: Visit) -> Asking:
    assert visit.actor is not None  # noqa: S101 - the callers have looked
    member = await house(request).store.read(_of_actor, visit.actor)
    return _as(member, member.everything, "session", visit)


def _as(member: _Member, allowed: frozenset[str], way: Way, visit: Visit | None = None) -> Asking:
    """Return a member who asks; by a token without ``admin:read`` they see what any member would."""
    onlooker = Onlooker(
        viewer(member.actor), member.actor.name,
        admin=member.admin and scopes.ADMIN_READ in allowed, tenants=member.tenants,
    )  # fmt: skip
    return Asking(onlooker, member.actor, allowed, way, visit)


async def _named(tx: Transaction, name: str) -> _Member | None:
    actor = await actors.by_handle(tx, name)
    if actor is None or actor.state >= State.SUSPENDED:
        return None
    return await _of_actor(tx, actor)


async def _of_actor(tx: Transaction, actor: ActorRow) -> _Member:
    member = await members.find(tx, actor.id)
    owned = frozenset(tenant.id for tenant in await tenantowners.owned_by(tx, actor.id))
    if member is None:
        return _Member(actor, tenants=owned)
    return _Member(actor, member.password, member.admin, owned)
