"""Which tenants there are to explore, and what one of them is made of."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.auth.sessions import Visit
from server.doors.explorer import groups
from server.doors.explorer.entering import page, space_of
from server.house import house
from storage import feedgroups, tenantowners, tenants


async def get_tenants(request: Request, visit: Visit) -> Response:
    """Answer with the tenants that a member may explore."""
    assert visit.actor is not None  # noqa: S101 - only members come here
    store = house(request).store
    if visit.admin:
        found = await store.peek(tenants.every)
    else:
        found = await store.peek(tenantowners.owned_by, visit.actor.id)
    return page(request, visit, "tenants.html", tenants=found, admin=visit.admin)


async def get_tenant(request: Request, visit: Visit) -> Response:
    """Answer with the feed groups of a tenant."""
    space = await space_of(request, visit)
    parts = house(request)
    own = await parts.store.peek(feedgroups.of, space.tenant.id)
    shown: list[dict[str, Any]] = [
        {
            "slug": slug,
            "type": group.type,
            "public": group.public,
            "about": groups.about(group),
            "format": "" if group.flat else group.format.source,
            "source": groups.source(slug, own, parts.config),
        }
        for slug, group in sorted(space.groups.items())
    ]
    return page(
        request, visit, "tenant.html", space, about=space.tenant, groups=shown,
        name=request.query_params.get("name", ""),
    )  # fmt: skip
