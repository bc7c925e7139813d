"""Comments: on what they are, whom they mention by a bare name, and who may know of them (Events §8)."""

from collections.abc import Iterable
from typing import Final

from storage import Transaction, entries, eventcounts, evententities, eventitems, objects
from storage.eventcounts import Counts
from storage.eventitems import ItemKind
from streams import documents
from streams.events import access
from streams.events.access import Access
from streams.events.drafts import Draft
from streams.events.space import Space
from streams.events.targets import Target
from streams.events.work import Work
from vocab.dialects.events import Comment, Ref, Role
from vocab.dialects.events.roletypes import MENTIONS

NAMED: Final = ("ASUser", "User", "Employee")
"""The types of entities that a bare name may mean, the likeliest first."""


async def mentioned(tx: Transaction, space: Space, names: Iterable[str]) -> dict[str, Ref]:
    """Return whom bare names mean: the first that exists; what nobody is called stays text. One statement."""
    wanted = {name: [Ref(type, name).key for type in NAMED] for name in names}
    if not wanted:
        return {}
    rows = await evententities.by_keys(tx, space.tenant.id, [key for keys in wanted.values() for key in keys])
    found = {name: next((rows[key] for key in keys if key in rows), None) for name, keys in wanted.items()}
    return {name: Ref(row.type, row.name) for name, row in found.items() if row is not None}


def draft(
    work: Work, comment: Comment, mentioned: dict[str, Ref], *, received: int, original: str | None
) -> None:
    """Note a new comment, and that there is one more on what it is on."""
    more = (Role(MENTIONS, mentioned[name], derived=True) for name in comment.names if name in mentioned)
    roles = work.roles(dict.fromkeys((*comment.roles, *more)))
    about = [named for named in roles if named.role.leaf == "COMMENTED_ON"]
    within = [target for named in about if (target := work.target(named.role.target)) is not None]
    ruled = access.of(comment.acl) if comment.acl else beside(within)
    things = dict.fromkeys(named.row for named in about)
    for row in things:
        work.count(row, Counts(comments=1, guarded=int(ruled.restricted or len(things) > 1)))
    work.draft(Draft(work.rows[comment.id], ItemKind.COMMENT, comment, roles, ruled, received, original))


async def withdraw(tx: Transaction, comment: int, target: Target, *, now: int) -> None:
    """Take a comment on a target out of all lists, and its document away. A unit of work."""
    if await eventitems.hide(tx, comment):
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
