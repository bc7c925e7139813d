"""What people call the users and entries that activities refer to: the ``name`` among their data, if it has one."""

from collections.abc import Mapping

from storage import Transaction, feedcollections, feedusers
from streams.feeds.space import Space
from vocab import jsontext, plaintext, telling
from vocab.dialects.getstream import FeedActivity, Reference

NAME_CHARS_MAX = 100


async def names(tx: Transaction, space: Space, made: FeedActivity) -> dict[Reference, str]:
    """Return what the actor, object and target of an activity are called, as far as that is known."""
    texts = (made.actor, made.object, made.target)
    named = {found for text in texts if (found := Reference.parse(text)) is not None}
    users = {one.id: one for one in named if one.kind == "user"}
    entries = {(one.collection, one.id): one for one in named if one.kind == "object"}
    called: dict[Reference, str] = {}
    if users:
        people = await feedusers.some(tx, space.tenant.id, users)
        called |= {users[id]: name for id, user in people.items() if (name := _name(user.data))}
    if entries:
        things = await feedcollections.some(tx, space.tenant.id, entries)
        called |= {entries[pair]: name for pair, entry in things.items() if (name := _name(entry.data))}
    return called


def _name(data: str) -> str:
    members = jsontext.loads(data)
    name = members.get("name") if isinstance(members, Mapping) else None
    return (
        telling.shortened(" ".join(plaintext.name(name).split()), NAME_CHARS_MAX)
        if isinstance(name, str)
        else ""
    )
