"""What the references in activities name (Feeds §9.1): users, entries of collections, activities and reactions.

Each kind is one statement for a whole page, activities one for each level of activities in activities.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from storage import Transaction, feedactivities, feedreactions
from storage.feedcollections import FeedEntry
from storage.feedreactions import FeedReaction
from storage.feedusers import FeedUser
from storage.placements import Placed
from streams.feeds import collections, keys, users
from streams.feeds.space import Feeds, Space
from vocab import jsontext
from vocab.dialects.getstream import Reference, ids, references
from vocab.dialects.getstream import collections as entries
from vocab.dialects.getstream import users as people

DEPTH_MAX: Final = 3
"""An activity in an activity is shown in full so many levels deep."""
REMEMBERED: Final = 4_096
"""So many activities, users and entries are kept as they were last written. What is kept is never changed."""
OF_A_KIND_MAX: Final = 1_000
"""So many things of each kind are looked up for one page; references to others stay as they are."""


class Shown(NamedTuple):
    """An activity that is to be shown: its row, its members as they are answered, and the references among them."""

    item: int
    members: Mapping[str, Any]
    references: Mapping[str, Reference]

    @classmethod
    def of(cls, item: int, text: bytes) -> "Shown":
        """Read an activity as it is answered, and the references that are in it."""
        return cls(item, *_read(text))


@lru_cache(REMEMBERED)
def _read(text: bytes) -> tuple[Mapping[str, Any], Mapping[str, Reference]]:
    members = jsontext.loads(text)
    assert isinstance(members, dict)  # noqa: S101 - it was written as an object
    return members, references.found_in(members)


@lru_cache(REMEMBERED)
def _user(row: FeedUser) -> dict[str, Any]:
    return people.spelled(users.shown(row))


@lru_cache(REMEMBERED)
def _entry(row: FeedEntry) -> dict[str, Any]:
    return entries.spelled(collections.shown(row))


@dataclass(slots=True)
class Referents:
    """What references name, as far as it was looked up: ``asked`` are those that were, whether it is there or not.

    Users are written as they are answered, in the place of those that are not there what says so.
    """

    asked: set[Reference] = field(default_factory=set)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    activities: dict[UUID, Shown] = field(default_factory=dict)
    reactions: dict[str, FeedReaction] = field(default_factory=dict)

    async def introduce(self, tx: Transaction, space: Space, names: Iterable[str]) -> None:
        """Look up users, apart from those that are known already."""
        wanted = [name for name in names if name not in self.users]
        found = await users.some(tx, space.tenant.id, wanted) if wanted else {}
        for name in wanted:
            self.users[name] = (
                _user(found[name]) if name in found else references.missing(Reference("user", name))
            )

    def activity(self, reference: Reference) -> Shown | None:
        """Return the activity that a reference names."""
        id = _id(reference)
        return None if id is None else self.activities.get(id)


async def gather(tx: Transaction, parts: Feeds, space: Space, shown: Sequence[Shown]) -> Referents:
    """Look up what some activities refer to, and what the activities among it refer to in turn."""
    named = Referents()
    wanted: dict[str, list[Reference]] = {kind: [] for kind in references.MARKS}
    fresh = _collect(named, shown, wanted)
    for _ in range(DEPTH_MAX):
        fresh = _collect(named, await _activities(tx, parts, space, named, fresh), wanted)
    await named.introduce(tx, space, [reference.id for reference in wanted["user"]])
    await _entries(tx, space, named, wanted["object"])
    found = await feedreactions.named(tx, space.tenant.id, (reference.id for reference in wanted["reaction"]))
    named.reactions = {name: row for name, row in found.items() if row.deleted is None}
    return named


def _collect(named: Referents, shown: Iterable[Shown], wanted: dict[str, list[Reference]]) -> list[Reference]:
    """Note what is to be looked up: each reference once, and so many of a kind; return those to activities."""
    before = len(wanted["activity"])
    for one in shown:
        for reference in one.references.values():
            if reference not in named.asked and len(wanted[reference.kind]) < OF_A_KIND_MAX:
                named.asked.add(reference)
                wanted[reference.kind].append(reference)
    return wanted["activity"][before:]


async def _activities(
    tx: Transaction, parts: Feeds, space: Space, named: Referents, wanted: list[Reference]
) -> list[Shown]:
    """Look up activities and return them."""
    fresh = [keys.key_of(id) for reference in wanted if (id := _id(reference)) is not None]
    found = await feedactivities.find_all(tx, space.tenant.id, fresh) if fresh else {}
    found = {key: kept for key, kept in found.items() if kept.public or space.made(kept.iri)}
    for key, kept in found.items():
        text = parts.spellings.text(Placed(kept, None), space.entities)
        named.activities[keys.id_of(key)] = Shown.of(kept.item, text)
    return [named.activities[keys.id_of(key)] for key in found]


def _id(reference: Reference) -> UUID | None:
    id = ids.parse(reference.id)
    return id if id is not None and ids.is_timed(id) else None


async def _entries(tx: Transaction, space: Space, named: Referents, wanted: list[Reference]) -> None:
    """Look up entries of collections."""
    pairs = [(reference.collection, reference.id) for reference in wanted]
    found = await collections.some(tx, space.tenant.id, pairs) if pairs else {}
    named.entries = {pair: _entry(row) for pair, row in found.items()}
