"""Analyses over HTTP (Events §19), and time series (Events §18.5)."""

import asyncio
from typing import Any

import pytest
from eventsapi import EVENT, Api, opened

from storage import points
from storage.points import NewPoint
from streams.events import Events, recording
from vocab import instants
from vocab.dialects.events import Point, Ref, events

pytestmark = pytest.mark.anyio

MEASURED = {
    "series": "tug.engine",
    "occurred_at": "2031-03-04T06:00:00Z",
    "source": "sensor-3",
    "involves": [{"AFFECTS": {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}}],
    "aspects": {"ts_data": {"rpm": 1420, "oil_pressure": 4.2}, "dimensions": {"side": "port"}},
}
"""The example of Events §18.5."""

QUERY = "/api/analytics/events/all/quay/count,pallets/day/2031-03"


REFUSED: list[tuple[str, dict[str, str], str]] = [
    ("orders/all/none/count/all/2031", {}, "dataset"),
    ("events/all/none/count/all/soon", {}, "from"),
    ("events/all/none/count/all/2031/2030", {}, "to"),
    ("events/all/none/median:x/all/2031", {}, "metrics"),
    ("events/all/none/count/PT1S/2031", {}, "granularity"),
    ("events/all/none/count/all/2031", {"tz": "Mars"}, "tz"),
    ("events/all/none/count/all/2031", {"quay": "/(/"}, "quay"),
    ("events/all/none/count/all/2031", {"queryType": "topN"}, "dimensions"),
    ("events/all/none/count/day/0002/9998", {}, "granularity"),
]
"""What is asked for, and which part of it is at fault."""


async def keep(api: Api, *messages: dict[str, Any]) -> list[str]:
    """Record events and return their stream ids."""
    house: Events = api.house.events
    tenant = await api.tenant_row()
    ids = []
    for message in messages:
        read = events.read(message, await house.known(tenant))
        kept = await api.house.store.write(recording.event, house.space(tenant), read, received=1)
        ids.append(str(kept.stream_id))
    return ids


async def measure(api: Api, series: str, minute: int, side: str, **metrics: float) -> None:
    """Keep a data point of a vessel's."""
    when = instants.parse(f"2031-03-04T06:{minute:02}:00Z")
    assert when is not None
    said = {"side": side, "source": "sensor-3", "vessel": "Kestrel-9"}
    point = Point("timeseries", series, instants.microseconds(when), said, metrics)
    new = NewPoint(point, concerns=(Ref("Vessel", "Kestrel-9"),))
    await api.house.store.write(points.add, api.tenant_id, [new], now=1)


async def test_an_analysis_is_asked_for_by_its_address(events_api: Api) -> None:
    """Events §19.1, §19.2; a slash at the end means nothing."""
    aspects = {"dimensions": {"quay": "7"}, "metrics": {"pallets": 14}}
    await keep(events_api, EVENT | {"aspects": aspects})
    expected = [
        {
            "version": "v1",
            "timestamp": "2031-03-04T00:00:00.000Z",
            "event": {"quay": "7", "count": 1, "pallets": 14},
        }
    ]
    assert await events_api.admin.does("GET", QUERY) == expected
    assert await events_api.admin.does("GET", f"{QUERY}/") == expected
    assert (
        await events_api.admin.does("GET", f"{QUERY}/2031-04", type="fleet", vessel="Kestrel-9") == expected
    )
    assert await events_api.admin.does("GET", QUERY, type="as.commerce") == []
    local = await events_api.admin.does("GET", QUERY, tz="Atlantic/Azores")
    assert local[0]["timestamp"] == "2031-03-04T00:00:00.000-01:00"
    curve = await events_api.admin.does(
        "GET", "/api/analytics/events/all/none/count/P1W/2031-03", queryType="timeseries"
    )
    assert [row["result"]["count"] for row in curve] == [0, 1, 0, 0, 0, 0]


async def test_what_is_not_understood_is_told(events_api: Api) -> None:
    """Events §1.4: 400, and which part is at fault."""
    for path, query, field in REFUSED:
        failure = await events_api.admin.fails("GET", f"/api/analytics/{path}", **query)
        assert failure.meaning == (400, "invalid_value")
        assert failure.message.startswith(f"{field}: ")
        assert failure.message.count(f"{field}: ") == 1


async def test_only_who_may_read_may_count(events_api: Api) -> None:
    """Events §1.2, §3.6: what a rule keeps from someone is not counted for them."""
    rules = [{"READ": "ASUser/ada"}]
    [id] = await keep(events_api, EVENT | {"acl": rules, "aspects": {"dimensions": {"quay": "7"}}})
    ada, ben = await events_api.caller("ada"), await events_api.caller("ben")
    assert len(await ada.does("GET", QUERY)) == len(await events_api.admin.does("GET", QUERY)) == 1
    assert await ben.does("GET", QUERY) == []
    assert (await ben.fails("GET", f"events/{id}/analytics")).meaning == (404, "not_found")
    assert (await events_api.nobody.fails("GET", QUERY)).status == 401
    submitting = await events_api.caller("eve", type="INGESTION_ONLY")
    assert (await submitting.fails("GET", QUERY)).status == 403
    north = await events_api.tenant("north")
    assert await north.admin.does("GET", QUERY) == []


