"""Keeping an activity of a feed as what it is everywhere: a document, in the stream of its actor."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from storage import Transaction, bundles, entries, errors, feedactivities, links, objects
from storage.feedactivities import Key
from storage.feedaudit import Action
from storage.ids import dated
from storage.objects import Kind, ObjectRow
from storage.placements import Shown
from streams import documents
from streams.errors import Refused
from streams.feeds import keys, showing, spelling
from streams.feeds.news import Gone
from streams.feeds.space import Space
from vocab import PUBLIC, Activity, Audience, instants
from vocab.dialects.getstream import FeedActivity, Reference, as2, times, to_activity


@dataclass(frozen=True, slots=True)
class Held:
    """An activity of feeds as it is stored now: its row, that of its actor, what it says, and whether to everyone.

    One that was not ``made`` in a feed was said by an account: feeds have it, and cannot change what it says. ``deed``
    is what was done to it just now, None when nothing was.
    """

    item: int
    actor: int
    activity: FeedActivity
    public: bool
    made: bool = True
    deed: Action | None = None

    @property
    def key(self) -> Key:
        """Its id as storage knows it."""
        return keys.key_of(self.activity.id)

    @property
    def shown(self) -> Shown:
        """To whom it may be shown at most: what an account did not say to everyone, to no other user."""
        return Shown.READERS if self.made or self.public else Shown.OWNER

    def is_for(self, user: str) -> bool:
        """Tell whether a user may read it: what an account did not say to everyone is for that account's user."""
        return self.shown == Shown.READERS or self.activity.actor == str(Reference("user", user))

    def gone(self, *, by_foreign_id: bool = False) -> Gone:
        """Return what is told of it when it leaves a feed."""
        if not by_foreign_id:
            return Gone(self.item, str(self.activity.id))
        return Gone(
            self.item, str(self.activity.id), self.activity.foreign_id, times.naive(self.activity.time)
        )


async def keep(
    tx: Transaction, space: Space, made: FeedActivity, *, public: bool, upsert: bool, now: int
) -> Held:
    """Store an activity, or with ``upsert`` put it in the place of what has its id (Feeds §3.3).

    Without, one that is there already stays as it is, and so does what an account said. One that was deleted is
    there again.
    """
    found = await feedactivities.seize(tx, space.tenant.id, keys.key_of(made.id))
    row = None if found is None else await objects.by_id(tx, found)
    if row is None:
        return await _new(tx, space, made, public=public, now=now)
    if not space.made(row.iri):
        return await _said(tx, space, made)
    if row.deleted is None and not upsert:
        held = await hold(tx, space, keys.key_of(made.id))
        if held is not None:
            if public and not row.public:
                await rewrite(tx, space, held, held.activity, public=True, now=now)
            return held
    actor = await actor_of(tx, space, made.actor, now=now)
    if row.deleted is None:
        held = Held(row.id, actor[0], made, bool(row.public))
        changed = await rewrite(tx, space, held, made, public=public or held.public, now=now)
        return replace(changed, deed="update")
    held = Held(row.id, actor[0], made, public, deed="create")
    await _revive(tx, space, row, held, public=public, now=now)
    return held


async def _said(tx: Transaction, space: Space, made: FeedActivity) -> Held:
    """Return what an account said. Raises Refused when it was deleted."""
    held = await hold(tx, space, keys.key_of(made.id))
    if held is None:
        raise Refused("foreign_id", "names something that was deleted")
    return held


async def hold(tx: Transaction, space: Space, key: Key) -> Held | None:
    """Return an activity that is stored and was not deleted."""
    kept = await feedactivities.find(tx, space.tenant.id, key)
    if kept is None:
        return None
    activity = spelling.read(kept, space.entities)
    return Held(kept.item, kept.owner or 0, activity, kept.public == 1, space.made(kept.iri))


async def rewrite(
    tx: Transaction, space: Space, held: Held, made: FeedActivity, *, public: bool, now: int
) -> Held:
    """Let a stored activity say something else, in every feed and everywhere else at once.

    Of what an account said only the feeds in its ``to`` can change.
    """
    await feedactivities.retarget(tx, held.item, spelling.stored_feeds(made.to))
    if not held.made:
        await objects.note_edit(tx, held.item)
        return replace(held, activity=replace(held.activity, to=made.to))
    actor, iri = await actor_of(tx, space, made.actor, now=now)
    thing = document(space, made, actor=iri, public=public)
    await documents.rewrite(tx, held.item, thing, now=now)
    if await _attribute(tx, held.item, made, _owner(space, actor, iri)):
        await entries.remove_everywhere(tx, held.item, ("outbox",))
        if space.entities.has(iri):
            await enlist(tx, actor, iri, held.item, public=public)
    if public:
        await entries.show(tx, held.item, "outbox", public=True)
        await showing.retell(tx, space, held.item, made, now=now)
    return replace(held, actor=actor, activity=made, public=public)


