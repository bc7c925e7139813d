"""Where the ActivityPub door's resources are."""

from starlette.routing import BaseRoute, Route

from server.doors.activitypub import actors, collections, inbox, objects, outbox
from server.doors.activitypub.forbidden import revealing


def routes() -> list[BaseRoute]:
    """Return the routes, the busiest first."""
    return [
        Route("/inbox", inbox.post_shared_inbox, methods=["POST"]),
        Route("/users/{name}/inbox", inbox.post_inbox, methods=["POST"]),
        Route("/users/{name}", revealing(actors.get_actor)),
        Route("/users/{name}/outbox", revealing(outbox.post_outbox), methods=["POST"]),
        Route("/users/{name}/{kind}", revealing(collections.get_of_actor)),
        Route("/objects/{id}", revealing(objects.get_object)),
        Route("/activities/{id}", revealing(objects.get_activity)),
        Route("/objects/{id}/{kind}", revealing(collections.get_of_object)),
        Route("/@{name}", revealing(actors.get_profile)),
        Route("/inbox", collections.get_shared_inbox),
        Route("/actor", actors.get_instance_actor),
        Route("/actor/inbox", inbox.post_shared_inbox, methods=["POST"]),
        Route("/actor/outbox", outbox.refuse, methods=["POST"]),
        Route("/actor/{kind}", collections.get_of_instance_actor),
    ]
