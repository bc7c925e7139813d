"""Pages of feeds: activities by time or by score, groups of them, enriched or not (Feeds §6.3, §8, §9, §10)."""

from collections.abc import Collection, Iterable
from typing import Any, Final
from urllib.parse import quote, urlencode

from server.auth.feeds import policy
from server.doors.feeds import asked, enrichment, named
from server.doors.feeds.call import Call
from server.doors.feeds.door import API
from server.doors.feeds.named import Named
from server.query import Query
from storage.feedpages import Part
from streams.feeds import UnknownRanking, bundles, flat, keys, ranked
from streams.feeds.bundles import Bundled
from streams.feeds.lines import Line
from streams.feeds.ranked import Ranking
from vocab import instants, jsontext
from vocab.dialects.getstream import groups, ids

AFTER: Final = asked.AGAIN | asked.BELOW | enrichment.AGAIN
SKIPPING: Final = AFTER | asked.ABOVE
"""What the address of a next page says again."""
VERB: Final = frozenset(("verb",))


async def read(call: Call) -> bytes:
    """Read a page of a feed (Feeds §6.3)."""
    return await _read(call, "feed", enriched=False)


async def read_enriched(call: Call) -> bytes:
    """Read a page of a feed with what its activities refer to, and what was said to them (Feeds §9)."""
    return await _read(call, "enrich/feed", enriched=True)


async def _read(call: Call, route: str, *, enriched: bool) -> bytes:
    feed = await named.required(call, policy.READ_FEED)
    part, ranking = asked.part(call, feed), asked.ranking(call)
    if ranking.method and not feed.group.flat:
        raise UnknownRanking(ranking.method)  # groups are never ranked
    if feed.group.flat and (ranking.method or ranking.session):
        return await _ranked(call, feed, part, ranking, route, enriched=enriched)
    if enriched:
        return await _listed(call, feed, part, route, enriched=True)
    return await _remembered(call, feed, part, route)


async def _remembered(call: Call, feed: Named, part: Part, route: str) -> bytes:
    """Answer a page as it was answered before, if nothing has been committed since and it says nothing of now."""
    version = call.store.version()
    if version is None or feed.group.max_age_seconds is not None or asked.marks(call):
        return await _listed(call, feed, part, route, enriched=False)
    tenant = feed.space.tenant
    key = (tenant.id, tenant.object, feed.id, part, call.query.once(_again))
    page = call.house.feedpages.get(key, version, feed.group)
    if page is None:
        page = await _listed(call, feed, part, route, enriched=False)
        call.house.feedpages.put(key, version, feed.group, page)
    return page


def _again(query: Query) -> tuple[tuple[str, str], ...]:
    return tuple(query.again(AFTER))


async def _listed(call: Call, feed: Named, part: Part, route: str, *, enriched: bool) -> bytes:
    """Answer a page of a feed in the order of time."""
    if not feed.group.flat:
        return await _grouped(call, feed, part, route, enriched=enriched)
    found = await flat.page(call.house.feeds, feed.space, feed.id, part)
    following = _after(call, route, feed, str(keys.id_of(found.lines[-1].key)), part) if found.more else ""
    return await _answer(call, feed, found.lines, following, enriched=enriched)


async def _ranked(
    call: Call, feed: Named, part: Part, ranking: Ranking, route: str, *, enriched: bool
) -> bytes:
    found = await ranked.page(call.house.feeds, feed.space, feed.id, part, ranking)
    following = _skipping(call, route, feed, part) if found.more else ""
    return await _answer(call, feed, found.lines, following, enriched=enriched)


async def _answer(call: Call, feed: Named, lines: list[Line], following: str, *, enriched: bool) -> bytes:
    """Answer a page of a flat feed."""
    if enriched:
        told = await enrichment.activities(call, feed.space, lines)
        return jsontext.dumps({"results": told, "next": following})
    texts = b",".join([line.text for line in lines])
    return b'{"results":[' + texts + b'],"next":"' + following.encode() + b'"}'


async def _grouped(call: Call, feed: Named, part: Part, route: str, *, enriched: bool) -> bytes:
    """Answer a page of an aggregated or notification feed; whoever marks something there has to own it."""
    marks = asked.marks(call) if feed.group.keeps_marks else bundles.NO_MARKS
    if marks:
        call.grant.require(policy.MARK_FEED, feed.id, group=feed.access)
    found = await bundles.page(call.house.feeds, feed.space, feed.id, part, marks)
    told = await _told(call, feed, found.bundles, enriched=enriched)
    results = [
        groups.spelled(_group(call, one, told, marked=found.unmarked is not None)) for one in found.bundles
    ]
    following = _after(call, route, feed, results[-1]["id"], part) if found.more and results else ""
    answer: dict[str, Any] = {"results": results, "next": following}
    if found.unmarked is not None:
        answer |= {"unseen": found.unmarked.seen, "unread": found.unmarked.read}
    return jsontext.dumps(answer)


async def _told(call: Call, feed: Named, found: Iterable[Bundled], *, enriched: bool) -> dict[int, Any]:
    """Return the activities in some groups by their rows, as they are answered."""
    lines = [line for one in found for line in one.lines]
    if not enriched:
        return {line.item: jsontext.ready(line.text) for line in lines}
    told = await enrichment.activities(call, feed.space, lines)
    return {line.item: activity for line, activity in zip(lines, told, strict=True)}


def _group(call: Call, found: Bundled, told: dict[int, Any], *, marked: bool) -> groups.Group:
    newest = found.lines[0]
    members = call.house.feeds.spellings.some_members(newest.item, VERB)
    bundle, counts = found.bundle, found.bundle.counts
    return groups.Group(
        keys.id_of(counts.newest),
        bundle.name,
        members["verb"],
        tuple(told[line.item] for line in found.lines),
        counts.activities,
        counts.actors,
        instants.moment(ids.instant(counts.oldest)),
        bundle.is_seen if marked else None,
        bundle.is_read if marked else None,
    )


def _after(call: Call, route: str, feed: Named, last: str, part: Part) -> str:
    """Return where the page after an id is, without credentials."""
    return _address(call, route, feed, f"id_lt={quote(last)}&limit={part.limit}", AFTER)


def _skipping(call: Call, route: str, feed: Named, part: Part) -> str:
    """Return where the page after this one is in an order that is not that of ids, without credentials."""
    return _address(call, route, feed, f"offset={part.offset + part.limit}&limit={part.limit}", SKIPPING)


def _address(call: Call, route: str, feed: Named, query: str, names: Collection[str]) -> str:
    if again := call.query.again(names):
        query += "&" + urlencode(again)
    return f"{API}{route}/{feed.id.slug}/{feed.id.id}/?{query}"
