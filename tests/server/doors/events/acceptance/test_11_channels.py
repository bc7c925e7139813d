"""Rows 11, 12 and 16 of the checklist: channels, follows, and lists of items (Events §11, §12, §16)."""

from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, Caller

pytestmark = pytest.mark.anyio

NIGHT = {
    "entity_id": "night-ops", "aspects": {"presentation": {"label": "Night operations"}},
    "properties": {"menu_label": "Night"},
}  # fmt: skip
"""The example of Events §11."""
FOLLOW = {"min_importance": 3, "event_types": ["as.fleet"], "tags": ["urgent"], "starred": True}
"""The example of Events §12."""


async def event(caller: Caller, second: int, **members: Any) -> str:
    said = {**EVENT, "occurred_at": f"2031-03-04T10:00:{second:02}Z", **members}
    return str((await caller.does("POST", "events", said))["_stream_id"])


async def ids(caller: Caller, path: str, **query: Any) -> list[str]:
    return [one["_stream_id"] for one in await caller.does("GET", path, **query)]


async def test_a_channel_from_beginning_to_end(api: Api) -> None:
    """Events §11."""
    bo = await api.caller("bo")
    made = await bo("POST", "channels", NIGHT)
    assert made.status_code == 201
    told = made.json()
    assert (told["entity_ref"], told["_class"]) == ("ASChannel/night-ops", "ASChannel")
    assert (told["aspects"], told["properties"]) == (NIGHT["aspects"], NIGHT["properties"])
    assert (await bo.fails("POST", "channels", NIGHT)).status == 409
    assert [one["entity_ref"] for one in await bo.does("GET", "channels")] == ["ASChannel/night-ops"]
    changed = await bo.does("PUT", "channels/night-ops", {"properties": {"menu_label": "Dark"}})
    assert changed["properties"] == {"menu_label": "Dark"}

    joined = await bo.does("POST", "channels/night-ops/follow", {"starred": True, "list_index": 2})
    assert await bo.does("GET", "channels/night-ops/followers") == [joined]
    assert {
        "follower_ref": "ASUser/bo", "follows_ref": "ASChannel/night-ops", "_class": "FOLLOWS", "starred": True,
        "list_index": 2,
    }.items() <= joined.items()  # fmt: skip
    assert await bo.does("GET", "following-channels") == [joined]

    monitor = {"follows_ref": "Vessel/Kestrel-9", "min_importance": 2}
    added = await bo.does("POST", "channels/night-ops/follows", monitor)
    assert await bo.does("GET", "channels/night-ops/follows") == [added]
    assert await bo.does("GET", "channels/night-ops/following") == [added]
    one = await event(bo, 1)
    await event(bo, 2, importance=1)
    assert await ids(bo, "channels/night-ops/activity-stream") == [one]
    brief = await bo.does("GET", "channels/night-ops/activity-stream/2031-03-04/2031-03-05/brief")
    assert (brief["count"], brief["by_type"], brief["by_importance"]) == (1, {EVENT["type"]: 1}, {"2": 1})
    assert [item["_stream_id"] for item in brief["items"]] == [one]
    assert (await bo.does("GET", "channels/night-ops/activity-stream/brief"))["count"] == 1
    assert (await bo.does("GET", "channels/night-ops/activity-stream/P1D/brief"))["count"] == 0

    chat = {"comment": "quiet", "involves": [{"COMMENTED_ON": told["_stream_id"]}]}
    said = await bo.does("POST", "comments", chat)
    assert await ids(bo, "comments/ASChannel/night-ops") == [said["_stream_id"]]

    path = "channels/night-ops/follows/Vessel/Kestrel-9"
    assert (await bo.does("PUT", path, {"min_importance": 4}))["min_importance"] == 4
    assert await ids(bo, "channels/night-ops/activity-stream") == []
    assert (await bo("DELETE", path)).status_code == 204
    assert (await bo("DELETE", "channels/night-ops/follow")).status_code == 204
    assert await bo.does("GET", "channels/night-ops/followers") == []
    assert (await bo("DELETE", "channels/night-ops")).status_code == 204
    assert await bo.does("GET", "channels") == []
    assert await ids(bo, "comments/ASChannel/night-ops") == [said["_stream_id"]]


@pytest.mark.parametrize(
    ("monitored", "attributes", "expected"),
    [
        ("Vessel/Kestrel-9", {}, "abc"),
        ("Vessel/Kestrel-9", {"event_types": ["as.fleet"]}, "ab"),
        ("Vessel/Kestrel-9", {"event_types": None}, "abc"),
        ("Vessel/Kestrel-9", {"tags": ["URGENT", "x"]}, "b"),
        ("Vessel/Kestrel-9", {"roles": ["ACTOR"]}, "c"),
        ("Vessel/Kestrel-9", {"min_importance": 3}, "b"),
        ("Vessel/Kestrel-9", {"filter": {"properties.shift": "night"}}, "a"),
        ("ASEventType/as.fleet.cargo", {}, "ab"),
        ("ASOrigin/quay", {}, "c"),
        ("Company/north", {"relations": ["BELONGS_TO"], "degrees": 1}, "abc"),
    ],
)
async def test_what_a_monitor_lets_through(
    api: Api, monitored: str, attributes: dict[str, Any], expected: str
) -> None:
    """Events §11: the same before and after the channel was there."""
    bo = await api.caller("bo")
    await bo.does("PUT", "entities/Vessel/Kestrel-9", {"BELONGS_TO": "Company/north"})
    made = {
        "a": await event(bo, 1, properties={"shift": "night"}),
        "b": await event(bo, 2, importance=4, aspects={"tags": ["urgent"]}),
        "c": await event(
            bo, 3, type="as.desk.opened", origin="quay.web", involves=[{"ACTOR": "Vessel/Kestrel-9"}]
        ),
    }
    await bo.does("POST", "channels", NIGHT)
    await bo.does("PUT", f"channels/night-ops/follows/{monitored}", attributes)
    found = await bo.does("GET", "channels/night-ops/activity-stream")
    names = {id: name for name, id in made.items()}
    assert "".join(sorted(names.get(one["_stream_id"], "") for one in found)) == expected


