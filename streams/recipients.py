"""Who gets an activity of ours: here, an entry in an inbox; elsewhere, one delivery per inbox. ActivityPub §7.1."""

from dataclasses import dataclass, field
from typing import Any

from storage import Transaction, actors, blocks, entries, follows, jobs, letters, policies
from storage.actors import ActorRow, State
from storage.entries import Stream
from streams import ids, relations
from streams.deed import Deed
from streams.moderators import GROUP
from vocab import AUTHENTICATED
from vocab import iri as iris

INLINE_MAX = 1_000
"""Up to so many remote followers get their deliveries with the activity itself; a job goes on from there."""
TOGETHER_MAX = 100
"""So many deliveries are left in one transaction, jobs leave the others: a thousand would keep whoever else
writes, and on SQLite the event loop, for tens of milliseconds."""


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
        if iri in (deed.actor.iri, AUTHENTICATED):
            continue  # readable for whoever is known, delivered to nobody as such (AP-484)
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
    if actor.state in (State.SUSPENDED, State.GONE) or await blocks.blocks(
        tx, deed.actor.id, actor.iri, actor.host
    ):
        return
    if actor.local:
        await tell(tx, actor, deed)
    elif actor.inbox is not None:
        found.inboxes[actor.inbox if personal else actor.shared_inbox or actor.inbox] = None


async def tell(tx: Transaction, actor: ActorRow, deed: Deed) -> None:
    """Put the activity into the inbox of an actor who lives here, unless that actor has blocked its author.

    Nor is anyone shown what someone shares of those whom they have blocked or muted (AP-256, AP-641).
    """
    if actor.id in deed.told:
        return
    deed.told.add(actor.id)
    for one in (deed.actor, deed.author):
        if one is None or one.id == actor.id:
            continue
        if await blocks.blocks(tx, actor.id, one.iri, one.host) or await blocks.mutes(tx, actor.id, one.iri):
            return
    await entries.add(tx, await relations.inbox(tx, actor), deed.id, public=deed.audience.public)
    if actor.type == GROUP:
        deed.groups.append(actor)


async def _expand(tx: Transaction, deed: Deed, collection: Stream, found: Recipients) -> None:
    """Reach the members of a collection of the actor's own; nobody else's expands (AP-282, SEC-026)."""
    if collection.kind == "followers" and collection.owner == deed.actor.id:
        source = await relations.outbox(tx, deed.actor)
        await entries.copy_to_followers(tx, source, deed.id, public=deed.audience.public, author=deed.brings)
        addresses, found.rest_after = await follows.addresses(tx, source, limit=INLINE_MAX)
        found.inboxes.update((address.shared_inbox or address.inbox, None) for address in addresses)
    elif collection.kind == "collection" and await _owns(tx, deed, collection):
        for member in await entries.page(tx, collection.id, viewer=None, whole=True, limit=INLINE_MAX):
            await _reach(tx, deed, member.iri, found, personal=False)


async def _owns(tx: Transaction, deed: Deed, collection: Stream) -> bool:
    item = await entries.one(tx, collection.owner)
    return item is not None and item.owner == deed.actor.id


async def deliver(tx: Transaction, deed: Deed, body: str, found: Recipients) -> None:
    """Leave a delivery for every inbox elsewhere, in the transaction of the activity (REL-008).

    A Delete takes the place of what else its author was going to say there of the same thing (AP-300).
    """
    if not found.inboxes and not found.strangers and not found.rest_after:
        return
    letter = await letters.write(tx, body, now=deed.now)
    work = delivery(deed)
    if deed.activity.is_a("Delete") and found.inboxes:
        await jobs.cancel(tx, "deliver", (_key(inbox, work) for inbox in found.inboxes), actor=deed.actor.iri)
    await post(tx, letter, work, found.inboxes, now=deed.now)
    for iri in found.strangers:
        work = {**delivery(deed), "recipient": iri}
        await jobs.add(
            tx, "resolve", work, now=deed.now, letter=letter, dedupe=f"{deed.iri} {iri}", lane=iris.host(iri)
        )
    if found.rest_after:
        work = {**delivery(deed), "source": await relations.outbox(tx, deed.actor), "after": found.rest_after}
        await jobs.add(tx, "fanout", work, now=deed.now, letter=letter, key=work["about"], dedupe=deed.iri)


def delivery(deed: Deed) -> dict[str, Any]:
    """Return what every delivery of an activity says: who signs it, what it is and what it is about."""
    about = deed.activity.ids("object")
    return {"v": 1, "actor": deed.actor.iri, "activity": deed.iri, "about": about[0] if about else deed.iri}


def _key(inbox: str, work: dict[str, Any]) -> str:
    """Return what keeps deliveries about one thing to one inbox in order (REL-017)."""
    return f"{inbox} {work['about']}"


async def post(
    tx: Transaction, letter: int, work: dict[str, Any], inboxes: "dict[str, None]", *, now: int
) -> None:
    """Leave one delivery per inbox; those about one thing reach an inbox in order (AP-300, REL-017).

    Jobs leave those beyond the first; what is about one thing is left in order, too.
    """
    every = list(inboxes)
    await _post(tx, letter, work, every[:TOGETHER_MAX], now=now)
    later = [every[start : start + TOGETHER_MAX] for start in range(TOGETHER_MAX, len(every), TOGETHER_MAX)]
    new = [jobs.NewJob({**work, "inboxes": some}, key=work["about"]) for some in later]
    await jobs.add_many(tx, "fanout", new, now=now, letter=letter)


async def _post(tx: Transaction, letter: int, work: dict[str, Any], inboxes: list[str], *, now: int) -> None:
    hosts = {inbox: iris.host(inbox) for inbox in inboxes}
    said = await policies.severities(tx, set(hosts.values()))
    await jobs.add_many(
        tx,
        "deliver",
        [
            jobs.NewJob(
                payload={**work, "inbox": inbox}, lane=host, key=_key(inbox, work),
                dedupe=f"{work['activity']} {inbox}",
            )
            for inbox, host in hosts.items()
            if said[host] != policies.SUSPEND
        ],
        now=now,
        letter=letter,
    )  # fmt: skip
