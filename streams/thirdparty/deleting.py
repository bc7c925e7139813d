"""Deleting an outside activity: its poster may, and whoever runs the server (Atom §6.3)."""

from storage import Transaction, actors, audience, entries, objects, outside
from storage.actors import ActorRow, State
from storage.ids import next_id
from storage.objects import ObjectRow
from storage.outside import Sight
from streams import documents, ids, instants, linked, record
from streams.deed import Deed
from streams.providers import Onlooker
from streams.thirdparty.kept import Deleted, Kept, Parts, Poster
from streams.thirdparty.reading import sight
from vocab import Activity, Audience, Object


async def delete(parts: Parts, poster: Poster, onlooker: Onlooker, id: int) -> Deleted:
    """Delete an activity, and return what it was; nothing for one that this reader may not see."""
    return await parts.store.write(_delete, parts, poster, sight(onlooker), id, now=parts.clock())


async def _delete(
    tx: Transaction, parts: Parts, poster: Poster, seen: Sight, id: int, *, now: int
) -> Deleted:
    row = await outside.one(tx, id, seen)
    if row is None:
        return Deleted()
    if not poster.admin and row.poster != poster.actor.id:
        return Deleted(forbidden=True)
    await _take_away(tx, parts, id, now=now)
    await outside.remove(tx, id)
    return Deleted(Kept.of(row))


async def _take_away(tx: Transaction, parts: Parts, item: int, *, now: int) -> None:
    """Put Tombstones in the place of the activity and of the post that told of it, and tell who was told."""
    activity = await objects.by_id(tx, item)
    if activity is None:
        return
    told = None if activity.object is None else await objects.by_id(tx, activity.object)
    speaker = None if activity.owner is None else await actors.by_id(tx, activity.owner)
    if speaker is not None and told is not None and told.deleted is None:
        said = {"type": "Delete", "object": told.iri, "to": await audience.of(tx, told.id)}
        await record.say(tx, speaker, Object(said), base_url=parts.base_url, now=now)
    elif speaker is not None:
        await linked.leave(tx, item, now=now)
        await _tell(tx, parts, speaker, activity, now=now)
    await documents.bury(tx, activity, now=now)
    await entries.remove_everywhere(tx, item, ("outbox", "inbox"))


async def _tell(tx: Transaction, parts: Parts, speaker: ActorRow, activity: ObjectRow, *, now: int) -> None:
    """Tell those who were sent the activity itself that it is gone."""
    told = tuple(await audience.of(tx, activity.id))
    if told and speaker.state == State.ACTIVE:
        grave = {"id": activity.iri, "type": "Tombstone", "formerType": activity.type}
        said = {
            "id": ids.activity(parts.base_url, now),
            "type": "Delete",
            "actor": speaker.iri,
            "object": grave,
        }
        gone = Activity({**said, "to": list(told), "published": instants.written(now)})
        deed = Deed(gone, Audience.of(gone), next_id(), speaker, True, now, parts.base_url)
        await record.publish(tx, deed)
