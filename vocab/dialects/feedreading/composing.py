"""From the parts of an entry to an activity: what all formats have in common (Atom §10.3, §12). Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from vocab import html
from vocab.dialects.as1 import types, verbs
from vocab.dialects.feedreading import moments, naming
from vocab.dialects.feedreading.reading import Item
from vocab.entry import Source

SOMEONE: Final = "Someone"
URL_CHARS_MAX: Final = 2_048
NAME_CHARS_MAX: Final = 1_024
RAW_CHARS_MAX: Final = 65_536
COMMENT: Final = types.iri("comment")
ISSUE: Final = types.vendor("issue")
CONTAINERS: Final = frozenset(types.vendor(name) for name in ("jira-project", "space", "personal-space"))
_ISSUE_KEY = re.compile(r"([A-Za-z][A-Za-z0-9_]*)-[0-9]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_HASHTAG = re.compile(r"[\w-]+")


@dataclass(slots=True)
class Parts:
    """What was found in an entry, in the words of Atom. ``title`` and ``content`` are safe markup."""

    id: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    url: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    dated: str = ""
    """The date as the feed gives it, for an entry that is known by nothing else."""
    authors: list[dict[str, Any]] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    objects: list[dict[str, Any]] = field(default_factory=list)
    target: dict[str, Any] | None = None
    categories: list[str] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    refs: list[str] = field(default_factory=list)
    generator: dict[str, Any] | None = None
    application: str = ""
    icon: dict[str, Any] | None = None
    source: Source | None = None
    raw: str = ""


def item(parts: Parts, *, feed: str) -> Item:
    """Make an activity of what was found; ``feed`` is the feed's id."""
    title = html.plain(parts.title)
    objects = [dict(one) for one in parts.objects] or [_implied(parts, title)]
    object_id = str(objects[0].get("id") or objects[0].get("url") or "")
    key = naming.key(parts.id, parts.url, object_id=object_id, published=parts.dated, feed=feed, title=title)
    published = parts.published or parts.updated
    chain = chained(parts.verbs)
    entry: dict[str, Any] = {
        "id": key,
        "type": _type(parts, chain, objects[0]),
        "actor": parts.authors[0] if len(parts.authors) == 1 else parts.authors or None,
        "object": _told(parts, objects),
        "target": parts.target,
        "url": parts.url or None,
        "summary": title or None,
        "published": moments.spelled(published) if published else None,
        "updated": moments.spelled(parts.updated) if parts.updated else None,
        "generator": parts.generator,
        "icon": parts.icon,
        "verb": list(chain),
        "application": parts.application,
        "titleHtml": parts.title,
        "category": list(dict.fromkeys(parts.categories)),
        **_keys(parts.target, *objects),
    }
    kept = {name: value for name, value in entry.items() if value not in (None, "", [])}
    refs = tuple(dict.fromkeys(parts.refs or _answered(parts, objects[0])))
    return Item(key, kept, published, parts.updated, refs, parts.source, parts.raw[:RAW_CHARS_MAX])


def chained(named: Sequence[str]) -> tuple[str, ...]:
    """Return the verbs of an entry: all that are listed, the last the most specific; one alone with its parents."""
    known = [verbs.iri(name) for name in named if name.strip()]
    if not known:
        return verbs.chain("")
    return verbs.chain(known[0]) if len(known) == 1 else tuple(known)


def thing(
    id: str = "", *, type: str = "", name: str = "", summary: str = "", url: str = "", media_type: str = ""
) -> dict[str, Any]:
    """Return an object or target; its own type is kept beside that of AS2."""
    whole = types.iri(type)
    made = {
        "id": id.strip(),
        "type": types.as2(whole, media_type) if whole else "Object",
        "hw:objectType": whole,
        "name": line(name),
        "summary": line(summary),
        "url": url,
    }
    return {member: value for member, value in made.items() if value}


