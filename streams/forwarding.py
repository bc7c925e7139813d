"""Forwarding from the inbox: a collection of ours was named, in something about a thing of ours. ActivityPub §7.1.2.

Whoever answers one of us names our followers but cannot reach them; we can (AP-390). What was received goes
on byte for byte, under the HTTP signature of the collection's owner, once per activity.
"""

from collections.abc import Iterable

from storage import Transaction, actors, audience, blocks, entries, follows, jobs, letters, objects
from storage.actors import ActorRow
from storage.entries import Stream
from storage.objects import Kind
from streams import ids, recipients, relations
from streams.deed import Deed
from vocab import Object, stored
from vocab import iri as iris

DEPTH_MAX = 5
"""So many links are followed to find out whether something is about a thing of ours (AP-392)."""
LOOKED_AT_MAX = 50
LINKS = ("inReplyTo", "object", "target", "tag")
NEVER = ("Accept", "Block", "Flag", "Follow", "Move", "Reject")
"""Between two actors, or changing one: not for others (SEC-038)."""


async def due(tx: Transaction, deed: Deed) -> list[Stream]:
    """Return the collections of ours that a received activity is to be forwarded to; call it before its effect.

    One that came without an id is not: nobody could ask its origin for it, or know it again. A later Update or
    Delete goes where the thing went, whether it names the collection or not (AP-394).
    """
    if deed.activity.is_a(*NEVER) or deed.actor.iri in deed.activity.ids("object"):
        return []
    if ids.is_ours(deed.base_url, deed.iri):
        return []
    said_to = deed.audience
    named = {*said_to.to, *said_to.cc, *said_to.audience}
    if deed.activity.is_a("Update", "Delete"):
        for iri in deed.activity.ids("object"):
            held = await objects.by_iri(tx, iri)
            if held is not None and held.owner == deed.actor.id:
                named.update(await audience.of(tx, held.id))
    found = [
        stream
        for iri in sorted(named)
        if ids.is_ours(deed.base_url, iri) and not ids.is_actor(deed.base_url, iri)
        if (stream := await entries.by_iri(tx, iri)) is not None
        and stream.kind in ("followers", "collection")
    ]
    return found if found and await _is_about_ours(tx, deed) else []


async def _is_about_ours(tx: Transaction, deed: Deed) -> bool:
    """Follow the links of an activity through what we hold, nearest first; nothing is fetched for it (AP-392)."""
    seen: set[str] = set()
    level: list[Object] = [deed.activity]
    for _ in range(DEPTH_MAX):
        deeper: list[Object] = []
        for node in level:
            deeper += [inner for link in LINKS for inner in node.embedded(link)]
            for iri in (iri for link in LINKS for iri in node.ids(link)):
                if iri in seen or len(seen) >= LOOKED_AT_MAX:
                    continue
                seen.add(iri)
                row = await objects.by_iri(tx, iri)
                if row is not None and row.local and row.kind in (Kind.OBJECT, Kind.ACTIVITY):
                    return True
                known = deed.documents.get(iri) or (
                    stored(row.document, None) if row and row.document else None
                )
                if known is not None and not known.is_actor:
                    deeper.append(known)
        level = deeper
    return False


async def forward(tx: Transaction, deed: Deed, collections: Iterable[Stream], body: str) -> None:
    """Pass a received activity on, as it was received, to the members of collections of ours (AP-391, AP-393).

    Not to its own host, nor in the name of someone who has blocked its author.
    """
    letter: int | None = None
    for stream in collections:
        owner = await _owner(tx, stream)
        if owner is None or await blocks.blocks(tx, owner.id, deed.actor.iri, deed.actor.host):
            continue
        inboxes, rest = await _members(tx, deed, stream, owner)
        elsewhere = {inbox: None for inbox in inboxes if iris.host(inbox) != deed.actor.host}
        work = {**recipients.delivery(deed), "actor": owner.iri}
        if elsewhere or rest is not None:
            letter = letter or await letters.write(tx, body, now=deed.now)
            await recipients.post(tx, letter, work, elsewhere, now=deed.now)
        if rest is not None:
            more = {**work, **rest, "but": deed.actor.host}
            await jobs.add(tx, "fanout", more, now=deed.now, letter=letter, dedupe=f"{deed.iri} {stream.id}")


async def _owner(tx: Transaction, stream: Stream) -> ActorRow | None:
    held = await objects.by_id(tx, stream.owner)
    return None if held is None or held.owner is None else await actors.by_id(tx, held.owner)


async def _members(
    tx: Transaction, deed: Deed, stream: Stream, owner: ActorRow
) -> tuple[Iterable[str], dict[str, int] | None]:
    """Tell those who live here, once, and return the inboxes of others; with a job's beginning if there are more."""
    if stream.kind == "followers":
        source = await relations.outbox(tx, owner)
        await entries.copy_to_followers(
            tx, source, deed.id, public=deed.audience.public, author=deed.actor.id
        )
        addresses, after = await follows.addresses(tx, source, limit=recipients.INLINE_MAX)
        inboxes = [address.shared_inbox or address.inbox for address in addresses]
        return inboxes, {"source": source, "after": after} if after else None
    found: list[str] = []
    for entry in await entries.page(tx, stream.id, viewer=None, whole=True, limit=recipients.INLINE_MAX):
        member = await actors.by_id(tx, entry.id)
        if member is not None and member.local:
            await recipients.tell(tx, member, deed)
        elif member is not None and member.inbox is not None:
            found.append(member.shared_inbox or member.inbox)
    return found, None
