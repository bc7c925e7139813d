"""Routing: events that match a filter enter feeds, where the Feeds API shows them like what accounts say.

An event in a feed is the same document as everywhere, with an id that follows from its date and IRI; a job gives it to
those who follow the feed. What only some may know of is shown to servers alone (Events §3.6).
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from storage import Transaction, entries, eventdocuments, jobs, links
from storage.eventdocuments import Written
from storage.feedactivities import Key
from storage.links import Link, Said
from storage.placements import Shown
from streams import linked
from streams.events.item import Item
from streams.events.route import Route
from streams.events.space import Space
from streams.feeds import opening
from streams.feeds import space as feedspace
from vocab import Activity, instants, stored
from vocab.dialects.events import Event
from vocab.dialects.getstream import FeedId, from_activity
from vocab.dialects.getstream import ids as feedids

QUEUE: Final = "feeds"


async def route(tx: Transaction, space: Space, items: Sequence[Item]) -> None:
    """Let new events into the feeds that routes send them to."""
    wanted = (
        [(item, feeds) for item in items if (feeds := list(_into(space.routes, item)))]
        if space.routes
        else []
    )
    if not wanted:
        return
    into = feedspace.Space(space.tenant, {}, space.base_url)
    names = dict.fromkeys(feed for _, feeds in wanted for feed in feeds)
    streams = await opening.opened(tx, into, names, now=wanted[0][0].received)
    documents = await eventdocuments.written(tx, [item.id for item, _ in wanted])
    for item, feeds in wanted:
        for feed in feeds:
            await _enter(tx, space, Link(space.tenant.id, streams[str(feed)]), item, documents[item.id])


async def withdraw(tx: Transaction, items: Sequence[int], *, now: int) -> None:
    """Take events that were invalidated out of feeds, and out of the outboxes that others read."""
    for item in await eventdocuments.told(tx, items) if items else ():
        await entries.remove_everywhere(tx, item, ("outbox",))
        await linked.leave(tx, item, now=now)


def _into(routes: Sequence[Route], item: Item) -> Iterator[FeedId]:
    """Yield the feeds that an item is to enter, each once; what follows from an event's lines enters none."""
    if not isinstance(item.message, Event) or item.parent is not None:
        return
    subject: dict[str, Any] = {
        **item.message.body,
        "_stream_id": str(item.stream_id),
        "_class": item.message.type,
    }
    yield from dict.fromkeys(route.into for route in routes if route.match.matches(subject))


async def _enter(tx: Transaction, space: Space, link: Link, item: Item, written: Written) -> None:
    occurred = instants.moment(item.message.occurred.at)
    id = feedids.of_foreign_id(min(max(occurred, feedids.EARLIEST), feedids.LATEST), written.iri)
    document = Activity(stored(written.document, written.context).data)
    actor = from_activity(document, space.entities, id=id).actor
    key, shown = Key(*feedids.key(id)), Shown.OWNER if item.restricted else Shown.READERS
    said = Said(item.id, written.iri, item.message.occurred.at, int(item.public), None)
    await links.enter(tx, link, actor, [(said, key, shown)])
    work = {
        "do": "spread linked",
        "tenant": link.tenant,
        "source": link.stream,
        **key._asdict(),
        "item": item.id,
    }
    await jobs.add(tx, QUEUE, work, now=item.received, key=str(item.id))
