"""The actors that public channels are: Groups that other servers follow (Events §23.1, §23.2).

A channel is public while its property ``public`` is true and its rules keep nobody away. It is an actor once something
was told in it, or somebody looked for it, and has keys once somebody looked, as feeds do.
"""

from html import escape
from typing import Final

from storage import Transaction, actors, entries, eventchannels, evententities, keys, tenants
from storage.actors import ActorRow
from storage.evententities import EntityRow
from storage.tenants import DEFAULT
from streams.events.parts import Events
from streams.events.space import Space
from streams.feeds import presence
from streams.feeds.presence import SEPARATOR, Sought, Wanted
from streams.moderators import GROUP
from vocab.dialects.events import BadReference, Ref
from vocab.dialects.getstream import Entities

TYPE: Final = "ASChannel"
"""The type of the entities that channels are."""
KIND: Final = eventchannels.KIND
"""The kind of the streams that channels have, and the first part of their handles."""
is_public = eventchannels.is_public


def iri(space: Space, id: str) -> str:
    """Return the IRI of the actor that a channel is."""
    return Entities(space.root).named("channels", id)


def handle(space: Space, id: str) -> str:
    """Return the handle that a channel should have: ``channel.night-ops``, for other tenants ``label.channel.…``."""
    return presence.of_parts(space.tenant.label, KIND, id)


async def ensure(tx: Transaction, space: Space, channel: EntityRow, *, now: int) -> tuple[int, ActorRow]:
    """Return the stream of a public channel and the actor that it is, making them if need be. A unit of work."""
    stream = await entries.ensure(tx, channel.id, KIND)
    name = channel.label or channel.name
    profile = {
        "name": name,
        "summary": f"<p>What is new in {escape(name)}.</p>",
        "postingRestrictedToMods": True,
    }
    otherwise = presence.digested(SEPARATOR.join((space.tenant.label, KIND, channel.key)))
    wanted = Wanted(iri(space, channel.name), GROUP, (handle(space, channel.name), otherwise), profile)
    return stream, await presence.appear(tx, wanted, stream, base_url=space.base_url, now=now)


async def seek(parts: Events, label: str, id: str) -> Sought | None:
    """Return the actor that a channel of a tenant is; None for one that is not public."""
    tenant = await parts.store.peek(tenants.by_label, label)
    try:
        channel = Ref.parse(f"{TYPE}/{id}")
    except BadReference:
        return None
    if tenant is None:
        return None
    found = await parts.store.read(_seek, tenant.id, channel)
    if found is None or isinstance(found, Sought):
        return found
    _, actor = await parts.store.write(ensure, parts.space(tenant), found, now=parts.clock())
    return Sought(actor, False)


async def _seek(tx: Transaction, tenant: int, channel: Ref) -> Sought | EntityRow | None:
    """Return the actor of a public channel; the channel when it is none yet; None when there is no such channel."""
    row = await evententities.by_key(tx, tenant, channel.key)
    if row is None or not is_public(row):
        return None
    stream = await entries.find(tx, row.id, KIND)
    actor = None if stream is None else await actors.of_feed(tx, stream.id)
    return row if actor is None else Sought(actor, bool(await keys.of_actor(tx, actor.iri)))


def called(name: str) -> tuple[str, str] | None:
    """Return which channel of which tenant a handle could be of, by its parts; None when of none."""
    first, _, rest = name.partition(SEPARATOR)
    if first == KIND:
        return (DEFAULT, rest) if rest else None
    kind, _, id = rest.partition(SEPARATOR)
    return (first, id) if kind == KIND and id else None
