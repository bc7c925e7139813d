"""Messages received, as the dataset ``system`` counts them (Events §19.4)."""

import asyncio
import json
from typing import Any

import pytest
from eventsapi import EVENT, Api, worked_off

from server import counted
from server.amqp.keeper import Keeper, Letter
from storage import points
from storage.errors import Busy
from streams.analytics import Way, receiving

pytestmark = pytest.mark.anyio

COMMENT = {"comment": "Well done", "involves": [{"COMMENTS": "ASUser/bo"}, {"COMMENTED_ON": "Vessel/K"}]}
INVALID = {"type": "as.t.done", "involves": []}


async def asked(api: Api, query: str, **parameters: str) -> list[dict[str, Any]]:
    """Ask for what was received within an hour; return the rows."""
    rows = await api.admin.does("GET", f"/api/analytics/system/{query}/P1D", **parameters)
    return [row["event"] for row in rows]


async def test_each_message_is_counted_once(events_api: Api) -> None:
    """By type, kind, way, origin and outcome, one by one and in arrays; what is asked for next is counted already."""
    admin = events_api.admin
    second = {**EVENT, "occurred_at": "2031-03-04T07:00:00Z"}
    await admin.does("POST", "events", [EVENT, second])
    await admin.does("POST", "events", EVENT)
    await admin.does("PUT", "entities/Vessel/K", {"properties": {"a": 1}})
    await admin.does("POST", "comments", COMMENT)
    assert (await admin("POST", "events", INVALID)).status_code == 400
    assert await asked(events_api, "all/none/count/all") == [{"count": 6}]
    assert await asked(events_api, "all/type,kind,way,outcome/count/all", sort="type") == [
        {"type": "as.api.comment", "kind": "comment", "way": "rest", "outcome": "kept", "count": 1},
        {"type": "as.api.entity", "kind": "entity", "way": "rest", "outcome": "kept", "count": 1},
        {"type": "as.api.event", "kind": "event", "way": "rest", "outcome": "rejected", "count": 1},
        {"type": EVENT["type"], "kind": "event", "way": "rest", "outcome": "kept", "count": 2},
        {"type": EVENT["type"], "kind": "event", "way": "rest", "outcome": "known", "count": 1},
    ]
    [found] = await asked(
        events_api, f"{EVENT['type']}/origin/count,count:outcome=kept,cardinality:process/all"
    )
    assert found == {"origin": EVENT["origin"], "count": 3, "count:outcome=kept": 2, "cardinality:process": 1}


async def test_sizes_remarks_and_times(events_api: Api) -> None:
    """Sums, averages, the least and the greatest are of messages, though a row stands for many of them."""
    small, large = ({**EVENT, "occurred_at": f"2031-03-04T0{hour}:00:00Z"} for hour in (7, 8))
    large = {**large, "importance": 9, "properties": {"note": "x" * 1_000}}
    sizes = [len(json.dumps(one).encode()) for one in (small, small, large)]
    for one in (small, small, large):
        await events_api.admin("POST", "events", json.dumps(one).encode())
    metrics = "amount,avg:amount,min:amount,max:amount,max:metric,avg:metric,min:duration,count"
    [found] = await asked(events_api, f"all/none/{metrics}/all")
    assert [found["amount"], found["min:amount"], found["max:amount"], found["count"]] == [
        sum(sizes), sizes[0], sizes[2], 3,
    ]  # fmt: skip
    assert found["avg:amount"] == pytest.approx(sum(sizes) / 3)
    assert (found["max:metric"], found["avg:metric"]) == (1, pytest.approx(1 / 3))
    assert found["min:duration"] >= 0


