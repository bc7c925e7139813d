"""Links that an event tells of: none that lead to what a reader may not know of (Events §5.2, §6.2)."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from storage import Transaction, evententities
from storage.eventaudience import CHANGES
from storage.eventitems import ItemRow
from streams.events import finding
from streams.events.reader import Reader
from vocab import jsontext
from vocab.dialects.events import BadReference, Ref

LINKS: Final = "links"


async def concealed(tx: Transaction, reader: Reader, rows: Iterable[ItemRow]) -> frozenset[str]:
    """Return the keys of those that the links of some events lead to, and a reader may not know of.

    Two statements at most, and none unless one of the events tells of links.
    """
    if reader.asks is None:
        return frozenset()
    told = (cast("dict[str, Any]", jsontext.loads(row.body)) for row in rows if row.type in CHANGES)
    keys = {key for message in told for link in _links(message) if (key := _key(link))}
    if not keys:
        return frozenset()
    found = await evententities.by_keys(tx, reader.tenant, keys)
    known = {row.key for row in await finding.entities(tx, reader, found.values())}
    return frozenset(found) - known


def without(message: dict[str, Any], concealed: frozenset[str]) -> dict[str, Any]:
    """Return a message without the links that lead to any of some entities."""
    if not any(_key(link) in concealed for link in _links(message)):
        return message
    entities = [_unlinked(entity, concealed) for entity in message["aspects"]["entities"]]
    return {**message, "aspects": {**message["aspects"], "entities": entities}}


def _unlinked(entity: Any, concealed: frozenset[str]) -> Any:
    links = _of(entity)
    left = [link for link in links if _key(link) not in concealed]
    if len(left) == len(links):
        return entity
    rest = {name: value for name, value in entity.items() if name != LINKS}
    return {**rest, LINKS: left} if left else rest


def _links(message: dict[str, Any]) -> Iterator[Any]:
    entities = message.get("aspects", {}).get("entities")
    for entity in entities if isinstance(entities, list) else ():
        yield from _of(entity)


def _of(entity: Any) -> list[Any]:
    links = entity.get(LINKS) if isinstance(entity, dict) else None
    return links if isinstance(links, list) else []


def _key(link: Any) -> str:
    """Return the key of who a link leads to; empty when it says nobody."""
    try:
        return Ref.parse(str(link.get("entity_ref"))).key if isinstance(link, dict) else ""
    except BadReference:
        return ""
