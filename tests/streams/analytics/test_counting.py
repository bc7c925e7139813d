"""Points of events that are really recorded: analyses and lists agree, for whoever reads (Events §19.1, §19.4)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import Store, Transaction, eventitems, open_store, points, tenants
from streams import filters
from streams.analytics import Asked, answer, parse
from streams.events import Events, Reader, reading, recording
from streams.events.arriving import Arriving
from streams.events.wanted import Wanted
from vocab.dialects.events import events

pytestmark = pytest.mark.anyio

BASE = "https://here.example"
NOW = 1_930_000_000_000_000
TENANT = 7
ADA = Reader(TENANT, frozenset({"asuser/ada"}))
BEN = Reader(TENANT, frozenset({"asuser/ben"}))
AUDITOR = Reader(TENANT, sees_all=True)


class Diary:
    """A tenant whose events are recorded, listed and counted."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.house = Events.made(store, BASE, lambda: NOW)

    async def records(self, *messages: dict[str, Any]) -> list[int]:
        """Record events; return their rows."""
        tenant = await self.house.tenant(TENANT)
        assert tenant is not None
        known = await self.house.known(tenant)
        arriving = []
        for message in messages:
            read = events.read(
                {"origin": "depot.north", "involves": [{"ACTOR": "Employee/Ada"}]} | message, known
            )
            assert read.problems.valid, read.problems
            arriving.append(Arriving(read, NOW))
        outcomes = await self.store.write(recording.record, self.house.space(tenant), arriving)
        return [outcome[0].id for outcome in outcomes if isinstance(outcome, tuple)]

    async def listed(self, reader: Reader, **wanted: Any) -> int:
        """Return how many events a list has."""
        tenant = await self.house.tenant(TENANT)
        assert tenant is not None
        page = await self.store.read(reading.page, self.house.space(tenant), reader, Wanted(**wanted))
        return page.total

    async def counted(
        self, reader: Reader, path: str = "events/all/none/count/all/2031", **parameters: str
    ) -> Any:
        """Return the answer of an analysis; of one without dimensions just its count."""
        query = parse(Asked(*path.split("/"), parameters=tuple(parameters.items())), now=NOW)
        rows = await answer(self.store, reader, query)
        if query.dimensions:
            return [tuple(row["event"].values()) for row in rows]
        return rows[0]["event"]["count"] if rows else 0


@pytest.fixture
async def diary(ready_url: str) -> AsyncIterator[Diary]:
    async with open_store(ready_url) as store:
        await store.write(tenants.add, TENANT, "north", now=1)
        yield Diary(store)


def happened(minute: int = 0, **members: Any) -> dict[str, Any]:
    when = f"2031-03-04T{minute // 60:02}:{minute % 60:02}:00Z"
    return {"type": "as.fleet.cargo.loaded", "occurred_at": when, **members}


async def test_everyone_who_took_part_is_a_dimension(diary: Diary) -> None:
    """Events §19.4: entities by their types in snake case, own dimensions, tags, origin and importance."""
    aspects = {"dimensions": {"quay": 7}, "metrics": {"pallets": 14}, "tags": ["urgent", "outbound"]}
    involves = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vessel:HarbourTug/Kestrel-9"}]
    await diary.records(happened(aspects=aspects, involves=involves), happened(1))
    path = "events/all/vessel,harbour_tug,quay,origin,importance,employee/pallets/all/2031"
    assert await diary.counted(AUDITOR, path) == [
        ("Kestrel-9", "Kestrel-9", "7", "depot.north", "2", "Ada", 14)
    ]
    assert await diary.counted(AUDITOR, "events/all/tags/count/all/2031") == [("outbound", 1), ("urgent", 1)]
    assert await diary.counted(AUDITOR, tags="urgent,late") == 1


