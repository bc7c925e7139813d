"""How others find us: WebFinger, NodeInfo, host-meta, robots.txt (AP-120…AP-142)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from federation import nodeinfo, webfinger
from server.doors.activitypub import channels, feeds
from server.house import House, house
from storage import Transaction, actors, entries
from storage.actors import ActorRow, State
from streams import actors as making
from streams import ids
from streams.errors import NotFound
from vocab import media, stored
from vocab.jsontext import dumps

COUNT_AGE_US = 30 * 60 * 1_000_000
"""Usage figures are counted no oftener than this (AP-137)."""

CACHEABLE = {"Cache-Control": "public, max-age=600"}


async def get_webfinger(request: Request) -> Response:
    """Answer who an address or IRI of ours is (RFC 7033)."""
    query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    resource = webfinger.resource_of([value for name, value in query if name == "resource"])
    rels = [value for name, value in query if name == "rel"]
    parts = house(request)
    actor = await parts.store.read(_find, parts, resource) or await _unmet(parts, resource)
    if actor is None:
        raise NotFound(resource)
    return _json(_jrd(parts, actor, resource, rels), webfinger.JRD)


async def _unmet(parts: House, resource: str) -> ActorRow | None:
    """Return the actor of a public feed or channel that nobody has looked for yet, by its handle or page."""
    address = webfinger.actor_iri(resource, parts.base_url)
    page = None if address is None else urlsplit(address).path.removeprefix("/@")
    name = page or webfinger.local_name(resource, parts.base_url)
    return None if name is None else await feeds.named(parts, name) or await channels.named(parts, name)


async def _find(tx: Transaction, parts: House, resource: str) -> ActorRow | None:
    """Return the actor a resource means: an acct, an actor's id, a page, or our host itself (AP-120)."""
    address = webfinger.actor_iri(resource, parts.base_url)
    path = None if address is None else urlsplit(address).path
    name = webfinger.local_name(resource, parts.base_url) if path is None else path.removeprefix("/@")
    if path in ("", "/") or (name or "").lower() == parts.host.lower():
        actor = await actors.find(tx, ids.instance_actor(parts.base_url))
    elif name is None or path == name:
        actor = await actors.find(tx, address or "")
    else:
        actor = await actors.by_handle(tx, name)
    if actor is None or not actor.local or actor.state == State.GONE or await making.is_closed(tx, actor):
        return None
    return actor


def _jrd(parts: House, actor: ActorRow, resource: str, rels: list[str]) -> dict[str, Any]:
    page = f"{parts.base_url}/@{actor.name}" if actor.handle else f"{parts.base_url}/"
    return webfinger.jrd(
        resource=resource, acct=actor.acct, actor=actor.iri, page=page, base_url=parts.base_url, rels=rels,
        instance=actor.handle is None, avatar=_avatar(actor),
    )  # fmt: skip


def _avatar(actor: ActorRow) -> dict[str, str] | None:
    """Return where an actor's picture is, for those who look people up without speaking ActivityPub."""
    document = stored(actor.document, actor.context)
    address = media.picture(document, "icon")
    if address is None:
        return None
    kind = next((one.get("mediaType") for one in document.embedded("icon")), None)
    return {**({"type": kind} if isinstance(kind, str) else {}), "href": address}


async def get_host_meta(request: Request) -> Response:
    """Answer where WebFinger is, as XRD (RFC 6415)."""
    return Response(webfinger.host_meta(house(request).base_url), 200, CACHEABLE, "application/xrd+xml")


async def get_host_meta_json(request: Request) -> Response:
    """Answer where WebFinger is, as JSON."""
    return _json(webfinger.host_meta_json(house(request).base_url), webfinger.JRD)


async def get_nodeinfo_links(request: Request) -> Response:
    """Answer where the NodeInfo documents are (AP-135, AP-138)."""
    parts = house(request)
    return _json(nodeinfo.links(parts.base_url, ids.instance_actor(parts.base_url)), "application/json")


async def get_nodeinfo(request: Request) -> Response:
    """Answer what this server is, in version 2.0 or 2.1 of the schema (AP-136)."""
    version = request.path_params["version"]
    if version not in ("2.0", "2.1"):
        raise NotFound(version)
    usage = await _usage(house(request))
    media_type = f'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/{version}#"'
    return _json(nodeinfo.document(version, users=usage["users"], posts=usage["posts"]), media_type)


async def get_nodeinfo2(request: Request) -> Response:
    """Answer what this server is, for those who look for NodeInfo2 (AP-141)."""
    parts = house(request)
    usage = await _usage(parts)
    document = nodeinfo.compact(parts.base_url, users=usage["users"], posts=usage["posts"])
    return _json(document, "application/json")


async def _usage(parts: House) -> dict[str, int]:
    now = parts.ports.clock()
    if parts.usage is None or parts.usage[0] < now - COUNT_AGE_US:
        parts.usage = (now, await parts.store.scan(_count))
    return parts.usage[1]


async def _count(tx: Transaction) -> dict[str, int]:
    return {"users": await actors.count_local(tx), "posts": await entries.count_public_posts(tx)}


async def get_robots(_: Request) -> Response:
    """Answer what crawlers may read: pages, not inboxes."""
    return PlainTextResponse(
        "User-agent: *\nDisallow: /inbox\nDisallow: /users/*/inbox\nDisallow: /feeds/*/inbox\n"
        "Disallow: /channels/*/inbox\n"
    )


def _json(document: dict[str, Any], media_type: str) -> Response:
    return Response(dumps(document), 200, CACHEABLE, media_type)


def routes() -> list[BaseRoute]:
    """Return the routes of discovery."""
    return [
        Route("/.well-known/webfinger", get_webfinger),
        Route("/.well-known/host-meta", get_host_meta),
        Route("/.well-known/host-meta.json", get_host_meta_json),
        Route("/.well-known/nodeinfo", get_nodeinfo_links),
        Route("/.well-known/x-nodeinfo2", get_nodeinfo2),
        Route("/nodeinfo/{version}", get_nodeinfo),
        Route("/robots.txt", get_robots),
    ]
