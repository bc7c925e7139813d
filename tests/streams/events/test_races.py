"""What several processes record at the same time, where the database lets them: on PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from logbook import BASE, Logbook

from storage import eventcounts, eventitems, open_store
from storage.eventcounts import Counts
from streams.events import Rejected, recording

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("ready_url", ["postgres"], indirect=True)]

WRITERS = 6


@pytest.fixture
async def logbook(ready_url: str) -> AsyncIterator[Logbook]:
    """The events of a tenant in a database that lets its writers meet."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield await Logbook.made(store)


async def together(logbook: Logbook, *batches: list[tuple[str, dict[str, Any]]]) -> list[list[Any]]:
    """Record batches of messages, each in a unit of work of its own, all at the same time."""
    arriving = [[await logbook.read(kind, message) for kind, message in batch] for batch in batches]
    writes = (logbook.store.write(recording.record, logbook.space, batch) for batch in arriving)
    outcomes = await asyncio.gather(*writes)
    assert not any(isinstance(outcome, Rejected) for batch in outcomes for outcome in batch)
    return [[recorded for outcome in batch for recorded in outcome] for batch in outcomes]  # type: ignore[union-attr]


def event(number: int, *affected: str) -> tuple[str, dict[str, Any]]:
    involves = [{"ACTOR": "Employee/Ada"}, *({"AFFECTS": ref} for ref in affected)]
    return "event", {
        "type": "as.fleet.van.washed",
        "origin": "depot",
        "occurred_at": f"2031-03-04T10:00:{number:02}Z",
        "involves": involves,
    }


async def test_an_event_that_all_send_is_kept_once(logbook: Logbook) -> None:
    """Events §2.2: exactly one of them has kept it, all are told the same row."""
    outcomes = await together(logbook, *([event(1, "Van/1")] for _ in range(WRITERS)))
    assert sorted(recorded.created for [recorded] in outcomes) == [False] * (WRITERS - 1) + [True]
    assert len({recorded.id for [recorded] in outcomes}) == 1


async def test_entities_that_all_name_come_to_be_once(logbook: Logbook) -> None:
    """Events §5.2: whatever order they are named in."""
    vans = [f"Van/{number}" for number in range(20)]
    await together(
        logbook,
        *([event(n, *(vans if n % 2 else reversed(vans))), event(n + 30, "Van/0")] for n in range(WRITERS)),
    )
    [(entities, roles)] = await logbook.rows(
        "SELECT (SELECT count(*) FROM event_entities), (SELECT count(*) FROM event_roles)"
    )
    assert (entities, roles) == (len(vans) + 1, WRITERS * (len(vans) + 3))


async def test_no_update_is_lost(logbook: Logbook) -> None:
    """Events §7.1: all that is said of an entity at the same time is kept."""
    await logbook.entity("Van/1")
    said = [
        [("entity", {"entity_ref": "Van/1", "properties": {str(n): n}, "relations": [{"PROXY_FOR": f"Person/{n}"}]})]
        for n in range(WRITERS)
    ]  # fmt: skip
    await together(logbook, *said)
    assert json.loads((await logbook.known("Van/1")).properties) == {str(n): n for n in range(WRITERS)}
    [(links, active)] = await logbook.rows(
        "SELECT count(*), sum(CASE WHEN active_until IS NULL THEN 1 ELSE 0 END) FROM event_links"
    )
    assert (links, active) == (WRITERS, 1)


async def test_every_vote_and_comment_is_counted(logbook: Logbook) -> None:
    """Events §16: those of one actor once."""
    made = await logbook.event()
    on = str(made.stream_id)

    def vote(by: int, role: str) -> tuple[str, dict[str, Any]]:
        return "bump", {"involves": [{"ACTOR": f"Employee/{by}"}, {role: on}]}

    def comment(by: int) -> tuple[str, dict[str, Any]]:
        return "comment", {"comment": f"{by}", "involves": [{"COMMENTED_ON": on}]}

    await together(
        logbook,
        *([vote(n, "BUMP_UP"), comment(n)] for n in range(WRITERS)),
        *([vote(0, "BUMP_UP")] for _ in range(3)),
    )
    counts = await logbook.store.read(eventcounts.of, [made.id])
    assert counts == {made.id: Counts(comments=WRITERS, up=WRITERS)}
    assert (await logbook.store.read(eventitems.by_ids, [made.id]))[made.id].hidden == 0
