"""What is new in feeds, told to those who listen: realtime connections and web hooks (Feeds §11).

Whoever changes feeds asks once in its unit of work who listens, and then says what happened:

    ears = await news.listening(tx, tenant, now=now, hooked=...)
    await news.placed(tx, ears, [(item, stream), ...])

When nobody listens, the question is one statement and all the rest does nothing. What is said here is committed
with what it tells of. What one unit of work says of an activity in a feed is told once, however often it is said.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Literal, TypeAlias

from storage import Transaction, news, webhooks
from storage.ids import next_id

TOPIC: Final = "news"
"""The signal that is rung when something happened in a feed that someone listens to."""
TOGETHER: Final = 1_000
"""So many feeds are named in one row for web hooks."""

Marked: TypeAlias = Literal["all", "current"] | Sequence[str]
"""Which groups were marked as seen or read: all, those on the page, or some by their ids."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who listens in a tenant, as one unit of work found it; false when nobody does.

    ``watched`` is how many feeds are listened to, as far as that was counted; ``hooked`` tells of web hooks.
    """

    tenant: int
    now: int
    watched: int = 0
    hooked: bool = False
    event: int = field(default_factory=next_id)

    def __bool__(self) -> bool:
        return self.watched > 0 or self.hooked


@dataclass(frozen=True, slots=True)
class Gone:
    """An activity that leaves feeds: its row, its id, and its foreign id and time if it was removed by that.

    ``time`` is spelled as the activity's was (Feeds §3.1).
    """

    item: int
    id: str
    foreign_id: str = ""
    time: str = ""


async def listening(tx: Transaction, tenant: int, *, now: int, hooked: bool = False) -> Ears:
    """Ask who listens in a tenant; ``hooked`` when a group of its feeds has a web hook. One statement."""
    found = await news.listeners(tx, tenant, now=now)
    return Ears(tenant, now, found.watched, found.hook or hooked)


async def placed(tx: Transaction, ears: Ears, placed: Iterable[tuple[int, int]]) -> None:
    """Say that activities were added to feeds, or sent there by ``to``: pairs of item and stream."""
    pairs = list(placed) if ears else []
    if not pairs:
        return
    if ears.watched:
        _wake(tx, await news.placed(tx, ears.tenant, ears.event, pairs, now=ears.now))
    if ears.hooked:
        for some in _chunks(pairs):
            await webhooks.note(tx, ears.tenant, {"placed": some})


async def copied(
    tx: Transaction, ears: Ears, item: int, source: int, *, after: int = 0, last: int = news.ANY
) -> None:
    """Say that an activity was copied from ``source`` to those followers whose streams lie in a range.

    Call it after the copies were made; it tells of these. ``after`` is exclusive, ``last`` inclusive.
    """
    if ears.watched:
        few = ears.watched < news.COUNTED_MAX
        _wake(
            tx,
            await news.copied(
                tx, ears.tenant, ears.event, item, source, after=after, last=last, few=few, now=ears.now
            ),
        )
    if ears.hooked:
        event = {"copied": item, "source": source, "after": after, "last": last}
        await webhooks.note(tx, ears.tenant, event)


async def followed(tx: Transaction, ears: Ears, item: int, source: int, *, but: Iterable[str] = ()) -> None:
    """Say that followers of ``source`` will read an activity there, without being given copies.

    Feeds of the groups ``but`` will be given copies all the same.
    """
    if ears.watched:
        prefixes = [f"{slug}:" for slug in but]
        _wake(
            tx,
            await news.followed(tx, ears.tenant, ears.event, item, source, but=prefixes, now=ears.now),
        )
    if ears.hooked:
        await webhooks.note(tx, ears.tenant, {"followed": item, "source": source, "after": 0})


async def removed(tx: Transaction, ears: Ears, gone: Gone, streams: Iterable[int]) -> None:
    """Say that an activity is not in some feeds any more: where it was added or sent, or a copy."""
    deleted: dict[str, Any] = {"deleted": [gone.id]}
    if gone.foreign_id:
        deleted["deleted_foreign_ids"] = [[gone.foreign_id, gone.time]]
    await _tell(tx, ears, deleted, streams, item=gone.item)


async def marked(
    tx: Transaction, ears: Ears, stream: int, *, seen: Marked | None = None, read: Marked | None = None
) -> None:
    """Say that groups of a notification feed were marked."""
    marks = {"mark_seen": seen, "mark_read": read}
    told = {name: _plain(mark) for name, mark in marks.items() if mark is not None and mark != []}
    if told:
        await _tell(tx, ears, told, [stream], item=0)


async def happened(tx: Transaction, ears: Ears, type: str, told: dict[str, Any]) -> None:
    """Say what happened beside feeds, such as ``reaction.new``; only web hooks are told (Feeds §11.3)."""
    if ears.hooked:
        await webhooks.note(tx, ears.tenant, {"type": type, "generic": told})


async def _tell(
    tx: Transaction, ears: Ears, told: dict[str, Any], streams: Iterable[int], *, item: int
) -> None:
    found = list(streams) if ears else []
    if not found:
        return
    if ears.watched:
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        _wake(tx, await news.told(tx, ears.tenant, ears.event, found, item=item, told=text, now=ears.now))
    if ears.hooked:
        for some in _chunks(found):
            await webhooks.note(tx, ears.tenant, {"told": told, "streams": some})


def _plain(mark: Marked) -> str | list[str]:
    return mark if isinstance(mark, str) else list(mark)


def _wake(tx: Transaction, noted: int) -> None:
    if noted:
        tx.wake(TOPIC)


def _chunks(values: list[Any]) -> Iterable[list[Any]]:
    rest = iter(values)
    while some := list(islice(rest, TOGETHER)):
        yield some
