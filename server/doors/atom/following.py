"""``/subscriptions.opml``: the feeds of others that are read for a member, to take along or to bring (Atom §14)."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server import keypairs
from server.auth import onlookers
from server.errors import ProblemError
from server.house import house
from storage import Transaction, subscriptions
from storage.actors import ActorRow
from streams import pulling
from streams.errors import Redundant, StreamsError
from streams.pulling import Options
from vocab import ParseError
from vocab.dialects import opml
from vocab.dialects.feedreading import NoFeed, charsets
from vocab.dialects.opml import Outline

WAYS: Final = ("basic", "bearer")
"""Who brings a list says who they are in the request itself: a cookie is sent by whoever made a page."""
AT_ONCE_MAX: Final = 50
"""So many feeds are taken of one list over HTTP: each gets an actor with keys."""


async def export(request: Request) -> Response:
    """Answer with the feeds of whoever asks."""
    asking = await onlookers.asking(request)
    if asking.actor is None or asking.way == "token":
        raise ProblemError(401, "say who you are", headers={"WWW-Authenticate": 'Basic realm="activity"'})
    found = await house(request).store.read(listed, asking.actor)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="subscriptions.opml"',
    }
    return Response(opml.write(f"Feeds of {asking.actor.name}", found), media_type=opml.TYPE, headers=headers)


async def bring(request: Request) -> Response:
    """Have the feeds of a list read for whoever brings it; those that are read already stay as they are."""
    asking = await onlookers.asking(request)
    if asking.actor is None or asking.way not in WAYS:
        raise ProblemError(401, "say who you are", headers={"WWW-Authenticate": 'Basic realm="activity"'})
    if asking.way == "bearer" and "write" not in asking.scopes:
        raise ProblemError(403, "the token lacks the scope write")
    try:
        text, _ = charsets.text(await request.body(), request.headers.get("content-type", ""))
        feeds = opml.read(text)
    except (ParseError, NoFeed) as error:
        raise ProblemError(400, str(error), field="body") from None
    if len(feeds) > AT_ONCE_MAX:
        raise ProblemError(
            400, f"has {len(feeds)} feeds, at most {AT_ONCE_MAX} are taken at once", field="body"
        )
    for _ in feeds:  # each gets an actor: as costly as what is published (SEC-062)
        house(request).rates.take(request, "publish", by=asking.actor.iri)
    done = [await _bring(request, asking.actor, one) for one in feeds]
    return JSONResponse({"feeds": done})


async def _bring(request: Request, owner: ActorRow, one: Outline) -> dict[str, str]:
    parts = house(request)
    pairs = await asyncio.to_thread(keypairs.fresh)
    try:
        made = await parts.store.write(
            pulling.subscribe,
            owner,
            one.feed,
            Options(),
            base_url=parts.base_url,
            pairs=pairs,
            now=parts.ports.clock(),
        )
    except Redundant:
        return {"url": one.feed, "outcome": "read already"}
    except StreamsError as error:
        return {"url": one.feed, "outcome": str(error)}
    return {"url": one.feed, "outcome": "read", "id": str(made.id)}


async def listed(tx: Transaction, owner: ActorRow) -> Sequence[Outline]:
    """Return the feeds that are read for an actor."""
    found = await subscriptions.every(tx, owner.id)
    return [Outline(one.title, one.url, one.home) for one in found]
