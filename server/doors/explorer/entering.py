"""Who may explore: members who run the server, and those who own a tenant, in that alone."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.auth import sessions
from server.auth.sessions import Visit
from server.doors.account import forms
from server.doors.account.forms import told
from server.errors import ProblemError
from server.house import house
from storage import Transaction, tenantowners, tenants
from storage.tenants import Tenant
from streams.feeds import Space
from vocab.dialects.getstream import FeedId

Page = Callable[[Request, Visit], Awaitable[Response]]
NOT_YOURS = "There is no such tenant, or it is not yours to look into."


def explored(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that shows a page to members alone; whoever is not signed in may do that first."""

    @wraps(page)
    async def answered(request: Request) -> Response:
        visit = await sessions.visit(request)
        if visit.actor is None:
            query = f"?{request.url.query}" if request.url.query else ""
            return forms.to_sign_in(request, request.url.path + query)
        return await page(request, visit)

    return told(answered)


async def space_of(request: Request, visit: Visit) -> Space:
    """Return the tenant that is asked for; a 404 for one that is not there, or not this member's to see."""
    parts = house(request)
    found = await parts.store.read(_tenant, request.path_params["tenant"], visit)
    if found is None:
        raise ProblemError(404, NOT_YOURS)
    return await parts.feeds.space(found)


async def _tenant(tx: Transaction, label: str, visit: Visit) -> Tenant | None:
    found = await tenants.by_label(tx, label)
    if found is None or visit.actor is None:
        return None
    return found if visit.admin or await tenantowners.owns(tx, found.id, visit.actor.id) else None


def feed_of(request: Request, space: Space) -> FeedId:
    """Return the feed that is asked for; a 404 when it cannot be one, or its group is none of the tenant's."""
    slug, id = request.path_params["slug"], request.path_params["id"]
    feed = FeedId.of(slug, id)
    if feed is None:
        raise ProblemError(404, "No feed can be called that.")
    if slug not in space.groups:
        raise ProblemError(404, f"This tenant has no feed group called {slug}.")
    return feed


def page(
    request: Request, visit: Visit, template: str, space: Space | None = None, **context: Any
) -> Response:
    """Answer with a page of the explorer."""
    label = "" if space is None else space.tenant.label
    return forms.page(request, visit, f"explorer/{template}", tenant=label, **context)
