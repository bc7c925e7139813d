"""What each activity type does here. A type missing from these tables is kept, shown and does nothing.

An effect checks first and changes afterwards; whatever it raises leaves no trace. Sub-types inherit
nothing: a TentativeAccept completes no Follow (AP-034).
"""

from collections.abc import Awaitable, Callable

from storage import Transaction
from streams.deed import Deed
from streams.effects import (
    accept,
    add,
    announce,
    block,
    create,
    delete,
    flag,
    follow,
    ignore,
    join,
    like,
    lock,
    move,
    quote,
    reject,
    remove,
    undo,
    update,
)

Effect = Callable[[Transaction, Deed], Awaitable[None]]

EFFECTS: dict[str, Effect] = {
    "Accept": accept.apply,
    "Add": add.apply,
    "Announce": announce.apply,
    "Block": block.apply,
    "Create": create.apply,
    "Delete": delete.apply,
    "Dislike": like.apply,
    "EmojiReact": like.apply,
    "Flag": flag.apply,
    "Follow": follow.apply,
    "Ignore": ignore.apply,
    "Join": join.apply,
    "Leave": join.leave,
    "Like": like.apply,
    "Move": move.apply,
    "Lock": lock.apply,
    "QuoteRequest": quote.apply,
    "Reject": reject.apply,
    "Remove": remove.apply,
    "Undo": undo.apply,
    "Update": update.apply,
}


async def apply(tx: Transaction, deed: Deed) -> None:
    """Let an activity take effect: once for each of its types that we know (AP-007).

    An effect that several types share looks at all of them by itself.
    """
    for effect in dict.fromkeys(EFFECTS[type] for type in deed.activity.types if type in EFFECTS):
        await effect(tx, deed)
