"""Users (Feeds §7.1)."""

from typing import Any

from server.auth.feeds import policy
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from streams.feeds import users
from vocab.dialects.getstream.users import USERS_MAX, posted, replaced, several, spelled
from vocab.errors import BadFields


async def add_user(call: Call) -> dict[str, Any]:
    """Make a user, or with `get_or_create` show the one there is."""
    call.claim(policy.WRITE_USER)
    made = posted(await call.json())
    call.require(policy.WRITE_USER, owner=made.id)
    user = await call.store.write(
        users.add, call.tenant.id, made,
        keep=call.query.flag("get_or_create"), author=call.user, now=call.now,
    )  # fmt: skip
    return spelled(users.shown(user))


async def get_user(call: Call) -> dict[str, Any]:
    """Show a user, `with_follow_counts` how many follow them and whom they follow as well."""
    call.require(policy.READ_USER)
    id = call.names["id"]
    if not call.query.flag("with_follow_counts"):
        return spelled(users.shown(await call.store.peek(users.find, call.tenant.id, id)))
    user, counts = await call.store.read(users.counted, call.tenant, id)
    return {
        **spelled(users.shown(user)),
        "followers_count": counts.followers,
        "following_count": counts.following,
    }


async def update_user(call: Call) -> dict[str, Any]:
    """Give a user other data."""
    id = call.names["id"]
    call.require(policy.WRITE_USER, owner=id)
    data = replaced(await call.json())
    user = await call.store.write(users.replace, call.tenant.id, id, data, author=call.user, now=call.now)
    return spelled(users.shown(user))


async def delete_user(call: Call) -> dict[str, Any]:
    """Remove a user; what they did stays."""
    id = call.names["id"]
    call.require(policy.DELETE_USER, owner=id)
    await call.store.write(users.remove, call.tenant.id, id, author=call.user)
    return {}


async def add_users(call: Call) -> dict[str, Any]:
    """Make users; those there are stay as they are, unless `override` says otherwise."""
    call.require(policy.WRITE_USERS)
    made, override = several(await call.json())
    call.count(len(made))
    found = await call.store.write(
        users.put, call.tenant.id, made, override=override, author=call.user, now=call.now
    )
    return {"created_users": [spelled(users.shown(user)) for user in found]}


async def get_users(call: Call) -> dict[str, Any]:
    """Show those users in `ids` that there are."""
    call.require(policy.READ_USERS)
    ids = _ids(call)
    found = await call.store.peek(users.some, call.tenant.id, ids)
    return {"users": [spelled(users.shown(found[id])) for id in ids if id in found]}


async def delete_users(call: Call) -> dict[str, Any]:
    """Remove those users in `ids` that there are."""
    call.require(policy.DELETE_USERS)
    ids = _ids(call)
    await call.store.write(users.remove_all, call.tenant.id, ids, author=call.user)
    return {"deleted_user_ids": ids}


def _ids(call: Call) -> list[str]:
    """Return the ids in the query, each once."""
    ids = list(dict.fromkeys(call.query.required_items("ids")))
    if len(ids) > USERS_MAX:
        raise BadFields({"ids": [f"must have at most {USERS_MAX} items"]})
    call.count(len(ids))
    return ids


OPERATIONS: Operations = (
    (f"{API}user/", {"POST": add_user}),
    (f"{API}user/{{id}}/", {"GET": get_user, "PUT": update_user, "DELETE": delete_user}),
    (f"{API}users/", {"POST": add_users, "GET": get_users, "DELETE": delete_users}),
)
