"""Channels at the door: who is in them, what they monitor, and their streams (Events §11)."""

import asyncio
from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, Caller

pytestmark = pytest.mark.anyio

NIGHT = {
    "entity_id": "night-ops",
    "aspects": {"presentation": {"label": "Night operations"}},
    "properties": {"menu_label": "Night"},
}


async def _night(events_api: Api) -> Caller:
    """A user and a channel that monitors a vessel, in which event A takes part."""
    bo = await events_api.caller("bo")
    await bo.does("POST", "channels", NIGHT)
    await bo.does("POST", "channels/night-ops/follows", {"follows_ref": "Vessel/Kestrel-9"})
    await bo.does("POST", "events", EVENT)
    return bo


async def test_a_channel_is_made_once(events_api: Api) -> None:
    """Events §11: it is stored as an entity; an id that is taken is a conflict, however it is written."""
    bo = await events_api.caller("bo")
    made = await bo("POST", "channels", NIGHT)
    assert made.status_code == 201
    told = made.json()
    assert told["entity_ref"] == "ASChannel/night-ops"
    assert (told["_class"], len(told["_stream_id"])) == ("ASChannel", 36)
    assert told["aspects"] == NIGHT["aspects"]
    assert told["properties"] == NIGHT["properties"]
    again = await bo.fails("POST", "channels", {"entity_id": "Night-OPS"})
    assert again.meaning == (409, "conflict")
    assert [one["entity_ref"] for one in await bo.does("GET", "channels")] == ["ASChannel/night-ops"]
    assert (await bo.does("GET", "channels/night-ops"))["_stream_id"] == told["_stream_id"]


@pytest.mark.parametrize("body", [{}, {"entity_id": " "}, {"entity_id": 7}, {"entity_ref": "Vessel/x"}])
async def test_a_channel_needs_an_id(events_api: Api, body: Any) -> None:
    bo = await events_api.caller("bo")
    refused = await bo.fails("POST", "channels", body)
    assert refused.status == 400
    assert "entity_" in refused.message


async def test_a_channel_that_is_not_valid_is_told_so(events_api: Api) -> None:
    """Events §1.4: a message that is not valid on create comes back with what is wrong."""
    bo = await events_api.caller("bo")
    answer = await bo("POST", "channels", {"entity_id": "a", "properties": "none"})
    assert answer.status_code == 400
    assert answer.json()["_valid"] is False
    assert answer.json()["_errors"][0]["field"] == "properties"


async def test_a_channel_changes_but_for_its_id(events_api: Api) -> None:
    """Events §11: PUT changes; the id is immutable."""
    bo = await events_api.caller("bo")
    await bo.does("POST", "channels", NIGHT)
    changed = await bo.does("PUT", "channels/night-ops", {"properties": {"menu_label": "Dark"}})
    assert changed["properties"] == {"menu_label": "Dark"}
    assert changed["aspects"] == NIGHT["aspects"]
    assert (await bo.fails("PUT", "channels/night-ops", {"entity_id": "other"})).status == 400
    assert (await bo.fails("PUT", "channels/none", {"properties": {}})).status == 404


async def test_an_archived_channel_is_hidden(events_api: Api) -> None:
    """Events §11: it is in no list, and its id stays taken; what was said in it stays."""
    bo = await _night(events_api)
    await bo.does(
        "POST", "comments",
        {"comment": "quiet tonight", "involves": [{"COMMENTED_ON": "ASChannel/night-ops"}]},
    )  # fmt: skip
    assert (await bo("DELETE", "channels/night-ops")).status_code == 204
    assert await bo.does("GET", "channels") == []
    for path in ("", "/activity-stream", "/activity-stream/brief", "/followers", "/follows"):
        assert (await bo.fails("GET", f"channels/night-ops{path}")).status == 404
    assert (await bo.fails("POST", "channels", NIGHT)).status == 409
    assert (await bo.fails("POST", "channels/night-ops/follow")).status == 404
    said = await bo.does("GET", "comments/ASChannel/night-ops")
    assert [one["comment"] for one in said] == ["quiet tonight"]


