"""Who takes part: Join and Leave of an event or group that lives here (AP-272).

A Join is noted once per actor and thing; the thing's ``participants`` are the Joins that were accepted, each
shown to whoever may read it.
"""

from storage import Transaction, entries, reactions
from storage.objects import ObjectRow

JOINABLE = frozenset({"Event", "Group"})
_KIND = "Join"


async def ask(tx: Transaction, thing: ObjectRow, actor: int, activity: int) -> bool:
    """Note that an actor wants to take part; False when it had said so before."""
    return await reactions.add(tx, thing.id, actor, _KIND, activity)


async def admit(tx: Transaction, join: ObjectRow) -> None:
    """List a Join that was accepted; one that was taken back meanwhile stays out."""
    if join.object is None or join.owner is None:
        return
    if await reactions.find(tx, join.object, join.owner, _KIND) == join.id:
        await enter(tx, join.object, join.id, public=bool(join.public))


async def enter(tx: Transaction, thing: int, join: int, *, public: bool) -> None:
    """Put a Join among a thing's participants."""
    await entries.add(tx, await entries.ensure(tx, thing, "participants"), join, public=public)


async def drop(tx: Transaction, thing: int | None, actor: int) -> bool:
    """Let an actor take part no more; False when it did not."""
    join = None if thing is None else await reactions.remove(tx, thing, actor, _KIND)
    if thing is None or join is None:
        return False
    await entries.remove(tx, await entries.ensure(tx, thing, "participants"), join)
    return True
