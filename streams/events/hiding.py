"""Who may know of a comment, decided afterwards (Events §8): what was said stays, and is hidden from some.

Those decide it to whom the comment belongs, or what it is on, and whom the rules of either let manage it.
"""

from typing import Any, cast
from uuid import UUID

from storage import (
    Transaction,
    entries,
    eventcounts,
    evententities,
    eventitems,
    eventreaders,
    eventroles,
)
from storage.eventcounts import ON, Counts
from storage.eventitems import ItemKind, ItemRow
from streams import documents
from streams.errors import NotAllowed, NotFound
from streams.events import access, broadcasting, finding, notices
from streams.events.reader import Reader
from streams.events.space import Space
from vocab import Audience
from vocab.dialects.events import Rule, acl
from vocab.jsontext import dumps, loads


async def rule(
    tx: Transaction, space: Space, reader: Reader, stream_id: UUID, rules: tuple[Rule, ...], *, now: int
) -> None:
    """Let these be the rules of a comment; with none, whoever may know of what it is on may know of it.

    What others may not read any more leaves outboxes and channels too. Raises NotFound and NotAllowed. A unit of work.
    """
    row = await eventitems.by_stream_id(tx, space.tenant.id, str(stream_id))
    if row is None or row.kind != ItemKind.COMMENT or not await finding.items(tx, reader, [row]):
        raise NotFound(str(stream_id))
    about = {role.named for role in (await eventroles.of(tx, [row.id])).get(row.id, ()) if role.path == ON}
    if not await _may_hide(tx, reader, row, about):
        raise NotAllowed("acl", "is for those to whom the comment belongs, or what it is on")
    ruled = access.of(rules)
    body = cast("dict[str, Any]", loads(row.body))
    body = {name: value for name, value in body.items() if name != "acl"}
    said = body | ({"acl": acl.spell(rules)} if rules else {})
    await eventitems.rule(tx, row.id, dumps(said).decode(), acl=ruled.text, restricted=int(ruled.restricted))
    await eventreaders.forget(tx, row.id)
    await eventreaders.put(tx, ruled.readers(row.id))
    if len(about) == 1 and bool(row.restricted) != ruled.restricted:
        by = Counts(guarded=1 if ruled.restricted else -1)
        await eventcounts.change(tx, dict.fromkeys(about, by))
    if ruled.restricted:
        await documents.address(tx, row.id, Audience())
        await entries.remove_everywhere(tx, row.id, ("outbox",))
        await broadcasting.withdraw(tx, space.tenant.id, [row.id], now=now)


async def _may_hide(tx: Transaction, reader: Reader, row: ItemRow, about: set[int]) -> bool:
    if reader.asks is None:
        return True
    things = [row.id, *sorted(about)]
    parties = {
        one.party for rows in (await eventreaders.of(tx, things)).values() for one in rows if one.manages
    }
    owners = {owner for thing in things for owner in await notices.owners(tx, row.tenant, thing)}
    parties |= {entity.key for entity in (await evententities.by_ids(tx, owners)).values()}
    return not parties.isdisjoint(reader.asks)
