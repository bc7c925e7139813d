"""Quotes with consent (FEP-044f, AP-735): who may quote what, the stamp that says so, and taking it back.

The stamp is a ``QuoteAuthorization`` on the quoted author's server; it names both posts and holds neither.
"""

from enum import Enum
from typing import Any

from storage import Transaction, actors, objects, reactions
from storage.actors import ActorRow, State
from storage.objects import Kind, ObjectRow
from streams import documents, ids, policy, relations
from streams.deed import Deed
from vocab import PUBLIC, Activity, Audience, Object, quotes, stored
from vocab import iri as iris

STAMP = "QuoteAuthorization"
REQUEST = "QuoteRequest"
STAMPS_MAX = 3
"""So many stamps of one activity are read; a post quotes one."""


class Consent(Enum):
    """What an author has said beforehand about being quoted."""

    GIVEN = "given"
    TO_BE_ASKED = "to be asked"
    REFUSED = "refused"


async def consent(tx: Transaction, thing: ObjectRow, author: ActorRow, quoter: ActorRow) -> Consent:
    """Tell what a post's ``interactionPolicy.canQuote`` says about someone; without one, nobody may quote it."""
    if quoter.id == author.id:
        return Consent.GIVEN
    said = stored(thing.document or "{}", thing.context).get("interactionPolicy")
    allowed = said.get("canQuote") if isinstance(said, dict) else None
    rules = Object(allowed if isinstance(allowed, dict) else {})
    for terms, outcome in (
        (("automaticApproval", "always"), Consent.GIVEN),
        (("manualApproval", "approvalRequired"), Consent.TO_BE_ASKED),
    ):
        for named in (named for term in terms for named in rules.ids(term)):
            if await _covers(tx, named, author, quoter):
                return outcome
    return Consent.REFUSED


async def _covers(tx: Transaction, named: str, author: ActorRow, quoter: ActorRow) -> bool:
    if named in (PUBLIC, quoter.iri):
        return True
    if named == author.followers:
        follow = await relations.find(tx, quoter, author)
    elif named == f"{author.iri}/following":
        follow = await relations.find(tx, author, quoter)
    else:
        return False
    return follow is not None and bool(follow.state)


async def composed(tx: Transaction, deed: Deed, thing: Object) -> Object:
    """Spell what a new post of ours quotes, and ask the quoted author. Raises NotFound for what is hidden."""
    iri = quotes.quoted(thing)
    if iri is None:
        return thing
    if iri in deed.documents:
        await documents.keep_foreign(tx, deed.documents[iri], now=deed.now)
    quoted = await policy.visible(tx, iri, policy.viewer(deed.actor), base_url=deed.base_url)
    if quoted is not None:
        await policy.unblocked(tx, quoted.owner, deed.actor)
    author = None if quoted is None or quoted.owner is None else await actors.by_id(tx, quoted.owner)
    if author is not None and author.id != deed.actor.id:
        request = {
            "type": REQUEST,
            "actor": deed.actor.iri,
            "object": iri,
            "instrument": thing.id,
            "to": author.iri,
        }
        deed.answers.append((deed.actor, Activity(request)))
    return quotes.spelled(thing, iri)


async def grant(tx: Transaction, deed: Deed, request: ObjectRow, asker: ActorRow) -> None:
    """Let a post be a quote: with a stamp of ours, or one of the quoted author's that says what it should."""
    instrument = _instrument(request)
    quoted = None if request.object is None else await objects.by_id(tx, request.object)
    if quoted is None or instrument is None:
        return
    if deed.ours:
        stamp = await _stamp(tx, deed, quoted, asker, instrument)
        deed.activity = deed.activity.with_(result=stamp)
    else:
        stamp = deed.activity.one_id("result") or ""
        if not _says(deed.documents.get(stamp), deed.actor.iri, instrument, quoted.iri):
            return
        await _keep(tx, deed.documents[stamp], now=deed.now)
    await _revise(tx, deed, instrument, {"quoteAuthorization": stamp}, quoting=quoted.iri)


async def refuse(tx: Transaction, deed: Deed, request: ObjectRow) -> None:
    """Make a post that may not be a quote a mere link again."""
    instrument = _instrument(request)
    if instrument is not None and request.object is not None:
        await _revise(tx, deed, instrument, None, quoting=await objects.iri_of(tx, request.object))


