"""What is listed before what it brings could be read at its origin (AP-316, AP-318).

Until that has been read nothing of it is believed or shown (SEC-017): it is but named, and has no effect.
"""

from storage import Transaction, audience, entries, foretold, objects
from storage.objects import ObjectRow
from streams.instants import DAY_US
from vocab import Activity

KIND = "awaited"
WAITING_US = 14 * DAY_US
"""Longer than we go on trying to read something."""
LISTS = ("inbox", "outbox")


def named(activity: Activity) -> Activity | None:
    """Return an activity with what it is about only named; None for one that is about something without an id."""
    iris = activity.ids("object")
    if not iris or len(iris) != len(activity.values("object")):
        return None
    return Activity(activity.with_(object=iris[0] if len(iris) == 1 else list(iris)).data)


async def note(tx: Transaction, activity: Activity, actor: str, *, now: int) -> None:
    """Note that what an activity brings is still to be read."""
    await foretold.note(tx, activity.id or "", actor, KIND, until=now + WAITING_US)


async def fill_in(tx: Transaction, known: ObjectRow, actor: str) -> bool:
    """Make room for all of an activity that was listed before; False for one that was not."""
    if not await foretold.forget(tx, known.iri, actor, KIND):
        return False
    await objects.forget(tx, known.id)
    return True


async def withdraw(tx: Transaction, iri: str, actor: str) -> None:
    """Leave nothing of an activity whose actor turns out not to have been allowed it: its name is somebody else's."""
    known = await objects.by_iri(tx, iri)
    if known is not None and await fill_in(tx, known, actor):
        await audience.forget(tx, known.id)
        await entries.remove_everywhere(tx, known.id, LISTS)
