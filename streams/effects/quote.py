"""QuoteRequest: may a post quote another? FEP-044f (AP-735, AP-386)."""

from storage import Transaction, actors, objects
from storage.actors import ActorRow
from storage.objects import Kind
from streams import policy, quoting
from streams.deed import Deed
from streams.errors import NotAllowed, NotFound, Refused
from streams.quoting import Consent
from vocab import Activity
from vocab import iri as iris


async def apply(tx: Transaction, deed: Deed) -> None:
    """Answer for an author of ours as the quoted post's policy says, or leave it to the author.

    What the asker may not see cannot be quoted (SEC-034); a post is quoted from by its own author only.
    """
    quoted, instrument = deed.activity.one_id("object"), deed.activity.one_id("instrument")
    if quoted is None or instrument is None:
        raise Refused("instrument" if quoted else "object", "is missing")
    thing = await policy.visible(tx, quoted, policy.viewer(deed.actor), base_url=deed.base_url)
    if thing is None or thing.owner is None:
        raise NotFound(quoted)
    if thing.kind != Kind.OBJECT:
        raise Refused("object", "is nothing that could be quoted")
    await policy.unblocked(tx, thing.owner, deed.actor)
    await _own(tx, deed, instrument)
    deed.refers = thing.id
    author = await actors.by_id(tx, thing.owner)
    if author is None:
        raise NotFound(quoted)
    deed.name(author.iri)
    if author.local:
        outcome = await quoting.consent(tx, thing, author, deed.actor)
        if outcome is not Consent.TO_BE_ASKED:
            deed.answers.append(
                (author, _answer(deed, author, "Accept" if outcome is Consent.GIVEN else "Reject"))
            )


async def _own(tx: Transaction, deed: Deed, instrument: str) -> None:
    post = await objects.by_iri(tx, instrument)
    mine = iris.same_origin(instrument, deed.actor.iri) if post is None else post.owner == deed.actor.id
    if not mine or (deed.ours and post is None):
        raise NotAllowed("instrument", "belongs to someone else")


def _answer(deed: Deed, author: ActorRow, type: str) -> Activity:
    return Activity({"type": type, "actor": author.iri, "object": deed.iri, "to": deed.actor.iri})
