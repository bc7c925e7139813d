"""Importing an archive: piece by piece, each once, so that it can be stopped and run again at any time (AP-756)."""

import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from server.archives import mastodon as layout
from server.archives.errors import BadArchive
from server.archives.opening import BROKEN, Archive
from server.archives.report import Report
from server.media import Library, MediaError
from storage import Store, former
from storage.files import File
from streams import luggage, moving, relate
from streams.errors import Redundant, StreamsError
from streams.luggage import Traveller
from vocab import Activity, Object, VocabError
from vocab.dialects import mastodon

ROWS_AT_ONCE = 500
PART_BYTES = 256 * 1024
BOOKMARKS = "Bookmarks"
QUEUED = {"Follow": "follows", "Block": "blocks", "Ignore": "mutes", "Add": "list members"}
"""What the report calls the jobs that are left for lists of names."""


@dataclass
class Import:
    """One run over an archive. ``step`` is told of each piece, for a progress bar."""

    store: Store
    library: Library
    archive: Archive
    traveller: Traveller
    clock: Callable[[], int]
    file_bytes_max: int
    follow: bool = False
    step: Callable[[str], None] = field(default=lambda kind: None)
    report: Report = field(default_factory=Report)

    async def run(self) -> Report:
        """Take everything the archive has. Raises BadArchive when a part of it cannot be read on."""
        await self._profile()
        for item in layout.items(self.archive, layout.OUTBOX):
            await self._said(item)
        for item in layout.items(self.archive, layout.LIKES):
            await self._named("likes", item, self._like)
        if layout.BOOKMARKS in self.archive:
            bookmarks = await self._collection(BOOKMARKS)
            for item in layout.items(self.archive, layout.BOOKMARKS):
                await self._named("bookmarks", item, lambda iri: self._collect(bookmarks, iri))
        await self._relations()
        return self.report

    async def _profile(self) -> None:
        archived = layout.actor(self.archive)
        files = {}
        lacking = await self.store.read(moving.pictures, self.traveller, archived)
        for term, path in lacking.items():
            file = await self._file(path)
            if file is not None:
                files[term] = file
        taken = await self.store.write(moving.profile, self.traveller, archived, files, now=self.clock())
        self.report.taken["profile members"] += len(taken)

    async def _said(self, item: Object | layout.Unreadable) -> None:
        if isinstance(item, layout.Unreadable):
            self.report.leave("posts", "", item.reason)
        elif item.is_a("Create"):
            await self._take("posts", item.id or "", lambda: self._post(Activity(item.data)))
        elif item.is_a("Announce"):
            activity = Activity(item.data)
            work = self.store.write
            await self._take(
                "shares",
                item.id or "",
                lambda: work(luggage.share, self.traveller, activity, now=self.clock()),
            )
        else:
            self.report.leave("posts", item.id or "", f"a {item.type or 'thing without type'} is not taken")

    async def _post(self, activity: Activity) -> bool:
        thing = activity.inner
        if thing is not None and await self._is_here(thing.id or ""):
            return False
        files = {}
        for path in [] if thing is None else mastodon.files(thing):
            file = await self._file(path)
            if file is not None:
                files[path] = file
        return await self.store.write(luggage.post, self.traveller, activity, files, now=self.clock())

    async def _is_here(self, name: str) -> bool:
        return await self.store.read(former.find, self.traveller.actor.id, name) is not None

    async def _file(self, path: str) -> File | None:
        """Take one file of the archive in; None when it is missing or of no kind we keep."""
        try:
            with self.archive.open(path) as packed, tempfile.TemporaryFile() as whole:
                self._copy(packed, whole)
                file = await self.library.keep(whole)
        except (BadArchive, MediaError) as reason:
            self.report.leave("files", path, str(reason))
            return None
        self.report.taken["files"] += 1
        return file

    def _copy(self, packed: IO[bytes], whole: IO[bytes]) -> None:
        """Copy a packed file to the disk, where it can be looked at as a whole; no further than its limit."""
        while part := _read(packed):
            whole.write(part)
            if whole.tell() > self.file_bytes_max:
                raise BadArchive(f"longer than {self.file_bytes_max} bytes")
        whole.flush()

    async def _named(
        self, kind: str, item: Object | layout.Unreadable, take: Callable[[str], Awaitable[bool]]
    ) -> None:
        if isinstance(item, layout.Unreadable) or item.id is None:
            self.report.leave(
                kind, "", item.reason if isinstance(item, layout.Unreadable) else "it has no id"
            )
            return
        iri = item.id
        await self._take(kind, iri, lambda: take(iri))

    async def _like(self, iri: str) -> bool:
        return await self.store.write(luggage.like, self.traveller, iri, now=self.clock())

    async def _collection(self, name: str) -> str:
        return await self.store.write(luggage.collection, self.traveller, name, now=self.clock())

    async def _collect(self, collection: str, iri: str) -> bool:
        return await self.store.write(luggage.collect, self.traveller, collection, iri, now=self.clock())

    async def _take(self, kind: str, name: str, take: Callable[[], Awaitable[bool]]) -> None:
        """Take one piece and note what became of it; only a broken archive or store ends the run."""
        try:
            tally = self.report.taken if await take() else self.report.held
            tally[kind] += 1
        except Redundant:
            self.report.held[kind] += 1
        except (StreamsError, VocabError) as reason:
            self.report.leave(kind, name, str(reason))
        self.step(kind)

    async def _relations(self) -> None:
        """Leave jobs for whom to follow (when asked to), block and mute; block domains; make lists."""
        for name, type in ((layout.BLOCKED, "Block"), (layout.MUTED, "Ignore")):
            await self._relate(type, (row[0] for row in layout.rows(self.archive, name)))
        domains = (f"https://{row[0]}" for row in layout.rows(self.archive, layout.BLOCKED_DOMAINS))
        await self._relate("Block", domains)
        if self.follow:
            await self._relate("Follow", (row[0] for row in layout.rows(self.archive, layout.FOLLOWING)))
        for row in layout.rows(self.archive, layout.LISTS):
            if len(row) > 1:
                await self._relate("Add", iter(row[1:2]), await self._collection(row[0]))

    async def _relate(self, type: str, names: Iterator[str], target: str = "") -> None:
        start = 0
        while some := list(islice(names, ROWS_AT_ONCE)):
            new = await self.store.write(
                relate.leave, self.traveller.actor, type, some, start=start, now=self.clock(), target=target
            )
            start += len(some)
            self.report.taken[QUEUED[type]] += new
            self.report.held[QUEUED[type]] += len(some) - new


def _read(packed: IO[bytes]) -> bytes:
    try:
        return packed.read(PART_BYTES)
    except BROKEN as error:
        raise BadArchive(f"cannot be read on: {error}") from None
