"""Row 2 of the checklist: every vector of Events §2.2."""

from typing import Any
from urllib.parse import quote

import pytest
from eventsapi import EVENT, EVENT_ID, Api, remarks

pytestmark = pytest.mark.anyio

WASHED = {
    "type": "as.fleet.van.washed", "occurred_at": "2031-03-04T10:00:00Z", "origin": "depot.north",
    "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vehicle:Van/NX-204"}],
}  # fmt: skip
BOUGHT = {
    "type": "as.commerce.purchase.completed", "occurred_at": "2031-05-01T09:30:00Z", "origin": "shop.web",
    "involves": [{"BUYER": "Customer/c-88"}], "aspects": {"items": [{"PURCHASED": "Mug/blue"}]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("ref", "id"),
    [
        ("Vessel/Kestrel-9", "03a18143-7276-30c6-8d86-10853e2f0f19"),
        ("Vessel:Tug/kestrel-9", "03a18143-7276-30c6-8d86-10853e2f0f19"),
        ("Vehicle:Van/NX-204", "b4f83424-8dfa-3997-8570-e2ec7de1fe06"),
        ("Harbour/Åby", "3eecd6fa-dcb2-3a6a-b00f-2c4aabbdf81c"),
    ],
)
async def test_ids_of_entities(api: Api, ref: str, id: str) -> None:
    checked = await api.admin.does("POST", "entities/validate", {"entity_ref": ref})
    assert checked["_stream_id"] == id
    made = await api.admin.does("PUT", "entities/", {"entity_ref": ref})
    assert made["_stream_id"] == id
    for path in (f"entities/{id}", f"entities/{ref}"):
        shown = await api.admin.does("GET", path)
        assert (shown["_stream_id"], shown["_streamid"], shown["entity_ref"]) == (id, id, ref)


@pytest.mark.parametrize(
    ("event", "id"),
    [
        (EVENT, EVENT_ID),
        (WASHED, "b71986bf-c0b9-36cd-8b75-f1399d9c1b69"),
        (BOUGHT, "cbeb3411-e390-309c-b383-6414e8f67b61"),
    ],
)
async def test_ids_of_events(api: Api, event: dict[str, Any], id: str) -> None:
    for path in ("events/validate", "/api/collector/v1/events", "events"):
        assert (await api.admin.does("POST", path, event))["_stream_id"] == id
    assert (await api.admin.does("GET", f"events/{id}"))["_stream_id"] == id


async def test_what_an_id_does_not_depend_on(api: Api) -> None:
    """The order of roles, their forms, the spelling of the time, and what else the message says."""
    for message in (
        {**EVENT, "involves": EVENT["involves"][::-1]},
        {**EVENT, "occurred_at": "2031-03-04T03:06:07.0899Z"},
        {**EVENT, "type": "AS.Fleet.cargo.loaded", "origin": "Depot.North"},
        {**EVENT, "involves": [
            {"REFERENCES": ["Manifest/77"], "external_id": "m1"}, {"AFFECTS": {"entity_ref": "Vessel/KESTREL-9"}},
            {"role": "ACTOR:OPERATOR", "entity": {"entity_ref": "Employee/ada"}}]},
        {**EVENT, "description": "x", "aspects": {"pageview": "https://a.example/", "tags": ["a"],
            "messaging": {"subject": "x", "from": "Email/a@b.example"}}},
        {**EVENT, "_stream_id": EVENT_ID},
    ):  # fmt: skip
        told = await api.admin.does("POST", "events/validate", message)
        assert told["_stream_id"] == EVENT_ID, message


async def test_what_an_id_depends_on(api: Api) -> None:
    """Type, time, origin, roles of their own or in a message's; who connects."""
    ids = [
        (await api.admin.does("POST", "events/validate", {**EVENT, **members}))["_stream_id"]
        for members in (
            {},
            {"type": "as.fleet.cargo.unloaded"},
            {"occurred_at": "2031-03-04T05:06:07.090+02:00"},
            {"origin": "depot.south"},
            {"involves": EVENT["involves"][:2]},
            {"aspects": {"client_ip": "203.0.113.9"}},
            {"aspects": {"messaging": {"subject": "x", "involves": [{"SENT_BY": "Email/a@b.example"}]}}},
            {"aspects": {"items": [{"PURCHASED": "Mug/blue"}]}},
        )
    ]
    assert len(set(ids)) == len(ids)


async def test_an_id_that_is_sent_is_checked(api: Api) -> None:
    for name in ("stream_id", "_stream_id"):
        other = "03a18143-7276-30c6-8d86-10853e2f0f19"
        told = await api.admin.does("POST", "events/validate", {**EVENT, name: other})
        assert told["_valid"]
        assert told["_stream_id"] == EVENT_ID
        assert {("warning", name)} == {(severity, field) for severity, _, field in remarks(told)}
        told = await api.admin.does("POST", "events/validate", {**EVENT, name: "7"})
        assert ("error", name) in {(severity, field) for severity, _, field in remarks(told)}


async def test_ids_of_comments_votes_and_follows_come_again(api: Api) -> None:
    """Events §2.2 (D): the same said again is the same."""
    bo = await api.caller("bo")
    await bo.does("POST", "events", EVENT)
    comment = {
        "comment": "fog", "origin": "desk", "occurred_at": "2031-03-04T06:00:00Z",
        "involves": [{"COMMENTED_ON": EVENT_ID}],
    }  # fmt: skip
    first, again = [await bo("POST", "comments", comment) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["_stream_id"] == again.json()["_stream_id"]
    up, down = [
        await bo.does("POST", "bumps", {"involves": [{vote: EVENT_ID}]}) for vote in ("BUMP_UP", "BUMP_DOWN")
    ]
    assert [one["_stream_id"] for one in _listed(up)] == [one["_stream_id"] for one in _listed(down)]


def _listed(body: Any) -> list[dict[str, Any]]:
    return body if isinstance(body, list) else [body]


@pytest.mark.parametrize("id", ["a/b/c", "a b", "ops+7@quay.example", "x.y:z", "100%", "Åby"])
async def test_any_text_is_an_id_of_an_entity(api: Api, id: str) -> None:
    """Events §2.1: in addresses both parts are percent-encoded."""
    made = await api.admin.does("PUT", f"entities/Plan/{quote(id, safe='')}", {"label": "x"})
    assert made["entity_ref"] == f"Plan/{id}"
    shown = await api.admin.does("GET", f"entities/Plan/{quote(id.upper(), safe='')}")
    assert shown["entity_ref"] == f"Plan/{id}"


@pytest.mark.parametrize("ref", ["Kestrel", "Ves.sel/x", "/x", "Vessel/", "Vessel/ ", "Vessel:/x"])
async def test_what_refers_to_nothing(api: Api, ref: str) -> None:
    told = await api.admin.does("POST", "entities/validate", {"entity_ref": ref})
    assert remarks(told) == {("error", "invalid_reference", "entity_ref")}
