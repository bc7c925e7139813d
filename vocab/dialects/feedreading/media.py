"""Files that entries bring along: enclosures and Media RSS (RSS 2.0, Media RSS 1.5)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

from vocab.dialects.feedreading.composing import address, attachment, picture
from vocab.dialects.feedreading.names import ITUNES, MEDIA, children, value

MANY: Final = 100
FACE_PIXELS_MAX: Final = 48
"""What is shown no larger each way is a face beside an entry, no picture that it brings (GitHub, GitLab)."""
_PLAYERS: Final = frozenset({"application/x-shockwave-flash"})
_MEDIA_TYPES: Final = {"image": "image/*", "audio": "audio/*", "video": "video/*"}


def attached(element: Element, links: Sequence[Element], base: str) -> list[dict[str, Any]]:
    """Return the files of an entry, each once; ``links`` are its links of Atom."""
    seconds = _seconds(value(element, ITUNES, "duration"))
    found = [
        attachment(
            href,
            media_type=one.get("type") or "",
            name=one.get("title") or "",
            size=one.get("length") or "",
            seconds=seconds,
        )
        for one in (*[link for link in links if link.get("rel") == "enclosure"], *_enclosures(element))
        if (href := address(one.get("href") or one.get("url"), base))
    ]
    found += _media(element, base)
    return list({one["url"]: one for one in reversed(found)}.values())[::-1][:MANY]


def _enclosures(element: Element) -> Iterator[Element]:
    return (one for one in element if one.tag.rpartition("}")[2] == "enclosure" and "rel" not in one.attrib)


def _media(element: Element, base: str) -> Iterator[dict[str, Any]]:
    """Read media:content wherever it stands, and of what has none the thumbnail.

    Players that nobody has any more are none; a thumbnail as small as a face is the author's.
    """
    groups = [element, *children(element, MEDIA, "group")]
    contents = [
        one
        for group in groups
        for one in children(group, MEDIA, "content")
        if one.get("type") not in _PLAYERS
    ]
    for one in contents[:MANY]:
        href = address(one.get("url"), base)
        type = one.get("type") or _MEDIA_TYPES.get(one.get("medium") or "", "")
        name = value(one, MEDIA, "description") or value(one, MEDIA, "title") or ""
        if href:
            made = attachment(
                href,
                media_type=type,
                name=name,
                size=one.get("fileSize") or "",
                seconds=one.get("duration") or "",
            )
            if str(made.get("mediaType", "")).endswith("/*"):
                del made["mediaType"]
            yield made
    if not contents:
        thumbnails = [one for group in groups for one in children(group, MEDIA, "thumbnail")]
        for one in [one for one in thumbnails if not _is_face(one)][:1]:
            if href := address(one.get("url"), base):
                yield attachment(href, media_type="") | {"type": "Image"}


def face(element: Element, base: str) -> dict[str, Any] | None:
    """Return the picture of an author that forges put beside what they did; None when there is none."""
    found = (one for one in children(element, MEDIA, "thumbnail") if _is_face(one))
    return next((made for one in found if (made := picture(address(one.get("url"), base)))), None)


def _is_face(thumbnail: Element) -> bool:
    sides = [thumbnail.get(side) or "" for side in ("width", "height")]
    return all(
        side.isascii() and side.isdigit() and len(side) < 6 and int(side) <= FACE_PIXELS_MAX for side in sides
    )


def _seconds(text: str) -> str:
    """Return a duration in seconds, of ``H:MM:SS`` or seconds."""
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(
        part.isascii() and part.isdigit() and len(part) < 6 for part in parts
    ):
        return ""
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return str(total)