async def test_the_collector_and_the_broker(events_api: Api) -> None:
    """When they are kept, or given up; how long that took counts from when they came."""
    await events_api.admin.does("POST", "/api/collector/v1/events", [EVENT, INVALID])
    await worked_off(events_api)
    tenant = await events_api.tenant_row()
    keeper = Keeper(events_api.house.events, tenant, events_api.house.received, body_bytes_max=10_000)
    good = json.dumps({**EVENT, "origin": "depot.south"}).encode()
    await keeper.keep([Letter("", good), Letter("", b"{"), Letter("", json.dumps(INVALID).encode())])
    assert await asked(events_api, "all/way,type,outcome/count/all", sort="way", order="type") == [
        {"way": "collector", "type": "as.api.event", "outcome": "rejected", "count": 1},
        {"way": "collector", "type": EVENT["type"], "outcome": "kept", "count": 1},
        {"way": "queue", "type": "as.api.event", "outcome": "rejected", "count": 1},
        {"way": "queue", "type": "as.api.message", "outcome": "rejected", "count": 1},
        {"way": "queue", "type": EVENT["type"], "outcome": "kept", "count": 1},
    ]
    [found] = await asked(events_api, "all/none/min:amount/all", way="queue")
    assert found == {"min:amount": 1}


async def test_it_is_for_those_who_may_read_everything(events_api: Api) -> None:
    """Events §19.1: types and origins of what is restricted are told to nobody else."""
    bo = await events_api.caller("bo")
    await events_api.admin.does("POST", "events", {**EVENT, "acl": [{"READ": "ASUser/ada"}]})
    refused = await bo.fails("GET", "/api/analytics/system/all/type/count/all/P1D")
    assert refused.status == 403


async def test_it_is_kept_when_a_process_ends(events_api: Api) -> None:
    """Nothing that was received is left out, and nothing is counted again."""
    house = events_api.house
    async with counted.running(house):
        await events_api.admin.does("POST", "events", EVENT)
    rows = "SELECT sum(p.m1) FROM points p JOIN point_series s ON s.id = p.series WHERE s.dataset = 'system'"

    async def total(tx: Any) -> Any:
        return (await tx.one(rows))[0]

    assert await house.store.read(total) == 1
    assert await asked(events_api, "all/none/count/all") == [{"count": 1}]


async def test_what_storage_cannot_take_now_is_counted_later(
    events_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: Any, **__: Any) -> None:
        raise Busy("not now")

    await events_api.admin.does("POST", "events", EVENT)
    with monkeypatch.context() as patched:
        patched.setattr(points, "add", busy)
        await events_api.house.received.keep(events_api.house.store, now=events_api.house.ports.clock())
    await events_api.admin.does("POST", "events", {**EVENT, "origin": "depot.south"})
    assert await asked(events_api, "all/none/count/all") == [{"count": 2}]


async def test_who_stops_waiting_for_the_count_takes_nothing_from_it(
    events_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether what was interrupted has been committed or not, and whatever else was to be kept after it."""
    house, begun = events_api.house, asyncio.Event()
    other = Way(house.ports.clock(), "event", "rest")
    add = points.add

    async def slow(*args: Any, **named: Any) -> None:
        await add(*args, **named)
        begun.set()
        await asyncio.sleep(0.05)

    await events_api.admin.does("POST", "events", EVENT)
    house.received.rejected(other, size=1, remarks=1, received=0, now=house.ports.clock())
    with monkeypatch.context() as patched:
        patched.setattr(points, "add", slow)
        keeping = asyncio.create_task(house.received.keep(house.store, now=house.ports.clock()))
        await begun.wait()
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    asked_for: list[int] = []

    async def noted(tx: Any, tenant: int, *args: Any, **named: Any) -> None:
        asked_for.append(tenant)
        await add(tx, tenant, *args, **named)

    monkeypatch.setattr(points, "add", noted)
    assert await asked(events_api, "all/none/count/all") == [{"count": 1}]
    assert other.tenant in asked_for


async def test_there_is_an_end_to_what_is_told_apart(
    events_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The total stays right when a sender thinks of ever new origins."""
    monkeypatch.setattr(receiving, "GROUPS_MAX", 3)
    await events_api.admin.does(
        "POST", "events", [{**EVENT, "origin": f"depot.{number}"} for number in range(9)]
    )
    assert await asked(events_api, "all/none/count/all") == [{"count": 9}]
    assert len(await asked(events_api, "all/origin/count/all")) == 3
    assert await asked(events_api, "as.api.event/none/count/all") == [{"count": 6}]
