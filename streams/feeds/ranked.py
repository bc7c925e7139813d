"""Reading flat feeds in another order than that of time: by a formula, or as they were a while ago (Feeds §6.3, §10).

The newest activities of a feed, as many as can be reached, are scored and put in order; a page is cut from that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from storage import engagements, feedcounts
from storage.feedpages import DEPTH_MAX, Listed, Part
from streams.errors import StreamsError
from streams.feeds import lines, reading
from streams.feeds.flat import Page
from streams.feeds.lines import Line
from streams.feeds.snapshots import Snapshot
from streams.feeds.space import Feeds, Space
from streams.ranking import Method, Occasion, Subject
from vocab import jsontext
from vocab.dialects.getstream import FeedId, ids

COUNTED: Final = frozenset(("reaction_counts", "analytics"))
BESIDE: Final = frozenset(("time", "external")) | COUNTED
"""The first words of variables that are no members of an activity."""
FOREIGN_ID: Final = "foreign_id"
"""By this member programs name an activity when they tell what was done with it (Feeds §7.6)."""


class UnknownRanking(StreamsError):
    """A feed's group has no ranking method of this name (Feeds §4)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no ranking method {name[:100]!r}")


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a feed is to be read: by which method, with which ``ranking_vars``, in which session.

    Without a method the newest comes first. With a session all pages are cut from one order, unless it is to be made
    anew (``refresh``). ``explained`` asks for the values that scores are made of.
    """

    method: str = ""
    external: Mapping[str, Any] = field(default_factory=dict)
    session: str = ""
    refresh: bool = False
    explained: bool = False


async def page(parts: Feeds, space: Space, feed: FeedId, part: Part, ranking: Ranking) -> Page:
    """Return a part of a flat feed, the highest score first. Raises UnknownRanking and Unrankable."""
    method = _method(space, feed, ranking)
    key = (
        space.tenant.id,
        feed,
        replace(part, limit=0, offset=0),
        ranking.method,
        _text(ranking),
        ranking.session,
    )
    snapshot = parts.snapshots.get(key) if ranking.session and not ranking.refresh else None
    found = await _found(parts, space, feed, part, snapshot)
    now = parts.clock() if snapshot is None else snapshot.now
    seed = f"{space.tenant.id} {feed} {ranking.session}" if ranking.session else None
    scoring = _Scoring(parts, space, method, Occasion(now, Random(seed), ranking.external))  # noqa: S311 - no secret
    if snapshot is None:
        scores = await scoring.scores(found)
        if ranking.session and found:
            parts.snapshots.keep(key, Snapshot(scores, found[0].key, now))
    else:
        scores = snapshot.scores()
        found = [one for one in found if one.item in scores]
    ordered = sorted(found, key=lambda one: (scores[one.item], one.position, one.tie), reverse=True)
    shown = ordered[part.offset : part.offset + part.limit]
    told = await scoring.told(shown, scores, explained=ranking.explained)
    return Page(told, len(ordered) > part.offset + part.limit)


def _method(space: Space, feed: FeedId, ranking: Ranking) -> Method | None:
    if not ranking.method:
        return None
    method = space.group(feed).rankings.get(ranking.method)
    if method is None:
        raise UnknownRanking(ranking.method)
    return method


def _text(ranking: Ranking) -> bytes:
    return jsontext.dumps(dict(ranking.external))


async def _found(
    parts: Feeds, space: Space, feed: FeedId, part: Part, snapshot: Snapshot | None
) -> list[Listed]:
    """Return all that is to be put in order: what has come since a snapshot was made is not."""
    bounds = part.bounds if snapshot is None else part.bounds.narrowed("lte", snapshot.newest)
    whole = replace(part, bounds=bounds, limit=DEPTH_MAX, offset=0)
    listed = await reading.page(parts, space, feed, whole)
    texts = await lines.learned(parts, space.entities, listed)
    return [one for one, text in zip(listed, texts, strict=True) if text is not None]


@dataclass(frozen=True, slots=True)
class _Scoring:
    """One method on one occasion."""

    parts: Feeds
    space: Space
    method: Method | None
    occasion: Occasion

    async def scores(self, found: Sequence[Listed]) -> dict[int, float]:
        """Return the scores of activities by their rows, all alike without a method."""
        if self.method is None:
            return {one.item: 0.0 for one in found}
        score, occasion = self.method.score, self.occasion
        subjects = await self._subjects(self.method, found)
        return {one.item: score(subject, occasion) for one, subject in zip(found, subjects, strict=True)}

    async def told(self, shown: list[Listed], scores: Mapping[int, float], *, explained: bool) -> list[Line]:
        """Return activities with their scores, and with what these are made of if that is wanted."""
        written = await lines.written(self.parts, self.space.entities, shown)
        if self.method is None:
            return written
        told: dict[int, dict[str, Any]] = {one.item: {"score": scores[one.item]} for one in shown}
        if explained:
            for one, subject in zip(shown, await self._subjects(self.method, shown), strict=True):
                told[one.item]["score_vars"] = self.method.values(subject, self.occasion)
        return [_with(line, told[line.item]) for line in written]

    async def _subjects(self, method: Method, found: Sequence[Listed]) -> list[Subject]:
        """Return what a method is to know of activities; what it does not mention is not looked up."""
        firsts = {name.split(".")[0] for name in method.variables}
        names = frozenset(firsts - BESIDE) | ({FOREIGN_ID} if "analytics" in firsts else set())
        some, instant = self.parts.spellings.some_members, ids.instant
        members = [some(one.item, names) for one in found]
        if firsts.isdisjoint(COUNTED):
            return [Subject(instant(one.position), told) for one, told in zip(found, members, strict=True)]
        counts: dict[int, dict[str, int]] = {}
        engaged: dict[str, dict[str, int]] = {}
        if "reaction_counts" in firsts:
            counts = await self.parts.store.peek(feedcounts.of, [one.item for one in found])
        if "analytics" in firsts:
            contents = {told[FOREIGN_ID] for told in members if told[FOREIGN_ID]}
            engaged = await self.parts.store.peek(engagements.counts, self.space.tenant.id, contents)
        return [
            Subject(
                instant(one.position),
                told,
                counts.get(one.item, {}),
                engaged.get(told.get(FOREIGN_ID, ""), {}),
            )
            for one, told in zip(found, members, strict=True)
        ]


def _with(line: Line, told: dict[str, Any]) -> Line:
    """Return an activity with further members, which take the place of custom fields of the same names."""
    if b'"score_vars"' in line.text:
        read: Any = jsontext.loads(line.text)
        return line._replace(text=jsontext.dumps(read | told))
    return line._replace(text=line.text[:-1] + b"," + jsontext.dumps(told)[1:])
