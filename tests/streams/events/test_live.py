"""What happens, told as it happens, to those who may know of it (Events §14)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from audience import Audience
from logbook import Logbook

from storage import Store, eventnews, open_store
from streams import system_clock
from streams.events import live
from streams.events.live import Hearing
from vocab.dialects.events import Ref

pytestmark = pytest.mark.anyio

BO = "ASUser/bo"
VAN = "Vehicle:Van/NX-204"
WASHED: Any = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": VAN}]


@dataclass(frozen=True)
class Place:
    """A process that listens."""

    store: Store
    clock: Callable[[], int] = system_clock


@pytest.fixture
async def audience(logbook: Logbook) -> Audience:
    """A logbook to which somebody listens."""
    await logbook.entity(VAN)
    await live.attend(logbook.store, logbook.tenant.id, now=logbook.parts.clock())
    return Audience(logbook)


async def hear(audience: Audience, hearing: Hearing, *, after: int = 0) -> list[tuple[str, str]]:
    """Return what somebody is told of all that was noted: its kind, and its type or text."""
    book = audience.logbook
    news = await book.store.read(eventnews.since, book.tenant.id, after, limit=100)
    told = await book.store.read(live.tell, book.space, hearing, news)
    assert all(one.stream_id == one.body["_stream_id"] for one in told)
    return [(one.kind, str(one.body.get("type") or one.body.get("comment"))) for one in told]


async def test_each_kind_is_told(audience: Audience) -> None:
    """Events §14: events, comments, votes, and one's own notices, in the order in which they happened."""
    book = audience.logbook
    await audience.follow(BO, VAN)
    bo = (await book.known(BO)).id
    await book.event("as.van.washed", involves=WASHED)
    await book.comment("shiny", VAN)
    await book.bump(VAN)
    reader = audience.reader("asuser/bo")
    assert await hear(audience, Hearing(reader, bo)) == [
        ("event", "as.van.washed"),
        ("notification", "NOTIFICATION"),
        ("comment", "as.api.comment"),
        ("bump", "as.api.bump"),
        ("notification", "BUMP"),
    ]
    assert [kind for kind, _ in await hear(audience, Hearing(reader))] == ["event", "comment", "bump"]


async def test_one_may_ask_for_less(audience: Audience) -> None:
    """Events §14: by channel, entity, types, importance; then nothing else is told."""
    book = audience.logbook
    await book.entity("ASChannel/night", type="as.api.entity.preprocess")
    await audience.follow("ASChannel/night", VAN)
    await audience.follow(BO, VAN)
    await book.event("as.van.washed", involves=WASHED, importance=4)
    await book.event("as.desk.opened", importance=1)
    await book.bump(VAN)
    bo, channel, van = [(await book.known(name)).id for name in (BO, "ASChannel/night", VAN)]
    usual = Hearing(audience.reader("asuser/bo"), bo)
    washed, opened, bump = ("event", "as.van.washed"), ("event", "as.desk.opened"), ("bump", "as.api.bump")
    assert await hear(audience, replace(usual, channel=channel)) == [washed]
    assert await hear(audience, replace(usual, entities=frozenset({van}))) == [washed, bump]
    assert await hear(audience, replace(usual, types=("as.desk",))) == [opened]
    assert await hear(audience, replace(usual, types=("as.desk", "as.api.bump"))) == [opened, bump]
    important = await hear(audience, replace(usual, min_importance=3))
    assert (washed in important, opened in important) == (True, False)


async def test_a_blind_copy_is_no_reason_to_be_told(audience: Audience) -> None:
    """Events §7.14: who listens for one who got it learns nothing of that."""
    await audience.logbook.event(
        "as.mail.sent",
        involves=[{"ACTOR": "Employee/Ada"}, {"SENT_BY": "Employee/Ada"}, {"SENT_TO_BCC": "Employee/Cy"}],
    )
    ada, cy = [(await audience.logbook.known(name)).id for name in ("Employee/Ada", "Employee/Cy")]
    usual = Hearing(audience.reader("asuser/bo"))
    assert await hear(audience, replace(usual, entities=frozenset({ada}))) == [("event", "as.mail.sent")]
    assert await hear(audience, replace(usual, entities=frozenset({cy}))) == []


async def test_rules_hold_as_of_the_moment_of_telling(audience: Audience) -> None:
    """Events §3.6, §14: what rules close, comments and votes on it too, is told to those they name alone."""
    book = audience.logbook
    closed = await book.event("as.van.hidden", involves=WASHED, acl=[{"READ": "ASUser/cy"}])
    await book.comment("psst", str(closed.stream_id))
    await book.bump(str(closed.stream_id))
    assert await hear(audience, Hearing(audience.reader("asuser/bo"))) == []
    assert len(await hear(audience, Hearing(audience.reader("asuser/cy")))) == 3


async def test_nothing_is_noted_where_nobody_listens(logbook: Logbook) -> None:
    """Noting ends some minutes after the last who listened has said so."""
    await logbook.event("as.van.washed")
    await live.attend(logbook.store, logbook.tenant.id, now=logbook.now[0] - live.KEPT_US - 1)
    await logbook.event("as.van.dried")
    assert await logbook.rows("SELECT 1 FROM event_news") == []
    await live.attend(logbook.store, logbook.tenant.id, now=logbook.now[0])
    made = await logbook.event("as.van.sold")
    [(noted,)] = await logbook.rows("SELECT stream_id FROM event_news")
    assert noted == str(made.stream_id)


@pytest.fixture
async def elsewhere(ready_url: str) -> AsyncIterator[Store]:
    """The same database, as another process has it open."""
    async with open_store(ready_url) as store:
        yield store


async def test_what_one_process_records_is_heard_in_another(audience: Audience, elsewhere: Store) -> None:
    """Events §14: who goes on where they were hears what came since, once, and then what comes."""
    book = audience.logbook
    before = await book.event("as.van.before", involves=WASHED)
    missed = await book.event("as.van.washed", involves=WASHED)
    after = await elsewhere.read(eventnews.position_of, book.tenant.id, str(before.stream_id))
    assert after is not None
    heard = live.listen(Place(elsewhere), book.tenant.id, after=after)
    assert [one.stream_id for one in await asyncio.wait_for(anext(heard), 10)] == [str(missed.stream_id)]
    waiting = asyncio.create_task(anext(heard))
    comes = await book.event("as.van.dried", involves=WASHED)
    assert [one.stream_id for one in await asyncio.wait_for(waiting, 10)] == [str(comes.stream_id)]
    assert await elsewhere.read(eventnews.position_of, book.tenant.id, str(Ref.parse(VAN).stream_id)) is None
