"""Importing what an application had at Stream: its activities, follows, reactions, users and collections.

Items are taken in units of bounded size. With each unit is kept how far the file was read and what became of it, so
that a run that was stopped goes on where it was; and what is here already is not taken twice, so that the same file
may come again.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from server.archives import feeddump
from server.archives.feeddump import Item, Place
from server.archives.report import Report
from storage import Transaction, meta
from storage.errors import Conflict
from storage.tenants import Tenant
from streams.errors import StreamsError
from streams.feeds import Feeds, Space, recalling
from streams.feeds.bulk import Addition
from vocab import VocabError
from vocab.dialects.getstream import FeedActivity, FeedId, imports
from vocab.dialects.getstream.imports import PastFollow, PastReaction

WEIGHT_MAX: Final = 200
"""A unit of work takes about so many items; one that causes much besides counts for several."""
COPIES_PER_WEIGHT: Final = 20
HEAD_BYTES: Final = 64 * 1024
"""A file is known again by its size and so much of its beginning."""

Take = Callable[..., Awaitable[bool]]


def _plain(recall: Take) -> Take:
    async def take(tx: Transaction, space: Space, item: Item, *, now: int) -> bool:
        return await recall(tx, space, item.thing, now=now)

    return take


TAKE: Final[dict[str, Take]] = {
    imports.FOLLOW: _plain(recalling.follow),
    imports.UNFOLLOW: _plain(recalling.unfollow),
    imports.REACTIONS: _plain(recalling.reaction),
    imports.USERS: _plain(recalling.user),
    imports.COLLECTIONS: _plain(recalling.entry),
}


@dataclass
class FeedImport:
    """One run over files. ``step`` is told what was done with how many things, and how many bytes were read by then."""

    feeds: Feeds
    tenant: Tenant
    files: Sequence[Path]
    step: Callable[[str, int], None] = field(default=lambda kind, read: None)
    report: Report = field(default_factory=Report)

    async def run(self) -> Report:
        """Take everything the files have. Raises BadArchive when one cannot be read on."""
        marks = []
        read = 0
        for path in self.files:
            run = _File(self, path, base=read)
            marks.append(run.mark)
            self.report.add(await run.take())
            read += path.stat().st_size
        for mark in marks:
            await self.feeds.store.write(meta.remove, mark)
        return self.report


class _File:
    """One file of a run."""

    def __init__(self, run: FeedImport, path: Path, *, base: int) -> None:
        self._run, self._path, self._base = run, path, base
        self._report = Report()
        self.mark = mark_of(run.tenant, path)

    async def take(self) -> Report:
        """Take what was not taken before, and return what became of all of it."""
        start = await self._start()
        with feeddump.opened(self._path) as dump:
            for items in _units(feeddump.items(dump, start)):
                await self._settle(items)
                for item in items:
                    self._run.step(item.name, self._base + dump.read_bytes())
        return self._report

    async def _start(self) -> Place:
        """Return where to begin: behind what an earlier run has settled."""
        kept = await self._run.feeds.store.read(meta.get, self.mark)
        if kept is None:
            return Place(0, 0, 0)
        found = json.loads(kept)
        self._report = Report.read(found["report"])
        return Place(*found["place"])

    async def _settle(self, items: list[Item]) -> None:
        """Take a few items, and keep with them how far that was."""
        space = await self._space()
        try:
            self._report = await self._write(space, items)
        except (StreamsError, VocabError, Conflict):
            for item in items:
                self._report = await self._settle_one(space, item)

    async def _settle_one(self, space: Space, item: Item) -> Report:
        try:
            return await self._write(space, [item])
        except (StreamsError, VocabError, Conflict) as error:
            return await self._write(space, [replace(item, reason=feeddump.reason_of(error))])

    async def _space(self) -> Space:
        """Return the tenant's space as it is now: groups may be added, and its first feed makes it an owner."""
        tenant = await self._run.feeds.tenant(self._run.tenant.id)
        return replace(await self._run.feeds.space(tenant or self._run.tenant), past=True)

    async def _write(self, space: Space, items: list[Item]) -> Report:
        return await self._run.feeds.store.write(
            _take, space, items, self._report, self.mark, self._path.name, now=self._run.feeds.clock()
        )


