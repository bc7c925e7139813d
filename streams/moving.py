"""Moving in: an actor's profile as it was over there, as far as it has none here yet (AP-098, AP-756)."""

from collections.abc import Mapping

from storage import Transaction, media
from storage import actors as rows
from storage.actors import ActorRow
from storage.files import File
from storage.ids import next_id
from streams import actors, ids
from streams.deed import Deed
from streams.luggage import Traveller
from vocab import Activity, Audience, Object, from_json
from vocab import iri as iris
from vocab.dialects import mastodon
from vocab.validate import lenient

TEXTS = ("summary", "attachment", "tag")
PICTURES = ("icon", "image")


async def pictures(tx: Transaction, traveller: Traveller, archived: Object) -> dict[str, str]:
    """Return the paths inside the archive of the pictures that the actor here lacks, by the member that shows them."""
    shown = await actors.describe(tx, await _today(tx, traveller), traveller.base_url)
    found = {term: archived.embedded(term) for term in PICTURES if not shown.get(term)}
    paths = {term: mastodon.path_of(nodes[0].get("url")) for term, nodes in found.items() if nodes}
    return {term: path for term, path in paths.items() if path is not None}


async def profile(
    tx: Transaction, traveller: Traveller, archived: Object, files: Mapping[str, File], *, now: int
) -> list[str]:
    """Take over what the actor here lacks and return which members those are. A unit of work.

    The former actor becomes one of its ``alsoKnownAs``, so that followers can be moved over (AP-098).
    """
    actor, base_url = await _today(tx, traveller), traveller.base_url
    shown = await actors.describe(tx, actor, base_url)
    usable = lenient(archived)
    change = {term: usable.data[term] for term in TEXTS if term in usable.data and not shown.get(term)}
    if usable.text("name") and shown.get("name") == actor.name:
        change["name"] = usable.text("name")
    aliases = [*shown.ids("alsoKnownAs")]
    if iris.is_http(traveller.removal.former) and traveller.removal.former not in (*aliases, actor.iri):
        change["alsoKnownAs"] = [*aliases, traveller.removal.former]
    for term, file in files.items():
        if not shown.get(term):
            token = ids.token(now)
            await media.put(tx, file, token=token, owner=actor.id, now=now)
            change[term] = {"type": "Image", "mediaType": file.type, "url": ids.media(base_url, token)}
    if change:
        activity = Activity({"type": "Update", "actor": actor.iri})
        deed = Deed(activity, Audience(), next_id(), actor, True, now, base_url)
        context = {"@context": usable.data["@context"]} if "@context" in usable.data else {}
        await actors.revise(tx, actor, from_json({**context, **change}), deed)
    return sorted(change)


async def _today(tx: Transaction, traveller: Traveller) -> ActorRow:
    """Return the actor as it is now: an import may take long, and its owner may be writing meanwhile."""
    return await rows.by_id(tx, traveller.actor.id) or traveller.actor
