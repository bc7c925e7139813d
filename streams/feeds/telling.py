"""What happened in feeds, as the message that those who listen are sent (Feeds §11.2)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from storage import Transaction, arrivals, news
from storage.arrivals import Arrival, Feed
from storage.ids import instant_of
from storage.news import News
from storage.placements import Placed, Shown
from storage.tenants import Tenant
from streams.feeds import enrichment
from streams.feeds.enrichment import Wanted
from streams.feeds.referents import Shown as Referring
from streams.feeds.space import Feeds, Space
from vocab import instants, jsontext
from vocab.dialects.getstream import times


@dataclass(frozen=True, slots=True)
class Story:
    """What one event did in one feed, as JSON: for its readers, and for servers and its own user.

    Each is None when there is nothing to tell them.
    """

    event: int
    stream: int
    tenant: int
    feed: str
    readers: bytes | None
    whole: bytes | None


async def stories(parts: Feeds, rows: Iterable[News]) -> list[Story]:
    """Tell what happened, in the order it did; all of what one event did in one feed is one story.

    What is gone again, or was in a feed that is gone, is not told.
    """
    happened = [row for row in rows if row.item != news.LISTENER]
    return await parts.store.read(tell, parts, happened) if happened else []


async def tell(tx: Transaction, parts: Feeds, rows: Sequence[News]) -> list[Story]:
    """Tell what happened, in the order it did: a unit of work of a bounded number of statements."""
    feeds = await arrivals.feeds(tx, (row.stream for row in rows))
    pairs = [(row.item, row.stream) for row in rows if row.told is None and row.stream in feeds]
    found = await arrivals.of(tx, pairs) if pairs else {}
    members = await _members(tx, parts, feeds, found)
    happened: dict[tuple[int, int], list[News]] = {}
    for row in rows:
        happened.setdefault((row.event, row.stream), []).append(row)
    told = []
    for (event, stream), together in happened.items():
        if stream in feeds:
            new = [(row.item, stream) for row in together if row.told is None]
            come = [found[pair] for pair in new if pair in found]
            told.append(_story(event, stream, feeds[stream], together, come, members))
    return told


Members: TypeAlias = dict[tuple[int, str | None], dict[str, Any]]
"""Activities as they are told, by their rows and the feeds through which they came."""


async def _members(
    tx: Transaction, parts: Feeds, feeds: dict[int, Feed], found: dict[tuple[int, int], Arrival]
) -> Members:
    """Write activities, enriched without what was said to them (Feeds §9, §11.2), each once."""
    by_tenant: dict[int, tuple[Tenant, dict[tuple[int, str | None], Arrival]]] = {}
    for (item, stream), arrival in found.items():
        tenant = feeds[stream].tenant
        by_tenant.setdefault(tenant.id, (tenant, {}))[1][item, arrival.origin] = arrival
    told: Members = {}
    for tenant, some in by_tenant.values():
        space = Space(tenant, {}, parts.base_url)
        shown = [
            Referring.of(item, parts.spellings.text(Placed(arrival.kept, origin), space.entities))
            for (item, origin), arrival in some.items()
        ]
        enriched = await enrichment.enrich(tx, parts, space, shown, Wanted())
        told.update(zip(some, enriched, strict=True))
    return told


def _story(
    event: int, stream: int, feed: Feed, rows: Sequence[News], come: list[Arrival], members: Members
) -> Story:
    come.sort(key=lambda arrival: arrival.kept.key, reverse=True)
    else_told = [json.loads(row.told) for row in rows if row.told is not None]
    messages = []
    for shown in (Shown.READERS, Shown.OWNER):
        seen = [_activity(arrival, members) for arrival in come if arrival.shown >= shown]
        messages.append(_message(event, feed, seen, else_told) if seen or else_told else None)
    return Story(event, stream, feed.tenant.id, feed.name, *messages)


def _activity(arrival: Arrival, members: Members) -> dict[str, Any]:
    told = members[arrival.kept.item, arrival.origin]
    return told if arrival.bundle is None else {**told, "group": arrival.bundle}


def _message(event: int, feed: Feed, come: list[dict[str, Any]], else_told: list[dict[str, Any]]) -> bytes:
    """Write a message: what is new, newest first, what is gone, and what was marked."""
    message: dict[str, Any] = {
        "feed": feed.name,
        "app_id": str(feed.tenant.id),
        "new": come,
        "deleted": [],
        "deleted_foreign_ids": [],
    }
    for told in else_told:
        for name, value in told.items():
            message[name] = message[name] + value if name in ("deleted", "deleted_foreign_ids") else value
    message["published_at"] = times.zoned(instants.moment(instant_of(event)))
    return jsontext.dumps(message)