async def publish(tx: Transaction, space: Space, held: Held, *, now: int) -> None:
    """Let everyone read an activity that was made in a feed."""
    if held.made and not held.public:
        await rewrite(tx, space, held, held.activity, public=True, now=now)


async def drop(tx: Transaction, space: Space, item: int, *, now: int) -> None:
    """Delete an activity: a Tombstone takes its place, and its actor's stream has it no more.

    What an account said stays what it is; feeds just know it no more.
    """
    row = await objects.by_id(tx, item)
    if row is not None and not space.made(row.iri):
        await links.forget(tx, item)
    elif row is not None and row.deleted is None:
        await documents.bury(tx, row, now=now)
        await entries.remove_everywhere(tx, item, ("outbox",))


async def _new(tx: Transaction, space: Space, made: FeedActivity, *, public: bool, now: int) -> Held:
    actor, iri = await actor_of(tx, space, made.actor, now=now)
    thing = document(space, made, actor=iri, public=public)
    item = await documents.keep(
        tx, thing, Kind.ACTIVITY, owner=_owner(space, actor, iri), local=True, now=now
    )
    if item is None:
        raise errors.Conflict(thing.id)  # it was added at the same time; run again, this unit finds it
    await feedactivities.add(
        tx, space.tenant.id, keys.key_of(made.id), item,
        actor=made.actor, foreign_id=made.foreign_id, targets=spelling.stored_feeds(made.to),
    )  # fmt: skip
    position = position_in(space, item, made.time, now=now)
    if space.entities.has(iri):
        await enlist(tx, actor, iri, item, public=public, position=position)
    return Held(item, actor, made, public, deed="create")


async def _revive(
    tx: Transaction, space: Space, grave: ObjectRow, held: Held, *, public: bool, now: int
) -> None:
    iri = await objects.iri_of(tx, held.actor)
    thing = document(space, held.activity, actor=iri, public=public)
    await documents.restore(tx, grave, thing, now=now)
    await documents.address(tx, held.item, Audience.of(thing))
    await feedactivities.retarget(tx, held.item, spelling.stored_feeds(held.activity.to))
    await _attribute(tx, held.item, held.activity, _owner(space, held.actor, iri))
    if space.entities.has(iri):
        await enlist(tx, held.actor, iri, held.item, public=public)


async def _attribute(tx: Transaction, item: int, made: FeedActivity, owner: int | None) -> bool:
    """Let the activity count as its actor's, and belong to an ``owner``; False when it was that actor's before."""
    mark = feedactivities.actor_mark(made.actor)
    if await feedactivities.is_by(tx, item, mark):
        return False
    await bundles.reassign(tx, item, mark)
    await objects.give(tx, item, owner)
    return True


def _owner(space: Space, actor: int, iri: str) -> int | None:
    """Return who an activity belongs to: its actor, and nobody when that is someone elsewhere, who never said it."""
    return actor if space.entities.has(iri) else None


def document(space: Space, made: FeedActivity, *, actor: str, public: bool) -> Activity:
    """Return the document of an activity; which feeds it was sent to is nobody else's business and not in it."""
    thing = as2.leaving(to_activity(made, space.entities, iri=space.activity_iri(made.id)))
    data = {**thing.data, "actor": actor}
    return Activity({**data, "to": PUBLIC} if public else data)


async def actor_of(tx: Transaction, space: Space, called: str, *, now: int) -> tuple[int, str]:
    """Return the row and IRI of who acts: an account of ours if the user has one, else the entity."""
    entity = space.entities.iri(called, "User")
    account = space.entities.account(entity)
    rows = await tx.all(
        "SELECT id, iri FROM objects WHERE iri = :account AND kind = 3 AND local = 1 OR iri = :entity",
        account=account, entity=entity,
    )  # fmt: skip
    known = {cast(str, iri): cast(int, id) for id, iri in rows}
    iri = account if account in known else entity
    id = known.get(iri or "")
    return (await objects.name(tx, entity, now=now) if id is None else id), iri or entity


def position_in(space: Space, item: int, time: datetime, *, now: int) -> int | None:
    """Return where in its actor's stream something belongs: at the top, unless it happened before."""
    return dated(item, max(0, min(instants.microseconds(time), now))) if space.past else None


async def enlist(
    tx: Transaction, actor: int, iri: str, item: int, *, public: bool, position: int | None = None
) -> None:
    """Enter an activity into its actor's stream, at the top unless a position is given."""
    stream = await entries.ensure(tx, actor, "outbox", iri=outbox_iri(iri))
    await entries.add(tx, stream, item, public=public, position=position)


def outbox_iri(iri: str) -> str | None:
    """Return the IRI of the stream of what an entity does; that of an account has one of its own."""
    return None if "/users/" in iri else f"{iri}/outbox"