async def test_users_join_and_leave(events_api: Api) -> None:
    """Events §11: members are FOLLOWS records of users; to join again changes them."""
    bo = await _night(events_api)
    joined = await bo("POST", "channels/night-ops/follow", {"starred": True})
    assert joined.status_code == 201
    again = await bo("POST", "channels/night-ops/follow", {"list_index": 3})
    assert again.status_code == 200
    [member] = await bo.does("GET", "channels/night-ops/followers")
    assert member == again.json()
    assert member["follower_ref"] == "ASUser/bo"
    assert member["follows_ref"] == "ASChannel/night-ops"
    assert (member["_class"], member["starred"], member["list_index"]) == ("FOLLOWS", True, 3)
    assert [one["follows_ref"] for one in await bo.does("GET", "following-channels")] == [
        "ASChannel/night-ops"
    ]
    assert (await bo("DELETE", "channels/night-ops/follow")).status_code == 204
    assert await bo.does("GET", "channels/night-ops/followers") == []
    nobody = await events_api.caller(None)
    assert (await nobody.fails("POST", "channels/night-ops/follow")).status == 403


async def test_monitors_are_added_changed_and_removed(events_api: Api) -> None:
    """Events §11: by the body or by the path, in both spellings."""
    bo = await _night(events_api)
    path = "channels/night-ops/follows/Vessel/Kestrel-9"
    changed = await bo.does("PUT", path, {"min_importance": 4})
    assert changed["min_importance"] == 4
    assert await bo.does("GET", "channels/night-ops/activity-stream") == []
    await bo.does("POST", path, {"min_importance": None})
    assert len(await bo.does("GET", "channels/night-ops/activity-stream")) == 1
    added = await bo("PUT", "channels/night-ops/following/ASEventType/as.desk", {})
    assert added.status_code == 201
    listed = await bo.does("GET", "channels/night-ops/following")
    assert [one["follows_ref"] for one in listed] == ["Vessel/Kestrel-9", "ASEventType/as.desk"]
    assert listed == await bo.does("GET", "channels/night-ops/follows")
    assert (await bo.does("GET", path))["follower_ref"] == "ASChannel/night-ops"
    assert (await bo("DELETE", path)).status_code == 204
    assert await bo.does("GET", "channels/night-ops/activity-stream") == []
    assert (await bo.fails("DELETE", path)).status == 404
    assert (await bo.fails("POST", "channels/night-ops/follows", {})).status == 400
    bad = await bo.fails("PUT", path, {"event_types": 7})
    assert (bad.status, "event_types" in bad.message) == (400, True)


async def test_the_stream_takes_the_options_of_all_lists(events_api: Api) -> None:
    """Events §16: paging, filters, dates, importance, types."""
    bo = await _night(events_api)
    await bo.does(
        "POST", "events", {**EVENT, "type": "as.fleet.tow.ended", "importance": 4, "origin": "quay"}
    )
    path = "channels/night-ops/activity-stream"
    answer = await bo("GET", path, size=1)
    assert answer.headers["x-total-count"] == "2"
    assert 'rel="next"' in answer.headers["link"]
    assert "_bumps" in answer.json()[0]

    async def ids(**query: Any) -> set[str]:
        return {one["type"] for one in await bo.does("GET", path, **query)}

    assert await ids(min_importance=3) == {"as.fleet.tow.ended"}
    assert await ids(types="as.fleet.cargo") == {"as.fleet.cargo.loaded"}
    assert await ids(filter="origin = 'quay'") == {"as.fleet.tow.ended"}
    assert await ids(**{"from": "2031-03-05"}) == set()
    assert (await bo.fails("GET", path, filter="origin =")).code == "invalid_filter"


async def test_a_channel_is_told_in_brief(events_api: Api) -> None:
    """Events §11: how much of what, the most important first, of all, of a period or between dates."""
    bo = await _night(events_api)
    await bo.does("POST", "events", {**EVENT, "type": "as.fleet.tow.ended", "importance": 4})
    path = "channels/night-ops/activity-stream"
    told = await bo.does("GET", f"{path}/brief")
    assert (told["count"], told["by_type"]) == (2, {"as.fleet.cargo.loaded": 1, "as.fleet.tow.ended": 1})
    assert told["by_importance"] == {"2": 1, "4": 1}
    assert [one["importance"] for one in told["items"]] == [4, 2]
    assert told["items"][1] == {
        "_stream_id": EVENT_ID,
        "type": "as.fleet.cargo.loaded",
        "occurred_at": "2031-03-04T03:06:07.089Z",
        "importance": 2,
        "label": "as.fleet.cargo.loaded",
    }
    assert told["begin"] == told["end"] == "2031-03-04T03:06:07.089Z"
    within = await bo.does("GET", f"{path}/2031-03-04/2031-03-05/brief")
    assert (within["count"], within["begin"]) == (2, "2031-03-04T00:00:00.000Z")
    assert (await bo.does("GET", f"{path}/2031-03-05/2031-03-06/brief"))["count"] == 0
    assert (await bo.does("GET", f"{path}/P1D/brief"))["count"] == 0
    for wrong in ("yesterday/brief", "2031-03-05/2031-03-04/brief", "2031-13-01/2032-01-01/brief"):
        assert (await bo.fails("GET", f"{path}/{wrong}")).status == 400


