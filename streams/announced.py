"""An activity inside a group's Announce, as far as it may be believed (AP-367, FEP-1b12).

The group's word counts for nothing: the activity is read at its own origin, or carries its author's proof; else
its object is read there, which tells as much about a Create, an Update and a Delete. Of such a one the id is
hearsay: what the author itself says under that id later is news all the same.
"""

from storage import Transaction, actors, entries, follows, objects
from storage.actors import ActorRow
from streams import ids, moderators
from streams.errors import Unreachable
from streams.moderators import GROUP
from streams.ports import Ports
from vocab import Activity, Audience, Collection, Object, stored
from vocab import iri as iris

TAKEN_UP = frozenset(
    {"Create", "Update", "Delete", "Like", "Dislike", "EmojiReact", "Undo", "Add", "Remove", "Lock"}
)
"""What a group may pass on. Whom someone follows or blocks is not for groups to say."""
UNDONE = frozenset({"Like", "Dislike", "EmojiReact", "Delete", "Lock"})
OVERSEEN = frozenset({"Delete", "Lock", "Undo"})
"""Types by which moderators keep order."""


def is_by_group(activity: Activity, actor: ActorRow) -> bool:
    """Tell whether this may be a group's Announce of an activity of someone else."""
    return activity.is_a("Announce") and actor.type == GROUP and len(activity.ids("object")) == 1


async def inner(ports: Ports, activity: Activity, group: ActorRow, read: Object | None) -> Activity | None:
    """Return the activity a group has announced; None when it is none, is ours, or cannot be believed.

    ``read`` is what its origin, or its author's proof, says it is. Only groups count that someone here
    follows, or that speak about something of ours.
    """
    sent = next(iter(activity.embedded("object")), None)
    told = read or sent
    if told is None or told.id is None or not TAKEN_UP & set(told.types):
        return None
    if ids.is_ours(ports.base_url, told.id) or await ports.store.read(_is_held, told.id):
        return None
    if not await ports.store.read(_welcome, told, group, ports.base_url):
        return None
    believed = Activity(read.data) if read is not None else await _by_object(ports, Activity(told.data))
    if believed is None or not await _fit(ports, believed):
        return None
    if OVERSEEN & set(believed.types):
        await _learn_moderators(ports, group)
    return believed


async def _is_held(tx: Transaction, iri: str) -> bool:
    known = await objects.by_iri(tx, iri)
    return known is not None and known.document is not None


async def _fit(ports: Ports, believed: Activity) -> bool:
    author = believed.one_id("actor")
    if (
        author is None
        or not iris.same_origin(author, believed.id or "")
        or ids.is_ours(ports.base_url, author)
    ):
        return False
    if not believed.is_a("Undo"):
        return True
    undone = believed.embedded("object")
    known = await ports.store.read(objects.by_iri, next(iter(believed.ids("object")), ""))
    types = undone[0].types if undone else () if known is None else (known.type,)
    return bool(UNDONE & set(types))


async def _welcome(tx: Transaction, told: Object, group: ActorRow, base_url: str) -> bool:
    named = (*Audience.of(told).recipients, *told.ids("object"), *told.ids("inReplyTo"))
    named += tuple(iri for thing in told.embedded("object") for iri in thing.ids("inReplyTo"))
    if any(ids.is_ours(base_url, iri) for iri in named):
        return True
    outbox = await entries.find(tx, group.id, "outbox")
    return outbox is not None and await follows.has_local(tx, outbox.id)


async def _by_object(ports: Ports, told: Activity) -> Activity | None:
    """Believe as much of an activity as its object, read at its own origin, tells: that it is there, or is not."""
    author, about = told.one_id("actor"), told.ids("object")
    if author is None or len(about) != 1 or not iris.same_origin(author, about[0]):
        return None
    if told.id is None or not iris.same_origin(author, told.id):
        return None
    try:
        thing = await ports.elsewhere.object(about[0])
    except Unreachable as error:
        if error.temporary:
            raise
        thing = Object({"type": "Tombstone"}) if error.gone else Object({})
    if told.is_a("Delete"):
        deleted = {"id": told.id, "type": "Delete", "actor": author, "object": about[0]}
        return Activity(deleted) if thing.is_a("Tombstone") else None
    if not told.is_a("Create", "Update") or thing.one_id("attributedTo") != author:
        return None
    said_to = {field: list(named) for field, named in Audience.of(thing).fields().items() if named}
    type = "Create" if told.is_a("Create") else "Update"
    return Activity({"id": told.id, "type": type, "actor": author, **said_to, "object": thing.data})


async def _learn_moderators(ports: Ports, group: ActorRow) -> None:
    """Read who moderates a group now, from the collection its ``attributedTo`` names."""
    described = stored(group.document, None)
    named = described.ids("attributedTo") or described.ids("moderators")
    if len(named) != 1 or not iris.same_origin(named[0], group.iri):
        return
    try:
        listed = Collection((await ports.elsewhere.object(named[0])).data)
    except Unreachable:
        return
    await ports.store.write(_learn, group.iri, listed.member_ids, now=ports.clock())


async def _learn(tx: Transaction, iri: str, members: tuple[str, ...], *, now: int) -> None:
    group = await actors.find(tx, iri)
    if group is not None:
        await moderators.learn(tx, group, members, now=now)
