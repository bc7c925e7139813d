"""What a received activity is believed on: its sender, and what was read for it at other servers.

All of it is read before the transaction begins, and each document at its own origin or by its author's proof.
"""

import logging

from storage import actors, objects
from storage.actors import ActorRow
from streams import ids, policy, quoting
from streams.effects import add
from streams.errors import Spent, Unreachable
from streams.ports import Ports
from vocab import Activity, Object, VocabError
from vocab import iri as iris

log = logging.getLogger(__name__)

NEEDS_OBJECT_READ = frozenset({"Create", "Update", "Announce"})
"""Types whose object must be read from its origin unless the sender may speak for it."""


async def sender(ports: Ports, iri: str) -> ActorRow | None:
    """Return the sender as we know it, read from its origin when we do not; None when it has no usable form."""
    actor = await ports.store.peek(actors.find, iri)
    if actor is not None:
        return actor
    try:
        await ports.elsewhere.actor(iri)
    except Unreachable as error:
        if error.temporary:
            raise
        return None
    return await ports.store.peek(actors.find, iri)


async def found(ports: Ports, activity: Activity, actor: ActorRow) -> dict[str, Object]:
    """Read from their origin the objects that neither the sender nor a proof vouches for (AP-316, SEC-017).

    Of so many that the purse does not do, the first ones (SEC-046).
    """
    if activity.is_a("Move"):
        return await _moved(ports, activity, actor)
    if activity.is_a("Undo"):
        return await _served_again(ports, activity)
    read = await _stamps(ports, activity, actor)
    pins = activity.is_a("Add") and add.showcase(actor, activity.one_id("target")) is not None
    if not pins and not NEEDS_OBJECT_READ & set(activity.types):
        return read
    if activity.is_a("Update") and activity.ids("object") == (actor.iri,):
        await ports.elsewhere.actor(actor.iri, refresh=True)
        return {}
    for iri in wanting(activity, actor, ports.base_url):
        try:
            thing = await _read(ports, iri, activity)
        except Spent:
            break
        if thing is not None:
            read[iri] = thing
    return read


def wanting(activity: Activity, actor: ActorRow, base_url: str) -> list[str]:
    """Return what an activity is about and its sender cannot vouch for, which is to be read at its origin."""
    vouched = {thing.id for thing in activity.embedded("object") if _vouched(thing, actor)}
    return [iri for iri in activity.ids("object") if iri not in vouched and not ids.is_ours(base_url, iri)]


async def _moved(ports: Ports, activity: Activity, actor: ActorRow) -> dict[str, Object]:
    """Read both sides of a move as they are now: the old actor, and the new one for its word (AP-105, AP-376)."""
    target = activity.one_id("target")
    if activity.ids("object") != (actor.iri,) or target in (None, actor.iri):
        return {}
    await _refreshed(ports, actor.iri)
    if target is None or ids.is_ours(ports.base_url, target) or not iris.is_http(target):
        return {}
    there = await _refreshed(ports, target)
    return {} if there is None else {target: there}


async def _refreshed(ports: Ports, iri: str) -> Object | None:
    try:
        return await ports.elsewhere.actor(iri, refresh=True)
    except Unreachable as error:
        if error.temporary:
            raise
        return None


async def _stamps(ports: Ports, activity: Activity, actor: ActorRow) -> dict[str, Object]:
    """Read the consents to quotes that an activity speaks of, each from its own origin (AP-735)."""
    found: dict[str, Object] = {}
    for iri in quoting.stamps(activity, actor.iri):
        if iris.is_http(iri) and not ids.is_ours(ports.base_url, iri):
            try:
                found[iri] = await ports.elsewhere.object(iri)
            except Unreachable as error:
                if error.temporary and activity.is_a("Accept"):
                    raise
                log.info("the consent %s cannot be read", iri)
    return found


async def _served_again(ports: Ports, activity: Activity) -> dict[str, Object]:
    """Read what an undone Delete was about, which its origin may be serving again (IQ-729)."""
    deleted = [undone.ids("object") for undone in activity.embedded("object") if undone.is_a("Delete")]
    if len(deleted) != 1 or len(deleted[0]) != 1 or ids.is_ours(ports.base_url, deleted[0][0]):
        return {}
    try:
        return {deleted[0][0]: await ports.elsewhere.object(deleted[0][0])}
    except Unreachable as error:
        if error.temporary:
            raise
        return {}


def _vouched(thing: Object, actor: ActorRow) -> bool:
    """Tell whether an embedded object may be believed: the sender's own, on the sender's origin."""
    return (
        thing.id is not None
        and iris.is_http(thing.id)
        and iris.same_origin(thing.id, actor.iri)
        and policy.wrote(actor, thing)
    )


async def _proven(ports: Ports, iri: str, activity: Activity) -> Object | None:
    """Return an object as it was sent along, if its author's own proof says that it is the author's (AP-502)."""
    for thing in activity.embedded("object"):
        if thing.id == iri and thing.get("proof") is not None and await ports.elsewhere.proven(thing):
            return thing
    return None


async def _read(ports: Ports, iri: str, activity: Activity) -> Object | None:
    known = await ports.store.read(objects.by_iri, iri)
    if known is not None and known.document is not None and not activity.is_a("Update"):
        return None
    try:
        thing = await _proven(ports, iri, activity) or await ports.elsewhere.object(iri)
    except Unreachable as error:
        if error.temporary or isinstance(error, Spent):
            raise
        return None
    try:
        author = policy.author(thing)
        if author is not None and activity.is_a("Announce"):
            await ports.elsewhere.actor(author)
    except Unreachable:
        log.info("the author of %s cannot be reached", iri)
    except VocabError:
        return None  # nobody in particular answers for it
    return thing
