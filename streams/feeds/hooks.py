"""Letters to web hooks: what happened in a tenant's feeds, in its order, a hundred messages at a time (Feeds §11.3).

Whoever changes a feed leaves a note of what happened. Here the notes become messages, and these become jobs with
one letter each: all for one address are sent one after the other, byte for byte the same at each attempt.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from storage import Transaction, jobs, letters, webhooks
from storage.news import News
from storage.webhooks import QUEUE, HookNews
from streams.feeds import telling
from streams.feeds.group import Group
from streams.feeds.space import Feeds
from vocab import iri, jsontext
from vocab.dialects.getstream import FeedId

TOGETHER: Final = 100
"""So many messages are in one letter."""
NOTES: Final = 200
FEEDS: Final = 1_000
"""So many notes, and messages to be made of them, are taken at a time."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a tenant wants to be told: of feeds of some groups at addresses of their own, of all else at one."""

    groups: Mapping[str, Group]
    usual: str | None

    def of(self, feed: str) -> str | None:
        """Return where to tell what happened in a feed."""
        slug = feed.partition(":")[0]
        return (self.groups[slug].webhook if slug in self.groups else "") or self.usual


async def write_letters(parts: Feeds) -> None:
    """Make letters of all that happened."""
    for id in await parts.store.peek(webhooks.waiting):
        groups = await parts.groups.of(id)
        while await parts.store.write(_write, parts, id, groups, now=parts.clock()):
            pass


async def _write(
    tx: Transaction, parts: Feeds, tenant: int, groups: Mapping[str, Group], *, now: int
) -> bool:
    """Make letters of what happened next in a tenant's feeds; False when nothing did."""
    notes = await webhooks.oldest(tx, tenant, limit=NOTES)
    if not notes:
        return False
    addresses = Addresses(groups, await webhooks.url(tx, tenant))
    happened, done = list[News | bytes](), list[int]()
    for note in notes:
        found, rest = await _expand(tx, note, groups, FEEDS - len(happened))
        happened += found
        if rest is not None:
            await webhooks.shorten(tx, tenant, rest)
            break
        done.append(note.id)
    for url, messages in (await _messages(tx, parts, addresses, happened)).items():
        await _post(tx, tenant, url, messages, now=now)
    await webhooks.forget(tx, tenant, done)
    return True


async def _expand(
    tx: Transaction, note: HookNews, groups: Mapping[str, Group], room: int
) -> tuple[list[News | bytes], HookNews | None]:
    """Return what a note tells of, feed by feed, and what is left of it when there is no room for all."""
    event = note.event
    if "type" in event:
        return [jsontext.dumps(event)], None
    if "copied" in event:
        item, source = event["copied"], event["source"]
        streams = await webhooks.copied_to(
            tx, item, source, after=event["after"], last=event["last"], limit=room
        )
        return _come(note, item, streams), _rest(note, streams, room)
    if "followed" in event:
        item, source = event["followed"], event["source"]
        named = await webhooks.following(tx, source, after=event["after"], limit=room)
        reading = [stream for stream, name in named if _is_flat(groups, name)]
        return _come(note, item, reading), _rest(note, [stream for stream, _ in named], room)
    if "placed" in event:
        return [News(note.id, stream, item, None) for item, stream in event["placed"]], None
    told = json.dumps(event["told"])
    return [News(note.id, stream, 0, told) for stream in event["streams"]], None


def _come(note: HookNews, item: int, streams: list[int]) -> list[News | bytes]:
    return [News(note.id, stream, item, None) for stream in streams]


def _rest(note: HookNews, streams: list[int], room: int) -> HookNews | None:
    """Return what is left of a note when there may be further feeds than these."""
    if len(streams) < room:
        return None
    after = streams[-1] if streams else note.event["after"]
    return replace(note, event={**note.event, "after": after})


def _is_flat(groups: Mapping[str, Group], name: str) -> bool:
    """Tell whether a feed reads what is new in a very popular one that it follows; others are given copies."""
    feed = FeedId.parse(name)
    return feed is None or feed.slug not in groups or groups[feed.slug].flat


async def _messages(
    tx: Transaction, parts: Feeds, addresses: Addresses, happened: list[News | bytes]
) -> dict[str, list[bytes]]:
    """Return messages in their order, by the addresses that they go to."""
    rows = [one for one in happened if isinstance(one, News)]
    stories = await telling.tell(tx, parts, rows) if rows else []
    told = {(story.event, story.stream): story for story in stories}
    messages: dict[str, list[bytes]] = {}
    for one in happened:
        if isinstance(one, bytes):
            url, message = addresses.usual, one
        else:
            story = told.pop((one.event, one.stream), None)
            if story is None or story.whole is None:
                continue
            url, message = addresses.of(story.feed), story.whole
        if url:
            messages.setdefault(url, []).append(message)
    return messages


async def _post(tx: Transaction, tenant: int, url: str, messages: list[bytes], *, now: int) -> None:
    rest = iter(messages)
    payload: dict[str, Any] = {"tenant": tenant, "url": url}
    while some := list(islice(rest, TOGETHER)):
        letter = await letters.write(tx, "[" + b",".join(some).decode() + "]", now=now)
        await jobs.add(tx, QUEUE, payload, now=now, lane=iri.host(url), key=f"{tenant} {url}", letter=letter)
