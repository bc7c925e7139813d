"""Addresses of feeds for readers that cannot sign in: made and ended by their member (Atom §17.3)."""

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth import granting, sessions
from server.doors.account import account, forms
from server.errors import ProblemError
from server.house import House, house
from storage import feedtokens

LABEL_CHARS_MAX = 100


async def post_make(request: Request) -> Response:
    """Make an address and show it; it is never shown again."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, account.MAKE_FEED)
    if visit.actor is None:
        return forms.to_sign_in(request, "/account")
    token = granting.fresh()
    label = " ".join(fields.get("label", "").split())[:LABEL_CHARS_MAX] or "Feed reader"
    id = await parts.store.write(feedtokens.add, token, visit.actor.id, label, now=parts.ports.clock())
    if id is None:
        raise ProblemError(400, f"you have {feedtokens.PER_ACTOR_MAX} of them already", field="label")
    return await account.page(request, visit, visit.actor, feed=address(parts, token))


async def post_end(request: Request) -> Response:
    """End an address at once."""
    parts = house(request)
    visit = await sessions.visit(request)
    fields = await forms.submitted(request, visit, account.END_FEED)
    if visit.actor is None:
        return forms.to_sign_in(request, "/account")
    id = parameters.number(fields.get("feed_token", ""))
    if id is None:
        raise ProblemError(400, "must be a number", field="feed_token")
    if not await parts.store.write(feedtokens.revoke, visit.actor.id, id):
        raise ProblemError(404, "No feed address of yours has this number.")
    return forms.redirect(parts, "/account")


def address(parts: House, token: str) -> str:
    """Return the address of the stream that a feed token opens."""
    return f"{parts.base_url}{parts.config.atom.context_path}/activity?token={token}"
