"""The stream as a page for people, and what is new on it while they look (Atom §2, §7.1)."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth import onlookers
from server.auth.onlookers import Asking
from server.doors.atom import reading, spelling
from server.doors.atom.reading import Pairs
from server.errors import ProblemError
from server.eventstream import HEADERS
from server.house import house
from server.pages import activity
from server.pages.activity import Seen, Showing
from server.providers import options
from storage.ids import instant_of
from streams.errors import NotFound
from streams.providers import Running
from vocab import instants
from vocab.dialects.streamquery import Query
from vocab.entry import Entry

TITLE = "Activity"
ENTRIES = 20
KEPT = {"Cache-Control": "private, no-cache"}


async def page(
    request: Request, given: Pairs, wanted: Query, asking: Asking, running: Sequence[Running]
) -> Response:
    """Answer with the page of a stream, of as many entries as a page has room for if nobody says how many."""
    if all(name != "maxResults" for name, _ in given):
        wanted = replace(wanted, max_results=ENTRIES)
    stream = await reading.stream(request, given, wanted, asking, running)
    showing = Showing(
        asking=asking,
        entries=stream.entries,
        options=await options.told(running, asking.onlooker),
        troubles=spelling.troubles(stream.problems),
        newer=stream.addresses.previous,
        older=stream.addresses.next,
        title=wanted.title or TITLE,
        root=house(request).config.atom.context_path,
        zone=stream.zone,
        scripts=_scripts(house(request).config.atom.context_path, running),
    )
    answer = await activity.page(request, showing)
    if asking.way == "token":
        answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


async def get_script(request: Request) -> Response:
    """Answer with the script by which a provider adds controls to its entries (Atom §7.1). Raises NotFound."""
    key = request.path_params["name"].removesuffix(".js")
    for one in await house(request).providers.running():
        if one.key == key and _has_script(one):
            return Response(one.provider.script, 200, KEPT, "text/javascript; charset=utf-8")
    raise NotFound(request.url.path)


def _scripts(root: str, running: Sequence[Running]) -> list[str]:
    return [f"{root}{activity.PATH}/scripts/{quote(one.key)}.js" for one in running if _has_script(one)]


def _has_script(one: Running) -> bool:
    return isinstance(getattr(one.provider, "script", None), str)


async def get_live(request: Request) -> Response:
    """Answer with an event whenever the reader's stream has something new, for as long as they may read it.

    Who comes back with ``Last-Event-ID`` is told first what came meanwhile.
    """
    parts = house(request)
    given = reading.pairs(request)
    who = (await onlookers.asking(request)).actor
    asked = reading.asked(parts, given, await parts.providers.running())
    wanted = replace(asked, before=None, after=None)

    async def look(most: int) -> list[Seen]:
        try:
            asking = await onlookers.asking(request)
        except ProblemError as error:
            raise NotFound(activity.PATH) from error
        some = replace(wanted, max_results=most)
        stream = await reading.stream(request, given, some, asking, await parts.providers.running())
        return [Seen(entry.id, _arrived(entry)) for entry in stream.entries]

    if request.method == "HEAD":
        return Response(headers=HEADERS, media_type="text/event-stream")
    seat = contextlib.ExitStack()
    seat.enter_context(parts.seats.taken(request.scope["caller"] if who is None else who.id))
    since = parameters.number(request.headers.get("last-event-id", ""))
    answer = await activity.live(request, look, most=wanted.max_results, since=since, on_close=seat.close)
    request.scope["waits"]()
    return answer


def _arrived(entry: Entry) -> int:
    """Return when an entry came here; of one that is not stored, when it says that it happened."""
    return instants.microseconds(entry.published) if entry.item is None else instant_of(entry.item)
