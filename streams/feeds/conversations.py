"""Reactions with what shows below them: the newest replies to each, their replies, and how many there are (Feeds §7.3).

What is below a page of reactions is gathered level by level, at most three statements for each of two levels,
however many reactions there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from storage import Transaction, feedcounts, feedlatest
from storage.feedreactions import FeedReaction
from streams.feeds import reactions
from vocab.dialects.getstream.reactions import (
    CHILDREN_SHOWN_MAX,
    LEVELS_MAX,
    SHOWN_PER_KIND_MAX,
    by_kind,
    spelled,
)

REMEMBERED: Final = 4_096
"""So many reactions are kept as they were last written."""
ANSWERED_MAX: Final = 500
"""Replies are shown to so many reactions of one level on a page; those of the others are counted."""


@dataclass(frozen=True, slots=True)
class OwnReplies:
    """Whose replies are wanted as their own, and of which kinds; an empty name means everybody's, no kinds all."""

    user: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversations:
    """Reactions and what is below them. ``own`` is None when nobody's own replies were wanted."""

    reactions: dict[int, FeedReaction] = field(default_factory=dict)
    counts: dict[int, dict[str, int]] = field(default_factory=dict)
    latest: dict[int, list[FeedReaction]] = field(default_factory=dict)
    own: dict[int, list[FeedReaction]] | None = None
    _spelt: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def users(self) -> set[str]:
        """The ids of all who said something."""
        return {row.author for row in self.reactions.values()}

    def spelled(self, row: FeedReaction, users: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        """Write a reaction as it is answered, with what is below it; ``users`` are written already."""
        told = self._spelt.get(row.item)
        if told is None:
            told = self._spelt[row.item] = self._written(row, users)
        return told

    def _written(self, row: FeedReaction, users: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        told = _alone(row) | {
            "user": users[row.author],
            "latest_children": by_kind(self.spelled(reply, users) for reply in self.latest.get(row.item, ())),
            "children_counts": self.counts.get(row.item, {}),
        }
        if self.own is not None:
            told["own_children"] = by_kind(self.spelled(reply, users) for reply in self.own.get(row.item, ()))
        return told


@lru_cache(REMEMBERED)
def _alone(row: FeedReaction) -> dict[str, Any]:
    """Write a reaction without anything that is not in its row."""
    return spelled(reactions.read(row), {})


async def gather(tx: Transaction, rows: Iterable[FeedReaction], own: OwnReplies | None) -> Conversations:
    """Return what shows below reactions, with the replies of one user beside the newest if they are wanted."""
    made = Conversations(own=None if own is None else {})
    level = {row.item: row for row in rows}
    while level:
        made.reactions.update(level)
        level = await _below(tx, made, [row.item for row in level.values() if row.level < LEVELS_MAX], own)
    return made


async def _below(
    tx: Transaction, made: Conversations, items: list[int], own: OwnReplies | None
) -> dict[int, FeedReaction]:
    """Add what is directly below some reactions; return what is new among it."""
    counts = await feedcounts.of(tx, items)
    made.counts.update(counts)
    answered = [item for item in items if any(counts.get(item, {}).values())][:ANSWERED_MAX]
    found = await feedlatest.of_all_kinds(tx, answered, most=CHILDREN_SHOWN_MAX)
    made.latest.update(found)
    replies = [reply for several in found.values() for reply in several]
    if own is not None and made.own is not None:
        theirs = await feedlatest.of_each_kind(
            tx, answered, most=SHOWN_PER_KIND_MAX, kinds=own.kinds, author=own.user
        )
        made.own.update(theirs)
        replies += [reply for several in theirs.values() for reply in several]
    return {reply.item: reply for reply in replies if reply.item not in made.reactions}
