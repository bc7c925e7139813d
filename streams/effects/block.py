"""Block: hear no more of someone. ActivityPub §6.9; received from elsewhere, take the hint."""

from urllib.parse import urlsplit

from storage import Transaction, actors, blocks, entries, follows, objects
from storage.actors import ActorRow
from storage.objects import ObjectRow
from streams import moderators, relations
from streams.deed import Deed
from streams.errors import Refused
from vocab import Audience, stored
from vocab import iri as iris


async def apply(tx: Transaction, deed: Deed) -> None:
    """End every follow between the two; for one of ours, remember the block and tell nobody (AP-255, AP-374)."""
    if deed.activity.get("target") is not None:
        await _ban(tx, deed)
        return
    for iri in deed.objects:
        if iri == deed.actor.iri:
            raise Refused("object", "must be another actor")
        blocked = await actors.find(tx, iri)
        if blocked is not None:
            await part(tx, deed.actor, blocked)
        if deed.ours:
            deed.refers = await _remember(tx, deed, iri, blocked)
    if deed.ours:
        deed.audience = Audience()
        await entries.add(tx, await entries.ensure(tx, deed.actor.id, "blocks"), deed.id)


async def _ban(tx: Transaction, deed: Deed) -> None:
    """Put actors out of the groups of ours that the moderator names as ``target`` (Lemmy); it is no secret."""
    banning = [group for group in await moderators.moderated(tx, deed) if group.local]
    if not banning:
        raise Refused("target", "is no group that the actor moderates")
    for group in banning:
        for iri in deed.objects:
            await blocks.add(tx, group.id, iri, "block", deed.id, now=deed.now)
            banned = await actors.find(tx, iri)
            if banned is not None:
                deed.refers = banned.id
                await part(tx, group, banned)


async def _lift_ban(tx: Transaction, deed: Deed, undone: ObjectRow) -> bool:
    group = await actors.find(tx, stored(undone.document or "{}", None).one_id("target") or "")
    if group is None or not group.local or not await moderators.moderates(tx, deed.actor, group.id):
        return False
    lifted = await blocks.by_activity(tx, group.id, undone.id)
    return any([await blocks.remove(tx, group.id, target, kind) for target, kind in lifted])


async def part(tx: Transaction, one: ActorRow, other: ActorRow) -> None:
    """End every follow between two actors, waiting ones too."""
    await relations.end(tx, other, one)
    await relations.end(tx, one, other)


async def _remember(tx: Transaction, deed: Deed, iri: str, blocked: ActorRow | None) -> int:
    """Note whom one of ours blocks: an actor, or by the bare address of a server everyone on it (AP-641)."""
    target = blocked.id if blocked is not None else await objects.name(tx, iri, now=deed.now)
    if blocked is None and is_server(iri):
        host = iris.host(iri)
        await blocks.add(tx, deed.actor.id, host, "domain", deed.id, now=deed.now)
        for id in await follows.parties_of(tx, deed.actor.id, host):
            actor = await actors.by_id(tx, id)
            if actor is not None:
                await part(tx, deed.actor, actor)
    else:
        await blocks.add(tx, deed.actor.id, iri, "block", deed.id, now=deed.now)
    await entries.add(tx, await entries.ensure(tx, deed.actor.id, "blocked"), target)
    return target


def is_server(iri: str) -> bool:
    """Tell whether an IRI names a whole server: an origin and nothing behind it."""
    return iris.is_http(iri) and urlsplit(iri)._replace(scheme="", netloc="").geturl() in ("", "/")


async def undo(tx: Transaction, deed: Deed, undone: ObjectRow) -> bool:
    """Lift what a Block blocked and tell nobody (AP-255); False when there is nothing left of it."""
    if await _lift_ban(tx, deed, undone):
        return True
    if deed.ours:
        deed.audience, deed.also = Audience(), []
    lifted = await blocks.by_activity(tx, deed.actor.id, undone.id)
    blocked = await entries.ensure(tx, deed.actor.id, "blocked")
    for target, kind in lifted:
        await blocks.remove(tx, deed.actor.id, target, kind)
        named = [f"https://{target}/", f"https://{target}"] if kind == "domain" else [target]
        named += [f"http://{target}/", f"http://{target}"] if kind == "domain" else []
        for iri in named:
            await entries.remove(tx, blocked, await objects.id_of(tx, iri) or 0)
    await entries.remove(tx, await entries.ensure(tx, deed.actor.id, "blocks"), undone.id)
    return bool(lifted)