async def _take(
    tx: Transaction, space: Space, items: list[Item], before: Report, mark: str, file: str, *, now: int
) -> Report:
    """Take some items in their order, and return and keep what has become of the file by then. A unit of work."""
    report = before.copy()
    owner = await space.owner(tx, now=now)
    space = replace(space, tenant=replace(space.tenant, object=owner))
    sound = []
    for item in items:
        reason = item.reason or _obstacle(space, item)
        if reason:
            place = {"file": file, "line": item.place.line, "item": item.place.item}
            report.leave(item.name, _name(item), reason, **place)
        else:
            sound.append(item)
    number = 0
    for kind, alike in groupby(sound, _kind):
        several = list(alike)
        taken = await _take_alike(tx, space, kind, several, now=now + number)
        number += len(several)
        report.taken[several[0].name] += taken
        report.held[several[0].name] += len(several) - taken
    kept = {"place": items[-1].place, "report": report.document()}
    await meta.put(tx, mark, json.dumps(kept))
    return report


def _kind(item: Item) -> str:
    return "" if item.line is None else item.line.kind


async def _take_alike(tx: Transaction, space: Space, kind: str, items: list[Item], *, now: int) -> int:
    """Take items of one kind that come after each other, and return how many were not here."""
    if kind == imports.ADD:
        added = [Addition(item.line.feed, item.thing) for item in items if item.line is not None]
        return await recalling.activities(tx, space, added, now=now)
    return sum([await TAKE[kind](tx, space, item, now=now + at) for at, item in enumerate(items)])


def _obstacle(space: Space, item: Item) -> str:
    """Say why something that is sound has no place here; the empty text when it has."""
    feeds = list(_feeds(item))
    missing = sorted({feed.slug for feed in feeds if feed.slug not in space.groups})
    if missing:
        return f"no feed group is called {', '.join(missing)}"
    if isinstance(item.thing, PastFollow) and not space.group(item.thing.follow.target).flat:
        return f"{item.thing.follow.target}: only flat feeds can be followed"
    return ""


def _feeds(item: Item) -> Iterable[FeedId]:
    """Return the feeds that something has to do with."""
    thing: Any = item.thing
    if isinstance(thing, FeedActivity):
        return (*([] if item.line is None else [item.line.feed]), *thing.to)
    if isinstance(thing, PastFollow):
        return thing.follow.source, thing.follow.target
    if isinstance(thing, PastReaction):
        return [target.feed for target in thing.new.targets]
    return ()


def _units(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items in units of bounded weight."""
    unit: list[Item] = []
    weight = 0
    for item in items:
        unit.append(item)
        weight += _weight(item)
        if weight >= WEIGHT_MAX:
            yield unit
            unit, weight = [], 0
    if unit:
        yield unit


def _weight(item: Item) -> int:
    thing: Any = item.thing
    if isinstance(thing, FeedActivity):
        return 1 + len(thing.to)
    if isinstance(thing, PastFollow):
        return 1 + thing.follow.copies // COPIES_PER_WEIGHT
    return 1


def _name(item: Item) -> str:
    """Return what a thing is called where it comes from, as far as that is known."""
    thing: Any = item.thing
    if isinstance(thing, FeedActivity):
        return thing.foreign_id or str(thing.id)
    if isinstance(thing, PastFollow):
        return f"{thing.follow.source} follows {thing.follow.target}"
    return "" if thing is None else str(getattr(getattr(thing, "new", None), "id", ""))


def mark_of(tenant: Tenant, path: Path) -> str:
    """Return under what name is kept how far a file was taken."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return f"import {tenant.id} {hashlib.sha256(b'%d ' % path.stat().st_size + head).hexdigest()}"
