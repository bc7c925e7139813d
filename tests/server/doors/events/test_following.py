"""Follows of the current user at the door (Events §12)."""

import asyncio

import pytest
from eventsapi import EVENT, EVENT_ID, Api, opened

from streams.events import matching

pytestmark = pytest.mark.anyio

ATTRIBUTES = {"min_importance": 2, "event_types": ["as.fleet"], "tags": ["urgent"], "starred": True}


async def test_a_follow_is_made_shown_changed_and_ended(events_api: Api) -> None:
    """Events §12: repeat updates, 404 when there is none, 204 for the end."""
    bo = await events_api.caller("bo")
    assert (await bo.fails("GET", "follow/Vessel/Kestrel-9")).status == 404
    made = await bo("POST", "follow/Vessel/Kestrel-9", ATTRIBUTES)
    assert made.status_code == 201
    assert await bo.does("GET", "follow/Vessel:Tug/kestrel-9") == made.json()
    assert ATTRIBUTES.items() <= made.json().items()
    changed = await bo("POST", "follow/Vessel/Kestrel-9", {"starred": False, "tags": None})
    assert changed.status_code == 200
    assert (changed.json()["starred"], "tags" in changed.json()) == (False, False)
    assert [one["follows_ref"] for one in await bo.does("GET", "following")] == ["Vessel/Kestrel-9"]
    assert (await bo("DELETE", "follow/Vessel/Kestrel-9")).status_code == 204
    assert await bo.does("GET", "following") == []


async def test_following_is_listed_in_pages(events_api: Api) -> None:
    """Events §12, §1.5: all, channels and the rest, each as pages."""
    bo = await events_api.caller("bo")
    await bo.does("POST", "channels", {"entity_id": "night"})
    await bo.does("POST", "follow/ASChannel/night")
    for name in "abc":
        await bo.does("POST", f"follow/Vessel/{name}")
    page = await bo("GET", "following", size=2, page=2)
    assert [one["follows_ref"] for one in page.json()] == ["Vessel/b", "Vessel/c"]
    assert page.headers["x-total-count"] == "4"
    assert len(await bo.does("GET", "following-entities")) == 3
    assert [one["follows_ref"] for one in await bo.does("GET", "following-channels/")] == ["ASChannel/night"]


async def test_the_home_stream_has_all_that_is_followed(events_api: Api) -> None:
    """Events §12 (D): one stream of entities and channels, with the options of channel streams."""
    bo = await events_api.caller("bo")
    assert await bo.does("GET", "activity-stream") == []
    await bo.does("POST", "events", EVENT)
    await bo.does("POST", "channels", {"entity_id": "desk"})
    await bo.does("PUT", "channels/desk/follows/ASOrigin/desk", {})
    await bo.does("POST", "events", {**EVENT, "type": "as.desk.opened", "origin": "desk.web"})
    await bo.does("POST", "follow/Manifest/77", {"event_types": ["as.fleet"]})
    assert [one["_stream_id"] for one in await bo.does("GET", "activity-stream")] == [EVENT_ID]
    await bo.does("POST", "channels/desk/follow")
    await bo.does(
        "POST", "events", {**EVENT, "type": "as.desk.closed", "origin": "desk.web", "importance": 4}
    )
    types = {one["type"] for one in await bo.does("GET", "activity-stream")}
    assert types == {"as.fleet.cargo.loaded", "as.desk.opened", "as.desk.closed"}
    important = await bo.does("GET", "activity-stream", min_importance=3)
    assert [one["type"] for one in important] == ["as.desk.closed"]
    assert (await bo.does("GET", "activity-stream/brief"))["count"] == 3
    assert (await bo.does("GET", "activity-stream/2031-01-01/2032-01-01/brief"))["count"] == 3

    await bo.does("DELETE", "channels/desk/follows/ASOrigin/desk")
    assert [one["_stream_id"] for one in await bo.does("GET", "activity-stream")] == [EVENT_ID]
    assert (await bo("DELETE", "channels/desk/follow")).status_code == 204


async def test_a_program_follows_nothing(events_api: Api) -> None:
    """Events §1.2 (D): what is done as the current user needs one."""
    nobody = await events_api.caller(None)
    for method, path in (("GET", "following"), ("POST", "follow/Vessel/x"), ("GET", "activity-stream")):
        assert (await nobody.fails(method, path)).meaning == (403, "not_allowed")


async def test_what_is_too_much_at_once_is_done_behind_the_requests(
    ready_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server works off what fan-out left for later."""
    monkeypatch.setattr(matching, "TOGETHER", 1)
    async with opened(ready_url, work=True) as api:
        users = [await api.caller(f"u{n}") for n in range(3)]
        for user in users:
            await user.does("POST", "follow/Vessel/Kestrel-9")
        await users[0].does("POST", "events", EVENT)
        async with asyncio.timeout(20):
            for user in users:
                while not await user.does("GET", "activity-stream"):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("path", "body", "member"),
    [
        ("follow/Vessel/x", {"degrees": 9}, "degrees"),
        ("follow/Vessel/x", {"filter": {"a": [[]]}}, "filter"),
        ("follow/ASUser/bo", {}, "follows_ref"),
        ("follow/Ves.sel/x", {}, "a type is letters"),
    ],
)
async def test_what_is_wrong_is_told(events_api: Api, path: str, body: object, member: str) -> None:
    bo = await events_api.caller("bo")
    refused = await bo.fails("POST", path, body)
    assert refused.status == 400
    assert member in refused.message
