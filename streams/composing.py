"""What a new object of ours is given beyond what its author wrote: its conversation, mentions and hashtags."""

from storage import Transaction, actors
from storage.actors import ActorRow
from storage.objects import ObjectRow
from streams import contexts, quoting, tagging
from streams.deed import Deed
from streams.moderators import GROUP
from vocab import PUBLIC, Audience, Object

LOOKED_UP_MAX = 50
"""So many recipients are looked at."""


async def composed(tx: Transaction, deed: Deed, thing: Object, parent: ObjectRow | None) -> Object:
    """Return a new object of ours as it is stored and sent; what goes to a group names it as ``audience`` too."""
    thing = contexts.completed(await quoting.composed(tx, deed, thing), parent, deed.base_url)
    named = await _named(tx, deed, thing)
    groups = [actor.iri for actor in named if actor.type == GROUP]
    if groups and thing.get("audience") is None:
        thing = thing.with_(audience=groups)
    return tagging.completed(thing, named, deed.base_url)


async def tagged(tx: Transaction, deed: Deed, thing: Object) -> Object:
    """Complete the tags of an edited object of ours (AP-293)."""
    return tagging.completed(thing, await _named(tx, deed, thing), deed.base_url)


async def _named(tx: Transaction, deed: Deed, thing: Object) -> list[ActorRow]:
    """Return the actors a document openly names, as far as we know them; blind recipients are not told."""
    said_to = Audience.of(thing)
    iris = dict.fromkeys((*said_to.to, *said_to.cc, *said_to.audience)[:LOOKED_UP_MAX])
    found = [await actors.find(tx, iri) for iri in iris if iri not in (PUBLIC, deed.actor.followers)]
    return [actor for actor in found if actor is not None]
