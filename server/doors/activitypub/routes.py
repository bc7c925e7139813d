"""Where the ActivityPub door's resources are."""

from collections.abc import Callable

from starlette.routing import BaseRoute, Route

from server.doors.activitypub import (
    actors,
    collections,
    entities,
    events,
    followers,
    gatherings,
    inbox,
    items,
    known,
    media,
    objects,
    outbox,
    proxy,
)
from server.doors.activitypub.authorized import authorized
from server.doors.activitypub.channels import of_channel
from server.doors.activitypub.feeds import of_feed
from server.doors.activitypub.forbidden import Endpoint, revealing
from server.pages import feeds

NAME_SPACES = ("", "/tenants/{label}")
"""Below these lies what tenants know: the default one, and the others."""


def routes() -> list[BaseRoute]:
    """Return the routes, the busiest first."""
    return [
        Route("/inbox", inbox.post_shared_inbox, methods=["POST"]),
        Route("/users/{name}/inbox", inbox.post_inbox, methods=["POST"]),
        Route("/users/{name}", revealing(actors.get_actor)),
        Route("/users/{name}/outbox", revealing(outbox.post_outbox), methods=["POST"]),
        Route("/users/{name}/followers_sync", followers.get_followers_of_host),
        Route("/users/{name}/feed.{spelling}", feeds.get_of_actor),
        Route("/users/{name}/{kind}", revealing(authorized(collections.get_of_actor))),
        Route("/objects/{id}", revealing(authorized(objects.get_object))),
        Route("/activities/{id}", revealing(authorized(objects.get_activity))),
        Route("/objects/{id}/events", revealing(events.of_object)),
        Route("/objects/{id}/history", revealing(objects.get_history)),
        Route("/objects/{id}/{kind}", revealing(authorized(collections.get_of_object))),
        Route("/contexts/{id}", revealing(authorized(gatherings.get_context))),
        Route("/tags/{name}", authorized(gatherings.get_tag)),
        Route("/users/{name}/{kind}/seek", revealing(authorized(collections.seek_of_actor))),
        Route("/objects/{id}/{kind}/seek", revealing(authorized(collections.seek_of_object))),
        Route("/users/{name}/{kind}/events", revealing(events.of_actor)),
        Route("/objects/{id}/{kind}/events", revealing(events.of_object_collection)),
        Route("/known/{kind}", known.get_known),
        Route("/proxy", proxy.post_proxy, methods=["POST"]),
        Route("/media", media.post_media, methods=["POST"]),
        Route("/media/{token}", revealing(media.get_media)),
        Route("/@{name}", revealing(actors.get_profile)),
        Route("/inbox", authorized(collections.get_shared_inbox)),
        Route("/actor", actors.get_instance_actor),
        Route("/actor/inbox", inbox.post_shared_inbox, methods=["POST"]),
        Route("/actor/outbox", outbox.refuse, methods=["POST"]),
        Route("/actor/{kind}", authorized(collections.get_of_instance_actor)),
        Route("/tenants/{label}/activities/{id}", revealing(authorized(objects.get_activity_of_tenant))),
        *(route for root in NAME_SPACES for route in _of_tenants(root)),
    ]


def _of_tenants(root: str) -> list[BaseRoute]:
    """Return the routes of feeds and channels that are actors, of entities, and of what the Events API has recorded."""
    entity = f"{root}/entities/{{type}}/{{id}}"
    return [
        *_of_actors(f"{root}/feeds/{{slug}}/{{id}}", of_feed),
        *_of_actors(f"{root}/channels/{{id}}", of_channel),
        Route(f"{entity}/outbox", revealing(entities.get_outbox)),
        Route(f"{entity}/stream", revealing(entities.get_stream)),
        Route(entity, revealing(entities.get_entity)),
        Route(f"{root}/events/{{id}}", revealing(items.get_item)),
        Route(f"{root}/events/{{id}}/note", revealing(items.get_note)),
    ]


def _of_actors(path: str, of: Callable[[Endpoint], Endpoint]) -> list[BaseRoute]:
    """Return the routes of actors that are no accounts, which ``of`` finds by what is in the path."""
    return [
        Route(f"{path}/inbox", of(inbox.post_inbox), methods=["POST"]),
        Route(path, revealing(of(actors.get_actor))),
        Route(f"{path}/outbox", outbox.refuse, methods=["POST"]),
        Route(f"{path}/followers_sync", of(followers.get_followers_of_host)),
        Route(f"{path}/feed.{{spelling}}", of(feeds.get_of_actor)),
        Route(f"{path}/{{kind}}", revealing(authorized(of(collections.get_of_actor)))),
        Route(f"{path}/{{kind}}/seek", revealing(authorized(of(collections.seek_of_actor)))),
        Route(f"{path}/{{kind}}/events", revealing(of(events.of_actor))),
    ]
