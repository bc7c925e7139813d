"""Lists of the Events API: the parameters of a query as what is wanted, and the answer with its links (§1.5, §16)."""

import re
from collections.abc import Awaitable, Callable
from typing import Concatenate, Final, ParamSpec

from server.doors.events import paging
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from storage import Transaction
from streams import filters
from streams.events import Space, readers, reading
from streams.events.entityreading import Sheet
from streams.events.reader import Reader
from streams.events.wanted import Page, Source, Wanted
from streams.filters import Filter
from vocab.dialects.events import Problems, moments
from vocab.errors import BadFields

IMPORTANCE_MAX: Final = 5
ITEMS_MAX: Final = 100
"""So many types, tags or roles may be asked for at once."""
BOTH: Final = "BOTH"
DIRECTIONS: Final = ("IN", "OUT", BOTH)

P = ParamSpec("P")

_PERIOD: Final = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?",
    re.ASCII | re.IGNORECASE,
)
_SECONDS: Final = (31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60, 1)
"""How long the parts of a period are; a year has 365 days, a month 30."""


async def reader(call: Call) -> Reader:
    """Return who reads."""
    caller = call.caller
    return await call.store.read(readers.of, space(call), caller.user, caller.role, sees_all=caller.sees_all)


def space(call: Call) -> Space:
    """Return the space of the tenant that the call is about."""
    return call.house.events.space(call.tenant)


async def items(call: Call, source: Source) -> Answer:
    """Answer a page of stream items. Raises BadFields and InvalidFilter for what is wrong with the query."""
    asked = paging.asked(call)
    page = await call.store.scan(reading.page, space(call), await reader(call), wanted(call, source))
    return paging.answer(call, asked, page.items, page.total)


async def sheet(
    call: Call,
    read: Callable[Concatenate[Transaction, Space, Reader, P], Awaitable[Page]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Answer:
    """Answer a page that a unit of work reads, of entities, links or votes."""
    page = await call.store.scan(read, space(call), await reader(call), *args, **kwargs)
    return paging.answer(call, paging.asked(call), page.items, page.total)


def wanted(call: Call, source: Source) -> Wanted:
    """Read which page of a list is wanted, and what of it. Raises BadFields and InvalidFilter."""
    query, asked = call.query, paging.asked(call)
    return Wanted(
        source,
        page=asked.page,
        size=asked.size,
        filter=filter_of(call),
        since=_instant(call, "from"),
        until=_instant(call, "to"),
        min_importance=_importance(call),
        types=_several(call, "types"),
        tags=_several(call, "tags"),
        roles=_several(call, "roles"),
        order=query.text("order") or "-occurred_at",
        collapse=query.flag("collapse"),
        expand="entities" in query.items("expand"),
    )


def sheet_of(call: Call) -> Sheet:
    """Read which page of a list of something else is wanted."""
    asked = paging.asked(call)
    return Sheet(asked.page, asked.size, filter_of(call))


def filter_of(call: Call) -> Filter | None:
    """Read the filter of a query (Events §1.6). Raises InvalidFilter."""
    text = call.query.text("filter", "q")
    return filters.parse(text) if text.strip() else None


def direction(call: Call) -> str:
    """Read the direction of links (Events §5.4)."""
    text = call.query.text("direction").upper() or BOTH
    if text not in DIRECTIONS:
        raise BadFields({"direction": [f"must be one of {', '.join(DIRECTIONS)}"]})
    return text


def _importance(call: Call) -> int | None:
    text = call.query.text("min_importance")
    return call.query.number("min_importance", 0, most=IMPORTANCE_MAX) if text else None


def _several(call: Call, name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(item.strip() for item in call.query.items(name)))
    if len(found) > ITEMS_MAX:
        raise BadFields({name: [f"must have at most {ITEMS_MAX} items"]})
    return found


def _instant(call: Call, name: str) -> int | None:
    """Read a date, or a period that is counted back from now: ``P7D``."""
    text = call.query.text(name)
    if not text:
        return None
    period = _PERIOD.fullmatch(text)
    if period is not None and any(period.groups()):
        parts = zip(period.groups(), _SECONDS, strict=True)
        return call.now - sum(int(count or 0) * seconds for count, seconds in parts) * 1_000_000
    found = moments.read(text.replace(" ", "+"), zone="UTC", problems=Problems(), field=name)
    if found is None:
        raise BadFields({name: ["must be a date or an ISO 8601 period"]})
    return found.at
