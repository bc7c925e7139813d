"""Objects and targets of entries (Atom §3.6)."""

from typing import Any, Final
from urllib.parse import urlsplit

from vocab import html, media, plaintext, telling
from vocab.dialects.as1 import types
from vocab.dialects.syndication.addresses import web
from vocab.dialects.syndication.bodies import SHORT, warning
from vocab.dialects.syndication.items import Thing
from vocab.iri import host, is_http
from vocab.objects import Object

BEGINNING_CHARS: Final = 80
"""So much of the text of what has no name stands for one (Atom §12.3)."""
COMMENT: Final = types.STANDARD + "comment"


def thing_of(value: Any, base_url: str) -> Thing:
    """Return what an object or target is, given as a node or as an IRI."""
    if isinstance(value, str):
        return Thing(id=value, page=web(value), label=_address(value, base_url))
    node = Object(value) if isinstance(value, dict) else Object({})
    name = " ".join(telling.name(node).split())
    key = plaintext.name(_key(node)).strip()
    kind = kind_of(node)
    return Thing(
        id=node.id or "",
        title=key or name,
        summary=name if key else _abstract(node),
        page=_page(node, base_url),
        type=kind,
        label=f"{key} - {name}"
        if key and name
        else key or name or beginning(node) or _plainly(node, kind, base_url),
    )


def kind_of(node: Object) -> str:
    """Return the IRI of a thing's type: as it was written, else by its AS2 type; a Note that answers is a comment."""
    written = node.get("hw:objectType")
    if isinstance(written, str) and written:
        return types.iri(written)
    if node.is_a("Note") and node.get("inReplyTo") is not None:
        return COMMENT
    return types.of_as2(node.type)


def is_comment(node: Object) -> bool:
    """Tell whether something was said about something else."""
    return types.key(kind_of(node)) == "comment"


def beginning(node: Object) -> str:
    """Return how the text of a thing begins, or what it warns of."""
    text = warning(node) or " ".join(html.plain(node.text("content") or "").split())
    return text if len(text) <= BEGINNING_CHARS else text[:BEGINNING_CHARS].rstrip() + "…"


def _key(node: Object) -> str:
    keys = (node.get(term) for term in ("hw:issueKey", "hw:key"))
    return next((key for key in keys if isinstance(key, str) and key), "")


def _abstract(node: Object) -> str:
    """Return a summary where it is one: never that of a Note."""
    if node.is_a(*SHORT) or warning(node):
        return ""
    return telling.shortened(" ".join(html.plain(node.text("summary") or "").split()), 250)


def _page(node: Object, base_url: str) -> str | None:
    name = node.get("preferredUsername")
    if node.id and base_url and node.id.startswith(f"{base_url}/users/") and isinstance(name, str):
        return f"{base_url}/@{name}"
    return web(media.page(node)) or web(node.id)


def plainly(thing: Thing) -> str:
    """Name a thing by its type; the empty text for one without."""
    return _by_type(thing.type)


def _by_type(kind: str) -> str:
    key = types.key(kind) if kind else ""
    return f"{'an' if key[0] in 'aeio' else 'a'} {key.replace('-', ' ')}" if key else ""


def _plainly(node: Object, kind: str, base_url: str) -> str:
    """Name a thing that says nothing by its type, or for want of one by its address."""
    named = _by_type(kind)
    if named:
        return named
    return _address(node.id, base_url) if node.id else "something"


def _address(iri: str, base_url: str) -> str:
    """Tell an IRI in a few words."""
    if base_url and iri.startswith(f"{base_url}/users/") and iri.count("/", len(base_url)) == 2:
        return iri.rpartition("/")[2]
    if base_url and iri.startswith(f"{base_url}/"):
        return "a post" if "/objects/" in iri else "something"
    return (
        f"{host(iri)}{telling.shortened(urlsplit(iri).path.rstrip('/'), BEGINNING_CHARS)}"
        if is_http(iri)
        else iri
    )
