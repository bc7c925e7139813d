"""GET an actor (AP-090…AP-101): ours by name, the server's own, and the page people see."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.auth.requester import requester
from server.doors.activitypub import answers
from server.doors.activitypub.authorized import is_closed_to
from server.house import House, house
from server.negotiate import wants_feed, wants_html
from server.pages import feeds, profile
from server.rendered import Body
from storage import actors
from storage.actors import ActorRow, State
from streams import actors as making
from streams import ids, read
from streams.errors import NotFound
from vocab import dump


async def get_actor(request: Request) -> Response:
    """Answer with one of our actors, by the name in the path; to anyone unknown, mostly with bytes made earlier."""
    parts = house(request)
    name = request.path_params["name"]
    spelling = wants_feed(request)
    if spelling is not None:
        return await _answer_feed(request, await parts.store.read(making.shown, name), spelling)
    if not wants_html(request) and await requester(request) is None and not is_closed_to(request, None):
        seen = await parts.store.glance(actors.glimpse, name)
        held = None if seen is None or seen.state == State.GONE else parts.rendered.get(seen.id, seen.version)
        if held is not None:
            return answers.public(request, held)
    actor = await parts.store.read(making.named, name)
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
    name = request.path_params["name"]
    spelling = wants_feed(request)
    if spelling is not None:
        return await _answer_feed(request, await parts.store.read(making.shown, name), spelling)
    if wants_html(request):
        return await profile.answer(request, await parts.store.read(making.shown, name))
    actor = await parts.store.read(making.named, name)
    if actor.iri != ids.actor(parts.base_url, actor.name):
        return RedirectResponse(actor.iri, 303, {"Vary": "Accept"})
    return await _answer(request, parts, actor)


async def _answer_feed(request: Request, actor: ActorRow, spelling: str) -> Response:
    """Answer with the feed of an actor, to who wants that rather than its document (Atom §2)."""
    response = await feeds.of_actor_at(request, actor, actor.iri, spelling)
    response.headers["Content-Location"] = f"{actor.iri}/feed.{spelling}"
    return response


async def _answer(request: Request, parts: House, actor: ActorRow) -> Response:
    viewer = await requester(request)
    if is_closed_to(request, viewer):
        return await _answer_keys(request, parts, actor)
    if viewer is not None:
        await parts.store.read(read.actor, actor.iri, viewer)
    return answers.document(request, await _rendered(parts, actor), viewer)


async def _answer_keys(request: Request, parts: House, actor: ActorRow) -> Response:
    """Answer with what it takes to verify an actor's signatures: without that nobody could prove anything (AP-435)."""
    described = await parts.store.read(making.describe, actor, parts.base_url)
    headers = {"Cache-Control": answers.PRIVATE, "Vary": answers.CREDENTIALS}
    return answers.document(request, dump.dump(making.key_view(described)), headers=headers)


async def _rendered(parts: House, actor: ActorRow) -> Body:
    """Return an actor's document as bytes, made once for each version of it."""
    held = parts.rendered.get(actor.id, actor.version)
    if held is not None:
        return held
    described = await parts.store.read(making.describe, actor, parts.base_url)
    return parts.rendered.put(actor.id, actor.version, dump.dump(described))
