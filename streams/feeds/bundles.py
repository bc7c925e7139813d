"""Reading aggregated and notification feeds: bundles of activities, and what was seen and read of them (Feeds §8)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from storage import Transaction, bundlemarks, bundlepages, feeds
from storage.bundlemarks import State, Unmarked
from storage.bundlepages import Bundle
from storage.feedactivities import Key
from storage.feedpages import DEPTH_MAX, Listed, Part
from storage.placements import OLDEST, Bounds, Shown
from streams.errors import Malformed, StreamsError
from streams.feeds import keys, lines, news, reading
from streams.feeds.lines import Line
from streams.feeds.news import Marked
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId, groups
from vocab.dialects.getstream.groups import SHOWN_MAX, Mark

NO_MARK: Final = Mark()


class Unbundled(StreamsError):
    """The format that names the bundles of a feed was not understood when it was configured (Feeds §8.4)."""

    def __init__(self, malformed: Malformed) -> None:
        super().__init__(str(malformed))


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle with the newest of its activities."""

    bundle: Bundle
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of bundles, and whether there is another one; ``unmarked`` is None in feeds that keep no marks.

    All of it is as it was before anything was marked.
    """

    bundles: list[Bundled]
    more: bool
    unmarked: Unmarked | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What a reader marks of a notification feed."""

    seen: Mark = NO_MARK
    read: Mark = NO_MARK

    def __bool__(self) -> bool:
        return (self.seen, self.read) != (NO_MARK, NO_MARK)


NO_MARKS: Final = Marks()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of a feed; ``names`` are its owner and its name in storage."""

    names: tuple[int | None, str]
    part: Part
    marks: Marks
    keeps_marks: bool

    @property
    def sifted(self) -> bool:
        """Whether bundles may show less than they count, so that they are to be counted and ordered anew."""
        return bool(self.part.without) or self.part.shown > Shown.OWNER


async def page(parts: Feeds, space: Space, feed: FeedId, part: Part, marks: Marks = NO_MARKS) -> Page:
    """Return a part of a feed of bundles, and then mark what is to be marked. Raises Unbundled.

    Bounds, limit and offset speak of bundles, by the ids of their newest activities.
    """
    group = space.group(feed)
    if isinstance(group.aggregation, Malformed):
        raise Unbundled(group.aggregation)
    part = reading.recent(parts, space, feed, part)
    asked = _Asked((space.tenant.object, str(feed)), part, marks, group.keeps_marks)
    if group.keeps_marks and marks:
        found = await parts.store.write(_read_and_mark, space, asked, now=parts.clock())
    else:
        found = await parts.store.read(_read, asked)
    return Page(await _bundled(parts, space, found), found.more, found.unmarked)


async def _bundled(parts: Feeds, space: Space, found: "_Read") -> list[Bundled]:
    """Write the activities of bundles; one of which nothing is left is left out."""
    entries = [entry for entries in found.entries.values() for entry in entries]
    by_item = {line.item: line for line in await lines.written(parts, space.entities, entries)}
    bundled = [
        Bundled(
            one, [by_item[entry.item] for entry in found.entries.get(one.id, ()) if entry.item in by_item]
        )
        for one in found.bundles
    ]
    return [one for one in bundled if one.lines]


@dataclass(frozen=True, slots=True)
class _Read:
    """A page before it is written, and all bundles that there are when they had to be gone through to make it."""

    bundles: list[Bundle]
    entries: dict[int, list[Listed]]
    more: bool
    unmarked: Unmarked | None
    every: list[Bundle] | None


async def _read(tx: Transaction, asked: _Asked) -> _Read:
    part, every, unmarked = asked.part, None, None
    if asked.sifted:
        every = await _sifted(tx, asked)
        bounds = part.bounds
        found = [one for one in every if bounds.after < one.counts.newest < bounds.before]
        found = found[part.offset : part.offset + part.limit + 1]
        unmarked = Unmarked(sum(not one.is_seen for one in every), sum(not one.is_read for one in every))
    else:
        found = await bundlepages.page(tx, *asked.names, part.one_more())
        found = await _counted_anew(tx, found, [one.id for one in found if _is_cut(one, part)], part)
        if asked.keeps_marks:
            unmarked = await bundlemarks.unmarked(tx, *asked.names, since=part.since)
    shown = found[: part.limit]
    entries = await bundlepages.newest_in(tx, [one.id for one in shown], part, most=SHOWN_MAX)
    return _Read(shown, entries, len(found) > part.limit, unmarked if asked.keeps_marks else None, every)


async def _sifted(tx: Transaction, asked: _Asked) -> list[Bundle]:
    """Return all bundles that can be reached as they are without what is left out, the newest first."""
    part = asked.part
    whole = replace(
        part, bounds=Bounds().narrowed("gte", Key(part.since, OLDEST.tie)), limit=DEPTH_MAX, offset=0
    )
    found = await bundlepages.page(tx, *asked.names, whole)
    changed = set(await bundlepages.changed_by(tx, [one.id for one in found], part))
    changed.update(one.id for one in found if _is_cut(one, part))
    found = await _counted_anew(tx, found, changed, part)
    return sorted(found, key=lambda one: one.counts.newest, reverse=True)


def _is_cut(bundle: Bundle, part: Part) -> bool:
    """Tell whether a bundle has activities that are too old to be shown."""
    return bundle.counts.oldest < part.since


async def _counted_anew(
    tx: Transaction, found: list[Bundle], changed: Collection[int], part: Part
) -> list[Bundle]:
    """Return bundles of which some are counted anew; those that show nothing are left out."""
    if not changed:
        return found
    counts = await bundlepages.recounted(tx, changed, part)
    return [
        replace(one, counts=counts.get(one.id, one.counts))
        for one in found
        if one.id in counts or one.id not in changed
    ]


async def _read_and_mark(tx: Transaction, space: Space, asked: _Asked, *, now: int) -> _Read:
    found = await _read(tx, asked)
    stream = await feeds.find(tx, *asked.names)
    if stream is not None:
        seen = await _mark(tx, stream, asked, found, "seen", asked.marks.seen)
        read = await _mark(tx, stream, asked, found, "read", asked.marks.read)
        await news.marked(tx, (await space.heard(tx, now=now)).ears, stream, seen=seen, read=read)
    return found


async def _mark(
    tx: Transaction, stream: int, asked: _Asked, found: _Read, state: State, mark: Mark
) -> Marked | None:
    """Mark what is to be marked, and return what that was, as it is told; None when it was nothing."""
    if mark.all:
        return "all" if await bundlemarks.mark_all(tx, stream, state) else None
    named = await _named(tx, asked, found, mark.ids)
    current = [one.id for one in found.bundles] if mark.current else []
    if not await bundlemarks.mark(tx, (*named, *current), state):
        return None
    return "current" if mark.current else list(named.values())


async def _named(tx: Transaction, asked: _Asked, found: _Read, ids: Collection[UUID]) -> dict[int, str]:
    """Return those bundles, and their ids at the door, whose newest activities have these ids."""
    if not ids:
        return {}
    wanted = {keys.key_of(id) for id in ids}
    if found.every is not None:
        return {
            one.id: group_id(one.counts.newest, one.name)
            for one in found.every
            if one.counts.newest in wanted
        }
    bundles = await bundlemarks.by_newest(tx, *asked.names, wanted)
    return {id: group_id(newest, name) for newest, (id, name) in bundles.items()}


def group_id(newest: Key, name: str) -> str:
    """Return the id of a bundle at the door."""
    return groups.id_of(keys.id_of(newest), name)
