"""Enrichment: what activities refer to in the place of their references, and reactions beside them (Feeds §9).

Everything that a page needs is gathered kind by kind, in a number of statements that does not depend on how
many activities it has. A page is bounded too: what it refers to beyond its share stays a reference.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from storage import Transaction, feedcounts, feedlatest
from storage.feedreactions import FeedReaction
from streams.feeds import conversations, referents
from streams.feeds.conversations import Conversations, OwnReplies
from streams.feeds.referents import DEPTH_MAX, Referents, Shown
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import Reference, references
from vocab.dialects.getstream.reactions import SHOWN_PER_KIND_MAX, by_kind

REFERENCES_MAX: Final = 2_500
"""So many references are replaced on one page."""


def _nowhere(_activity: str, _kind: str, _last: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted beside what references name (Feeds §9.2).

    ``own`` are the reactions of ``user``, of everybody when that is empty; ``kinds`` restrict all reactions; of
    the ``latest`` there are ``most`` of a kind. ``rest`` is given an activity, a kind and the last reaction of it
    that is shown, and says where the others are.
    """

    own: bool = False
    latest: bool = False
    first: bool = False
    counts: bool = False
    kinds: tuple[str, ...] = ()
    user: str = ""
    most: int = SHOWN_PER_KIND_MAX
    replies: OwnReplies | None = None
    rest: Callable[[str, str, str], str] = _nowhere


async def activities(
    parts: Feeds, space: Space, shown: Sequence[Shown], wanted: Wanted
) -> list[dict[str, Any]]:
    """Return activities with what they refer to, and what was said to them."""
    return await parts.store.read(enrich, parts, space, shown, wanted)


async def enrich(
    tx: Transaction, parts: Feeds, space: Space, shown: Sequence[Shown], wanted: Wanted
) -> list[dict[str, Any]]:
    """Return activities with what they refer to, and what was said to them: a bounded number of statements."""
    named = await referents.gather(tx, parts, space, shown)
    beside = await _beside(tx, {one.item for one in (*shown, *named.activities.values())}, wanted)
    said = await conversations.gather(tx, (*beside.every(), *named.reactions.values()), wanted.replies)
    await named.introduce(tx, space, said.users)
    page = _Page(wanted, named, beside, said, REFERENCES_MAX)
    return [page.enriched(one) for one in shown]


async def responses(
    parts: Feeds, space: Space, rows: Sequence[FeedReaction], replies: OwnReplies | None = None
) -> list[dict[str, Any]]:
    """Return reactions as they are answered: with their users, and with what is below them (Feeds §7.3)."""
    return await parts.store.read(_responses, space, rows, replies)


async def _responses(
    tx: Transaction, space: Space, rows: Sequence[FeedReaction], replies: OwnReplies | None
) -> list[dict[str, Any]]:
    said = await conversations.gather(tx, rows, replies)
    named = Referents()
    await named.introduce(tx, space, said.users)
    return [said.spelled(row, named.users) for row in rows]


@dataclass(slots=True)
class _Beside:
    """The reactions to some activities, by their rows; of the latest one of each kind more than shows."""

    own: dict[int, list[FeedReaction]] = field(default_factory=dict)
    latest: dict[int, list[FeedReaction]] = field(default_factory=dict)
    first: dict[int, list[FeedReaction]] = field(default_factory=dict)
    counts: dict[int, dict[str, int]] = field(default_factory=dict)

    def every(self) -> Iterable[FeedReaction]:
        for found in (self.own, self.latest, self.first):
            for several in found.values():
                yield from several


async def _beside(tx: Transaction, items: set[int], wanted: Wanted) -> _Beside:
    """Look up the reactions to activities that are wanted."""
    made, kinds, few = _Beside(), wanted.kinds, SHOWN_PER_KIND_MAX
    if wanted.own:
        made.own = await feedlatest.of_each_kind(tx, items, most=few, kinds=kinds, author=wanted.user)
    if wanted.latest:
        made.latest = await feedlatest.of_each_kind(tx, items, most=wanted.most + 1, kinds=kinds)
    if wanted.first:
        made.first = await feedlatest.of_each_kind(tx, items, most=few, kinds=kinds, oldest_first=True)
    if wanted.counts:
        made.counts = await feedcounts.of(tx, items)
    return made


@dataclass(slots=True)
class _Page:
    """All that a page of enriched activities is made of, and how many references may still be replaced on it."""

    wanted: Wanted
    named: Referents
    beside: _Beside
    said: Conversations
    left: int

    def enriched(self, shown: Shown, depth: int = 0) -> dict[str, Any]:
        """Return an activity with what it refers to; ``depth`` says in how many others it is."""
        told = dict(shown.members)
        for member, reference in shown.references.items():
            if reference not in self.named.asked or self.left == 0:
                continue
            if reference.kind != "activity" or depth < DEPTH_MAX:
                self.left -= 1
                told[member] = self._referent(reference, depth) or references.missing(reference)
        told.update(self._responses(shown))
        return told

    def _referent(self, reference: Reference, depth: int) -> dict[str, Any] | None:
        if reference.kind == "user":
            return self.named.users.get(reference.id)
        if reference.kind == "object":
            return self.named.entries.get((reference.collection, reference.id))
        if reference.kind == "reaction":
            row = self.named.reactions.get(reference.id)
            return None if row is None else self.said.spelled(row, self.named.users)
        activity = self.named.activity(reference)
        return None if activity is None else self.enriched(activity, depth + 1)

    def _responses(self, shown: Shown) -> dict[str, Any]:
        """Return what is wanted of the reactions to an activity, empty when there are none (Feeds §9.2)."""
        told: dict[str, Any] = {}
        if self.wanted.own:
            told["own_reactions"] = self._kinds(self.beside.own, shown)
        if self.wanted.latest:
            latest = self._kinds(self.beside.latest, shown)
            told["latest_reactions"] = {kind: rows[: self.wanted.most] for kind, rows in latest.items()}
            told["latest_reactions_extra"] = {kind: self._rest(shown, kind, latest[kind]) for kind in latest}
        if self.wanted.first:
            told["first_reactions"] = self._kinds(self.beside.first, shown)
        if self.wanted.counts:
            kinds, counts = self.wanted.kinds, self.beside.counts.get(shown.item, {})
            told["reaction_counts"] = {kind: counts[kind] for kind in counts if not kinds or kind in kinds}
        return told

    def _kinds(self, found: dict[int, list[FeedReaction]], shown: Shown) -> dict[str, list[dict[str, Any]]]:
        return by_kind(self.said.spelled(row, self.named.users) for row in found.get(shown.item, ()))

    def _rest(self, shown: Shown, kind: str, latest: list[dict[str, Any]]) -> dict[str, str]:
        """Return where the reactions are that do not show, if there are any."""
        if len(latest) <= self.wanted.most:
            return {"next": ""}
        return {"next": self.wanted.rest(shown.members["id"], kind, latest[self.wanted.most - 1]["id"])}
