"""Luggage: what an actor of ours brings along from another server, one piece at a time (AP-756).

Each function is one unit of work and takes its piece once: the former id is remembered in the same
transaction, so an import that was killed is simply run again. Nobody is notified, nothing is delivered.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from storage import Transaction, entries, former, media, objects
from storage.actors import ActorRow
from storage.files import File
from storage.ids import next_id
from streams import documents, drafts, ids, instants
from streams.deed import Deed
from streams.effects import add, create
from streams.errors import Refused
from streams.recall import recall
from vocab import Activity, Audience, Object, polls, stored
from vocab import iri as iris
from vocab.dialects import mastodon
from vocab.dialects.mastodon import Removal


@dataclass(frozen=True, slots=True)
class Traveller:
    """Who moves in: an actor of ours, and who it was."""

    actor: ActorRow
    removal: Removal
    base_url: str


async def post(
    tx: Transaction, traveller: Traveller, archived: Activity, files: Mapping[str, File], *, now: int
) -> bool:
    """Bring a post; False when it is here already. ``files`` has those it shows by their path in the archive."""
    actor, thing = traveller.actor, archived.inner
    if thing is None or thing.id is None:
        raise Refused("object.id", "is missing")
    if await former.find(tx, actor.id, thing.id) is not None:
        return False
    if archived.ids("actor") != (traveller.removal.former,):
        raise Refused("actor", "is not whose archive this is")
    drafts.writable(thing)
    said = min(instants.read(thing, "published") or now, now)
    made = await _unpacked(tx, traveller, archived, files, said, now)
    deed = _deed(traveller, made, now)
    await recall(tx, deed)
    if deed.refers is None:
        raise Refused("object", "could not be kept")
    await former.put(
        tx, actor.id, thing.id, deed.refers, waits_for=await _missing_parent(tx, traveller, thing)
    )
    await _reunite(tx, deed, thing.id)
    return True


async def _unpacked(
    tx: Transaction, traveller: Traveller, archived: Activity, files: Mapping[str, File], said: int, now: int
) -> Activity:
    """Return a post under its new ids, replying to what its parent is called here, with its files."""
    base_url, actor = traveller.base_url, traveller.actor
    addresses = {}
    for path, file in files.items():
        token = ids.token(now)
        await media.put(tx, file, token=token, owner=actor.id, now=now)
        addresses[path] = {"url": ids.media(base_url, token), "mediaType": file.type}
    made = mastodon.to_activity(
        archived, traveller.removal, activity=ids.activity(base_url, said),
        object=ids.object(base_url, said), files=addresses,
    )  # fmt: skip
    thing = made.embedded("object")[0]
    if polls.is_poll(thing) and thing.get("closed") is None:  # who could vote over there cannot vote here
        end = instants.read(thing, "endTime")
        thing = thing.with_(closed=instants.written(now if end is None else min(end, now)))
    parent = next(iter(thing.ids("inReplyTo")), None)
    known = None if parent is None else await former.find(tx, actor.id, parent)
    if known is not None:
        thing = thing.with_(inReplyTo=await objects.iri_of(tx, known))
    return Activity(made.with_(object=thing.data).data)


async def _missing_parent(tx: Transaction, traveller: Traveller, thing: Object) -> str | None:
    """Return what a post replies to when that may be one of the actor's own that comes later."""
    parent = next(iter(thing.ids("inReplyTo")), None)
    if parent is None or not iris.same_origin(parent, traveller.removal.former):
        return None
    return None if await former.find(tx, traveller.actor.id, parent) is not None else parent


async def _reunite(tx: Transaction, deed: Deed, former_id: str) -> None:
    """Let replies that came before what they reply to say so by its new id, and list them below it."""
    parent = await objects.by_id(tx, deed.refers or 0)
    for id in await former.claim_waiting(tx, deed.actor.id, former_id):
        reply = await objects.by_id(tx, id)
        if parent is not None and reply is not None and reply.deleted is None:
            thing = stored(reply.document or "{}", reply.context).with_(inReplyTo=parent.iri)
            await documents.rewrite(tx, reply.id, thing, now=reply.updated or reply.published)
            await create.attach(tx, deed, parent, reply.id)


async def share(tx: Transaction, traveller: Traveller, archived: Activity, *, now: int) -> bool:
    """Bring a share, of what the actor brought too or of others; False when it is here already."""
    about = archived.ids("object")
    if archived.id is None or len(about) != 1:
        raise Refused("object", "must be one thing")
    if await former.find(tx, traveller.actor.id, archived.id) is not None:
        return False
    if archived.ids("actor") != (traveller.removal.former,):
        raise Refused("actor", "is not whose archive this is")
    said = min(instants.read(archived, "published") or now, now)
    made = mastodon.to_share(
        archived, traveller.removal, activity=ids.activity(traveller.base_url, said),
        object=await _here(tx, traveller, about[0]),
    )  # fmt: skip
    return await _remember(tx, traveller, made, archived.id, now=now, listed=True)


async def like(tx: Transaction, traveller: Traveller, iri: str, *, now: int) -> bool:
    """Bring a like, known to nobody but the actor and who reads its ``liked``; False when it is here already."""
    key = f"like {iri}"
    if await former.find(tx, traveller.actor.id, key) is not None:
        return False
    made = Activity({
        "id": ids.activity(traveller.base_url, now), "type": "Like", "actor": traveller.actor.iri,
        "object": await _here(tx, traveller, iri), "published": instants.written(now),
    })  # fmt: skip
    return await _remember(tx, traveller, made, key, now=now, listed=False)


async def _remember(
    tx: Transaction, traveller: Traveller, made: Activity, key: str, *, now: int, listed: bool
) -> bool:
    deed = _deed(traveller, made, now)
    await recall(tx, deed, listed=listed)
    await former.put(tx, traveller.actor.id, key, deed.id)
    return True


async def _here(tx: Transaction, traveller: Traveller, iri: str) -> str:
    """Return what something is called here when the actor brought it; what others have keeps its name."""
    known = await former.find(tx, traveller.actor.id, iri)
    return iri if known is None else await objects.iri_of(tx, known)


async def collection(tx: Transaction, traveller: Traveller, name: str, *, now: int) -> str:
    """Return the actor's private collection of a name that it brought, made when it is not here yet."""
    key = f"collection {name}"
    known = await former.find(tx, traveller.actor.id, key)
    if known is not None:
        return await objects.iri_of(tx, known)
    made = {"type": "OrderedCollection", "name": name}
    draft = drafts.prepare(Object(made), traveller.actor, base_url=traveller.base_url, now=now)
    deed = _deed(traveller, draft.activity, now)
    await recall(tx, deed, listed=False)
    await former.put(tx, traveller.actor.id, key, deed.refers or deed.id)
    return draft.activity.ids("object")[0]


async def collect(tx: Transaction, traveller: Traveller, collection: str, iri: str, *, now: int) -> bool:
    """Put something into a collection that was brought; False when it is in there already."""
    stream = await entries.by_iri(tx, collection)
    if stream is None:
        raise Refused("target", "is not here any more")
    about = await _here(tx, traveller, iri)
    held = await objects.id_of(tx, about)
    if held is not None and any(one.id == stream.id for one in await entries.holding(tx, held, stream.kind)):
        return False
    await add.listed(tx, _deed(traveller, Activity({"type": "Add"}), now), stream.id, about)
    return True


def _deed(traveller: Traveller, activity: Activity, now: int) -> Deed:
    said_to = Audience.of(activity)
    return Deed(activity, said_to, next_id(), traveller.actor, True, now, traveller.base_url)
