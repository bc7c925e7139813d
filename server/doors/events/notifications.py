"""What the current user is told of (Events §13)."""

from typing import Any, Final

from server.doors.events import paging
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import AS, Operations
from server.doors.events.following import row_of
from storage import Transaction, eventnotices
from storage.eventnotices import Notice
from streams.errors import NotFound
from streams.events import notices
from streams.events.reader import Reader
from vocab.errors import BadFields

COUNTED: Final = 10_000
"""So far notices are counted."""
AT_ONCE: Final = 1_000
"""So many notices are marked in one unit of work."""
_UNREAD: Final = {"": None, "true": True, "1": True, "false": False, "0": False}


async def list_notifications(call: Call) -> Answer:
    """List what the current user is told, the newest first; with ``unread`` only what they have not read."""
    page, reader = paging.asked(call), await call.reader()
    said = call.query.text("unread").lower()
    if said not in _UNREAD:
        raise BadFields({"unread": ["must be true or false"]})
    unread = _UNREAD[said]

    async def listed(tx: Transaction) -> tuple[list[Notice], int]:
        owner = await row_of(tx, call.space, call.user)
        found = await eventnotices.page(
            tx, owner, reader.asks, unread=unread, limit=page.size, offset=page.offset
        )
        return found, await eventnotices.count(tx, owner, reader.asks, unread=unread, most=COUNTED)

    found, total = await call.store.read(listed)
    return paging.answer(call, page, [notices.spell(one) for one in found], total)


async def show(call: Call) -> dict[str, Any]:
    """Show one notice."""
    return notices.spell(await call.store.read(_find, call, await call.reader()))


async def _find(tx: Transaction, call: Call, reader: Reader) -> Notice:
    owner = await row_of(tx, call.space, call.user)
    found = await eventnotices.find(tx, owner, call.names["id"].lower(), reader.asks)
    if found is None:
        raise NotFound(call.names["id"])
    return found


async def mark(call: Call) -> dict[str, Any]:
    """Mark one notice as read."""
    reader = await call.reader()

    async def marked(tx: Transaction) -> Notice:
        found = await _find(tx, call, reader)
        await eventnotices.read(tx, found.owner, found.id, limit=1)
        return found._replace(seen=True)

    return notices.spell(await call.store.write(marked))


async def mark_all(call: Call) -> dict[str, Any]:
    """Mark all that the current user is told as read."""
    owner = await call.store.read(row_of, call.space, call.user)
    read = 0
    while some := await call.store.write(eventnotices.read, owner, limit=AT_ONCE):
        read += some
    return {"read": read}


NOTIFICATIONS: Final = f"{AS}notifications"
OPERATIONS: Final[Operations] = (
    (NOTIFICATIONS, {"GET": list_notifications}),
    (f"{NOTIFICATIONS}/read", {"PUT": mark_all}),
    (f"{NOTIFICATIONS}/{{id}}", {"GET": show}),
    (f"{NOTIFICATIONS}/{{id}}/read", {"PUT": mark}),
)