async def test_lines_are_points_of_trades(diary: Diary) -> None:
    """Events §19.4: a point for each line item, with its money."""
    line = {"item_price": 9.5, "tax_percentage": 24, "currency": "ISK"}
    items = [{"PURCHASED": "Mug/blue", "item_count": 2, **line}, {"PURCHASED": "Mug/red", **line}]
    await diary.records(
        happened(
            type="as.commerce.purchase.completed",
            involves=[{"BUYER": "Customer/c-88"}],
            aspects={"items": items},
        )
    )
    path = "trades/all/mug/item_count,total_price/all/2031"
    assert await diary.counted(AUDITOR, path, action="PURCHASED", currency_code="ISK") == [
        ("blue", 2, 23.56), ("red", 1, 11.78),
    ]  # fmt: skip
    assert await diary.counted(AUDITOR, "trades/all/none/count/all/2031") == 2
    assert await diary.counted(AUDITOR) == 1


async def test_restricted_events_count_for_those_who_may_know_of_them(diary: Diary) -> None:
    """Events §3.6, §19.1."""
    rules = [{"READ": "ASUser/ada"}]
    [_, row] = await diary.records(happened(1), happened(2, acl=rules, aspects={"dimensions": {"quay": "7"}}))
    assert [await diary.counted(reader) for reader in (ADA, BEN, AUDITOR)] == [2, 1, 2]
    assert await diary.counted(BEN, "events/all/quay/count/all/2031") == []
    assert [point.dimensions["quay"] for point in await diary.store.read(points.of_item, TENANT, row)] == [
        "7"
    ]


async def test_a_message_that_is_sent_again_counts_once(diary: Diary) -> None:
    """Events §2.2."""
    await diary.records(happened(1))
    await diary.records(happened(1), happened(1))
    assert await diary.counted(AUDITOR) == 1


async def test_an_invalidated_batch_counts_no_more(diary: Diary) -> None:
    """Events §19.4."""
    resolvable = {"external_id": "e1", "batch_id": "b1"}
    await diary.records(happened(1), happened(2, aspects={"resolvable": resolvable}))
    assert await diary.counted(AUDITOR) == 2

    async def hide(tx: Transaction) -> None:
        await points.forget(tx, await eventitems.hide_batch(tx, TENANT, "b1"))

    await diary.store.write(hide)
    assert await diary.counted(AUDITOR) == 1


MESSAGES = st.lists(
    st.builds(
        lambda minute, type, tags, quay, importance, rules: happened(
            minute, type=type, importance=importance,
            aspects={"tags": tags, "dimensions": {"quay": quay} if quay else {}},
            acl=[{"READ": f"ASUser/{name}"} for name in rules],
        ),
        st.integers(0, 1_439),
        st.sampled_from(["as.fleet.cargo.loaded", "as.fleet.cargo.unloaded", "as.fleet.van.washed"]),
        st.lists(st.sampled_from(["urgent", "late"]), unique=True),
        st.sampled_from(["", "7", "8"]),
        st.integers(0, 5),
        st.lists(st.sampled_from(["ada", "ben"]), unique=True, max_size=1),
    ),
    max_size=12,
)  # fmt: skip


@given(
    MESSAGES,
    st.sampled_from([ADA, BEN, AUDITOR]),
    st.sampled_from(["", "as.fleet.cargo", "as.fleet.van.washed"]),
    st.sampled_from(["", "urgent", "late"]),
    st.sampled_from(["", "7"]),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_counts_of_analyses_are_counts_of_lists(
    diary: Diary, messages: list[dict[str, Any]], reader: Reader, type: str, tag: str, quay: str
) -> None:
    """Events §25: under the same filter, for the same reader, both say the same."""
    await diary.store.write(_clear)
    await diary.records(*messages)
    parameters = {"type": type, "tags": tag, "quay": quay}
    counted = await diary.counted(reader, **{name: value for name, value in parameters.items() if value})
    wanted = {
        "types": (type,) if type else (),
        "tags": (tag,) if tag else (),
        "filter": filters.parse(f"aspects.dimensions.quay = '{quay}'") if quay else None,
    }
    assert counted == await diary.listed(reader, **wanted)


async def _clear(tx: Transaction) -> None:
    for table in ("points", "event_readers", "event_roles", "event_tags", "events"):
        await tx.run(f"DELETE FROM {table}")
    await tx.run("DELETE FROM entries")
    await tx.run("DELETE FROM objects WHERE iri LIKE '%/events/%'")
