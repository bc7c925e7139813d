"""Where the pages of the explorer are."""

from starlette.routing import BaseRoute, Route

from server.doors.explorer import activities, feeds, follows, groups, ranking, tenants
from server.doors.explorer.entering import explored


def routes() -> list[BaseRoute]:
    """Return the routes of the explorer; feeds are named as in the paths of the Feeds API."""
    tenant = "/explorer/{tenant}"
    feed = f"{tenant}/feeds/{{slug}}/{{id}}"
    return [
        Route("/explorer", explored(tenants.get_tenants)),
        Route(tenant, explored(tenants.get_tenant)),
        Route(f"{tenant}/feed", explored(feeds.find_feed)),
        Route(f"{tenant}/groups/{{slug}}", explored(groups.get_group)),
        Route(feed, explored(feeds.get_feed)),
        Route(f"{feed}/ranking", explored(ranking.get_ranking)),
        Route(f"{feed}/{{kind}}", explored(follows.get_follows)),
        Route(f"{tenant}/activities/{{activity}}", explored(activities.get_activity)),
    ]
