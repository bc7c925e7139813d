"""What is said under a hashtag: public posts, ours and others' that came here, newest first (AP-747)."""

from storage import Transaction, entries, objects, policies
from storage.entries import Stream
from storage.ids import dated, instant_of
from storage.objects import ObjectRow
from streams import ids, instants, tagging
from streams.errors import NotFound
from streams.read import Reading
from vocab import Object, stored
from vocab import iri as iris

KIND = "tag"
UNLISTED = (policies.SILENCE, policies.SUSPEND)


async def enlist(tx: Transaction, thing: Object, id: int, base_url: str) -> None:
    """List a public post under each of its hashtags, by its date; not what comes from a silenced host."""
    names = tagging.hashtags(thing)
    if not names or thing.id is None or not iris.is_http(thing.id):
        return
    if not ids.is_ours(base_url, thing.id) and await policies.severity(tx, iris.host(thing.id)) in UNLISTED:
        return
    owner = await _owner(tx, base_url)
    said = instants.read(thing, "published")
    position = None if said is None else dated(id, min(said, instant_of(id)))
    for name in names:
        stream = await entries.ensure(tx, owner, KIND, name=name, iri=ids.tag(base_url, name))
        await entries.add(tx, stream, id, public=True, position=position)


async def relist(tx: Transaction, before: ObjectRow, after: Object, base_url: str) -> None:
    """List a post that was edited under the hashtags it has now, and under no others."""
    had, has = tagging.hashtags(stored(before.document or "{}", None)), tagging.hashtags(after)
    if not had and not has:
        return
    row = await objects.by_id(tx, before.id)
    public = row is not None and bool(row.public)
    for stream in await entries.holding(tx, before.id, KIND):
        if not public or stream.name not in has:
            await entries.remove(tx, stream.id, before.id)
    if public:
        await enlist(tx, after, before.id, base_url)


async def open_tag(tx: Transaction, name: str, base_url: str) -> Reading:
    """Open the stream of a hashtag, written in whatever case, with or without ``#``; anyone reads the same.

    One that nothing has been listed under is empty. Raises NotFound for what can be no hashtag.
    """
    plain = tagging.hashtag(name)
    owner = await _owner(tx, base_url)
    if not plain:
        raise NotFound(name)
    stream = await entries.find(tx, owner, KIND, plain)
    return Reading(stream or Stream(0, owner, KIND, plain, ids.tag(base_url, plain), 0, 0), None, False)


async def _owner(tx: Transaction, base_url: str) -> int:
    """Return the row of the server's own actor, which has the streams of all hashtags."""
    return await objects.id_of(tx, ids.instance_actor(base_url)) or 0
