"""Comments: on what they are, whom they mention by a bare name, and who may know of them (Events §8)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from storage import (
    Transaction,
    entries,
    eventcounts,
    evententities,
    eventitems,
    eventnotices,
    eventroles,
    objects,
)
from storage.eventcounts import Counts
from storage.eventitems import ItemKind, ItemRow
from storage.eventroles import RoleRow
from streams import documents
from streams.events import access, entities, gathering, notices
from streams.events.access import Access
from streams.events.describing import label
from streams.events.drafts import Draft
from streams.events.space import Space
from streams.events.targets import Target
from streams.events.work import Work
from vocab.dialects.events import Comment, Ref, Role, as2, comments
from vocab.dialects.events.roles import each_once
from vocab.dialects.events.roletypes import MENTIONS
from vocab.jsontext import dumps

MENTIONED: Final = MENTIONS.rpartition(":")[2]


async def mentioned(tx: Transaction, space: Space, names: Iterable[str]) -> dict[str, Ref]:
    """Return whom bare names mean: the first that exists; what nobody is called stays text. One statement."""
    wanted = {name: [Ref(type, name).key for type in comments.NAMED] for name in names}
    if not wanted:
        return {}
    rows = await evententities.by_keys(tx, space.tenant.id, [key for keys in wanted.values() for key in keys])
    found = {name: next((rows[key] for key in keys if key in rows), None) for name, keys in wanted.items()}
    return {name: Ref(row.type, row.name) for name, row in found.items() if row is not None}


def draft(
    work: Work,
    comment: Comment,
    *,
    received: int,
    original: str | None,
    heard: bool = False,
) -> None:
    """Note a new comment, whose names are known, and that there is one more on what it is on."""
    roles = work.roles(comment.roles)
    about = [named for named in roles if named.role.leaf == "COMMENTED_ON"]
    within = [target for named in about if (target := work.target(named.role.target)) is not None]
    ruled = access.of(comment.acl) if comment.acl else beside(within)
    things = dict.fromkeys(named.row for named in about)
    for row in things:
        work.count(row, Counts(comments=1, guarded=int(ruled.restricted or len(things) > 1)))
    draft = Draft(
        work.rows[comment.id], ItemKind.COMMENT, comment, roles, ruled, received, original, heard=heard
    )
    work.draft(draft)


def naming(comment: Comment, mentioned: dict[str, Ref]) -> Comment:
    """Return a comment that mentions those too whom it calls by bare names, each once."""
    more = [Role(MENTIONS, mentioned[name], derived=True) for name in comment.names if name in mentioned]
    if not more:
        return comment
    involves = comments.mentioning(comment.body["involves"], comment.roles, more)
    return replace(
        comment, roles=each_once((*comment.roles, *more)), body={**comment.body, "involves": involves}
    )


async def change(tx: Transaction, space: Space, row: ItemRow, comment: Comment, *, now: int) -> None:
    """Let a kept comment say something else, on what it was on; its id and its age stay. A unit of work.

    Whom it mentions and what it is tagged by follow from what it says now.
    """
    if row.hidden:
        return
    comment = naming(comment, await mentioned(tx, space, comment.names))
    roles = comment.roles
    refs = [role.target for role in roles if isinstance(role.target, Ref)]
    cast = await gathering.gather(tx, space, refs, [], now=now)
    await entities.save(tx, cast)
    named = [
        RoleRow(cast[role.target].id, row.occurred, row.id, role.path, derived=int(role.derived))
        for role in roles
        if role.leaf == MENTIONED and isinstance(role.target, Ref)
    ]
    await eventroles.rename(tx, row.id, MENTIONS, named)
    await eventroles.retag(tx, row.tenant, row.id, row.occurred, {tag.lower() for tag in comment.tags})
    await eventitems.rewrite(tx, row.id, dumps(dict(comment.body)).decode())
    await notices.reword(tx, row.id, label(row), comment.text)
    document = await objects.by_id(tx, row.id)
    thing = as2.comment(
        replace(comment, id=UUID(row.stream_id)), root=space.root, iri_of=cast.iri_of, name_of=cast.name_of,
        public=document is not None and bool(document.public), settings_of=space.settings_of_entity,
    )  # fmt: skip
    await documents.rewrite(tx, row.id, thing, now=now)


async def withdraw(tx: Transaction, comment: int, target: Target, *, now: int) -> None:
    """Take a comment on a target out of all lists, and what it says away. A unit of work."""
    if await eventitems.hide(tx, comment):
        await eventitems.rewrite(tx, comment, "{}")
        await eventnotices.forget(tx, comment)
        await eventroles.rename(tx, comment, MENTIONS, ())
        await eventroles.retag(tx, 0, comment, 0, ())
        await eventcounts.change(tx, {target.row: Counts(comments=-1)})
        document = await objects.by_id(tx, comment)
        if document is not None and document.deleted is None:
            await documents.bury(tx, document, now=now)
            await entries.remove_everywhere(tx, comment, ("outbox",))


def beside(targets: Iterable[Target]) -> Access:
    """Return who may know of what is said about things and has no rules: everybody anywhere when all are public.

    Otherwise whoever may know of the things, which is asked when it is read (``storage.eventaudience``).
    """
    several = list(targets)
    public = bool(several) and all(target.access.public for target in several)
    return several[0].access if public else access.OPEN
