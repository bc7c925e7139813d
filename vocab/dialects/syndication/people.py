"""Authors of entries (Atom §3.5)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from vocab import media, plaintext
from vocab.dialects.syndication.addresses import web
from vocab.dialects.syndication.items import Item, Person, Picture
from vocab.iri import host, is_http
from vocab.objects import Object

SIDES: Final = (16, 48)
"""The sizes in which a picture is offered, in pixels."""
NOBODY: Final = "Someone"
UNPICTURED: Final = "/static/someone.svg"
"""Where the picture of whoever has none is."""


def people(activity: Object, base_url: str) -> tuple[Person, ...]:
    """Return who did something, at least one; who did it elsewhere before the one of ours that tells it."""
    found = activity.values("hw:author") or activity.values("actor") or activity.values("attributedTo")
    return tuple(person(one, base_url) for one in found) or (person(None, base_url),)


def reachable(item: Item, emails: Mapping[str, str]) -> Item:
    """Return an entry whose authors say where they get mail, as far as a reader is told by their IRIs (Atom §3.5)."""
    if emails.keys().isdisjoint(one.id for one in item.authors):
        return item
    first, *further = (replace(one, email=emails.get(one.id or "", "")) for one in item.authors)
    return replace(item, author=first, further_authors=tuple(further))


def person(actor: Any, base_url: str) -> Person:
    """Return an actor, given as a node or as an IRI; anything else is nobody we know."""
    node = Object(actor if isinstance(actor, dict) else {"id": actor} if isinstance(actor, str) else {})
    iri = node.id or ""
    local = bool(base_url) and iri.startswith(f"{base_url}/")
    called = _username(node, iri, local=local)
    picture = web(media.picture(node, "icon"))
    name = " ".join(plaintext.name(node.text("name") or "").split())
    shown = picture or f"{base_url}{UNPICTURED}"
    return Person(
        name=name or called.partition("@")[0].strip() or _address(iri) or NOBODY,
        page=_page(node, iri, base_url if local else ""),
        picture=picture,
        username=called if local or not called or not is_http(iri) else f"{called}@{host(iri)}",
        pictures=tuple(Picture(shown, side) for side in SIDES),
        id=iri or None,
    )


def _username(node: Object, iri: str, *, local: bool) -> str:
    """Return the local part of a handle; that of one of ours is the end of its IRI."""
    known = node.get("preferredUsername")
    if isinstance(known, str) and known:
        return plaintext.name(known)
    return iri.rpartition("/")[2] if local and "/users/" in iri else ""


def _page(node: Object, iri: str, base_url: str) -> str | None:
    """Return where an actor is looked at: one of ours on the page of its name."""
    if base_url and iri.startswith(f"{base_url}/users/"):
        return f"{base_url}/@{node.get('preferredUsername') or iri.rpartition('/')[2]}"
    return web(media.page(node)) or web(iri)


def _address(iri: str) -> str:
    return f"{host(iri)}{urlsplit(iri).path.rstrip('/')}" if is_http(iri) else iri
