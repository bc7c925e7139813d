"""From what a head says to what the Feeds API answers (Feeds §7.4, ogp.me)."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from server.opengraph.head import Head
from vocab import BadIri, iri, plaintext

TEXT_CHARS_MAX: Final = 2_000
ADDRESS_CHARS_MAX: Final = 2_048
EACH_MAX: Final = 10
"""So many images, and so many videos and audios, are told of one page."""
PIXELS_MAX: Final = 100_000

PLURALS: Final = {"image": "images", "video": "videos", "audio": "audios"}
ADDRESSES: Final = frozenset(("url", "secure_url"))
NUMBERS: Final = frozenset(("width", "height"))
STRUCTURE: Final = {
    "image": ADDRESSES | NUMBERS | {"type", "alt"},
    "video": ADDRESSES | NUMBERS | {"type"},
    "audio": ADDRESSES | {"type"},
}
"""What may be said of each image, video and audio besides where it is."""
PLAIN: Final = ("type", "site_name", "determiner", "locale")
ICONS: Final = ("icon", "shortcut icon", "apple-touch-icon")

Media = list[dict[str, Any]]


def card(head: Head, *, found_at: str, asked_for: str) -> dict[str, Any] | None:
    """Return what a page says of itself; None when that is nothing.

    Addresses are resolved against ``found_at``, where the page was in the end, or its own ``base``.
    """
    base = _address(head.base, found_at) or found_at
    texts = {
        "title": head.first("og:title", "twitter:title") or head.title,
        "description": head.first("og:description", "twitter:description", "description"),
    }
    media = {plural: _media(head, kind, base) for kind, plural in PLURALS.items()}
    media["images"] = media["images"] or _pictured(head, base)
    media["videos"] = media["videos"] or _played(head, base)
    if not any(texts.values()) and not any(media.values()):
        return None
    further = {
        **{name: head.first(f"og:{name}") for name in PLAIN},
        "site": head.first("twitter:site"),
        "favicon": _linked(head, ICONS, base),
    }
    return {
        **{name: _text(value) for name, value in texts.items()},
        "url": _address(head.first("og:url"), base) or _linked(head, ("canonical",), base) or found_at,
        "original_url": asked_for,
        **{name: _text(value) for name, value in further.items() if value},
        **{plural: found for plural, found in media.items() if found},
    }


def _media(head: Head, kind: str, base: str) -> Media:
    """Gather structured properties: each ``og:image`` begins a new one, and what follows belongs to it."""
    found: Media = []
    for name, content in head.metas:
        if name == f"og:{kind}":
            found.append({kind: content})
            continue
        said = name.removeprefix(f"og:{kind}:")
        if said == name or said not in STRUCTURE[kind]:
            continue
        if not found or (said == "url" and "url" in found[-1]):
            found.append({})
        found[-1].setdefault(said, content)
    return list(_sound(found, kind, base))[:EACH_MAX]


def _sound(found: Media, kind: str, base: str) -> Iterator[dict[str, Any]]:
    """Yield those that lie somewhere, with whole addresses, numbers as numbers, and nothing that is neither."""
    for said in found:
        told = {name: _said(name, value, base) for name, value in said.items() if name != kind}
        told = {name: value for name, value in told.items() if value}
        where = _address(said.get(kind, ""), base) or told.get("url") or told.get("secure_url")
        if where:
            yield {kind: where, **told}


def _said(name: str, value: str, base: str) -> str | int | None:
    if name in ADDRESSES:
        return _address(value, base)
    return _number(value) if name in NUMBERS else _text(value)


def _pictured(head: Head, base: str) -> Media:
    """Return the picture of a page that has none of Open Graph's."""
    named = head.first("twitter:image", "twitter:image:src", "image", "thumbnail")
    where = _address(named, base) or _linked(head, ("image_src",), base)
    alt = _text(head.first("twitter:image:alt"))
    return [{"image": where, **({"alt": alt} if alt else {})}] if where else []


def _played(head: Head, base: str) -> Media:
    """Return the film of a page that tells of it by a Twitter card alone."""
    where = _address(head.first("twitter:player"), base)
    sides = {name: _number(head.first(f"twitter:player:{name}")) for name in sorted(NUMBERS)}
    return [{"video": where, **{name: side for name, side in sides.items() if side}}] if where else []


def _linked(head: Head, relations: tuple[str, ...], base: str) -> str:
    """Return where the first link of the first of some relations leads."""
    for relation in relations:
        for named, href in head.links:
            if named == relation and (where := _address(href, base)):
                return where
    return ""


def _address(text: str, base: str) -> str:
    """Return a whole web address; nothing for what is none (SEC-045)."""
    try:
        found = urljoin(base, text) if text else ""
        iri.canonical(found)
    except (ValueError, BadIri):
        return ""
    return found if iri.is_http(found) and len(found) <= ADDRESS_CHARS_MAX else ""


def _number(text: str) -> int | None:
    digits = text.removesuffix("px")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        return None
    return int(digits) if 0 < int(digits) <= PIXELS_MAX else None


def _text(text: str) -> str:
    return plaintext.name(text)[:TEXT_CHARS_MAX].strip()