async def test_the_points_of_an_event(events_api: Api) -> None:
    """Events §3.5."""
    aspects = {"dimensions": {"quay": "7"}, "metrics": {"pallets": 14}, "tags": ["a", "b"]}
    [id] = await keep(events_api, EVENT | {"aspects": aspects})
    [point] = await events_api.admin.does("GET", f"events/{id}/analytics")
    assert (point["dataset"], point["series"], point["metrics"]) == ("events", EVENT["type"], {"pallets": 14})
    assert point["timestamp"] == "2031-03-04T03:06:07.089Z"
    assert point["dimensions"] == {
        "type": EVENT["type"], "source": "depot.north", "origin": "depot.north", "importance": "2", "quay": "7",
        "tags": ["a", "b"], "employee": "Ada", "vessel": "Kestrel-9", "manifest": "77",
    }  # fmt: skip
    for unknown in ("f48383f0-fc0f-317c-90df-5d7a76e1eb18", "nothing"):
        assert (await events_api.admin.fails("GET", f"events/{unknown}/analytics")).status == 404


async def test_time_series_tell_of_themselves(events_api: Api) -> None:
    """Events §18.5."""
    await measure(events_api, "tug.engine", 0, "port", rpm=1420, oil_pressure=4.2)
    await measure(events_api, "tug.engine", 1, "starboard", rpm=1500)
    admin = events_api.admin
    expected = {
        "series": "tug.engine",
        "dimensions": ["side", "source", "vessel"],
        "metrics": ["oil_pressure", "rpm"],
    }
    assert await admin.does("GET", "time-series") == [expected]
    assert await admin.does("GET", "time-series/tug.engine") == expected
    said = {"properties": {"place": "aft"}, "aspects": {"presentation": {"label": "Engine"}}}
    assert await admin.does("PUT", "time-series/tug.engine", said) == expected | said
    assert await admin.does("PUT", "time-series/tug.engine", {}) == expected
    assert await admin.does("GET", "time-series/tug.engine/metrics") == expected["metrics"]
    assert await admin.does("GET", "time-series/tug.engine/dimensions") == expected["dimensions"]
    for name in ("source", "origin"):
        assert await admin.does("GET", f"time-series/tug.engine/{name}") == ["sensor-3"]
    rows = await admin.does(
        "GET", "/api/analytics/timeseries/tug.engine/side/max:rpm/hour/2031-03-04/2031-03-05"
    )
    assert [row["event"] for row in rows] == [
        {"side": "port", "max:rpm": 1420},
        {"side": "starboard", "max:rpm": 1500},
    ]
    assert (await admin("DELETE", "time-series/tug.engine")).status_code == 204
    assert await admin.does("GET", "time-series") == []
    assert (await admin.fails("GET", "time-series/tug.engine")).status == 404


async def test_a_time_series_may_be_described_first(events_api: Api) -> None:
    made = await events_api.admin.does("PUT", "time-series/van%2Fengine", {"properties": {"unit": "rpm"}})
    assert made == {"series": "van/engine", "dimensions": [], "metrics": [], "properties": {"unit": "rpm"}}
    wrong = await events_api.admin.fails("PUT", "time-series/van", {"aspects": []})
    assert wrong.meaning == (400, "invalid_value")
    long = await events_api.admin.fails("PUT", f"time-series/{'x' * 300}", {})
    assert long.message.startswith("series: ")


async def test_an_entity_has_its_time_series(events_api: Api) -> None:
    """Events §18.5: what the points of a series are about, as far as the reader may know of it."""
    await keep(events_api, EVENT)
    await measure(events_api, "tug.engine", 0, "port", rpm=1)
    for ref in ("Vessel/Kestrel-9", "Vessel:Tug/kestrel-9"):
        [series] = await events_api.admin.does("GET", f"entities/{ref}/time-series")
        assert series["series"] == "tug.engine"
    assert await events_api.admin.does("GET", "time-series/tug.engine/entities") == ["Vessel/Kestrel-9"]
    assert (await events_api.admin.fails("GET", "entities/Vessel/none/time-series")).status == 404


async def test_data_points_are_collected(ready_url: str) -> None:
    """Events §18.5: kept soon, once however often they come; the entities that they name spring into being."""
    async with opened(ready_url, work=True) as api:
        admin = api.admin
        second = MEASURED | {"occurred_at": "2031-03-04T06:30:00Z", "aspects": {"ts_data": {"rpm": 1500}}}
        for body in (MEASURED, [MEASURED, second]):
            answer = await admin("POST", "/api/collector/v1/data-points", body)
            assert answer.status_code == 202
        path = "/api/analytics/timeseries/tug.engine/vessel/count,max:rpm/hour/2031-03-04/2031-03-05"
        expected = [{"vessel": "Kestrel-9", "count": 2, "max:rpm": 1500}]
        async with asyncio.timeout(20):
            while True:
                if [row["event"] for row in await admin.does("GET", path)] == expected:
                    break
                await asyncio.sleep(0.01)
        vessel = await admin.does("GET", "entities/Vessel/Kestrel-9")
        assert vessel["aspects"]["presentation"]["label"] == "Kestrel"
        [series] = await admin.does("GET", "entities/Vessel/Kestrel-9/time-series")
        assert series["metrics"] == ["oil_pressure", "rpm"]


async def test_data_points_are_checked(events_api: Api) -> None:
    """Events §18.5: when it was measured has to be said."""
    unsaid = {name: value for name, value in MEASURED.items() if name != "occurred_at"}
    for path in ("/api/v1/data-points/validate", "/api/v1/as/data-points/validate"):
        good, bad = await events_api.admin.does("POST", path, [MEASURED, unsaid])
        assert (good["_valid"], bad["_valid"]) == (True, False)
        assert [error["field"] for error in bad["_errors"] if error["severity"] == "error"] == ["occurred_at"]
    assert await events_api.admin.does("GET", "time-series") == []
