"""Lists of the Events API: the parameters of a query as what is wanted, and the answer with its links (§1.5, §16)."""

from collections.abc import Awaitable, Callable
from typing import Concatenate, Final, ParamSpec

from server.doors.events import paging
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from storage import Transaction
from streams import filters
from streams.analytics import periods
from streams.events import Space, reading
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


async def items(call: Call, source: Source) -> Answer:
    """Answer a page of stream items. Raises BadFields and InvalidFilter for what is wrong with the query."""
    asked = paging.asked(call)
    page = await call.store.scan(reading.page, call.space, await call.reader(), await wanted(call, source))
    return paging.answer(call, asked, page.items, page.total)


async def sheet(
    call: Call,
    read: Callable[Concatenate[Transaction, Space, Reader, P], Awaitable[Page]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Answer:
    """Answer a page that a unit of work reads, of entities, links or votes."""
    page = await call.store.scan(read, call.space, await call.reader(), *args, **kwargs)
    return paging.answer(call, paging.asked(call), page.items, page.total)


async def wanted(call: Call, source: Source) -> Wanted:
    """Read which page of a list is wanted, and what of it. Raises BadFields and InvalidFilter."""
    query, asked = call.query, paging.asked(call)
    return Wanted(
        source,
        page=asked.page,
        size=asked.size,
        filter=filter_of(call),
        since=await moment(call, "from"),
        until=await moment(call, "to"),
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


async def zone(call: Call) -> str:
    """Return the time zone of what has none (Events §1.3)."""
    return (await call.house.events.known(call.tenant)).zone


def instant(text: str, name: str, *, zone: str, now: int) -> int:
    """Read a date, or a period that is counted back from now: ``P7D``, or ``P-7D``. Raises BadFields."""
    period = periods.period(text) or periods.back(text)
    if period is not None:
        return ago(period, name, zone=zone, now=now)
    plus = "+".join(text.rsplit(" ", 1))  # what a plus sign says in a query that is not encoded
    for spelled in (text, plus):
        found = moments.read(spelled, zone=zone, problems=Problems(), field=name)
        if found is not None:
            return found.at
    raise BadFields({name: ["must be a date such as 2031-03-04, or a period back from now such as P7D"]})


def ago(period: periods.Period, name: str, *, zone: str, now: int) -> int:
    """Return the instant so long before now. Raises BadFields where the calendar has none."""
    try:
        return period.before(now, periods.zone(zone))
    except OverflowError:
        raise BadFields({name: ["begins outside of the calendar"]}) from None


async def moment(call: Call, name: str) -> int | None:
    """Return the instant that a parameter says; None when it is not there. Raises BadFields."""
    text = call.query.text(name)
    return instant(text, name, zone=await zone(call), now=call.now) if text else None