async def test_rules_close_a_channel(events_api: Api) -> None:
    """Events §3.6, §11: whom no rule names does not know of it; who may only read changes nothing."""
    bo, cy, di = [await events_api.caller(name) for name in ("bo", "cy", "di")]
    acl = [{"MANAGE": "ASUser/bo"}, {"READ": "ASUser/cy"}]
    await bo.does("POST", "channels", {"entity_id": "closed", "acl": acl})
    assert await di.does("GET", "channels") == []
    for method, path in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/activity-stream"),
        ("POST", "/follow"),
    ):
        assert (
            await di.fails(method, f"channels/closed{path}", None if method == "GET" else {})
        ).status == 404
    await cy.does("POST", "channels/closed/follow")
    assert (await cy.fails("PUT", "channels/closed/follows/Vessel/x", {})).status == 403
    assert (await cy.fails("DELETE", "channels/closed")).status == 403
    await bo.does("PUT", "channels/closed/follows/Vessel/x", {})
    assert (await bo("DELETE", "channels/closed")).status_code == 204


async def test_an_item_that_rules_close_is_in_no_stream(events_api: Api) -> None:
    """Events §11: an item belongs to the channel when the reader may see it; so do briefs."""
    bo = await _night(events_api)
    cy = await events_api.caller("cy")
    await bo.does("POST", "events", {**EVENT, "type": "as.fleet.secret.kept", "acl": [{"READ": "ASUser/bo"}]})
    path = "channels/night-ops/activity-stream"
    assert len(await bo.does("GET", path)) == 2
    assert [one["type"] for one in await cy.does("GET", path)] == ["as.fleet.cargo.loaded"]
    assert (await cy.does("GET", f"{path}/brief"))["by_type"] == {"as.fleet.cargo.loaded": 1}


async def test_of_those_who_make_a_channel_at_once_one_does(events_api: Api) -> None:
    """Events §11: an id that exists is a 409, and the channel is as whoever made it said."""
    bo = await events_api.caller("bo")
    answers = await asyncio.gather(
        *(bo("POST", "channels", {"entity_id": "night", "properties": {"by": number}}) for number in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    [made] = [answer.json() for answer in answers if answer.status_code == 201]
    assert (await bo.does("GET", "channels/night"))["properties"] == made["properties"]


async def test_older_addresses(events_api: Api) -> None:
    """Events §11, §12: what the first documents called members and monitors of a channel, and subscriptions."""
    await events_api.admin.does("POST", "channels", {"entity_id": "night"})
    for members in ("followers", "members"):
        assert (await events_api.admin("POST", f"channels/night/{members}")).status_code == 201
        for listed in ("followers", "members"):
            [one] = await events_api.admin.does("GET", f"channels/night/{listed}")
            assert one["follower_ref"] == "ASUser/admin"
        [mine] = await events_api.admin.does("GET", "subscriptions")
        assert mine["follows_ref"] == "ASChannel/night"
        assert (await events_api.admin("DELETE", f"channels/night/{members}")).status_code == 204
        assert await events_api.admin.does("GET", "channels/night/followers") == []
    await events_api.admin.does("POST", "channels/night/monitors", {"follows_ref": "Vessel/a"})
    for listed in ("monitors", "follows", "following"):
        assert [
            one["follows_ref"] for one in await events_api.admin.does("GET", f"channels/night/{listed}")
        ] == ["Vessel/a"]
    assert (await events_api.admin("DELETE", "channels/night/monitors/Vessel/a")).status_code == 204
