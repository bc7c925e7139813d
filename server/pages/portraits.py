"""An actor as a page shows it: a name, an address, a picture, and where to meet it."""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from storage.actors import ActorRow
from storage.posts import Post
from vocab import Object, html, iri, media, plaintext, stored
from vocab.dialects.syndication import Person

KINDS = {
    "Application": "Application",
    "Group": "Group",
    "Organization": "Organisation",
    "Service": "Automated",
}
"""What is said of actors that are no persons."""

HUES = 6
"""How many colours there are for those without a picture."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """``name`` may hold pictures of emoji, ``plain`` is its text; ``acct`` is empty for one we do not know.

    ``page`` leads to the profile: ours by its path, anyone else's at home. ``picture`` may be shown as it is.
    """

    name: Markup
    plain: str
    acct: str
    page: str
    local: bool
    kind: str
    picture: str | None
    initial: str
    hue: int


def of_author(post: Post, base_url: str) -> Portrait | None:
    """Return who a post is by, None when nobody is named."""
    if post.author_iri is None:
        return None
    return _portrait(
        stored(post.author_document or "{}", post.author_context), post.author_iri,
        name=post.author_name, host=post.author_host, handle=post.author_handle, base_url=base_url,
    )  # fmt: skip


def of_actor(actor: ActorRow, base_url: str) -> Portrait:
    """Return an actor, ours or theirs."""
    return _portrait(
        stored(actor.document, actor.context), actor.iri, name=actor.name, host=actor.host, handle=actor.handle,
        base_url=base_url, type=actor.type,
    )  # fmt: skip


def of_name(iri: str) -> Portrait:
    """Return an actor of whom we know nothing but the IRI."""
    return _portrait(Object({}), iri, name=None, host=None, handle=None, base_url="")


def person(portrait: Portrait, base_url: str) -> Person:
    """Return an actor as the author of a feed."""
    return Person(portrait.plain, absolute(portrait.page, base_url), portrait.picture)


def absolute(address: str, base_url: str) -> str:
    """Return an address with its origin, for readers that are somewhere else."""
    return f"{base_url}{address}" if address.startswith("/") else address


def _portrait(
    document: Object, address: str, *, name: str | None, host: str | None, handle: str | None, base_url: str,
    type: str = "",
) -> Portrait:  # fmt: skip
    local = handle is not None or bool(base_url and iri.same_origin(address, base_url))
    known = f"{name}@{host}" if name and host else ""
    plain = plaintext.name(document.text("name") or "").strip() or name or shown_address(address)
    home = f"/@{name}" if handle is not None else "/"
    picture = media.picture(document, "icon")
    return Portrait(
        name=with_emoji(escape(plain), document, base_url),
        plain=plain,
        acct=known,
        page=home if local else followed(media.page(document) or address),
        local=local,
        kind=KINDS.get(type or document.type, ""),
        picture=picture if shown(picture, base_url) else None,
        initial=next((letter for letter in plain if letter.isalnum()), "·").upper(),
        hue=hashlib.sha256(address.encode()).digest()[0] % HUES,
    )


def shown(address: str | None, base_url: str) -> bool:
    """Tell whether a page may show what is at an address: over https, or from our own origin (SEC-063)."""
    return address is not None and (address.startswith("https://") or iri.same_origin(address, base_url))


def followed(address: str | None) -> str:
    """Return a link that is safe to follow, else a harmless one (SEC-070)."""
    return address if address is not None and iri.is_http(address) else "#"


def with_emoji(markup: str, thing: Object, base_url: str) -> Markup:
    """Return sanitised markup with a thing's custom emoji in it, as far as they may be shown (AP-746)."""
    pictures = {name: address for name, address in media.emoji(thing).items() if shown(address, base_url)}
    return Markup(html.with_emoji(str(markup), pictures))  # noqa: S704 escaped or sanitised by the caller


def sanitised(markup: str, thing: Object, base_url: str) -> Markup:
    """Return markup of others as a page may show it (SEC-069, SEC-072)."""
    return with_emoji(html.with_hosts(html.sanitise(markup)), thing, base_url)


def shown_address(address: str) -> str:
    """Return an address as people read it, the host whole (SEC-072)."""
    parts = urlsplit(address) if iri.is_http(address) else None
    return address if parts is None else f"{iri.host(address)}{parts.path.rstrip('/')}"
