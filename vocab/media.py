"""Where a thing is to be looked at, and what is attached to it (AP-021, AP-747).

``url`` and ``attachment`` come as text, ``Link`` or node, one or several; here each becomes one shape.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from vocab.iri import is_http
from vocab.objects import Object

PAGE_TYPES: Final = frozenset({"", "text/html", "application/xhtml+xml"})

_DURATION: Final = re.compile(
    r"P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9})(?:\.[0-9]{1,9})?S)?)?"
)
_BY_TYPE: Final = {"Image": "image", "Video": "video", "Audio": "audio"}
_BY_ENDING: Final = {
    "apng": "image/apng", "avif": "image/avif", "gif": "image/gif", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "png": "image/png", "webp": "image/webp", "flac": "audio/flac", "m4a": "audio/mp4", "mp3": "audio/mpeg",
    "oga": "audio/ogg", "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "mp4": "video/mp4",
    "ogv": "video/ogg", "webm": "video/webm",
}  # fmt: skip
"""Media types by the end of an address, for attachments that do not say theirs."""


@dataclass(frozen=True, slots=True)
class Medium:
    """Something attached: ``kind`` is image, video, audio or the empty text for anything else.

    ``width`` and ``height`` are pixels, ``size`` bytes, ``seconds`` how long it lasts; ``preview`` is the address of
    a still image.
    """

    url: str
    kind: str
    media_type: str = ""
    description: str = ""
    width: int | None = None
    height: int | None = None
    size: int | None = None
    preview: str | None = None
    seconds: int | None = None


def page(thing: Object) -> str | None:
    """Return the address where people look at a thing: its first ``text/html`` or untyped ``url`` (AP-021)."""
    return next((href for href, media_type in _addresses(thing, "url") if media_type in PAGE_TYPES), None)


def attached(thing: Object) -> list[Medium]:
    """Return what is attached to a thing, and its own file when it is a picture, film or recording itself."""
    found = [medium for node in _nodes(thing, "attachment") if (medium := _medium(node)) is not None]
    if thing.is_a(*_BY_TYPE):
        own = _medium(thing)
        found = [own, *found] if own is not None and own.kind and own.url != page(thing) else found
    return found


def picture(thing: Object, term: str) -> str | None:
    """Return the address of an ``icon`` or ``image``, given as text, Link or Image."""
    found = (medium.url for node in _nodes(thing, term) if (medium := _medium(node)) is not None)
    return next(found, None)


def emoji(thing: Object) -> dict[str, str]:
    """Return the custom emoji of a text: name without colons → address of its picture (AP-746)."""
    found = {}
    for tag in thing.embedded("tag"):
        name, address = tag.text("name"), picture(tag, "icon")
        if tag.is_a("Emoji") and name and address:
            found[name.strip(":")] = address
    return found


def _nodes(thing: Object, term: str) -> Iterator[Object]:
    """Return the values of a member as nodes; a bare address is a link to it."""
    for value in thing.values(term):
        yield Object(value if isinstance(value, dict) else {"href": value})


def _medium(node: Object) -> Medium | None:
    """Read one attachment; None when it has no address that can be followed."""
    expected = _BY_TYPE.get(node.type, "")
    addresses = _addresses(node, "url") or _addresses(node, "href")
    best = next((one for one in addresses if expected and one[1].startswith(expected + "/")), None)
    best = best or next(iter(addresses), None)
    if best is None:
        return None
    url, media_type = best
    media_type = media_type or _of_ending(url)
    kind = media_type.partition("/")[0] if media_type else expected
    return Medium(
        url, kind if kind in _BY_TYPE.values() and media_type != "image/svg+xml" else "", media_type,
        description=node.text("summary") or node.text("name") or "",
        width=node.count("width"), height=node.count("height"), size=node.count("size") or node.count("hw:size"),
        preview=picture(node, "icon"), seconds=_seconds(node.get("duration")),
    )  # fmt: skip


def _seconds(duration: Any) -> int | None:
    """Read a duration (XML Schema §3.3.6): days and less; None for none, and for what is none."""
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (days * 24 + hours) * 3_600 + minutes * 60 + seconds or None


def _addresses(thing: Object, term: str) -> list[tuple[str, str]]:
    """Return the web addresses of a member, each with its media type or the empty text."""
    found = []
    for value in thing.values(term):
        node = value if isinstance(value, dict) else {"href": value}
        href = node.get("href") or node.get("url")
        media_type = node.get("mediaType") or (thing.get("mediaType") if node is not value else None)
        if isinstance(href, str) and is_http(href):
            found.append((href, _bare(media_type)))
    return found


def _bare(media_type: Any) -> str:
    return media_type.partition(";")[0].strip().lower() if isinstance(media_type, str) else ""


def _of_ending(url: str) -> str:
    return _BY_ENDING.get(urlsplit(url).path.rpartition(".")[2].lower(), "")
