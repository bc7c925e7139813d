"""Where pages and feeds are. Those of actors and posts that programs read too are answered by ActivityPub's door."""

from starlette.routing import BaseRoute, Route

from server.pages import feeds, gatherings, home, people, static


def routes() -> list[BaseRoute]:
    """Return the routes of pages, feeds and the few files that pages need."""
    return [
        Route("/", home.get_home),
        Route("/static/{name}", static.get_static),
        Route("/headwater.js", static.get_script),
        Route("/@{name}/feed.{spelling}", feeds.get_of_name),
        Route("/@{name}/{kind}", people.get_people),
        Route("/tags/{name}/feed.{spelling}", gatherings.get_feed),
    ]
