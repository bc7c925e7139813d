"""From a request to what somebody sees of the stream (Atom §4, §8.3, §15)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Final
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from starlette.requests import Request

from server.auth.onlookers import TOKEN, Asking
from server.errors import ProblemError
from server.house import House, house
from server.logs import request_id
from server.providers.stream import Addresses, Stream
from storage import members
from storage.entries import NEWEST
from streams import inline
from streams.providers import FeedRequest, Gathered, Problems, Running, gather, go_upward, position
from vocab import instants
from vocab.dialects.streamquery import Cursor, Query, kept, query, with_cursor
from vocab.dialects.syndication import Deletion
from vocab.entry import Entry
from vocab.errors import BadFields

Pairs = list[tuple[str, str]]

PATH: Final = "/activity"
PARAMETERS_MAX: Final = 2_500
BOTTOM: Final = Cursor(0, 0)
"""The place that nothing is below: what is next to it is the last page."""
RESERVE_SECONDS: Final = 0.05
"""So much of the time that a reader allows is kept for writing the answer."""


def pairs(request: Request) -> Pairs:
    """Return the parameters of the address, in their order. Raises a 400 when they cannot be read."""
    try:
        return parse_qsl(
            request.scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict",
            max_num_fields=PARAMETERS_MAX,
        )  # fmt: skip
    except ValueError:
        raise ProblemError(400, "the parameters cannot be read", field="query") from None


def asked(parts: House, given: Pairs, running: Sequence[Running]) -> Query:
    """Return what is asked for. Raises a 400 that names the parameter at fault (Atom §4.3)."""
    try:
        known = {one.key for one in running}
        return query(given, known=known, results_max=parts.config.atom.results_max)
    except BadFields as error:
        fields = error.fields if isinstance(error.fields, dict) else {}
        name, told = next(iter(fields.items()), ("query", ["cannot be read"]))
        raise ProblemError(400, f"{name}: {told[0]}", field=name) from None


async def stream(
    request: Request, given: Pairs, wanted: Query, asking: Asking, running: Sequence[Running]
) -> Stream:
    """Return the page that a reader sees."""
    parts = house(request)
    zone = ZoneInfo(parts.config.atom.time_zone)
    found, gone = Gathered(), list[Deletion]()
    chosen = selected(running, wanted)
    upward = go_upward(chosen)
    if not (wanted.auth_only and asking.onlooker.is_anybody):
        feed_request = _feed_request(parts, request, wanted, asking, zone)
        feed_request = replace(feed_request, upward=upward and _is_upward(wanted))
        now = instants.moment(parts.ports.clock())
        found = await gather(chosen, feed_request, wanted.provider_filters, now=now)
        if wanted.before is None and wanted.after is None:
            gone = await _deletions(chosen, feed_request, wanted)
    entries = await inline.offered(parts.store, parts.base_url, asking.onlooker, found.entries, running)
    is_known = not asking.onlooker.is_anybody and not asking.onlooker.by_token
    return Stream(
        entries=entries,
        addresses=addresses(parts, given, wanted, asking, found, upward=upward),
        query=wanted,
        asking=asking,
        problems=found.problems if is_known else Problems(),
        deletions=gone,
        providers=[(one.key, one.name) for one in running],
        emails=await emails(parts, entries, is_member=is_known),
        tongue=languages(request)[0] if wanted.accept_language and languages(request) else None,
        zone=zone,
    )


async def emails(parts: House, entries: Iterable[Entry], *, is_member: bool) -> dict[str, str]:
    """Return where authors get mail, by their IRIs, if the operator wants this reader to be told (Atom §3.5)."""
    told = parts.config.atom.author_email
    if told == "never" or (told == "members" and not is_member):
        return {}
    authors = {iri for entry in entries for iri in entry.activity.ids("actor")}
    return await parts.store.read(members.emails, sorted(authors))


def _feed_request(parts: House, request: Request, wanted: Query, asking: Asking, zone: tzinfo) -> FeedRequest:
    return FeedRequest(
        max_results=wanted.max_results,
        timeout=max(0.001, wanted.timeout_milliseconds / 1_000 - RESERVE_SECONDS),
        filters=wanted.filters,
        viewer=asking.onlooker,
        languages=languages(request) if wanted.accept_language else (),
        time_zone=zone,
        base_url=parts.base_url,
        request_id=request_id.get(),
        local=wanted.local,
        before=(NEWEST, NEWEST) if wanted.before is None else (wanted.before.published, wanted.before.rank),
        after=(0, 0) if wanted.after is None else (wanted.after.published, wanted.after.rank),
    )


async def _deletions(chosen: Sequence[Running], feed_request: FeedRequest, wanted: Query) -> list[Deletion]:
    """Return what was deleted lately, as far as providers of ours tell it (Atom §12.3): the last deletion first."""
    found: dict[str, int] = {}
    for one in chosen:
        ended = getattr(one.provider, "ended", None)
        if ended is None or not one.is_ours:
            continue
        filters = tuple(wanted.provider_filters.get(one.key, ()))
        for gone in await ended(replace(feed_request, provider_filters=filters)):
            found[gone.iri] = gone.ended
    latest = sorted(found.items(), key=lambda one: (one[1], one[0]), reverse=True)
    return [Deletion(iri, instants.moment(at)) for iri, at in latest[: feed_request.max_results]]


def selected(running: Sequence[Running], wanted: Query) -> list[Running]:
    """Return the providers that are to be asked: with ``local`` none of another application (Atom §4.1, §9)."""
    keys = None if wanted.providers is None else frozenset(wanted.providers)
    return [
        one for one in running if (keys is None or one.key in keys) and not (wanted.local and is_linked(one))
    ]


def is_linked(one: Running) -> bool:
    """Tell whether a provider asks another application."""
    return "@" in one.key or getattr(one.provider, "linked", False) is True


def root(parts: House) -> str:
    """Return what all addresses of the door begin with."""
    return parts.base_url + parts.config.atom.context_path


def addresses(
    parts: House, given: Pairs, wanted: Query, asking: Asking, found: Gathered, *, upward: bool
) -> Addresses:
    """Return where this page is and its neighbours: what is newer than its first entry, older than its last.

    The last page is known where providers can be read ``upward``: of others only pages that were read are known.
    Whoever reads by a feed token is led on by it; where this page is and what it is called are told without.
    """
    signed_in = asking.way in ("basic", "bearer", "session")
    lasting = kept(given, signed_in=signed_in)
    here = [pair for pair in lasting if pair[0] not in ("before", "after")]
    led = here + [pair for pair in given if pair[0] == TOKEN and asking.way == "token"][-1:]
    newer, older = _newer(wanted, found, upward=upward), _older(wanted, found, upward=upward)
    paged = older is not None or wanted.before is not None or wanted.after is not None
    return Addresses(
        root=root(parts),
        id=_address(parts, with_cursor(here)),
        here=_address(parts, with_cursor(lasting, before=wanted.before, after=wanted.after)),
        first=_address(parts, with_cursor(led)),
        previous=None if newer is None else _address(parts, with_cursor(led, after=newer)),
        next=None if older is None else _address(parts, with_cursor(led, before=older)),
        last=_address(parts, with_cursor(led, after=BOTTOM)) if upward and paged else None,
    )


def _is_upward(wanted: Query) -> bool:
    """Tell whether a page is asked for by what is below it: the one next to that is meant (RFC 5005 §3)."""
    return wanted.after is not None and wanted.before is None


def _newer(wanted: Query, found: Gathered, *, upward: bool) -> Cursor | None:
    """Return above which place the page before this one lies; None for the first."""
    if upward and _is_upward(wanted):
        return _cursor(found.ceiling)
    return _cursor(position(found.entries[0])) if wanted.before is not None and found.entries else None


def _older(wanted: Query, found: Gathered, *, upward: bool) -> Cursor | None:
    """Return below which place the page after this one lies; None for the last."""
    if not (upward and _is_upward(wanted)) or wanted.after is None:
        return _cursor(found.floor)
    if wanted.after == BOTTOM:
        return None
    if found.entries:
        return _cursor(position(found.entries[-1]))
    return Cursor(wanted.after.published, min(wanted.after.rank + 1, NEWEST))


def _cursor(place: tuple[int, int] | None) -> Cursor | None:
    return None if place is None else Cursor(*place)


def _address(parts: House, encoded: str) -> str:
    return f"{root(parts)}{PATH}{'?' if encoded else ''}{encoded}"


def languages(request: Request) -> list[str]:
    """Return the languages that a reader wants, the best first (RFC 9110 §12.5.4)."""
    found: list[tuple[float, str]] = []
    for piece in request.headers.get("accept-language", "")[:1_000].split(","):
        tag, _, parameter = piece.strip().partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag and tag != "*" and quality > 0:
            found.append((quality, tag))
    return [tag for _, tag in sorted(found, key=lambda one: -one[0])][:10]
