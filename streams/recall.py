"""Recall: what was said before takes its place, silently. The counterpart of publish and receive for history.

The effect, the document and an outbox entry at the original date are one unit of work; nobody is
notified, nothing is delivered, and what an effect would have answered stays unsaid (AP-756).
"""

from storage import Transaction, entries, objects
from storage.ids import dated
from streams import effects, instants, linked, record, relations
from streams.deed import Deed


async def recall(tx: Transaction, deed: Deed, *, listed: bool = True) -> None:
    """Record an activity of the past as if it had been recorded then. One we hold changes nothing.

    Without ``listed`` it is in no outbox: what has no date has no place there.

    It is listed by its own date, below what was said later, though it comes only now: an imported history
    would otherwise hide the present (an exception to AP-151; page cursors stay valid, AP-155).
    """
    known = await objects.by_iri(tx, deed.iri)
    if known is not None and (known.document is not None or known.deleted is not None):
        return
    await effects.apply(tx, deed)
    await record.keep(tx, deed)
    if not listed:
        return
    said = min(instants.read(deed.activity, "published") or deed.now, deed.now)
    stream = await relations.outbox(tx, deed.actor)
    await entries.add(tx, stream, deed.id, public=deed.audience.public, position=dated(deed.id, said))
    if deed.actor.local:
        await linked.enter(tx, deed)
