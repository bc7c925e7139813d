"""GET an actor (AP-090…AP-101): ours by name, the server's own, and the page people see."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import pages
from server.auth.requester import requester
from server.doors.activitypub import answers
from server.house import House, house
from server.negotiate import wants_html
from server.rendered import Body
from storage import Transaction, actors, entries
from storage.actors import ActorRow, State
from streams import actors as making
from streams import ids, read
from streams.errors import Gone, NotFound
from vocab import dump


async def get_actor(request: Request) -> Response:
    """Answer with one of our actors, by the name in the path; to anyone unknown, mostly with bytes made earlier."""
    parts = house(request)
    name = request.path_params["name"]
    if not wants_html(request) and await requester(request) is None:
        seen = await parts.store.peek(actors.glimpse, name)
        held = None if seen is None or seen.state == State.GONE else parts.rendered.get(seen.id, seen.version)
        if held is not None:
            return answers.public(request, held)
    actor = await parts.store.read(by_name, name)
    if wants_html(request):
        return RedirectResponse(f"{parts.base_url}/@{actor.name}", 303, {"Vary": "Accept"})
    return await _answer(request, parts, actor)


async def get_instance_actor(request: Request) -> Response:
    """Answer with the server's own actor.

    Nobody has to prove anything to read it, and no signature is looked at: two servers that verify each
    other's requests for keys would wait for each other for ever (AP-101, AP-435).
    """
    parts = house(request)
    actor = await parts.store.read(actors.find, ids.instance_actor(parts.base_url))
    if actor is None:
        raise NotFound(ids.instance_actor(parts.base_url))
    return answers.document(request, await _rendered(parts, actor))


async def get_profile(request: Request) -> Response:
    """Answer with an actor's page, or its document for a program that asked by the page's address."""
    parts = house(request)
    actor = await parts.store.read(by_name, request.path_params["name"])
    if not wants_html(request):
        return await _answer(request, parts, actor)
    return pages.answer(
        "actor.html", actor=await parts.store.read(_profile, actor, parts.base_url),
        posts=await parts.store.read(_public_posts, actor), link=actor.iri,
    )  # fmt: skip


async def by_name(tx: Transaction, name: str) -> ActorRow:
    """Return our actor of a name. Raises NotFound, or Gone for one that left (AP-068)."""
    actor = await actors.by_handle(tx, name)
    if actor is None:
        raise NotFound(name)
    if actor.state == State.GONE:
        raise Gone(actor.iri)
    return actor


async def _answer(request: Request, parts: House, actor: ActorRow) -> Response:
    viewer = await requester(request)
    if viewer is not None:
        await parts.store.read(read.actor, actor.iri, viewer)
    return answers.document(request, await _rendered(parts, actor), viewer)


async def _rendered(parts: House, actor: ActorRow) -> Body:
    """Return an actor's document as bytes, made once for each version of it."""
    held = parts.rendered.get(actor.id, actor.version)
    if held is not None:
        return held
    described = await parts.store.read(making.describe, actor, parts.base_url)
    return parts.rendered.put(actor.id, actor.version, dump.dump(described))


async def _profile(tx: Transaction, actor: ActorRow, base_url: str) -> dict[str, object]:
    described = await making.describe(tx, actor, base_url)
    return {**described.data, "acct": actor.acct, "url": f"{base_url}/@{actor.name}"}


async def _public_posts(tx: Transaction, actor: ActorRow) -> list[dict[str, object]]:
    outbox = await entries.find(tx, actor.id, "outbox")
    if outbox is None:
        return []
    page = await entries.page(tx, outbox.id, viewer=None, whole=False, limit=read.PAGE)
    return [post for entry in page if (post := pages.post(entry)) is not None]