async def test_following(api: Api) -> None:
    """Events §12."""
    bo = await api.caller("bo")
    path = "follow/Vessel/Kestrel-9"
    assert (await bo.fails("GET", path)).status == 404
    made = await bo("POST", path, FOLLOW)
    assert made.status_code == 201
    assert {
        **FOLLOW,
        "follower_ref": "ASUser/bo",
        "follows_ref": "Vessel/Kestrel-9",
        "_class": "FOLLOWS",
    }.items() <= (made.json().items())
    assert await bo.does("GET", path) == made.json()
    assert await bo.does("GET", "following") == await bo.does("GET", "following-entities") == [made.json()]
    await event(bo, 1, importance=3)
    wanted = await event(bo, 2, importance=3, aspects={"tags": ["urgent"]})
    assert await ids(bo, "activity-stream") == [wanted]
    assert (await bo("POST", path, {"tags": None})).status_code == 200
    assert len(await ids(bo, "activity-stream")) == 2
    assert (await bo("DELETE", path)).status_code == 204
    assert await bo.does("GET", "following") == await bo.does("GET", "activity-stream") == []


async def test_items_as_lists_show_them(api: Api) -> None:
    """Events §16: all of the message, and what is known of it."""
    await api.admin.does("POST", "events", EVENT)
    (item,) = await api.admin.does("GET", "events")
    assert {name: item[name] for name in item if name.startswith("_")} == {
        "_stream_id": EVENT_ID, "_class": EVENT["type"], "_received_at": item["_received_at"],
        "_registered_at": item["_registered_at"], "_bumps": {"up": 0, "down": 0, "neutral": 0}, "_comments": 0,
        "_as2": item["_as2"],
    }  # fmt: skip
    assert item["_as2"].endswith(f"/events/{EVENT_ID}")
    await api.admin.does("PUT", f"workflow/{EVENT_ID}/claim")
    (item,) = await api.admin.does("GET", "events")
    assert item["_progress"]


async def test_lists_are_paged_and_filtered(api: Api) -> None:
    """Events §1.5, §1.6, §16: the newest first."""
    bo = await api.caller("bo")
    a = await event(bo, 1, properties={"shift": "night"}, aspects={"grouped": "rota", "tags": ["Urgent"]})
    b = await event(bo, 2, importance=4, aspects={"grouped": "re: rota", "dimensions": {"lane": "7"}})
    c = await event(bo, 3, type="as.desk.opened", origin="quay.web")
    for path in ("events", "entities/Vessel/Kestrel-9/events"):
        for query, expected in (
            ({}, [c, b, a]), ({"size": 2}, [c, b]), ({"pagesize": 2, "page": 2}, [a]),
            ({"order": "occurred_at"}, [a, b, c]),
            ({"order": "-importance", "size": 1}, [b]), ({"from": "2031-03-04T10:00:02Z"}, [c, b]),
            ({"to": "2031-03-04T10:00:02Z"}, [a]), ({"min_importance": 3}, [b]), ({"types": "as.desk,as.x"}, [c]),
            ({"types": "as.des"}, []), ({"tags": "urgent"}, [a]), ({"roles": "AFFECTS"}, [c, b, a]),
            ({"roles": "TRADE"}, []), ({"collapse": "true"}, [c, b]),
            ({"filter": "type LIKE 'as.fleet.%'"}, [b, a]), ({"q": "type LIKE 'as.fleet.%'"}, [b, a]),
            ({"q": "properties.shift = 'night' or aspects.dimensions.lane = '7'"}, [b, a]),
            ({"q": "NOT (origin = 'depot.north') AND importance <= 2"}, [c]), ({"q": "importance IN (4, 5)"}, [b]),
            ({"q": "properties.shift IS NOT NULL"}, [a]), ({"q": "properties.shift is null"}, [c, b]),
            ({"q": "origin MATCHES '^quay\\..*'"}, [c]), ({"q": "type <> 'as.desk.opened' AND importance != 4"}, [a]),
            ({"q": "occurred_at > '2031-03-04T10:00:02Z'"}, [c]),
        ):  # fmt: skip
            assert await ids(bo, path, **query) == expected, (path, query)
        answer = await bo("GET", path, size=2)
        assert (answer.headers["x-total-count"], 'rel="next"' in answer.headers["link"]) == ("3", True)
        for query in ({"q": "origin ="}, {"filter": "type LIKE 'a' AND ("}):
            assert (await bo.fails("GET", path, **query)).meaning == (400, "invalid_filter")
    (_, group) = await bo.does("GET", "events", collapse="true")
    assert group["_group"]["count"] == 2
    (shown,) = await bo.does("GET", "events", expand="entities", types="as.desk")
    assert set(shown["entities"]) == {"Employee/Ada", "Vessel/Kestrel-9", "Manifest/77"}