async def revoke(tx: Transaction, deed: Deed, stamp: ObjectRow) -> None:
    """Let a stamp have no force any more, before it is buried, and tell who had been given it.

    Only posts that show this stamp were quotes by it: whatever posts a stamp names, it may name in vain.
    """
    for actor, object, kind in await reactions.of_activity(tx, stamp.id):
        await reactions.remove(tx, object, actor, kind)
        deed.also.append(await objects.iri_of(tx, actor))
    for iri in stored(stamp.document or "{}", None).ids("interactingObject"):
        await _revise(tx, deed, iri, None, stamped=stamp.iri)


def only_consent(change: Object) -> bool:
    """Tell whether a change says only whether a quote is one; that is no new version of the post."""
    told = {"@context", "id", "type", "tag", "quoteAuthorization", *quotes.SPELLINGS}
    return "quoteAuthorization" in change.data and change.data.keys() <= told


async def keep_stamps(tx: Transaction, deed: Deed, thing: Object) -> None:
    """Keep the stamps of a post of another server as they were read from their origin, to be judged when shown."""
    for iri in thing.ids("quoteAuthorization"):
        stamp = deed.documents.get(iri)
        authors = () if stamp is None or not stamp.is_a(STAMP) else stamp.ids("attributedTo")
        if stamp is not None and len(authors) == 1 and iris.same_origin(authors[0], iri):
            await _keep(tx, stamp, now=deed.now)


async def _keep(tx: Transaction, stamp: Object, *, now: int) -> None:
    """Keep a stamp of another server. It names nobody, and is there for anyone to check."""
    owner = await objects.name(tx, stamp.one_id("attributedTo") or "", now=now)
    anyone = Audience(to=(PUBLIC,))
    await documents.keep(tx, stamp, Kind.OBJECT, owner=owner, local=False, now=now, said_to=anyone)


def stamps(activity: Activity, author: str) -> list[str]:
    """Return the stamps that are to be read for a received activity: of a quote, or of a yes to one of ours."""
    if activity.is_a("Accept"):
        return [iri for iri in activity.ids("result") if iris.same_origin(iri, author)]
    if not activity.is_a("Create", "Update"):
        return []
    return [iri for thing in activity.embedded("object") for iri in thing.ids("quoteAuthorization")][
        :STAMPS_MAX
    ]


def _instrument(request: ObjectRow) -> str | None:
    named = stored(request.document or "{}", None).ids("instrument")
    return named[0] if len(named) == 1 else None


async def _stamp(tx: Transaction, deed: Deed, quoted: ObjectRow, asker: ActorRow, instrument: str) -> str:
    """Return the stamp for one post quoting another: the one given before, or a new one that anyone can read."""
    kind = f"Quote {instrument}"
    given = await reactions.find(tx, quoted.id, asker.id, kind)
    if given is not None:
        return await objects.iri_of(tx, given)
    iri = ids.object(deed.base_url, deed.now)
    stamp = Object(
        {"id": iri, "type": STAMP, "attributedTo": deed.actor.iri, "interactingObject": instrument,
         "interactionTarget": quoted.iri}
    )  # fmt: skip
    row = await documents.keep(
        tx, stamp, Kind.OBJECT, owner=deed.actor.id, local=True, now=deed.now, said_to=Audience(to=(PUBLIC,))
    )
    await reactions.add(tx, quoted.id, asker.id, kind, row or 0)
    return iri


def _says(stamp: Object | None, author: str, instrument: str, quoted: str) -> bool:
    """Tell whether a document is the author's stamp for exactly these two posts."""
    return (
        stamp is not None
        and stamp.is_a(STAMP)
        and stamp.ids("attributedTo") == (author,)
        and stamp.ids("interactingObject") == (instrument,)
        and stamp.ids("interactionTarget") == (quoted,)
    )


async def _revise(
    tx: Transaction, deed: Deed, iri: str, changes: dict[str, Any] | None,
    *, quoting: str | None = None, stamped: str | None = None,
) -> None:  # fmt: skip
    """Change a quoting post of ours in its author's name, for all who were told of it; None drops the quote.

    Only while it quotes what ``quoting`` names, or shows the stamp that ``stamped`` names.
    """
    post = await objects.by_iri(tx, iri)
    author = None if post is None or post.owner is None else await actors.by_id(tx, post.owner)
    if post is None or post.deleted is not None or author is None or not author.local:
        return
    said = stored(post.document or "{}", post.context)
    if quoting not in (None, quotes.quoted(said)) or stamped not in (None, *said.ids("quoteAuthorization")):
        return
    if author.state not in (State.ACTIVE, State.MOVED):
        return
    if changes is None:
        changes = quotes.dropped(said)
    openly = {field: list(named) for field, named in Audience.of(said).fields().items() if named}
    update = {"type": "Update", "actor": author.iri, **openly, "object": {"id": iri, **changes}}
    deed.answers.append((author, Activity(update)))
