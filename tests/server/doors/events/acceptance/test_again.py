"""The last row of what is core: a message that comes again, over HTTP, the collector and the queue (Events §2.2)."""

import json
from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, left, worked_off

from server.amqp.keeper import Keeper, Letter

pytestmark = pytest.mark.anyio

COMMENT = {
    "comment": "#fog", "origin": "desk", "occurred_at": "2031-03-04T06:00:00Z",
    "involves": [{"COMMENTS": "ASUser/bo"}, {"COMMENTED_ON": EVENT_ID}],
}  # fmt: skip
VOTE = {"involves": [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": EVENT_ID}]}
POINT = {"series": "tug.engine", "occurred_at": "2031-03-04T06:00:00Z", "aspects": {"ts_data": {"rpm": 1420}}}
MUG = {
    **EVENT, "type": "as.commerce.purchase.completed",
    "aspects": {"items": [{"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5}]},
}  # fmt: skip
MESSAGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("events", EVENT), ("events", MUG), ("comments", COMMENT), ("bumps", VOTE), ("data-points", POINT),
    ("entities", {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}),
)  # fmt: skip


async def test_each_way_keeps_the_same_once(api: Api) -> None:
    """Sent twice each way, in turn; what can be counted is counted once."""
    for _ in range(2):
        for noun, message in MESSAGES:
            if noun != "data-points":
                assert (await api.admin("POST", noun, message)).is_success
            assert (await api.admin("POST", f"/api/collector/v1/{noun}", message)).status_code == 202
        await worked_off(api)
        assert await left(api) == []
        keeper = Keeper(api.house.events, await api.tenant_row(), api.house.received, body_bytes_max=10_000)
        letters = [Letter("", json.dumps(message).encode(), "text/plain") for _, message in MESSAGES]
        assert await keeper.keep(letters) == [None] * len(letters)
    found = await api.admin.does("GET", "events", types="as.fleet,as.commerce")
    assert len(found) == 2
    event = await api.admin.does("GET", f"events/{EVENT_ID}")
    assert (event["_comments"], event["_bumps"]) == (1, {"up": 1, "down": 0, "neutral": 0})
    assert len(await api.admin.does("GET", "comments/tags/fog")) == 1
    told = await api.admin.does("GET", "entities/Vessel/Kestrel-9/events", types="as.entity")
    assert len(told) == 1
    for path, expected in (
        ("events/all/none/count/all/2031-03?type=as.fleet", {"count": 1}),
        ("trades/all/none/count,item_count/all/2031-03", {"count": 1, "item_count": 2}),
        ("timeseries/tug.engine/none/count,sum:rpm/all/2031-03", {"count": 1, "sum:rpm": 1420}),
    ):
        rows = await api.admin.does("GET", f"/api/analytics/{path}")
        assert [row["event"] for row in rows] == [expected], path
