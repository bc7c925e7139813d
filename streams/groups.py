"""Groups (FEP-1b12): what is addressed to a group of ours, or said about what is in it, the group announces.

Members follow the group; its ``Announce`` carries the activity exactly as it came. What a group passes on
is never another Announce, so that groups which follow each other do not go in circles (AP-727).
"""

from collections.abc import Iterable

from storage import Transaction, actors, audience, blocks, entries, objects, reactions
from storage.actors import ActorRow, State
from storage.objects import Kind, ObjectRow
from streams import ids, instants, relations
from streams.deed import Deed
from streams.drafts import Draft
from streams.moderators import GROUP, LOCKED, POSTS, moderated, moderates
from vocab import PUBLIC, Activity, Audience, Object, stored

ABOUT_POSTS = frozenset({"Create", "Update", "Delete", "Like", "Dislike", "EmojiReact", "Undo"})
MODERATION = frozenset({"Add", "Block", "Lock", "Remove"})
THREAD_DEPTH_MAX = 50
"""So many parents are looked at to find out whether a thread is locked."""


async def concerned(tx: Transaction, deed: Deed) -> list[ActorRow]:
    """Return the groups of ours that a deed concerns: those it was told to, and those whose posts it is about.

    A channel is none of them: it tells what happens in it, and passes nothing on.
    """
    if not (ABOUT_POSTS | MODERATION) & set(deed.activity.types):
        return []
    found = {group.iri: group for group in deed.groups}
    for thing in deed.concerns:
        for iri in Audience.of(stored(thing.document or "{}", None)).recipients:
            if iri in found or not ids.is_actor(deed.base_url, iri):
                continue
            group = await actors.find(tx, iri)
            if group is not None and group.type == GROUP:
                found[iri] = group
    return [
        group
        for group in found.values()
        if group.local
        and group.state == State.ACTIVE
        and group.id != deed.actor.id
        and not await actors.is_feed(tx, group.id)
    ]


async def pass_on(
    tx: Transaction, deed: Deed, groups: Iterable[ActorRow], sent: Object
) -> list[tuple[ActorRow, Draft]]:
    """Return what groups of ours say about an activity: an Announce of it, as ``sent``, or a Reject.

    A new thread is announced once more by itself, for servers that show nothing but announced posts
    (Mastodon). Who is blocked is not answered at all.
    """
    said: list[tuple[ActorRow, Draft]] = []
    for group in groups:
        if await blocks.blocks(tx, group.id, deed.actor.iri, deed.actor.host):
            continue
        if _keeps_order(deed):
            if any(one.id == group.id for one in await moderated(tx, deed)):
                said.append((group, _announce(deed, group, sent.data)))
        elif not await _takes(tx, deed, group):
            if deed.activity.is_a("Create"):
                said.append((group, _reject(deed, group)))
        elif await _belongs(tx, deed, group):
            await audience.put(tx, deed.id, Audience(bto=(group.iri,)))
            said.append((group, _announce(deed, group, sent.data)))
            said += await _by_itself(tx, deed, group)
    return said


def _keeps_order(deed: Deed) -> bool:
    """Tell whether this is for moderators alone: by its type, or because it deletes what someone else said."""
    others = any(thing.owner != deed.actor.id for thing in deed.concerns)
    return bool(MODERATION & set(deed.activity.types)) or (deed.activity.is_a("Delete") and others)


async def _takes(tx: Transaction, deed: Deed, group: ActorRow) -> bool:
    """Tell whether a group wants to hear this actor: in a closed one members, on locked threads moderators only."""
    if await moderates(tx, deed.actor, group.id):
        return True
    if group.approves:
        membership = await relations.find(tx, deed.actor, group)
        if membership is None or not membership.state:
            return False
    if not deed.activity.is_a("Create"):
        return True
    if not deed.concerns:
        return stored(group.document, None).flag("postingRestrictedToMods") is not True
    locked = await entries.find(tx, group.id, LOCKED)
    return locked is None or not locked.total or not await _is_below(tx, deed.concerns, locked.id)


async def _is_below(tx: Transaction, parents: Iterable[ObjectRow], locked: int) -> bool:
    for parent in parents:
        thing: ObjectRow | None = parent
        for _ in range(THREAD_DEPTH_MAX):
            if thing is None:
                break
            if await entries.has(tx, locked, thing.id):
                return True
            above = stored(thing.document or "{}", None).ids("inReplyTo")
            thing = await objects.by_iri(tx, above[0]) if above else None
    return False


async def _belongs(tx: Transaction, deed: Deed, group: ActorRow) -> bool:
    """Tell whether what a deed is about is in a group, after a Create put it there; all of it open to anyone."""
    posts = await entries.ensure(tx, group.id, POSTS)
    if deed.activity.is_a("Create"):
        post = await objects.by_id(tx, deed.refers or 0)
        told = any(one.id == group.id for one in deed.groups)
        if post is None or not post.public:
            return False
        if not told and not [one for one in deed.concerns if await entries.has(tx, posts, one.id)]:
            return False
        return await entries.add(tx, posts, post.id, public=True)
    gone = deed.activity.is_a("Delete")  # and taken out of the group already
    for one in deed.concerns:
        now = one if gone else await objects.by_id(tx, one.id)  # an Update may have closed it to others
        if now is not None and now.public and (gone or await entries.has(tx, posts, one.id)):
            return True
    return False


async def _by_itself(tx: Transaction, deed: Deed, group: ActorRow) -> list[tuple[ActorRow, Draft]]:
    post = None if deed.concerns or deed.refers is None else await objects.by_id(tx, deed.refers)
    if post is None or post.kind != Kind.OBJECT or not deed.activity.is_a("Create"):
        return []
    if await reactions.find(tx, post.id, group.id, "Announce") is not None:
        return []
    return [(group, _announce(deed, group, post.iri))]


def _announce(deed: Deed, group: ActorRow, object: object) -> Draft:
    """Return a group's Announce. It was checked by whoever sent it, so nothing of it is changed here."""
    return _draft(deed, group, "Announce", object, to=(PUBLIC,), cc=(group.followers or "", deed.actor.iri))


def _reject(deed: Deed, group: ActorRow) -> Draft:
    return _draft(deed, group, "Reject", deed.iri, to=(deed.actor.iri,), cc=())


def _draft(
    deed: Deed, group: ActorRow, type: str, object: object, *, to: tuple[str, ...], cc: tuple[str, ...]
) -> Draft:
    said = {
        "id": ids.activity(deed.base_url, deed.now), "type": type, "actor": group.iri,
        "published": instants.written(deed.now), "to": list(to), "cc": list(cc), "object": object,
    }  # fmt: skip
    return Draft(Activity(said), Audience(to, cc))


async def heard(tx: Transaction, deed: Deed, activity: ObjectRow) -> None:
    """Note that a group, ours or another server's, has announced an activity: no share, but a post in the group."""
    deed.refers = activity.id
    post = None if activity.object is None else await objects.by_id(tx, activity.object)
    if activity.type == "Create" and post is not None and post.kind == Kind.OBJECT:
        posts = await entries.ensure(tx, deed.actor.id, POSTS)
        await entries.add(tx, posts, post.id, public=bool(post.public))
