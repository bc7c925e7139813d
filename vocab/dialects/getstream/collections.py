"""Collections and their entries (§7.2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vocab.dialects.getstream import sizes, times
from vocab.dialects.getstream.fields import NAME, NAME_BYTES_MAX, Fields
from vocab.errors import BadFields
from vocab.jsontext import Json

ENTRIES_MAX: Final = 1_000
"""So many entries are taken in one call."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be; without an id it is given one, without a user it is its creator's."""

    id: str
    data: dict[str, Any]
    user_id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a collection."""

    collection: str
    id: str
    data: dict[str, Any]
    created_at: datetime
    updated_at: datetime


def spelled(entry: Entry) -> dict[str, Any]:
    """Write an entry as it is answered; whose it is does not show."""
    return {
        "id": entry.id, "collection": entry.collection, "foreign_id": f"{entry.collection}:{entry.id}",
        "data": entry.data, "created_at": times.zoned(entry.created_at), "updated_at": times.zoned(entry.updated_at),
    }  # fmt: skip


def posted(body: Json) -> NewEntry:
    """Read a new entry; raises BadFields, and TooLarge for data of more than 10 KB."""
    fields = Fields(body)
    made = NewEntry(fields.name("id"), fields.data(required=True), fields.name("user_id"))
    fields.settle()
    sizes.check({"data": made.data})
    return made


def replaced(body: Json) -> dict[str, Any]:
    """Read what takes the place of an entry's data; raises as ``posted`` does, and when it names an id."""
    fields = Fields(body)
    data = fields.data()
    if fields.get("id") is not None:
        fields.refuse("id", "cannot be changed")
    fields.settle()
    sizes.check({"data": data})
    return data


def upserted(body: Json) -> dict[str, list[dict[str, Any]]]:
    """Read entries by collection, each with its id among its data. Raises as ``posted`` does."""
    fields = Fields(body)
    by_collection = fields.data(required=True)
    fields.settle()
    problems: dict[str, list[str]] = {}
    found: dict[str, list[dict[str, Any]]] = {}
    for collection, items in by_collection.items():
        found[collection] = items if isinstance(items, list) else []
        if not is_name(collection):
            problems[collection[:NAME_BYTES_MAX]] = ["is no name of a collection"]
        elif not isinstance(items, list) or not all(map(id_of, items)):
            problems[collection] = ["must be a list of objects with an id each"]
    if sum(map(len, found.values())) > ENTRIES_MAX:
        problems["data"] = [f"must have at most {ENTRIES_MAX} entries"]
    if problems:
        raise BadFields(problems)
    for item in (item for items in found.values() for item in items):
        sizes.check({"data": item})
    return found


def id_of(item: Any) -> str:
    """Return the id that an entry has among its data; the empty text when it has none that could be one."""
    if not isinstance(item, dict):
        return ""
    fields = Fields(item)
    id = fields.name("id", required=True)
    return "" if fields.problems else id


def is_name(text: str) -> bool:
    """Tell whether a collection can be called so."""
    return NAME.fullmatch(text) is not None


def pair(foreign_id: str) -> tuple[str, str] | None:
    """Read ``collection:id``; None when it is none."""
    collection, _, id = foreign_id.partition(":")
    return (collection, id) if collection and id else None