def person(
    name: str = "",
    *,
    username: str = "",
    id: str = "",
    url: str = "",
    pictures: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return an author who is no actor of anybody's; mail addresses are left out (Atom §12.2)."""
    shown = line(name) or line(username) or SOMEONE
    largest = max(pictures, key=lambda one: int(one.get("width") or 0), default=None)
    made = {
        "type": "Person",
        "hw:sourceId": id,
        "name": shown[:NAME_CHARS_MAX],
        "preferredUsername": line(username)[:NAME_CHARS_MAX],
        "url": url,
        "icon": largest,
        "image": list(pictures) if len(pictures) > 1 else None,
    }
    return {member: value for member, value in made.items() if value}


def picture(url: str, *, width: str = "", height: str = "", name: str = "") -> dict[str, Any] | None:
    """Return a picture at an address, None for what is no address."""
    if not url:
        return None
    sizes = {"width": width, "height": height}
    whole = {
        side: int(text) for side, text in sizes.items() if text.isascii() and text.isdigit() and len(text) < 6
    }
    return {"type": "Image", "url": url, **whole, **({"name": line(name)} if line(name) else {})}


def attachment(
    url: str, *, media_type: str = "", name: str = "", size: str = "", seconds: str = ""
) -> dict[str, Any]:
    """Return a file that an entry brings along, by its address."""
    kinds = {"image": "Image", "audio": "Audio", "video": "Video"}
    made: dict[str, Any] = {
        "type": kinds.get(media_type.partition("/")[0].lower(), "Document"),
        "mediaType": media_type.strip().lower() if "/" in media_type else "",
        "url": url,
        "name": line(name),
    }
    if size.isascii() and size.isdigit() and len(size) <= 15 and int(size):
        made["hw:size"] = int(size)
    if seconds.isascii() and seconds.isdigit() and len(seconds) <= 9 and int(seconds):
        made["duration"] = f"PT{int(seconds)}S"
    return {member: value for member, value in made.items() if value}


def hashtag(term: str, scheme: str, label: str = "") -> dict[str, Any] | None:
    """Return a category as a hashtag, when its scheme says that it is one (Atom §12.2)."""
    if _HASHTAG.fullmatch(term) is None or not re.search(r"(?:^|[/#:])tags?(?:[/#:]|$)", scheme):
        return None
    return {"type": "Hashtag", "name": f"#{label if _HASHTAG.fullmatch(label) else term}"}


def line(text: str | None) -> str:
    """Return text on one line, without the space around it."""
    return _SPACE.sub(" ", text or "").strip()


def address(href: str | None, base: str = "") -> str:
    """Return an absolute address of http or https, the empty text for anything else."""
    href = (href or "").strip()
    if not href:
        return ""
    try:
        whole = urljoin(base, href) if base else href
        fine = len(whole) <= URL_CHARS_MAX and _ADDRESS.fullmatch(whole) and urlsplit(whole).hostname
    except ValueError:
        return ""
    return whole if fine else ""


def newest_first(items: Sequence[Item]) -> tuple[Item, ...]:
    """Sort entries by their dates, for the order of a feed says nothing (Atom §10.3.7). Of one key the newest stays."""
    first = datetime.min
    dated = sorted(
        items, key=lambda one: one.published.replace(tzinfo=None) if one.published else first, reverse=True
    )
    known: dict[str, Item] = {}
    for one in dated:
        other = known.get(one.key)
        if other is None or _newer(one, other):
            known[one.key] = one
    return tuple(known.values())


def _newer(one: Item, other: Item) -> bool:
    return bool(one.updated and (other.updated is None or one.updated > other.updated))


def _implied(parts: Parts, title: str) -> dict[str, Any]:
    """Return the entry itself as what it is about, for want of anything else (Atom §10.3.5)."""
    made = thing(parts.id, type="article" if title else "note", name=title, url=parts.url)
    return made | (
        {"summary": html.plain(parts.summary)} if title and parts.summary and parts.content else {}
    )


def _told(parts: Parts, objects: list[dict[str, Any]]) -> Any:
    """Give the first object the text, tags and files of the entry, and what it answers."""
    first = objects[0]
    content = parts.content or parts.summary
    if content and "content" not in first:
        first["content"] = content
    if parts.tags:
        first["tag"] = parts.tags
    if parts.attachments:
        first["attachment"] = parts.attachments
    answered = _answered(parts, first)
    if answered:
        first["inReplyTo"] = answered[0]
    return first if len(objects) == 1 else objects


def _answered(parts: Parts, first: dict[str, Any]) -> list[str]:
    """Return what the entry answers: what it says, else of a comment what it is on (Atom §12.2)."""
    if parts.refs:
        return parts.refs
    if first.get("hw:objectType") == COMMENT and parts.target:
        return [str(name) for name in (parts.target.get("id"), parts.target.get("url")) if name]
    return []


def _type(parts: Parts, chain: Sequence[str], first: dict[str, Any]) -> str:
    """Return the AS2 type: what is posted somewhere is added to it, unless it answers something (Atom §12.2)."""
    type = verbs.as2(chain)
    if type == "Create" and parts.target and not _answered(parts, first) and chain[-1] == verbs.POST:
        return "Add"
    return type


def _keys(*things: dict[str, Any] | None) -> dict[str, list[str]]:
    """Return the keys of issues and of what contains things, as far as their types and titles tell."""
    issues: dict[str, None] = {}
    containers: dict[str, None] = {}
    for one in things:
        type, name = (one or {}).get("hw:objectType"), str((one or {}).get("name") or "")
        found = _ISSUE_KEY.fullmatch(name) if type == ISSUE else None
        if found is not None:
            issues[name] = None
            containers[found[1]] = None
        elif type in CONTAINERS and name and len(name) <= 64 and " " not in name:
            containers[name] = None
    return {"issueKey": list(issues), "key": list(containers)}
