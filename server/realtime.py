"""What realtime connections of a process share (Feeds §11.1)."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from server.config import Config
from server.seats import Seats
from storage import Store, Transaction, meta
from streams.feeds.newsroom import Newsroom
from streams.feeds.space import Feeds

KEY = "realtime_key"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Realtime:
    """The news, how many may wait for them, and the key by which names of clients are known as ours."""

    newsroom: Newsroom
    seats: Seats
    key: bytes = field(repr=False)


@contextlib.asynccontextmanager
async def open_realtime(feeds: Feeds, config: Config) -> AsyncIterator[Realtime]:
    """Let this process listen to feeds once somebody wants to hear of them."""
    limits = config.limits
    seats = Seats(limits.realtime_connections_max, config.realtime_connections_per_client_max, "connections")
    async with Newsroom(feeds) as newsroom:
        yield Realtime(newsroom, seats, await _key(feeds.store))


async def _key(store: Store) -> bytes:
    """Return a key that all processes at one database share."""
    known = await store.peek(meta.get, KEY)
    if known is None:
        known = await store.write(_settle, secrets.token_hex(KEY_BYTES))
    return bytes.fromhex(known)


async def _settle(tx: Transaction, key: str) -> str:
    return await meta.settle(tx, KEY, key)
