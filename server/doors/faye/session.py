"""One client that listens: what it has subscribed to, what it has been told, and what there is to tell it.

A session lasts as long as a poll or a socket. What is to survive it is in the database, so the next one may be held
by another process, or by this one after it has been started again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from server.doors.faye.admission import NotAdmitted, admit
from server.doors.faye.subscribing import LEASE_US, end
from server.house import House
from storage import Transaction, listeners, news
from storage.ids import at_instant
from storage.listeners import Heard, Listener, Subscription
from streams.feeds.newsroom import Ear, Note
from streams.instants import SECOND_US
from streams.watch import OVERLAP_US
from vocab import jsontext

RENEW_US: Final = 120 * SECOND_US
"""With less than this left of its lease, a client is renewed."""
TRUST_US: Final = 5 * SECOND_US
"""For so long a client is told without looking again at what lets it listen."""


class Session:
    """A client of a name, as this process holds it."""

    def __init__(self, parts: House, ear: Ear, listener: Listener | None) -> None:
        self._parts = parts
        self._ear = ear
        self.listener = listener
        self.heard = listener.heard.copy() if listener else Heard()
        self._trusted = 0
        self._attend()

    @property
    def ended(self) -> bool:
        """Whether another poll or socket has taken over, or this process is about to end."""
        return self._ear.ended

    async def wait(self, seconds: float) -> list[bytes]:
        """Return what there is to tell, as soon as there is something; nothing when so much time has passed.

        What it returns counts as told.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            self._ear.woken.clear()
            if self._ear.changed:
                await self._reload()
            told = await self._tell()
            if told or self._ear.ended:
                return told
            try:
                async with asyncio.timeout_at(deadline):
                    await self._ear.woken.wait()
            except TimeoutError:
                return []

    async def renew(self) -> None:
        """Have the client remembered for longer, and end what its tokens do not allow any more."""
        listener, now = self.listener, self._parts.ports.clock()
        if listener is None or listener.until - now > RENEW_US:
            return
        heard, refused = await self._admitted(listener, now)
        await self._parts.store.write(_renew, listener, heard, refused, until=now + LEASE_US)
        await self._reload()

    async def _recheck(self) -> None:
        """End what its tokens do not allow any more, unless that was looked at a moment ago."""
        listener, now = self.listener, self._parts.ports.clock()
        if listener is None or now - self._trusted < TRUST_US:
            return
        _, refused = await self._admitted(listener, now)
        if refused:
            await self._parts.store.write(end, listener, refused)
            await self._reload()

    async def _admitted(self, listener: Listener, now: int) -> tuple[dict[int, set[int]], set[str]]:
        """Return the feeds that a client may still hear, by their tenants, and the channels that it may not."""
        heard, refused = dict[int, set[int]](), set[str]()
        for channel, api_key, token in {one.credentials for one in listener.subscriptions}:
            try:
                admission = await admit(self._parts.feeds, channel, api_key, token, now=now)
            except NotAdmitted:
                refused.add(channel)
            else:
                streams = {one.stream for one in listener.subscriptions if one.channel == channel}
                heard.setdefault(admission.space.tenant.id, set()).update(streams)
        self._trusted = now
        return heard, refused

    async def save(self, answered: str, previously: Heard) -> None:
        """Remember what the client has been told, by the answer to which message, and what it had been before."""
        if self.listener is not None:
            await self._parts.store.write(listeners.told, self.listener.id, self.heard, previously, answered)

    async def _reload(self) -> None:
        self._ear.changed = False
        found = await self._parts.store.peek(listeners.find, self._ear.name, now=self._parts.ports.clock())
        if self.listener is None and found is not None:
            self.heard = found.heard.copy()
        self.listener = found
        self._attend()

    def _attend(self) -> None:
        found = self.listener.subscriptions if self.listener else ()
        self._parts.realtime.newsroom.attend(self._ear, (one.stream for one in found))

    async def _tell(self) -> list[bytes]:
        """Tell what has not been told yet, in the order it happened; what nobody is shown counts as told."""
        if not self._pending():
            return []
        await self._recheck()
        found = self._pending()
        await self._parts.realtime.newsroom.tell(note for _, note in found)
        self.heard.told |= {(note.event, note.stream) for _, note in found}
        self._settle()
        return [message for one, note in found if (message := _message(one, note))]

    def _pending(self) -> list[tuple[Subscription, Note]]:
        newsroom, heard = self._parts.realtime.newsroom, self.heard
        found = [
            (one, note)
            for one in (self.listener.subscriptions if self.listener else ())
            for note in newsroom.recent(one.stream)
            if note.event > max(one.since, heard.position)
            and note.event not in one.but
            and (note.event, note.stream) not in heard.told
        ]
        return sorted(found, key=lambda pair: pair[1].event)

    def _settle(self) -> None:
        """Forget single events that are so old that no earlier one can be committed any more."""
        self.heard.position = max(self.heard.position, at_instant(self._parts.ports.clock() - OVERLAP_US))
        self.heard.told = {pair for pair in self.heard.told if pair[0] > self.heard.position}


def _message(one: Subscription, note: Note) -> bytes | None:
    story = note.story
    data = None if story is None else story.whole if one.whole else story.readers
    return None if data is None else b'{"channel":' + jsontext.dumps(one.channel) + b',"data":' + data + b"}"


async def _renew(
    tx: Transaction, listener: Listener, heard: dict[int, set[int]], refused: set[str], *, until: int
) -> None:
    """Renew a client's lease and that of the feeds it hears, by their tenants; end the channels it was refused."""
    await listeners.keep(tx, listener.id, until=until)
    if refused:
        await end(tx, listener, refused)
    for tenant, streams in heard.items():
        await news.watch(tx, tenant, streams, until=until)


@contextlib.asynccontextmanager
async def held(parts: House, id: str) -> AsyncIterator[Session]:
    """Hold a client; whoever held it before does so no longer."""
    newsroom = parts.realtime.newsroom
    ear = await newsroom.join(id)
    try:
        yield Session(parts, ear, await parts.store.peek(listeners.find, id, now=parts.ports.clock()))
    finally:
        newsroom.leave(ear)
