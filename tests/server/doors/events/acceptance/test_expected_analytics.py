"""The rows of what is expected of analyses: the grammar, all queries of Events §19.3, and data points."""

from typing import Any

import pytest
from eventsapi import EVENT, Api, worked_off

from streams import system_clock
from vocab.dialects.events import moments

pytestmark = pytest.mark.anyio

POINT = {
    "series": "tug.engine", "occurred_at": "2031-03-04T06:00:00Z", "source": "sensor-3",
    "involves": [{"AFFECTS": "Vessel/Kestrel-9"}],
    "aspects": {"ts_data": {"rpm": 1420, "oil_pressure": 4.2}, "dimensions": {"side": "port"}},
}  # fmt: skip
"""The example of Events §18.5."""


async def rows(api: Api, path: str, **query: str) -> Any:
    return await api.admin.does("GET", f"/api/analytics/{path}", **query)


async def counted(api: Api, path: str, **query: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the bucket of each row, and what it tells."""
    return [(row["timestamp"], row["event"]) for row in await rows(api, path, **query)]


@pytest.fixture
async def quay(api: Api) -> Api:
    """A tenant where some cargo was loaded in March of 2031, and mugs were sold on the first of May."""
    loaded = [
        ("2031-03-04T05:00:00Z", "7", "fog", 14, ["urgent", "outbound"]),
        ("2031-03-04T23:30:00Z", "7", "clear", 6, ["urgent"]),
        ("2031-03-05T10:00:00Z", "8", "fog", 1, []),
    ]
    sold = [
        (
            "2031-05-01T09:30:00Z",
            {"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5, "currency": "ISK"},
        ),
        (
            "2031-05-01T11:30:00Z",
            {"PURCHASED": "Mug/red", "item_count": 1, "item_price": 5, "currency": "ISK"},
        ),
        (
            "2031-05-01T12:30:00Z",
            {"RETURNED": "Mug/blue", "item_count": 1, "item_price": 9.5, "currency": "ISK"},
        ),
    ]
    events = [
        {**EVENT, "occurred_at": at, "aspects": {
            "dimensions": {"quay": quay, "weather": weather}, "metrics": {"pallets": pallets}, "tags": tags}}
        for at, quay, weather, pallets, tags in loaded
    ]  # fmt: skip
    sales = [
        {"type": "as.commerce.purchase.completed", "origin": "shop.web", "occurred_at": at,
         "involves": [{"BUYER": "Customer/c-88"}], "aspects": {"items": [line]}}
        for at, line in sold
    ]  # fmt: skip
    other = {**EVENT, "type": "as.fleet.tow.ended", "occurred_at": "2031-03-04T08:00:00Z"}
    await api.admin.does("POST", "events", [*events, *sales, other])
    return api


MARCH, DAY_4, DAY_5 = ("2031-03-01T00:00:00.000Z", "2031-03-04T00:00:00.000Z", "2031-03-05T00:00:00.000Z")
LOADED = {"type": "as.fleet.cargo.loaded"}


async def test_queries_of_events(quay: Api) -> None:
    """Events §19.3: the first five rows."""
    assert await counted(quay, "events/all/quay/count/all/2031-03", **LOADED) == [
        (MARCH, {"quay": "7", "count": 2}), (MARCH, {"quay": "8", "count": 1}),
    ]  # fmt: skip
    for type in (
        "as.fleet.cargo.loaded",
        "fleet.cargo.loaded",
        "as.fleet.cargo",
        "cargo.loaded|as\\.fleet\\.cargo.*",
    ):
        assert await counted(quay, "events/all/quay/count/day/2031-03/2031-04", type=type) == [
            (DAY_4, {"quay": "7", "count": 2}), (DAY_5, {"quay": "8", "count": 1}),
        ], type  # fmt: skip
    assert await counted(quay, "events/all/quay,weather/count,pallets/day/2031-03-01/2031-04", **LOADED) == [
        (DAY_4, {"quay": "7", "weather": "clear", "count": 1, "pallets": 6}),
        (DAY_4, {"quay": "7", "weather": "fog", "count": 1, "pallets": 14}),
        (DAY_5, {"quay": "8", "weather": "fog", "count": 1, "pallets": 1}),
    ]
    top = await rows(quay, "events/all/tags/count/day/2031-03", queryType="topN", limit="5")
    assert {
        "timestamp": DAY_4,
        "result": [{"tags": "urgent", "count": 2}, {"tags": "outbound", "count": 1}],
    } in top
    side = "events/all/quay/count,count:weather=fog,count:weather=clear/all/2031-03"
    assert await counted(quay, side, **LOADED) == [
        (MARCH, {"quay": "7", "count": 2, "count:weather=fog": 1, "count:weather=clear": 1}),
        (MARCH, {"quay": "8", "count": 1, "count:weather=fog": 1, "count:weather=clear": 0}),
    ]


async def test_queries_of_trades(quay: Api) -> None:
    """Events §19.3: the next three rows; one day, in a time zone; a curve without gaps; weeks."""
    day = "trades/all/currency_code/item_count,count,total_price/day/2031-05-01/2031-05-02"
    assert await counted(quay, day, action="PURCHASED", tz="Atlantic/Reykjavik") == [
        (
            "2031-05-01T00:00:00.000+00:00",
            {"currency_code": "ISK", "item_count": 3, "count": 2, "total_price": 24},
        )
    ]
    curve = await rows(
        quay, "trades/all/none/item_count,count/day/2031-05-01/2031-05-04",
        action="PURCHASED", mug="blue", queryType="timeseries",
    )  # fmt: skip
    assert [bucket["timestamp"][:10] for bucket in curve] == ["2031-05-01", "2031-05-02", "2031-05-03"]
    assert [bucket["result"] for bucket in curve] == [
        {"item_count": 2, "count": 1}, {"item_count": 0, "count": 0}, {"item_count": 0, "count": 0},
    ]  # fmt: skip
    weeks = await counted(quay, "trades/all/mug/total_price/P1W/2031-05-01/2031-05-08", sort="-total_price")
    assert [event for _, event in weeks] == [
        {"mug": "blue", "total_price": 9.5},
        {"mug": "red", "total_price": 5},
    ]


async def test_queries_of_time_series(api: Api) -> None:
    """Events §18.5, §19.3: the example, and the last row; its period ends now."""
    recent = moments.spell(system_clock() - 60_000_000)
    newer = {
        **POINT,
        "occurred_at": recent,
        "aspects": {"ts_data": {"rpm": 1500}, "dimensions": {"side": "port"}},
    }
    answer = await api.admin("POST", "/api/collector/v1/data-points", [POINT, newer])
    assert answer.status_code == 202
    await worked_off(api)
    found = await counted(api, "timeseries/tug.engine/side/max:rpm/hour/P-1D")
    assert [event for _, event in found] == [{"side": "port", "max:rpm": 1500}]
    path = "timeseries/tug.engine/vessel,source/count,avg:oil_pressure/all/2031-03-04/2031-03-05"
    assert [event for _, event in await counted(api, path)] == [
        {"vessel": "Kestrel-9", "source": "sensor-3", "count": 1, "avg:oil_pressure": 4.2}
    ]
    (series,) = await api.admin.does("GET", "time-series")
    assert series["series"] == "tug.engine"
    assert await api.admin.does("GET", "time-series/tug.engine/metrics") == ["oil_pressure", "rpm"]
    assert "side" in await api.admin.does("GET", "time-series/tug.engine/dimensions")
    assert await api.admin.does("GET", "time-series/tug.engine/source") == ["sensor-3"]
    assert await api.admin.does("GET", "time-series/tug.engine/entities") == ["Vessel/Kestrel-9"]
    (series,) = await api.admin.does("GET", "entities/Vessel/Kestrel-9/time-series")
    assert series["series"] == "tug.engine"
    told = await api.admin.does("POST", "/api/v1/data-points/validate", {**POINT, "occurred_at": None})
    assert not told["_valid"]
    assert (await api.admin("DELETE", "time-series/tug.engine")).status_code == 204
    assert await api.admin.does("GET", "time-series") == []


async def test_the_grammar(quay: Api) -> None:
    """Events §19.1: aggregations, filters, orders and limits."""
    path = "events/fleet.cargo/{}/{}/all/2031-03"
    for dimensions, metrics, query, expected in (
        ("none", "count", {}, [{"count": 3}]),
        ("none", "min:pallets,max:pallets,avg:pallets,sum:pallets", {},
         [{"min:pallets": 1, "max:pallets": 14, "avg:pallets": 7, "sum:pallets": 21}]),
        ("none", "cardinality:quay", {}, [{"cardinality:quay": 2}]),
        ("none", "count", {"quay": "7"}, [{"count": 2}]),
        ("none", "count", {"quay": "7,8", "weather": "fog"}, [{"count": 2}]),
        ("none", "count", {"weather": "/f.g/"}, [{"count": 2}]),
        ("none", "count", {"vessel": "Kestrel-9"}, [{"count": 3}]),
        ("quay", "count", {"sort": "-count"}, [{"quay": "7", "count": 2}, {"quay": "8", "count": 1}]),
        ("quay", "count", {"order": "-quay"}, [{"quay": "8", "count": 1}, {"quay": "7", "count": 2}]),
        ("quay", "count", {"sort": "-count", "limit": "1"}, [{"quay": "7", "count": 2}]),
        ("tags", "count", {"sort": "-count"}, [{"tags": "urgent", "count": 2}, {"tags": "outbound", "count": 1}]),
    ):  # fmt: skip
        found = await counted(quay, path.format(dimensions, metrics), **query)
        assert [event for _, event in found if None not in event.values()] == expected, (
            dimensions,
            metrics,
            query,
        )
    (row,) = await rows(quay, "events/fleet.cargo/none/count/all/2031-03")
    assert row == {"version": "v1", "timestamp": MARCH, "event": {"count": 3}}
    local = await counted(quay, "events/fleet.cargo/none/count/day/2031-03-05/2031-03-06", tz="Europe/Oslo")
    assert local == [("2031-03-05T00:00:00.000+01:00", {"count": 2})]
    for wrong in (
        "events/all/none/count/PT1S/2031",
        "nothing/all/none/count/all/2031",
        "events/all/none/count/all/x",
    ):
        assert (await quay.admin.fails("GET", f"/api/analytics/{wrong}")).status == 400


@pytest.mark.parametrize(
    ("dataset", "aspects", "dimensions", "metrics", "expected"),
    [
        ("web", {"pageview": {"path": "https://shop.example/a?x=1", "size": 10}}, "method,response_code", "count,size",
         {"method": "GET", "response_code": "200", "count": 1, "size": 10}),
        ("ab_tests", {"ab_test": {"id": "copy", "variant": "short", "outcome": "sale", "amount": 2}},
         "ab_test,variant,outcome", "count,amount",
         {"ab_test": "copy", "variant": "short", "outcome": "sale", "count": 1, "amount": 2}),
        ("cei", {"cei": {"happiness": -2}}, "none", "count,happiness", {"count": 1, "happiness": -2}),
        ("events", {"classification": {"type": "workboat"}, "timed": {"duration": 60_000}}, "classification_type",
         "count,duration", {"classification_type": "workboat", "count": 1, "duration": 60_000}),
    ],
)  # fmt: skip
async def test_datasets(
    api: Api, dataset: str, aspects: dict[str, Any], dimensions: str, metrics: str, expected: dict[str, Any]
) -> None:
    """Events §19.4."""
    await api.admin.does("POST", "events", {**EVENT, "aspects": aspects})
    found = await counted(api, f"{dataset}/all/{dimensions}/{metrics}/all/2031-03")
    assert [event for _, event in found] == [expected]
