"""The news of one process: what happened lately in feeds that someone listens to, and whom to wake (Feeds §11.1).

One task reads what any process has committed; listeners are woken and look here, not into the database. What is
told is spelled once, however many hear it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from storage import news
from storage.errors import StorageError
from storage.ids import at_instant
from storage.news import News
from streams.feeds.news import TOPIC
from streams.feeds.space import Feeds
from streams.feeds.telling import Story, stories
from streams.instants import SECOND_US
from streams.watch import OVERLAP_US, QUIET_SECONDS

log = logging.getLogger(__name__)

LOOKBACK_US: Final = 120 * SECOND_US
"""So long what happened is at hand, for those who were away for a moment or came from another process."""
NOTES_MAX: Final = 50_000
EVENTS: Final = 200
"""So many events are read at a time."""
AGAIN_SECONDS: Final = 1.0
END_SECONDS: Final = 2.0
"""So long the end of a process waits for what is being read."""


@dataclass(slots=True, eq=False)
class Note:
    """What one event did in one feed; told once someone wants to hear it."""

    event: int
    stream: int
    rows: list[News]
    story: Story | None = None
    is_told: bool = False


@dataclass(slots=True, eq=False)
class Ear:
    """One who waits here. ``changed``: what it subscribes to may have; ``ended``: it is to wait no longer."""

    name: str
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    changed: bool = False
    ended: bool = False
    streams: frozenset[int] = frozenset()


class Newsroom:
    """Reads the news while someone listens. Use it as an async context manager."""

    def __init__(self, parts: Feeds) -> None:
        self._parts = parts
        self._notes: deque[Note] = deque()
        self._by_stream: dict[int, deque[Note]] = {}
        self._ears: dict[str, Ear] = {}
        self._hearing: dict[int, set[Ear]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._telling = asyncio.Lock()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading], timeout=END_SECONDS)

    def close(self) -> None:
        """Let nobody wait any longer: this process is about to end."""
        self._closed = True
        for ear in self._ears.values():
            self._end(ear)

    async def join(self, name: str) -> Ear:
        """Begin to listen under a name; whoever listened under it before does so no longer."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read(), name="newsroom")
        await self._ready.wait()
        if name in self._ears:
            self._end(self._ears[name])
        ear = self._ears[name] = Ear(name, ended=self._closed)
        return ear

    def attend(self, ear: Ear, streams: Iterable[int]) -> None:
        """Listen to these feeds from now on, and to no others."""
        wanted = frozenset(streams)
        for stream in ear.streams - wanted:
            self._miss(ear, stream)
        for stream in wanted - ear.streams:
            self._hearing.setdefault(stream, set()).add(ear)
        ear.streams = wanted

    def leave(self, ear: Ear) -> None:
        """Listen no longer."""
        self.attend(ear, ())
        if self._ears.get(ear.name) is ear:
            del self._ears[ear.name]

    def recent(self, stream: int) -> Iterator[Note]:
        """Return what happened lately in a feed, in the order it was heard of."""
        return iter(self._by_stream.get(stream, ()))

    async def tell(self, notes: Iterable[Note]) -> None:
        """Have the stories of some notes told."""
        wanted = [note for note in notes if not note.is_told]
        if not wanted:
            return
        async with self._telling:
            untold = {(note.event, note.stream): note for note in wanted if not note.is_told}
            for story in await stories(self._parts, (row for note in untold.values() for row in note.rows)):
                untold[story.event, story.stream].story = story
            for note in untold.values():
                note.is_told = True

    async def _read(self) -> None:
        """Read the news for as long as this process lives.

        Events get their numbers before they are committed, so the last seconds are looked at again, and what
        was seen there is not repeated.
        """
        store, clock = self._parts.store, self._parts.clock
        low, seen = at_instant(clock() - LOOKBACK_US), set[int]()
        with store.signals.listen(TOPIC) as bell:
            while not self._closed:
                try:
                    rows = await store.peek(news.since, low, events=EVENTS + len(seen))
                    fresh = [row for row in rows if row.event not in seen]
                    seen.update(row.event for row in fresh)
                    await self._take(fresh)
                except Exception as error:
                    if isinstance(error, StorageError):
                        log.warning("cannot read the news: %s", error)
                    else:
                        log.exception("some news cannot be told")
                    await asyncio.sleep(AGAIN_SECONDS)
                    continue
                low = max(low, min(at_instant(clock() - OVERLAP_US), max(seen, default=low)))
                seen = {event for event in seen if event > low}
                if not fresh:
                    self._ready.set()
                    self._forget(at_instant(clock() - LOOKBACK_US))
                    await bell.wait(QUIET_SECONDS)

    async def _take(self, rows: list[News]) -> None:
        """Note what happened, and wake those whom it concerns."""
        woken: set[Ear] = set()
        notes: dict[tuple[int, int], Note] = {}
        for row in rows:
            if row.item == news.LISTENER:
                self._change(row.told or "", woken)
                continue
            key = row.event, row.stream
            if key not in notes:
                notes[key] = self._keep(Note(row.event, row.stream, []))
                woken |= self._hearing.get(row.stream, set())
            notes[key].rows.append(row)
        heard = [note for note in notes.values() if note.stream in self._hearing]
        await self.tell(heard)
        for ear in woken:
            ear.woken.set()

    def _change(self, name: str, woken: set[Ear]) -> None:
        ear = self._ears.get(name)
        if ear is not None:
            ear.changed = True
            woken.add(ear)

    def _keep(self, note: Note) -> Note:
        self._notes.append(note)
        self._by_stream.setdefault(note.stream, deque()).append(note)
        if len(self._notes) > NOTES_MAX:
            self._drop()
        return note

    def _forget(self, before: int) -> None:
        while self._notes and self._notes[0].event < before:
            self._drop()

    def _drop(self) -> None:
        note = self._notes.popleft()
        kept = self._by_stream[note.stream]
        kept.popleft()
        if not kept:
            del self._by_stream[note.stream]

    def _miss(self, ear: Ear, stream: int) -> None:
        hearing = self._hearing[stream]
        hearing.discard(ear)
        if not hearing:
            del self._hearing[stream]

    def _end(self, ear: Ear) -> None:
        ear.ended = True
        ear.woken.set()
