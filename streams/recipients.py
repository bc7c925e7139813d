"""Who gets an activity of ours: here, an entry in an inbox; elsewhere, one delivery per inbox. ActivityPub §7.1."""

from dataclasses import dataclass, field
from typing import Any

from storage import Transaction, actors, blocks, entries, follows, jobs, letters, policies
from storage.actors import ActorRow, State
from storage.entries import Stream
from streams import ids, relations
from streams.deed import Deed
from vocab import iri as iris

INLINE_MAX = 1_000
"""Up to so many remote followers get their deliveries with the activity itself; a job goes on from there."""


@dataclass(slots=True)
class Recipients:
    """Inbox URLs to deliver to, and actors of other servers we have yet to look up."""

    inboxes: dict[str, None] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    rest_after: int = 0


async def address(tx: Transaction, deed: Deed) -> Recipients:
    """Put the activity into the inboxes of those who live here, and return how to reach the others."""
    found = Recipients()
    blind = {*deed.audience.bto, *deed.audience.bcc}
    for iri in dict.fromkeys((*deed.audience.recipients, *deed.also)):
        if iri == deed.actor.iri:
            continue
        collection = await entries.by_iri(tx, iri) if ids.is_ours(deed.base_url, iri) else None
        if collection is not None:
            await _expand(tx, deed, collection, found)
        else:
            await _reach(tx, deed, iri, found, personal=iri in blind)
    return found


async def _reach(tx: Transaction, deed: Deed, iri: str, found: Recipients, *, personal: bool) -> None:
    """Reach one actor. Blind recipients get their own inbox: a shared one could not know them (AP-288)."""
    actor = await actors.find(tx, iri)
    if actor is None:
        if not ids.is_ours(deed.base_url, iri) and iris.is_http(iri):
            found.strangers.append(iri)
        return
    if actor.state == State.GONE or await blocks.blocks(tx, deed.actor.id, actor.iri, actor.host):
        return
    if actor.local:
        await tell(tx, actor, deed)
    elif actor.inbox is not None:
        found.inboxes[actor.inbox if personal else actor.shared_inbox or actor.inbox] = None


async def tell(tx: Transaction, actor: ActorRow, deed: Deed) -> None:
    """Put the activity into the inbox of an actor who lives here, unless that actor has blocked its author."""
    if await blocks.blocks(tx, actor.id, deed.actor.iri, deed.actor.host):
        return
    if await blocks.mutes(tx, actor.id, deed.actor.iri):
        return
    await entries.add(tx, await relations.inbox(tx, actor), deed.id, public=deed.audience.public)


async def _expand(tx: Transaction, deed: Deed, collection: Stream, found: Recipients) -> None:
    """Reach the members of a collection of the actor's own; nobody else's expands (AP-282, SEC-026)."""
    if collection.kind == "followers" and collection.owner == deed.actor.id:
        source = await relations.outbox(tx, deed.actor)
        await entries.copy_to_followers(tx, source, deed.id, public=deed.audience.public)
        addresses, found.rest_after = await follows.addresses(tx, source, limit=INLINE_MAX)
        found.inboxes.update((address.shared_inbox or address.inbox, None) for address in addresses)
    elif collection.kind == "collection" and await _owns(tx, deed, collection):
        for member in await entries.page(tx, collection.id, viewer=None, whole=True, limit=INLINE_MAX):
            await _reach(tx, deed, member.iri, found, personal=False)


async def _owns(tx: Transaction, deed: Deed, collection: Stream) -> bool:
    item = await entries.one(tx, collection.owner)
    return item is not None and item.owner == deed.actor.id


async def deliver(tx: Transaction, deed: Deed, body: str, found: Recipients) -> None:
    """Leave a delivery for every inbox elsewhere, in the transaction of the activity (REL-008)."""
    if not found.inboxes and not found.strangers and not found.rest_after:
        return
    letter = await letters.write(tx, body, now=deed.now)
    await post(tx, letter, delivery(deed), found.inboxes, now=deed.now)
    for iri in found.strangers:
        work = {**delivery(deed), "recipient": iri}
        await jobs.add(
            tx, "resolve", work, now=deed.now, letter=letter, dedupe=f"{deed.iri} {iri}", lane=iris.host(iri)
        )
    if found.rest_after:
        work = {**delivery(deed), "source": await relations.outbox(tx, deed.actor), "after": found.rest_after}
        await jobs.add(tx, "fanout", work, now=deed.now, letter=letter, dedupe=deed.iri)


def delivery(deed: Deed) -> dict[str, Any]:
    """Return what every delivery of an activity says: who signs it, what it is and what it is about."""
    about = deed.activity.ids("object")
    return {"v": 1, "actor": deed.actor.iri, "activity": deed.iri, "about": about[0] if about else deed.iri}


async def post(
    tx: Transaction, letter: int, work: dict[str, Any], inboxes: "dict[str, None]", *, now: int
) -> None:
    """Leave one delivery per inbox; those about one thing reach an inbox in order (AP-300, REL-017)."""
    hosts = {inbox: iris.host(inbox) for inbox in inboxes}
    suspended = {host for host in set(hosts.values()) if await policies.severity(tx, host) == "suspend"}
    await jobs.add_many(
        tx,
        "deliver",
        [
            jobs.NewJob(
                payload={**work, "inbox": inbox}, lane=host, key=f"{inbox} {work['about']}",
                dedupe=f"{work['activity']} {inbox}",
            )
            for inbox, host in hosts.items()
            if host not in suspended
        ],
        now=now,
        letter=letter,
    )  # fmt: skip
