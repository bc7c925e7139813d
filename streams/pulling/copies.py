"""From an entry of a feed to the documents that one of ours tells of it (Atom §10.3, §12). Pure, but for new ids.

What the feed called things stands under terms of ours. Who did it there stands under ``hw:author`` and is nobody here,
unless the owner has said who they are; the copy itself is the telling actor's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from storage.actors import ActorRow
from storage.subscriptions import Subscription
from streams import ids
from vocab import PUBLIC, Activity, Object, html
from vocab import instants as spelling
from vocab import iri as iris
from vocab.dialects.feedreading import Item
from vocab.entry import MEMBERS
from vocab.terms import ACTOR_TYPES

PROVIDER: Final = "feeds"
THINGS: Final = frozenset(
    {"Article", "Audio", "Document", "Event", "Image", "Note", "Page", "Place", "Video"}
)
"""Types that a copy keeps; what other servers do not know how to show is an Article, and says what it was."""
NOT_TAKEN: Final = frozenset(
    {"id", "hw:sourceId", "to", "cc", "bto", "bcc", "audience", "replies", "likes", "shares"}
)


@dataclass(frozen=True, slots=True)
class Teller:
    """For whom and by whom a feed is told: its subscription, the owner, the actor of ours that speaks."""

    subscription: Subscription
    owner: ActorRow
    bot: ActorRow
    base_url: str

    @property
    def audience(self) -> dict[str, Any]:
        """Who may read what it tells: everybody, or its owner alone."""
        if self.subscription.public:
            return {"to": [PUBLIC], "cc": [self.bot.followers]}
        return {"to": [self.owner.iri]}


@dataclass(frozen=True, slots=True)
class Copy:
    """What is told of one entry: the activity, with the things of ours that it brings."""

    activity: Activity
    things: tuple[Object, ...]


def copy(
    item: Item, teller: Teller, *, people: Mapping[str, str], parent: str | None, made: "Made", now: int
) -> Copy:
    """Return the documents of an entry; ``parent`` is what it answers here, ``people`` are actors of ours by name."""
    entry = item.entry
    authors = [_author(one, people) for one in _several(entry.get("actor"))]
    objects = _several(entry.get("object"))
    things = [_thing(one, item, teller, authors, now) for one in objects] or [
        _thing({}, item, teller, authors, now)
    ]
    things[0] = things[0].with_(
        id=made.object, published=_published(item, now), inReplyTo=_answers(things[0], parent)
    )
    things[1:] = [
        one.with_(id=ids.object(teller.base_url, now), published=_published(item, now)) for one in things[1:]
    ]
    told = {
        "id": made.activity,
        "type": teller.subscription.settings.get("way", "Create"),
        "actor": teller.bot.iri,
        "object": things[0].data if len(things) == 1 else [one.data for one in things],
        "target": entry.get("target"),
        "url": entry.get("url"),
        "summary": entry.get("summary"),
        "generator": _generator(entry, teller.subscription),
        "icon": entry.get("icon"),
        "published": _published(item, now),
        "updated": _updated(item),
        **teller.audience,
        "hw:author": authors or None,
        "hw:sourceId": item.key,
        "hw:source": _source(item, teller.subscription),
        "hw:dateAssumed": True if item.published is None else None,
        **_members(entry),
        "hw:provider": PROVIDER,
    }
    return Copy(
        Activity({name: value for name, value in told.items() if value not in (None, "", [])}), tuple(things)
    )


@dataclass(frozen=True, slots=True)
class Made:
    """The ids of an activity and of the first thing that it brings."""

    activity: str
    object: str

    @classmethod
    def anew(cls, base_url: str, now: int) -> "Made":
        """Return new ids."""
        return cls(ids.activity(base_url, now), ids.object(base_url, now))


def _thing(data: Mapping[str, Any], item: Item, teller: Teller, authors: list[Any], now: int) -> Object:
    """Return a copy of a thing that is ours to keep."""
    kept = {name: value for name, value in data.items() if name not in NOT_TAKEN}
    type = str(kept.get("type") or "Object")
    members = {
        **kept,
        "type": type
        if type in THINGS and type not in ACTOR_TYPES
        else "Article"
        if kept.get("content")
        else "Object",
        "attributedTo": teller.bot.iri,
        "url": kept.get("url") or item.permalink or None,
        "content": kept.get("content") or None,
        "updated": _updated(item),
        "hw:sourceId": data.get("id"),
        "hw:author": authors or None,
        **teller.audience,
    }
    return Object({name: value for name, value in members.items() if value not in (None, "", [])})


def _author(one: Any, people: Mapping[str, str]) -> Any:
    """Return who did it: an actor of ours if the owner said so, else nobody of ours, whatever their name."""
    if not isinstance(one, dict):
        return {"type": "Person", "name": str(one)}
    names = (str(one.get(member) or "") for member in ("preferredUsername", "name"))
    return next((people[name] for name in names if name in people), one)


def _answers(thing: Object, parent: str | None) -> str | None:
    """Return what a thing answers: a thing of ours, else what the feed calls it when that is an IRI."""
    if parent is not None:
        return parent
    named = thing.get("inReplyTo")
    if not isinstance(named, str) or " " in named or len(named) > iris.IRI_CHARS_MAX:
        return None
    return named if named.startswith(("http://", "https://", "urn:", "tag:")) else None


def _generator(entry: Mapping[str, Any], subscription: Subscription) -> dict[str, Any]:
    """Return the application that it comes from, for want of another the feed itself."""
    named = entry.get("generator")
    if isinstance(named, dict) and named:
        return {"type": "Application", **named}
    home = subscription.home or subscription.url
    return {
        "type": "Application",
        "id": home,
        "name": subscription.title or iris.host(subscription.url),
        "url": home,
    }


def _source(item: Item, subscription: Subscription) -> dict[str, Any]:
    """Return the feed that it was published in: the one it says, else the one that was read (Atom §3.4)."""
    source = item.source
    whole = (
        {"id": subscription.feed or subscription.url, "name": subscription.title, "url": subscription.url}
        if source is None
        else {"id": source.id, "name": source.title, "url": source.here}
    )
    return {name: value for name, value in whole.items() if value}


def _members(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {f"hw:{name}": entry[name] for name in MEMBERS if entry.get(name)}


def _published(item: Item, now: int) -> str:
    at = now if item.published is None else spelling.microseconds(item.published)
    return spelling.spell(min(at, now))


def _updated(item: Item) -> str | None:
    told = item.entry.get("updated")
    return told if isinstance(told, str) and told != item.entry.get("published") else None


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def words(item: Item) -> str:
    """Return what an entry is called, for whoever is told that it came."""
    return str(item.entry.get("summary") or html.plain(str(item.entry.get("titleHtml") or "")) or item.key)
