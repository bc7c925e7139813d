"""Linked: what an account says is in the feed of its name too, ``user:ada`` of the default tenant (Feeds §5.2).

A feed is linked from the moment somebody uses it. Whoever never does pays one look into an index for each activity.
What is addressed to everyone is shown to whoever may read the feed, all else to servers and the user alone.
"""

from typing import Final

from storage import Transaction, bundles, jobs, links, objects
from storage.feedactivities import Key
from storage.ids import dated, instant_of
from storage.links import Link, Said
from storage.objects import Kind
from storage.placements import Shown
from streams import ids, instants
from streams.deed import Deed
from vocab.dialects.getstream import FeedId, Reference
from vocab.dialects.getstream import ids as feedids

GROUP: Final = "user"
"""The group whose feeds are linked with accounts."""
QUEUE: Final = "feeds"
HISTORY_MAX: Final = 1_000
"""So many of an account's activities enter its feed when that is used for the first time: no more can be read."""

AT_ONCE: Final = 200

SILENT: Final = frozenset(
    {
        "Accept", "Block", "Delete", "Flag", "Ignore", "Lock", "QuoteRequest", "Reject", "TentativeAccept",
        "TentativeReject", "Undo", "Update",
    }
)  # fmt: skip
"""Types of activities that tell nothing by themselves."""


def feed_of(name: str) -> str | None:
    """Return the feed of an account, None for one whose name no feed can have."""
    feed = FeedId.of(GROUP, name)
    return None if feed is None else str(feed)


async def enter(tx: Transaction, deed: Deed) -> None:
    """Let an activity that one of ours published into the account's feed; a job tells those who follow it."""
    if deed.actor.handle is None or not SILENT.isdisjoint(deed.activity.types):
        return
    feed = feed_of(deed.actor.name)
    link = None if feed is None else await links.find(tx, feed)
    row = None if link is None else await objects.by_id(tx, deed.id)
    if link is None or row is None:
        return
    said = Said(row.id, row.iri, row.published, row.public, row.object)
    key, shown = _placed(said)
    await links.enter(tx, link, _called(deed.actor.name), [(said, key, shown)])
    work = {
        "do": "spread linked",
        "tenant": link.tenant,
        "source": link.stream,
        **key._asdict(),
        "item": row.id,
    }
    await jobs.add(tx, QUEUE, work, now=deed.now, key=str(row.id))


async def bring(
    tx: Transaction, link: Link, name: str, *, base_url: str, now: int, left: int = HISTORY_MAX
) -> None:
    """Let what an account has said into its feed, which is used for the first time: some now, some by jobs."""
    account = await objects.by_iri(tx, ids.actor(base_url, name))
    if account is None or account.kind != Kind.ACTOR or not account.local:
        return
    prefix = ids.activity_root(base_url)
    said = await links.newest(tx, account.id, prefix, SILENT, limit=min(left, AT_ONCE))
    await links.enter(tx, link, _called(name), [(one, *_placed(one)) for one in said])
    if len(said) == AT_ONCE < left:
        work = {"do": "bring linked", "tenant": link.tenant, "source": link.stream, "name": name}
        await jobs.add(tx, QUEUE, {**work, "left": left - AT_ONCE}, now=now, key=str(link.stream))


def _called(name: str) -> str:
    """Return what names an account in feeds."""
    return str(Reference("user", name))


def _placed(said: Said) -> tuple[Key, Shown]:
    """Return the id of an activity in feeds, by its date and IRI, and to whom it is shown there.

    Dates of documents have whole seconds; what was said within one keeps its order.
    """
    moment = instants.moment(instant_of(dated(said.item, said.published)))
    shown = Shown.READERS if said.public else Shown.OWNER
    return Key(*feedids.key(feedids.of_foreign_id(moment, said.iri))), shown


async def leave(tx: Transaction, thing: int, *, now: int) -> None:
    """Let an activity show in no feed any more that was taken back, or whose object was deleted.

    A job takes it out of all feeds that it is in.
    """
    for one in await links.about(tx, thing):
        await bundles.show(tx, one.item, Shown.NOBODY)
        work = {"do": "take linked", "tenant": one.tenant, "item": one.item}
        await jobs.add(tx, QUEUE, work, now=now, key=str(one.item))
