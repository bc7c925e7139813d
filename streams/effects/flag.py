"""Flag: a report, for moderators' eyes. It is listed nowhere and never says who reported (SEC-039)."""

from storage import Transaction, actors, objects, reports
from storage.objects import Kind, ObjectRow
from streams import ids, policy
from streams.deed import Deed
from streams.errors import TooOften
from streams.instants import DAY_US
from vocab import Activity, Audience, html

REPORTS_PER_ACTOR_MAX = 50
REPORTS_PER_HOST_MAX = 500
"""How many reports a day one of ours, or another server, may make."""
CONTENT_CHARS_MAX = 5_000


async def apply(tx: Transaction, deed: Deed) -> None:
    """Lay a report before the moderators (AP-264, AP-378); one that is about nothing of ours is only kept.

    Addressed to anyone elsewhere by one of ours, it is passed on in the server's own name.
    """
    if deed.actor.local and deed.actor.handle is None:
        return
    things = [(iri, await _reported(tx, deed, iri)) for iri in deed.objects]
    if not deed.ours and not any(thing is not None and thing.local for _, thing in things):
        return
    asked = [iri for iri in deed.audience.recipients if not ids.is_ours(deed.base_url, iri)]
    deed.audience, deed.confidential = Audience(), True
    await _bound(tx, deed)
    subject = await _subject(tx, things)
    content = html.plain(deed.activity.text("content") or deed.activity.text("summary") or "")
    report = await reports.add(
        tx, reporter=deed.actor.id if deed.ours else None, host=deed.actor.host, activity=deed.iri,
        subject=subject, objects=[iri for iri, _ in things if iri != subject],
        content=content[:CONTENT_CHARS_MAX], now=deed.now,
    )  # fmt: skip
    if deed.ours and asked:
        await pass_on(tx, deed, report)


async def _reported(tx: Transaction, deed: Deed, iri: str) -> ObjectRow | None:
    """Return what is reported, None when we do not hold it. What the reporter cannot see is not there (SEC-034)."""
    if deed.ours:
        return await policy.visible(tx, iri, policy.viewer(deed.actor), base_url=deed.base_url)
    return await objects.by_iri(tx, iri)


async def _bound(tx: Transaction, deed: Deed) -> None:
    reporter, most = (deed.actor.id, REPORTS_PER_ACTOR_MAX) if deed.ours else (None, REPORTS_PER_HOST_MAX)
    made = await reports.recent(tx, reporter=reporter, host=deed.actor.host, since=deed.now - DAY_US)
    if made >= most:
        raise TooOften("reports", DAY_US)


async def _subject(tx: Transaction, things: list[tuple[str, ObjectRow | None]]) -> str:
    """Return the actor a report is about: the one it names, else the author of what it names."""
    for iri, thing in things:
        if thing is not None and thing.kind == Kind.ACTOR:
            return iri
    for _, thing in things:
        if thing is not None and thing.owner is not None:
            return await objects.iri_of(tx, thing.owner)
    return things[0][0]


async def pass_on(tx: Transaction, deed: Deed, report: int) -> None:
    """Tell the server of the one reported, as the server's own actor and without the reporter's name."""
    passed = await anonymous(tx, report, base_url=deed.base_url, now=deed.now)
    server = await actors.find(tx, ids.instance_actor(deed.base_url))
    if passed is not None and server is not None:
        deed.answers.append((server, passed))


async def anonymous(tx: Transaction, report: int, *, base_url: str, now: int) -> Activity | None:
    """Return the Flag that tells another server of a report, and note that it was told.

    None when it was told before, and when there is no other server to tell.
    """
    made = await reports.find(tx, report)
    if made is None or ids.is_ours(base_url, made.subject) or not await reports.forward(tx, report, now=now):
        return None
    return Activity(
        {
            "type": "Flag", "actor": ids.instance_actor(base_url), "object": [made.subject, *made.objects],
            "to": made.subject, "content": made.content,
        }
    )  # fmt: skip
