"""Parts of the address space whose door has manners of its own, for refusals and for browsers of other sites too.

Everywhere else a refusal is a problem document, and CORS is that of ``server.cors``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

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
