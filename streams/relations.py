"""Relations between two actors: who follows whom, as streams, lists and pending requests.

A follow joins the followed actor's outbox to the follower's inbox. For whichever of the two lives here,
the lists that people see (``followers``, ``following`` and the pending ones) are kept in step.
"""

from storage import Transaction, entries, follows
from storage.actors import ActorRow
from storage.follows import Follow


async def outbox(tx: Transaction, actor: ActorRow) -> int:
    """Return the stream of what an actor says."""
    return await entries.ensure(tx, actor.id, "outbox")


async def inbox(tx: Transaction, actor: ActorRow) -> int:
    """Return the stream of what an actor is told."""
    return await entries.ensure(tx, actor.id, "inbox")


async def _list(tx: Transaction, owner: ActorRow, kind: str, item: int, *, public: bool) -> None:
    if owner.local:
        await entries.add(tx, await entries.ensure(tx, owner.id, kind), item, public=public)


async def _unlist(tx: Transaction, owner: ActorRow, kind: str, item: int) -> None:
    if owner.local:
        await entries.remove(tx, await entries.ensure(tx, owner.id, kind), item)


async def ask(tx: Transaction, follower: ActorRow, followed: ActorRow, activity: int, *, now: int) -> Follow:
    """Note that one actor asks to follow another (AP-235); repeating it makes no second relation."""
    follow = await follows.ask(tx, await outbox(tx, followed), await inbox(tx, follower), activity, now=now)
    if follow.state == follows.WAITING and follow.activity is not None:
        await _list(tx, follower, "pendingFollowing", follow.activity, public=False)
        await _list(tx, followed, "pendingFollowers", follow.activity, public=False)
    return follow


async def find(tx: Transaction, follower: ActorRow, followed: ActorRow) -> Follow | None:
    """Return how one actor's follow of another stands, or None."""
    return await follows.find(tx, await outbox(tx, followed), await inbox(tx, follower))


async def accept(tx: Transaction, follow: Follow, follower: ActorRow, followed: ActorRow) -> None:
    """Make a waiting follow a real one (AP-240, AP-358); an accepted one stays as it is."""
    if not await follows.accept(tx, follow.source, follow.target):
        return
    await _forget_request(tx, follow, follower, followed)
    await _list(tx, followed, "followers", follower.id, public=True)
    await _list(tx, follower, "following", followed.id, public=True)


async def end(tx: Transaction, follower: ActorRow, followed: ActorRow) -> Follow | None:
    """End a follow, waiting or accepted; return what it was, None when there was none."""
    follow = await follows.end(tx, await outbox(tx, followed), await inbox(tx, follower))
    if follow is not None:
        await _forget_request(tx, follow, follower, followed)
        await _unlist(tx, followed, "followers", follower.id)
        await _unlist(tx, follower, "following", followed.id)
    return follow


async def _forget_request(tx: Transaction, follow: Follow, follower: ActorRow, followed: ActorRow) -> None:
    if follow.activity is not None:
        await _unlist(tx, follower, "pendingFollowing", follow.activity)
        await _unlist(tx, followed, "pendingFollowers", follow.activity)
