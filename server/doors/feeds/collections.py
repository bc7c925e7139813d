"""Collections and their entries (Feeds §7.2)."""

from typing import Any
from uuid import uuid4

from server.auth.feeds import Denied, policy
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from streams.feeds import collections
from vocab.dialects.getstream.collections import (
    ENTRIES_MAX,
    id_of,
    is_name,
    pair,
    posted,
    replaced,
    spelled,
    upserted,
)
from vocab.errors import BadFields

Pair = tuple[str, str]


async def add_entry(call: Call) -> dict[str, Any]:
    """Add an entry to a collection."""
    call.require(policy.ADD_ENTRY)
    collection = call.names["collection"]
    if not is_name(collection):
        raise BadFields({"collection": ["must have letters, digits and _ . @ - alone"]})
    made = posted(await call.json())
    if call.grant.governed and made.user_id not in ("", call.user):
        raise Denied("an entry belongs to the user who makes it")
    entry = await call.store.write(
        collections.add, call.tenant.id, (collection, made.id or str(uuid4())), made.data,
        owner=made.user_id or call.user, author=call.user, now=call.now,
    )  # fmt: skip
    return spelled(collections.shown(entry))


async def get_entry(call: Call) -> dict[str, Any]:
    """Show an entry."""
    call.require(policy.READ_ENTRY)
    return spelled(collections.shown(await call.store.peek(collections.find, call.tenant.id, _named(call))))


async def update_entry(call: Call) -> dict[str, Any]:
    """Give an entry other data."""
    call.claim(policy.UPDATE_ENTRY)
    data = replaced(await call.json())
    await _require_own(call, policy.UPDATE_ENTRY)
    entry = await call.store.write(
        collections.replace, call.tenant.id, _named(call), data, author=call.user, now=call.now
    )
    return spelled(collections.shown(entry))


async def delete_entry(call: Call) -> dict[str, Any]:
    """Remove an entry; its id may be used again."""
    call.claim(policy.DELETE_ENTRY)
    await _require_own(call, policy.DELETE_ENTRY)
    await call.store.write(collections.remove, call.tenant.id, _named(call), author=call.user)
    return {}


async def _require_own(call: Call, operation: policy.Operation) -> None:
    """Raise NotFound for an entry that is not there, Denied for one that the caller may not touch (Feeds §2.5)."""
    if call.grant.governed:
        entry = await call.store.peek(collections.find, call.tenant.id, _named(call))
        call.require(operation, owner=entry.author)


def _named(call: Call) -> Pair:
    return call.names["collection"], call.names["id"]


async def put_entries(call: Call) -> dict[str, Any]:
    """Make entries of several collections, or give other data to those there are."""
    call.require(policy.WRITE_ENTRIES)
    given = upserted(await call.json())
    data = {(name, id_of(item)): item for name, items in given.items() for item in items}
    call.count(len(data))
    await call.store.write(collections.put, call.tenant.id, data, author=call.user, now=call.now)
    return {"data": given}


async def get_entries(call: Call) -> dict[str, Any]:
    """Show those entries in `foreign_ids` that there are."""
    call.require(policy.READ_ENTRIES)
    pairs: list[Pair] = []
    for foreign_id in _listed(call, "foreign_ids"):
        read = pair(foreign_id)
        if read is None:
            raise BadFields({"foreign_ids": ["must be collection:id each"]})
        pairs.append(read)
    found = await call.store.peek(collections.some, call.tenant.id, pairs)
    entries = [spelled(collections.shown(found[one])) for one in dict.fromkeys(pairs) if one in found]
    return {"response": {"data": entries}}


async def delete_entries(call: Call) -> dict[str, Any]:
    """Remove those entries in `ids` that the collection `collection_name` has."""
    call.require(policy.DELETE_ENTRIES)
    collection = call.query.required_text("collection_name")
    ids = _listed(call, "ids")
    await call.store.write(collections.remove_all, call.tenant.id, collection, ids, author=call.user)
    return {}


def _listed(call: Call, name: str) -> list[str]:
    found = call.query.required_items(name)
    if len(found) > ENTRIES_MAX:
        raise BadFields({name: [f"must have at most {ENTRIES_MAX} items"]})
    call.count(len(found))
    return found


OPERATIONS: Operations = (
    (f"{API}collections/", {"POST": put_entries, "GET": get_entries, "DELETE": delete_entries}),
    (f"{API}collections/{{collection}}/", {"POST": add_entry}),
    (
        f"{API}collections/{{collection}}/{{id}}/",
        {"GET": get_entry, "PUT": update_entry, "DELETE": delete_entry},
    ),
)
