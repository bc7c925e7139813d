"""Items that a unit of work is to keep: each becomes a document, in the stream of its actor, and a row beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from storage import Transaction, entries, errors, eventitems, eventreaders, eventroles
from storage.eventitems import ItemKind, ItemRow
from storage.eventroles import RoleRow
from streams import documents
from streams.events.access import Access
from streams.events.gathering import Gathered
from streams.events.item import Item, Named
from streams.events.space import Space
from streams.feeds import keeping
from vocab import Activity
from vocab.dialects.events import Comment, Event, Ref, as2
from vocab.jsontext import dumps

IMPORTANCE: Final = 2
"""That of comments (Events §3.1)."""
COMMENT: Final = "as.api.comment"


@dataclass(frozen=True)
class Draft:
    """An item that is new. ``parent`` is the row of the event whose line item it is the sub-event of.

    What was ``heard`` stands in its author's stream already.
    """

    id: int
    kind: ItemKind
    message: Event | Comment
    roles: tuple[Named, ...]
    access: Access
    received: int
    original: str | None = None
    parent: int | None = None
    heard: bool = False

    @cached_property
    def authors(self) -> list[Ref]:
        """Who does or says it: in their streams it is."""
        return [
            named.role.target
            for named in self.roles
            if isinstance(named.role.target, Ref)
            and (
                named.role.leaf == "COMMENTS" if self.kind == ItemKind.COMMENT else named.role.root == "ACTOR"
            )
        ]

    @property
    def entries(self) -> list[tuple[Ref, int, bool]]:
        """In whose streams it is, with its row and whether everybody may read it there.

        Sub-events are in none, and neither is what only some may know of: an account reads all that is in its own.
        """
        if self.kind == ItemKind.PART or self.access.restricted or self.heard:
            return []
        return [(ref, self.id, self.access.public) for ref in self.authors]

    @property
    def item(self) -> Item:
        """What those are told who do more about it."""
        return Item(
            self.id, self.message.id, self.message, self.roles, self.received, self.access.restricted,
            self.access.public, self.parent,
        )  # fmt: skip

    def row(self, tenant: int, *, now: int) -> ItemRow:
        """Return it as a row."""
        said = self.message
        scope, grouped = (said.group if isinstance(said, Event) else None) or (None, None)
        return ItemRow(
            id=self.id,
            tenant=tenant,
            stream_id=str(said.id),
            kind=int(self.kind),
            type=said.type if isinstance(said, Event) else COMMENT,
            origin=said.origin,
            occurred=said.occurred.at,
            received=self.received,
            registered=now,
            importance=said.importance if isinstance(said, Event) else IMPORTANCE,
            body=dumps(dict(said.body)).decode(),
            original=self.original,
            acl=self.access.text,
            restricted=int(self.access.restricted),
            external_id=(said.external_id or None) if isinstance(said, Event) else None,
            batch_id=(said.batch_id or None) if isinstance(said, Event) else None,
            scope=scope,
            grouped=grouped,
            parent=self.parent,
        )


async def keep(tx: Transaction, space: Space, drafts: Iterable[Draft], cast: Gathered, *, now: int) -> None:
    """Keep items with all that they are found by. Two who keep the same ones wait for each other in one order."""
    kept = sorted(drafts, key=lambda draft: draft.message.id.int)
    ours = [
        documents.Ours(
            draft.id, _activity(space, draft, cast, now=now), _owner(draft, cast), draft.message.occurred.at
        )
        for draft in kept
    ]
    if not await documents.keep_all(tx, ours, now=now):
        raise errors.Busy("an event is being kept")  # at the same time; run again, this unit finds it
    whole = sorted(kept, key=lambda draft: draft.parent is not None)
    await eventitems.add(tx, [draft.row(space.tenant.id, now=now) for draft in whole])
    await eventroles.add(tx, [role for draft in kept for role in _roles(draft)])
    await eventroles.tag(
        tx, space.tenant.id,
        [(tag.lower(), draft.message.occurred.at, draft.id) for draft in kept for tag in draft.message.tags],
    )  # fmt: skip
    await eventreaders.put(tx, [reader for draft in kept for reader in draft.access.readers(draft.id)])


def _owner(draft: Draft, cast: Gathered) -> int | None:
    """Return whose the document is, and hence who may read it anyway: nobody's where rules say who may."""
    authors = () if draft.access.restricted else draft.authors
    return cast.acts_as(authors[0])[0] if authors else None


def _activity(space: Space, draft: Draft, cast: Gathered, *, now: int) -> Activity:
    said, public = draft.message, draft.access.public
    if isinstance(said, Comment):
        return as2.comment(
            said, root=space.root, iri_of=cast.iri_of, name_of=cast.name_of, public=public,
            settings_of=space.settings_of_entity,
        )  # fmt: skip
    return as2.activity(
        said, root=space.root, iri_of=cast.iri_of, name_of=cast.name_of, public=public,
        settings=space.settings_of(said.type), settings_of=space.settings_of_entity,
        received=draft.received, registered=now,
    )  # fmt: skip


def _roles(draft: Draft) -> list[RoleRow]:
    occurred = draft.message.occurred.at
    return [
        RoleRow(
            named.row, occurred, draft.id, named.role.path, named.role.external_id, int(named.role.derived)
        )
        for named in draft.roles
    ]


async def enlist(tx: Transaction, cast: Gathered, said: Iterable[tuple[Ref, int, bool]]) -> None:
    """Enter activities into the streams of those who did or said them, in one order: (who, which, whether public)."""
    entered = [(cast.acts_as(ref), item, public) for ref, item, public in said]
    if entered:
        owners = {actor: keeping.outbox_iri(iri) for (actor, iri), _, _ in entered}
        streams = await entries.ensure_all(tx, "outbox", owners)
        await entries.add_all(tx, [(streams[actor], item, public) for (actor, _), item, public in entered])
