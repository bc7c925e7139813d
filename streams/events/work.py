"""What a unit of work has gathered before it records messages, and what it is going to write."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from storage.eventcounts import NONE, Counts
from streams.events import targets
from streams.events.drafts import Draft
from streams.events.gathering import Gathered
from streams.events.item import Item, Named
from streams.events.linking import Links
from streams.events.space import Space
from streams.events.targets import Target
from vocab.dialects.events import DataPoint, Ref, Role


@dataclass(slots=True)
class Work:
    """One unit of work. ``named`` is what stream ids name, new items too; ``rows`` are those that new items get."""

    space: Space
    cast: Gathered
    links: Links
    named: dict[UUID, Target]
    rows: dict[UUID, int]
    now: int
    drafts: list[Draft] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    counts: dict[int, Counts] = field(default_factory=dict)
    measured: list[DataPoint] = field(default_factory=list)
    said: list[tuple[Ref, int, bool]] = field(default_factory=list)
    """Votes for the streams of those who cast them: who, which, whether everybody may read it."""

    def draft(self, draft: Draft) -> None:
        """Note a new item."""
        self.drafts.append(draft)
        self.items.append(draft.item)
        self.named[draft.message.id] = Target(draft.id, draft.access)

    def count(self, thing: int, by: Counts) -> None:
        """Note that a thing has more comments or votes."""
        self.counts[thing] = self.counts.get(thing, NONE) + by

    def target(self, target: Ref | UUID) -> Target | None:
        """Return what is meant, and who may know of it; None when it does not exist."""
        return self.named.get(target) if isinstance(target, UUID) else targets.of(self.cast[target].row)

    def roles(self, roles: Iterable[Role]) -> tuple[Named, ...]:
        """Return roles with the rows of those who have them; those of what does not exist are left out."""
        found = ((role, self._row(role.target)) for role in roles)
        return tuple(Named(row, role) for role, row in found if row is not None)

    def _row(self, target: Ref | UUID) -> int | None:
        if isinstance(target, Ref):
            return self.cast[target].id
        return None if target not in self.named else self.named[target].row
