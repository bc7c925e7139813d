"""Parts of the address space whose door has manners of its own, for refusals and for browsers of other sites too.

Everywhere else a refusal is a problem document, and CORS is that of ``server.cors``.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.cors import Sharing


@dataclass(frozen=True, slots=True)
class Territory:
    """What holds below some prefixes, whatever the request.

    ``refusal`` answers what went wrong, after so many seconds. With ``any_host`` no request is refused for its Host.
    At ``uploads``, with or without a slash at the end, bodies may be as long as a file. Without ``sharing`` the door
    answers browsers of other sites itself. With ``counts`` the door counts what some callers do: it sets
    ``scope["counted"]`` then, and the request is not one of those that a client has each minute.
    """

    prefixes: tuple[str, ...]
    sharing: Sharing | None
    refusal: Callable[[Exception, float], Response]
    any_host: bool = False
    uploads: tuple[str, ...] = ()
    counts: bool = False


def below(
    prefixes: Iterable[str],
    door: Callable[[Request], Awaitable[Response]],
    operations: Iterable[tuple[str, Mapping[str, Callable[..., Any]]]],
) -> list[BaseRoute]:
    """Return the routes of a door that takes all that lies below its prefixes, and tells the rest apart itself.

    Those of its operations are never asked. They say what there is, to metrics and to the documentation.
    """
    return [
        *(_everything(prefix, door) for prefix in prefixes),
        *(
            Route(path, operation, methods=[method])
            for path, handlers in operations
            for method, operation in handlers.items()
        ),
    ]


def _everything(prefix: str, door: Callable[[Request], Awaitable[Response]]) -> Route:
    """Return a route for all paths with a prefix, those with line breaks included, which Starlette would not find."""
    route = Route(f"{prefix}{{path:path}}", door)
    route.path_regex = re.compile(re.escape(prefix))
    return route
