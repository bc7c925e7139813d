"""Lists of reactions: those to an activity, those to a reaction, and those of a user, a page at a time (Feeds §7.3)."""

from dataclasses import dataclass
from typing import Final, Literal

from storage import Transaction, feedreactions
from storage.entries import NEWEST, OLDEST
from storage.feedreactions import Below, By, Cut, FeedReaction
from storage.ids import at_instant, instant_of
from storage.tenants import Tenant
from streams.feeds import reactions
from streams.feeds.space import Feeds, Space
from vocab import instants
from vocab.dialects.getstream import ids

LATEST_US: Final = instant_of(NEWEST) - 1
"""No reaction is made later than this."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Which reactions are wanted: to an activity (top-level ones) or a reaction, or those of a user.

    ``user`` narrows the first two to one user, ``kind`` each of them to one kind; both may be empty. ``bounds`` are
    ids of reactions by ``lt``, ``lte``, ``gt`` and ``gte``.
    """

    by: Literal["activity_id", "reaction_id", "user_id"]
    value: str
    kind: str
    user: str
    bounds: dict[str, str]
    limit: int

    @property
    def oldest_first(self) -> bool:
        """Whether the list is read upwards: what comes after something is wanted."""
        return "gt" in self.bounds or "gte" in self.bounds


async def page(parts: Feeds, tenant: Tenant, lookup: Lookup) -> tuple[list[FeedReaction], bool]:
    """Return a page of a list, empty when what it is about is not there, and whether there is more."""
    space = await parts.space(tenant)
    rows = await parts.store.read(_page, space, lookup)
    return rows[: lookup.limit], len(rows) > lookup.limit


async def _page(tx: Transaction, space: Space, lookup: Lookup) -> list[FeedReaction]:
    about = await _about(tx, space, lookup)
    if about is None:
        return []
    before, after = await _bounds(tx, space, lookup.bounds)
    cut = Cut(after, before, lookup.oldest_first, lookup.limit + 1)
    return await feedreactions.page(tx, about, lookup.kind, cut)


async def _about(tx: Transaction, space: Space, lookup: Lookup) -> Below | By | None:
    if lookup.by == "user_id":
        return By(space.tenant.id, lookup.value)
    if lookup.by == "reaction_id":
        parent = await feedreactions.find(tx, space.tenant.id, lookup.value)
        return None if parent is None else Below(parent.item, lookup.user)
    activity = ids.parse(lookup.value)
    subject = None if activity is None else await reactions.subject_of(tx, space, activity)
    return None if subject is None else Below(subject, lookup.user)


async def _bounds(tx: Transaction, space: Space, bounds: dict[str, str]) -> tuple[int, int]:
    """Return between which positions a page lies; both are exclusive."""
    found = await feedreactions.named(tx, space.tenant.id, bounds.values())
    before, after = NEWEST, OLDEST
    for how, name in bounds.items():
        span = (found[name].position,) * 2 if name in found else _dated(name)
        if span is None:
            continue
        first, last = span
        if how.startswith("lt"):
            before = min(before, first if how == "lt" else last + 1)
        else:
            after = max(after, last if how == "gt" else first - 1)
    return before, after


def _dated(name: str) -> tuple[int, int] | None:
    """Return the first and the last position of the time that an unknown id has in it; None for one without."""
    id = ids.parse(name)
    if id is None or not ids.is_timed(id):
        return None
    instant = min(max(instants.microseconds(ids.time_of(id)), 0), LATEST_US)
    return at_instant(instant), at_instant(instant + 1) - 1
