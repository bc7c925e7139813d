"""``/activity``: the stream of everything that happened, for each reader what they may see of it (Atom §2, §15)."""

import asyncio
import hashlib
from collections.abc import Hashable
from datetime import UTC
from email.utils import format_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server import packing
from server.auth import onlookers
from server.auth.onlookers import Asking
from server.conditional import unchanged
from server.doors.atom import negotiating, reading, showing, spelling
from server.errors import ProblemError
from server.house import House, house
from server.providers.answers import Written
from server.providers.stream import Stream
from storage import committed
from streams.providers import Running
from vocab import instants
from vocab.dialects.streamquery import Query

PRIVATE: Final = "private, no-cache"
VARY: Final = "Accept, Accept-Encoding, Accept-Language, Authorization, Cookie"
AT_ONCE_ENTRIES: Final = 30
"""Longer pages are written on another thread, so that nobody else waits for it."""


async def get_activity(request: Request) -> Response:
    """Answer with the stream: a page for people whose browser asks for one, else Atom or what is named."""
    return await _answer(request, pages=True)


async def get_servlet(request: Request) -> Response:
    """Answer with the stream at its long address, which scripts use."""
    return await _answer(request, pages=False)


async def _answer(request: Request, *, pages: bool) -> Response:
    _refuse_loop(request)
    asking = await onlookers.asking(request)
    parts = house(request)
    given = reading.pairs(request)
    running = await parts.providers.running()
    wanted = reading.asked(parts, given, running)
    form = wanted.format or negotiating.form(request.headers.get("accept", ""), pages=pages)
    if form == negotiating.HTML:
        return await showing.page(request, given, wanted, asking, running)
    key, stamp = await _key(request, parts, wanted, asking, running, form)
    held = None if stamp is None else parts.streams.get(key, stamp)
    if held is not None and (held.body is not None or unchanged(request, _validators(held))):
        return _sent(request, held, asking)
    stream = await reading.stream(request, given, wanted, asking, running)
    written = await _written(parts, stream, form)
    if stream.problems:
        return _sent(request, written, asking, kept=False)
    if stamp is not None and _is_stored(reading.selected(running, wanted)):
        parts.streams.put(key, stamp, written)
    return _sent(request, written, asking)


async def _key(
    request: Request, parts: House, wanted: Query, asking: Asking, running: list[Running], form: str
) -> tuple[Hashable, Hashable]:
    """Return what an answer depends on: who reads what in which form; and when it may be another one."""
    stamp = await committed.stamp(parts.store)
    language = request.headers.get("accept-language", "") if wanted.accept_language else ""
    day = parts.ports.clock() // (24 * 3_600 * 1_000_000)
    key = (asking.onlooker, asking.way, form, request.scope["query_string"], language)
    return key, None if stamp is None else (stamp, day, *(id(one) for one in running))


def _is_stored(running: list[Running]) -> bool:
    """Tell whether all that providers tell changes only when something is committed here."""
    return all(getattr(one.provider, "stored", False) is True for one in running)


async def _written(parts: House, stream: Stream, form: str) -> Written:
    now_offset = spelling.offset(instants.moment(parts.ports.clock()), stream.zone)

    link = spelling.link(stream, form, parts.base_url)

    def work() -> Written:
        body = spelling.write(stream, form, parts.base_url, now_offset=now_offset)
        tag = hashlib.blake2b(body, digest_size=12).hexdigest()
        modified = format_datetime(stream.updated.astimezone(UTC).replace(microsecond=0), usegmt=True)
        return Written(tag, modified, spelling.WRITERS[form][0], body, packing.packed(body), link)

    return work() if len(stream.entries) <= AT_ONCE_ENTRIES else await asyncio.to_thread(work)


def _sent(request: Request, written: Written, asking: Asking, *, kept: bool = True) -> Response:
    """Answer with the bytes, or with 304 when the reader has them. What tells of problems is kept by nobody."""
    headers = {"Vary": VARY, "Cache-Control": PRIVATE if kept else "no-store"}
    if asking.way == "token":
        headers["Referrer-Policy"] = "no-referrer"
    if written.link:
        headers["Link"] = written.link
    if kept:
        headers |= {"ETag": f'W/"{written.tag}"', "Last-Modified": written.modified}
        if unchanged(request, _validators(written)):
            return Response(status_code=304, headers=headers)
    body = written.body or b""
    if written.packed is not None and packing.is_taken(request):
        body, headers["Content-Encoding"] = written.packed, "gzip"
    return Response(body, 200, headers, written.media_type)


def _validators(written: Written) -> dict[str, str]:
    return {"ETag": f'"{written.tag}"', "Last-Modified": written.modified}


def _refuse_loop(request: Request) -> None:
    """Refuse a request that came through this very server: two that show each other would go on for ever (Atom §9)."""
    host = house(request).host
    for hop in request.headers.get("via", "").split(","):
        if host in hop.split():
            raise ProblemError(508, "the request has come through this server before", field="via")
