"""Subscribing to feeds and unsubscribing, as clients of any transport ask for it (Feeds §11.1)."""

from collections.abc import Iterable
from typing import Final

from server.doors.faye import bayeux
from server.doors.faye.admission import Admission, NotAdmitted, admit
from server.doors.faye.bayeux import Message
from server.house import House
from storage import Transaction, feeds, listeners, news
from storage.ids import at_instant, next_id
from storage.listeners import Listener, Subscription
from streams.feeds.news import TOPIC
from streams.instants import SECOND_US
from streams.watch import OVERLAP_US

SUBSCRIPTIONS_MAX: Final = 100
"""So many channels may one client listen to."""
LEASE_US: Final = 180 * SECOND_US
"""So long a client is remembered, and what happens is noted for it, after it was last heard of."""


async def subscribe(parts: House, message: Message) -> Message:
    """Let a client that is known listen to channels: to all that it names, or to none."""
    names = bayeux.channels(message)
    if names is None:
        return bayeux.answer(message, bayeux.error(402, "subscription", "Missing required parameter"))
    now = parts.ports.clock()
    admissions: dict[str, Admission] = {}
    for name in names:
        try:
            admissions[name] = await admit(parts.feeds, name, *bayeux.credentials(message), now=now)
        except NotAdmitted as refusal:
            told = bayeux.error(403, name, str(refusal))
            return bayeux.answer(message, told, subscription=message["subscription"])
    if not await parts.store.write(_subscribe, message, admissions, now=now):
        told = bayeux.error(403, names[0], "Too many subscriptions")
        return bayeux.answer(message, told, subscription=message["subscription"])
    return bayeux.answer(message, subscription=message["subscription"])


async def _subscribe(
    tx: Transaction, message: Message, admissions: dict[str, Admission], *, now: int
) -> bool:
    id = bayeux.client_id(message)
    if await listeners.count(tx, id) + len(admissions) > SUBSCRIPTIONS_MAX:
        return False
    for channel, admission in admissions.items():
        owner = await admission.space.owner(tx, now=now)
        streams = await feeds.ensure(tx, owner, map(str, admission.feeds))
        whole = {streams[str(feed)]: entirely for feed, entirely in admission.feeds.items()}
        await _begin(tx, id, channel, whole, bayeux.credentials(message), now=now)
        await news.watch(tx, admission.space.tenant.id, whole, until=now + LEASE_US)
    return True


async def _begin(
    tx: Transaction, id: str, channel: str, whole: dict[int, bool], credentials: tuple[str, str], *, now: int
) -> None:
    """Subscribe to the feeds of a channel: nothing that has happened in them is told, and all that will."""
    since = at_instant(now - OVERLAP_US)
    there = await news.events_in(tx, whole, after=since)
    wanted = [
        Subscription(channel, stream, entirely, since, frozenset(there.get(stream, ())), *credentials)
        for stream, entirely in whole.items()
    ]
    await listeners.subscribe(tx, id, wanted, until=now + LEASE_US)
    await _stir(tx, id, whole)


async def unsubscribe(parts: House, message: Message) -> Message:
    """Let a client hear nothing more of some channels."""
    names = bayeux.channels(message)
    if names is None:
        return bayeux.answer(message, bayeux.error(402, "subscription", "Missing required parameter"))
    listener = await parts.store.peek(listeners.find, bayeux.client_id(message), now=parts.ports.clock())
    if listener is not None:
        await parts.store.write(end, listener, names)
    return bayeux.answer(message, subscription=message["subscription"])


async def end(tx: Transaction, listener: Listener, channels: Iterable[str]) -> None:
    """End a client's subscriptions to some channels."""
    ended = set(channels)
    await listeners.unsubscribe(tx, listener.id, ended)
    await _stir(tx, listener.id, [one.stream for one in listener.subscriptions if one.channel in ended])


async def disconnect(tx: Transaction, listener: Listener) -> None:
    """Forget a client."""
    await listeners.remove(tx, listener.id)
    await _stir(tx, listener.id, [one.stream for one in listener.subscriptions])


async def _stir(tx: Transaction, id: str, streams: Iterable[int]) -> None:
    """Tell the process that holds a client's connection, if any does."""
    for stream in list(streams)[:1]:
        await news.stir(tx, next_id(), stream, id)
        tx.wake(TOPIC)
