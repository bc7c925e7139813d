"""What applications say of the things that activities speak of, by collections (Feeds §7.2).

``author`` is whoever does it: a user, or a server when empty. An entry belongs to the user who made it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from storage import Transaction, feedaudit, feedcollections
from storage.feedcollections import FeedEntry, Pair
from streams.errors import NameTaken, NotFound
from vocab import instants, jsontext
from vocab.dialects.getstream.collections import Entry


async def add(
    tx: Transaction,
    tenant: int,
    pair: Pair,
    data: dict[str, Any],
    *,
    owner: str,
    author: str,
    now: int,
) -> FeedEntry:
    """Make an entry that belongs to ``owner``; raise NameTaken when there is one of that id."""
    collection, name = pair
    text = _text(data)
    if not await feedcollections.add(tx, tenant, collection, name, author=owner, data=text, now=now):
        raise NameTaken(called(pair))
    await feedaudit.note(tx, tenant, "collection", called(pair), "create", author)
    return FeedEntry(collection, name, owner, text, now, now)


async def find(tx: Transaction, tenant: int, pair: Pair) -> FeedEntry:
    """Return an entry; raise NotFound. One statement."""
    return _found(await feedcollections.find(tx, tenant, *pair), pair)


async def some(tx: Transaction, tenant: int, pairs: Iterable[Pair]) -> dict[Pair, FeedEntry]:
    """Return those of some entries that there are. One statement."""
    return await feedcollections.some(tx, tenant, pairs)


async def replace(
    tx: Transaction, tenant: int, pair: Pair, data: dict[str, Any], *, author: str, now: int
) -> FeedEntry:
    """Give an entry other data; raise NotFound."""
    entry = _found(await feedcollections.replace(tx, tenant, *pair, _text(data), now=now), pair)
    await feedaudit.note(tx, tenant, "collection", called(pair), "update", author)
    return entry


async def remove(tx: Transaction, tenant: int, pair: Pair, *, author: str) -> None:
    """Remove an entry; raise NotFound."""
    collection, name = pair
    if not await feedcollections.remove(tx, tenant, collection, (name,)):
        raise NotFound(called(pair))
    await feedaudit.note(tx, tenant, "collection", called(pair), "delete", author)


async def put(
    tx: Transaction, tenant: int, data: Mapping[Pair, dict[str, Any]], *, author: str, now: int
) -> None:
    """Make entries, or give other data to those that there are."""
    there = await feedcollections.some(tx, tenant, data)
    texts = [(pair, _text(one)) for pair, one in sorted(data.items(), key=lambda item: item[0])]
    await feedcollections.put(tx, tenant, texts, now=now)
    created, updated = map(called, data.keys() - there.keys()), map(called, there)
    await feedaudit.note_all(tx, tenant, "collection", created, "create", author)
    await feedaudit.note_all(tx, tenant, "collection", updated, "update", author)


async def remove_all(
    tx: Transaction, tenant: int, collection: str, names: Iterable[str], *, author: str
) -> None:
    """Remove those entries of a collection that there are."""
    removed = await feedcollections.remove(tx, tenant, collection, names)
    pairs = ((collection, name) for name in removed)
    await feedaudit.note_all(tx, tenant, "collection", map(called, pairs), "delete", author)


def called(pair: Pair) -> str:
    """Return what an entry is called: its ``foreign_id``."""
    return ":".join(pair)


def shown(entry: FeedEntry) -> Entry:
    """Return an entry as the dialect has it."""
    data = jsontext.loads(entry.data)
    return Entry(
        entry.collection,
        entry.name,
        data if isinstance(data, dict) else {},
        instants.moment(entry.created),
        instants.moment(entry.updated),
    )


def _text(data: dict[str, Any]) -> str:
    return jsontext.dumps(data).decode()


def _found(entry: FeedEntry | None, pair: Pair) -> FeedEntry:
    if entry is None:
        raise NotFound(called(pair))
    return entry
