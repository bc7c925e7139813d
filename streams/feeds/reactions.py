"""Reactions: what users respond to activities, and to each other's responses (Feeds §7.3).

A reaction is an activity of its user too: a private document about what it responds to, in its user's stream.
``may`` is asked about a reaction before anything is done to it, and raises to forbid that: whether one exists is
known to everybody, so that is told first (Feeds §2.5).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from storage import (
    Transaction,
    feedactivities,
    feedaudit,
    feedcounts,
    feedreactions,
    objects,
)
from storage.feedreactions import FeedReaction
from storage.ids import instant_of, next_id
from storage.objects import Kind
from storage.tenants import Tenant
from streams import documents
from streams.errors import NameTaken, NotFound
from streams.feeds import keeping, keys, responding, spelling
from streams.feeds.moments import Moments
from streams.feeds.space import Feeds, Space
from vocab import BadFields, instants, jsontext
from vocab.dialects.getstream import Reference, ids, responses
from vocab.dialects.getstream.reactions import LEVELS_MAX, NewReaction, Reaction, ReactionChange

May = Callable[[FeedReaction], None]
"""Raises when the caller may not do to a reaction what they want to."""


async def add(parts: Feeds, tenant: Tenant, new: NewReaction, user: str, *, author: str) -> FeedReaction:
    """React for a user, and tell the feeds that are to be told.

    Raises BadFields when its parent is not there or too deep, NameTaken when its id is taken, UnknownGroup, TooLarge.
    """
    space = await parts.space(tenant, {target.feed.slug for target in new.targets})
    return await parts.store.write(_add, space, new, user, author=author, now=parts.clock())


async def _add(
    tx: Transaction, space: Space, new: NewReaction, user: str, *, author: str, now: int
) -> FeedReaction:
    space = await space.heard(tx, now=now)
    row = await put(tx, space, new, user, position=next_id(), now=now)
    await feedaudit.note(tx, space.tenant.id, "reaction", row.name, "create", author)
    return row


async def put(
    tx: Transaction, space: Space, new: NewReaction, user: str, *, position: int, now: int
) -> FeedReaction:
    """React for a user; ``position`` says when, as an id that grows with time. A unit of work, raises as ``add``."""
    created = instants.moment(instant_of(position))
    name = new.id or str(ids.unique(created, Moments.node()))
    parent = await _parent(tx, space, new.parent) if new.parent else None
    activity = UUID(parent.activity) if parent is not None else new.activity_id
    if activity is None:
        raise BadFields({"activity_id": ["this field is required"]})
    feeds = tuple(target.feed for target in new.targets)
    made = Reaction(name, new.kind, activity, user, created, created, new.data, new.parent, feeds)
    if parent is not None:
        subject, about, level = parent.item, responses.iri_of(parent.name, space.entities), parent.level + 1
    else:
        subject, about = await _activity(tx, space, activity, now=now)
        level = 1
    item, document = await _keep(tx, space, made, subject, about, now=now)
    row = FeedReaction(
        item, name, position, subject, str(activity), new.parent, level, new.kind, user,
        spelling.stored_feeds(feeds), None, None, document,
    )  # fmt: skip
    if not await feedreactions.add(tx, space.tenant.id, row):
        raise NameTaken(name)
    await feedcounts.change(tx, subject, new.kind, 1)
    if feeds:
        await responding.tell(tx, space, made, new.extra, now=now)
    await responding.happened(tx, space, "new", made)
    return row


async def _parent(tx: Transaction, space: Space, name: str) -> FeedReaction:
    parent = await feedreactions.keep(tx, space.tenant.id, name)
    if parent is None or parent.deleted is not None:
        raise BadFields({"parent": ["does not exist"]})
    if parent.level >= LEVELS_MAX:
        raise BadFields({"parent": [f"reactions are nested at most {LEVELS_MAX} deep"]})
    return parent


async def subject_of(tx: Transaction, space: Space, activity: UUID) -> int | None:
    """Return the row of an activity that was reacted to, which may be no more than a name; None for any other."""
    if ids.is_timed(activity):
        known = await feedactivities.item(tx, space.tenant.id, keys.key_of(activity))
        if known is not None:
            return known
    return await objects.id_of(tx, space.activity_iri(activity))


async def _activity(tx: Transaction, space: Space, activity: UUID, *, now: int) -> tuple[int, str]:
    """Return row and IRI of an activity that is reacted to; it need not exist."""
    known = await subject_of(tx, space, activity)
    if known is not None:
        return known, await objects.iri_of(tx, known)
    iri = space.activity_iri(activity)
    return await objects.name(tx, iri, now=now), iri


async def _keep(
    tx: Transaction, space: Space, made: Reaction, subject: int, about: str, *, now: int
) -> tuple[int, str]:
    """Store the document of a reaction and list it among what its user does; return its row and text."""
    user, actor = await keeping.actor_of(tx, space, str(Reference("user", made.user_id)), now=now)
    iri = responses.iri_of(made.id, space.entities)
    thing = responses.to_activity(made, iri=iri, actor=actor, about=about)
    item = await documents.keep(tx, thing, Kind.ACTIVITY, owner=user, local=True, now=now, object=subject)
    if item is None:
        raise NameTaken(made.id)
    position = keeping.position_in(space, item, made.created_at, now=now)
    await keeping.enlist(tx, user, actor, item, public=False, position=position)
    return item, jsontext.dumps(thing.data).decode()


async def find(parts: Feeds, tenant: Tenant, name: str) -> FeedReaction:
    """Return a reaction, hidden or not. Raises NotFound."""
    row = await parts.store.peek(feedreactions.find, tenant.id, name)
    if row is None:
        raise NotFound(name)
    return row


async def some(parts: Feeds, tenant: Tenant, names: Iterable[str], *, hidden: bool) -> list[FeedReaction]:
    """Return those of some reactions that there are, in the order they were asked for; hidden ones if wanted."""
    wanted = list(dict.fromkeys(names))
    there = await parts.store.peek(feedreactions.named, tenant.id, wanted)
    rows = (there[name] for name in wanted if name in there)
    return [row for row in rows if hidden or row.deleted is None]


async def change(
    parts: Feeds, tenant: Tenant, name: str, wanted: ReactionChange, may: May, *, author: str
) -> FeedReaction:
    """Change what a reaction says, which feeds are told of it, or both.

    Raises NotFound when there is none that shows, UnknownGroup, TooLarge, and what ``may`` raises.
    """
    space = await parts.space(tenant, {target.feed.slug for target in wanted.targets or ()})
    return await parts.store.write(_change, space, name, wanted, may, author=author, now=parts.clock())


async def _change(
    tx: Transaction, space: Space, name: str, wanted: ReactionChange, may: May, *, author: str, now: int
) -> FeedReaction:
    space = await space.heard(tx, now=now)
    row = await found(tx, space, name, may)
    if row.deleted is not None:
        raise NotFound(name)
    former, held = read(row), _document(row)
    now = max(now, (row.updated or row.created) + 1)
    made = replace(former, updated_at=instants.moment(now))
    if wanted.data is not None:
        made = replace(made, data=wanted.data)
    if wanted.targets is not None:
        made = replace(made, target_feeds=tuple(target.feed for target in wanted.targets))
        await feedreactions.retarget(tx, row.item, spelling.stored_feeds(made.target_feeds))
        await responding.tell_others(tx, space, made, wanted.extra, former.target_feeds, now=now)
    thing = responses.to_activity(made, iri=held["id"], actor=held["actor"], about=held["object"])
    await documents.rewrite(tx, row.item, thing, now=now)
    await feedaudit.note(tx, space.tenant.id, "reaction", name, "update", author)
    await responding.happened(tx, space, "updated", made)
    return row._replace(
        updated=now, document=jsontext.dumps(thing.data).decode(),
        targets=spelling.stored_feeds(made.target_feeds),
    )  # fmt: skip


async def hide(parts: Feeds, tenant: Tenant, name: str, may: May, *, author: str) -> None:
    """Let a reaction, and what it told in feeds, show no more until it is restored. Raises NotFound."""
    space = await parts.space(tenant)
    await parts.store.write(_hide, space, name, may, author=author, now=parts.clock())


async def _hide(tx: Transaction, space: Space, name: str, may: May, *, author: str, now: int) -> None:
    space = await space.heard(tx, now=now)
    row = await found(tx, space, name, may)
    if row.deleted is None:
        told = await responding.untell(tx, space, read(row), now=now) if row.targets else {}
        await feedreactions.hide(tx, row.item, told=jsontext.dumps(told).decode(), now=now)
        await feedcounts.change(tx, row.subject, row.kind, -1)
        await feedaudit.note(tx, space.tenant.id, "reaction", name, "delete", author)
        await responding.happened(tx, space, "deleted", read(row))


async def restore(parts: Feeds, tenant: Tenant, name: str, may: May, *, author: str) -> None:
    """Let a reaction that is hidden show again. Raises NotFound for any other."""
    space = await parts.space(tenant)
    await parts.store.write(_restore, space, name, may, author=author, now=parts.clock())


async def _restore(tx: Transaction, space: Space, name: str, may: May, *, author: str, now: int) -> None:
    space = await space.heard(tx, now=now)
    row = await feedreactions.seize(tx, space.tenant.id, name)
    if row is None or row.deleted is None:
        raise NotFound(name)
    may(row)
    told = jsontext.loads(await feedreactions.show(tx, row.item) or "{}")
    await feedcounts.change(tx, row.subject, row.kind, 1)
    if row.targets and isinstance(told, dict):
        await responding.tell(tx, space, read(row), told, now=now)
    await feedaudit.note(tx, space.tenant.id, "reaction", name, "update", author)


async def found(tx: Transaction, space: Space, name: str, may: May) -> FeedReaction:
    """Return a reaction that may be touched, and keep others from it. Raises NotFound. A unit of work."""
    row = await feedreactions.seize(tx, space.tenant.id, name)
    if row is None:
        raise NotFound(name)
    may(row)
    return row


def read(row: FeedReaction) -> Reaction:
    """Return a stored reaction as the dialect knows it."""
    created = instants.moment(row.created)
    return Reaction(
        row.name, row.kind, UUID(row.activity), row.author, created,
        created if row.updated is None else instants.moment(row.updated),
        responses.data_of(_document(row)), row.parent, spelling.feeds_in(row.targets),
        None if row.deleted is None else instants.moment(row.deleted),
    )  # fmt: skip


def _document(row: FeedReaction) -> dict[str, Any]:
    document = jsontext.loads(row.document)
    assert isinstance(document, dict)  # noqa: S101 - it was written as an object
    return document
