"""What the current user is told of, at the door (Events §13)."""

import pytest
from eventsapi import EVENT, EVENT_ID, Api, Caller

pytestmark = pytest.mark.anyio

KESTREL = "Vessel/Kestrel-9"


async def _bo(events_api: Api) -> Caller:
    """A user who follows a vessel, of which something is told."""
    bo = await events_api.caller("bo")
    await bo.does("POST", f"follow/{KESTREL}", {"min_importance": 2})
    await bo.does("POST", "events", {**EVENT, "description": "14 pallets taken aboard"})
    return bo


async def test_a_notice_tells_who_did_what_to_what(events_api: Api) -> None:
    """Events §13: the record carries type, time, actor, target, those involved and a text."""
    bo = await _bo(events_api)
    [notice] = await bo.does("GET", "notifications")
    id = notice.pop("_stream_id")
    involves = notice.pop("involves")
    assert notice == {
        "type": "NOTIFICATION",
        "occurred_at": "2031-03-04T03:06:07.089Z",
        "read": False,
        "actor": {"entity_ref": "Employee/Ada", "label": "Ada"},
        "target": {
            "kind": "event",
            "_stream_id": EVENT_ID,
            "type": "as.fleet.cargo.loaded",
            "label": "14 pallets taken aboard",
        },
        "text": "Kestrel-9: 14 pallets taken aboard",
    }
    assert {role["entity_ref"] for role in involves} == {"Employee/Ada", KESTREL, "Manifest/77"}
    assert (await bo.does("GET", f"notifications/{id}"))["text"] == notice["text"]


async def test_notices_are_read_one_by_one_or_all_at_once(events_api: Api) -> None:
    """Events §13: ``unread`` shows what is left."""
    bo = await _bo(events_api)
    await bo.does("POST", "events", {**EVENT, "origin": "depot.south"})
    newest, oldest = await bo.does("GET", "notifications")
    answer = await bo("GET", "notifications", size=1)
    assert (answer.json(), answer.headers["x-total-count"]) == ([newest], "2")
    read = await bo.does("PUT", f"notifications/{newest['_stream_id']}/read")
    assert read == {**newest, "read": True}
    assert await bo.does("GET", "notifications", unread="true") == [oldest]
    assert await bo.does("GET", "notifications", unread="false") == [read]
    assert await bo.does("PUT", "notifications/read") == {"read": 1}
    assert await bo.does("GET", "notifications", unread="true") == []
    assert (await bo.fails("GET", "notifications", unread="maybe")).status == 400


async def test_notices_are_ones_own(events_api: Api) -> None:
    """Events §1.2, §13: nobody reads those of another, and who is nobody's user has none."""
    bo = await _bo(events_api)
    cy, nobody = await events_api.caller("cy"), await events_api.caller(None)
    [notice] = await bo.does("GET", "notifications")
    assert await cy.does("GET", "notifications") == []
    for method, path in (("GET", ""), ("PUT", "/read")):
        assert (await cy.fails(method, f"notifications/{notice['_stream_id']}{path}")).status == 404
    assert (await nobody.fails("GET", "notifications")).status == 403


async def test_a_notice_of_what_one_may_not_read_is_not_there(events_api: Api) -> None:
    """Events §3.6: rules of an item hold for what is told of it, as of the moment of reading."""
    bo = await _bo(events_api)
    await bo.does("POST", "events", {**EVENT, "origin": "secret", "acl": [{"READ": "ASUser/cy"}]})
    assert len(await bo.does("GET", "notifications")) == 1
    assert (await bo("GET", "notifications")).headers["x-total-count"] == "1"


async def test_a_comment_on_what_one_may_not_read_is_told_to_nobody_else(events_api: Api) -> None:
    """Events §3.6, §8: being mentioned in a comment on what rules close opens nothing."""
    bo, cy = await events_api.caller("bo"), await events_api.caller("cy")
    closed = await bo.does(
        "POST", "events", {**EVENT, "description": "secret", "acl": [{"READ": "ASUser/bo"}]}
    )
    involves = [{"COMMENTED_ON": closed["_stream_id"]}]
    await bo.does("POST", "comments", {"comment": "hush @ASUser/cy", "involves": involves})
    assert await cy.does("GET", "notifications") == []
