"""Activities in feeds as text, ready to be answered (Feeds §5.1).

The feed itself says which activities are on a page. What these say is kept in memory, and is right for as long as no
stored document has changed; so a page usually costs one statement that reads nothing beside the feed.
"""

from typing import NamedTuple

from storage import Transaction, feedactivities, feeds
from storage.feedactivities import Kept, Key
from storage.feedpages import Listed
from streams.feeds.space import Feeds
from streams.feeds.spelling import with_origin
from vocab.dialects.getstream import Entities


class Line(NamedTuple):
    """An activity on a page: its row, its id as storage knows it, and its text."""

    item: int
    position: int
    tie: int
    text: bytes

    @property
    def key(self) -> Key:
        """Its id."""
        return Key(self.position, self.tie)


async def written(parts: Feeds, entities: Entities, listed: list[Listed]) -> list[Line]:
    """Write entries of feeds that were listed by one statement; what was deleted meanwhile is left out."""
    texts = await learned(parts, entities, listed)
    name = parts.spellings.names.get
    return [
        Line(item, position, tie, text if origin is None else with_origin(text, name(origin)))
        for (item, position, tie, origin, _, _), text in zip(listed, texts, strict=True)
        if text is not None
    ]


async def learned(parts: Feeds, entities: Entities, listed: list[Listed]) -> list[bytes | None]:
    """Return the spellings of entries without origins, None for what was deleted.

    What is not in memory is read, and what may have changed since it was read is looked at again.
    """
    spellings = parts.spellings
    items, edits = [one.item for one in listed], listed[0].edits if listed else ""
    texts = spellings.unedited(items, edits)
    streams = {one.origin for one in listed if one.origin is not None} - spellings.names.keys()
    if None not in texts and not streams:
        return texts
    spellings.retain(items)
    stale = [item for item, text in zip(items, texts, strict=True) if text is None]
    known = list(filter(spellings.has, stale))
    versions = await parts.store.peek(feedactivities.versions, known) if known else {}
    for item, (version, targets) in versions.items():
        spellings.confirm(item, version, targets, edits)
    unknown = [
        item for item, text in zip(stale, spellings.unedited(stale, edits), strict=True) if text is None
    ]
    kept, names = await parts.store.read(_look_up, unknown, streams)
    spellings.learn_names(names)
    for one in kept.values():
        spellings.learn(one, entities, edits)
    return spellings.unedited(items, edits)


async def _look_up(
    tx: Transaction, items: list[int], streams: set[int]
) -> tuple[dict[int, Kept], dict[int, str]]:
    kept = await feedactivities.with_rows(tx, items) if items else {}
    return kept, await feeds.names(tx, streams) if streams else {}
