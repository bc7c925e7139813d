"""One feed group of a tenant: its settings, and the feeds that are in it."""

from collections.abc import Container
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from server.auth.sessions import Visit
from server.config import Config
from server.doors.explorer.entering import page, space_of
from server.errors import ProblemError
from server.house import house
from storage import feedgroups, feeds
from streams.errors import Malformed
from streams.feeds import Group

FEEDS: Final = 50
READERS: Final = {
    "any": "anyone with a token",
    "own": "users their own ones, and servers",
    "none": "servers alone",
}
WRITERS: Final = {"any": "users any of them, and servers", "own": "users their own ones, and servers"}


async def get_group(request: Request, visit: Visit) -> Response:
    """Answer with the settings of a feed group and some of its feeds, by their names."""
    space = await space_of(request, visit)
    slug = request.path_params["slug"]
    group = space.groups.get(slug)
    if group is None:
        raise ProblemError(404, f"This tenant has no feed group called {slug[:100]}.")
    parts = house(request)
    own = await parts.store.peek(feedgroups.of, space.tenant.id)
    after = request.query_params.get("after", "")
    names = await parts.store.scan(
        feeds.of_group, space.tenant.object, slug, after=after or f"{slug}:", limit=FEEDS + 1
    )
    return page(
        request, visit, "group.html", space, group=group, settings=settings(group),
        rankings=sorted(group.rankings), source=source(slug, own, parts.config), after=after,
        names=[name.partition(":")[2] for name in names[:FEEDS]],
        following=names[FEEDS - 1] if len(names) > FEEDS else "",
    )  # fmt: skip


def about(group: Group) -> str:
    """Say in a few words what a group does with activities."""
    if isinstance(group.aggregation, Malformed):
        return f"its aggregation format was not understood: {group.aggregation}"
    if not group.flat:
        return "bundles of activities"
    return f"ranked by {', '.join(sorted(group.rankings))}" if group.rankings else "the newest first"


def source(slug: str, own: Container[str], config: Config) -> str:
    """Say where the settings of a group come from."""
    if slug in own:
        return "this tenant's own"
    return "the configuration" if slug in config.feeds else "as every tenant has it"


def settings(group: Group) -> list[tuple[str, Any]]:
    """Return the settings of a group as people read them."""
    shown = [
        ("Type", group.type),
        ("Aggregation", "" if group.flat else _format(group)),
        ("May read", READERS[group.client_read]),
        ("May send there", WRITERS[group.client_target]),
        ("Realtime", "yes" if group.realtime else "no"),
        ("Public", "yes: its feeds can be followed from other servers" if group.public else "no"),
        ("Template", "" if group.template is None else group.template.source),
        ("Shown for", "" if group.max_age_seconds is None else f"{group.max_age_seconds} seconds"),
        ("Web hook", group.webhook),
    ]
    return [(name, value) for name, value in shown if value]


def _format(group: Group) -> str:
    return str(group.aggregation) if isinstance(group.aggregation, Malformed) else group.format.source
