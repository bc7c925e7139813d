"""The rows of what is expected, but for analyses: tokens, workflow, notices and the rest (Events §25)."""

from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, Caller, remarks
from listening import listening

pytestmark = pytest.mark.anyio

TOKEN = {
    "token": "k7", "involves": [{"REFERENCES": "Campaign/spring"}], "aspects": {"dimensions": {"market": "is"}},
    "variables": {"land": "https://shop.example/spring"},
}  # fmt: skip
"""The example of Events §18.2."""
REDIRECT = {
    "token": "k7", "type": "as.web.redirect", "involves": [{"ACTOR": "Cookie/ab1"}],
    "aspects": {"pageview": {"path": "%land%"}},
}  # fmt: skip
BO = {
    "username": "bo", "email": "bo@north.example", "password": "a long secret", "firstName": "Bo",
    "tenantUserPrivileges": [{"role": "USER"}],
}  # fmt: skip
"""The example of Events §17.2."""
BOTH = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vessel/k"}]
ACTIVITY = "application/activity+json"


async def happened(caller: Caller, day: int, **members: Any) -> dict[str, Any]:
    said = {
        "type": "as.x.done",
        "origin": "o",
        "occurred_at": f"2031-03-{day:02}T00:00:00Z",
        "involves": BOTH,
    }
    told: dict[str, Any] = await caller.does("POST", "events", said | members)
    return told


async def test_tokens(api: Api) -> None:
    """Events §18.2: what a message says wins; the rest comes from the token."""
    made = await api.admin("POST", "tokens", TOKEN)
    assert made.status_code == 201
    assert await api.admin.does("GET", "tokens/k7") == TOKEN
    told = await api.admin.does("POST", "events", REDIRECT)
    assert remarks(told) == set()
    assert told["token"] == "k7"
    assert told["aspects"]["dimensions"] == {"market": "is"}
    assert told["aspects"]["pageview"]["path"] == "https://shop.example/spring"
    assert [(role["role"], role["entity_ref"]) for role in told["involves"]] == [
        ("ACTOR", "Cookie/ab1"), ("REFERENCES", "Campaign/spring"),
    ]  # fmt: skip
    assert "variables" not in told
    (listed,) = await api.admin.does("GET", "entities/ASToken/k7/events")
    assert listed["_stream_id"] == told["_stream_id"]
    own = {"dimensions": {"market": "no"}}
    told = await api.admin.does("POST", "events", {**EVENT, "description": "by #k7#", "aspects": own})
    assert told["aspects"]["dimensions"] == {"market": "no"}
    assert len(await api.admin.does("GET", "entities/ASToken/k7/events")) == 2
    assert (await api.admin("DELETE", "tokens/k7")).status_code == 204
    told = await api.admin.does("POST", "events", {**REDIRECT, "aspects": {}})
    assert {(severity, field) for severity, _, field in remarks(told)} == {("warning", "token")}
    fresh = await api.admin.does("POST", "tokens", {"variables": {"a": "b"}})
    assert fresh["token"]
    for name in ("type", "origin", "occurred_at"):
        assert (await api.admin("POST", "tokens", {name: "as.x"})).status_code == 400


async def test_workflow(api: Api) -> None:
    """Events §9."""
    bo, cy = await api.caller("bo"), await api.caller("cy")
    await bo.does("POST", "events", EVENT)
    path = f"workflow/{EVENT_ID}"
    assert await bo.does("GET", path) == {"status": "open", "assignee": None, "actions": []}
    for word in ("closed", "close", "reopen"):
        assert (await bo.fails("PUT", f"{path}/{word}")).status == 409
    for word, action, status, assignee in (
        ("view", "VIEWED_BY", "open", None), ("acknowledge", "ACKNOWLEDGED_BY", "acknowledged", None),
        ("claim", "CLAIMED_BY", "in progress", "ASUser/bo"), ("assign", "ASSIGNED_BY", "assigned", "ASUser/cy"),
        ("confirm", "CONFIRMED_BY", "confirmed", "ASUser/cy"), ("complete", "COMPLETED_BY", "completed", "ASUser/cy"),
        ("approve", "APPROVED_BY", "approved", "ASUser/cy"), ("verify", "VERIFIED_BY", "verified", "ASUser/cy"),
        ("reject", "REJECTED_BY", "rejected", "ASUser/cy"), ("closed", "CLOSED_BY", "closed", "ASUser/cy"),
        ("reopen", "REOPENED_BY", "open", "ASUser/cy"),
    ):  # fmt: skip
        told = await bo.does("PUT", f"{path}/{word}", {"assignee": "ASUser/cy"} if word == "assign" else None)
        assert (told["status"], told["assignee"]) == (status, assignee), word
        assert {"action": action, "by": "ASUser/bo"}.items() <= told["actions"][-1].items()
        again = await bo.does(
            "PUT", f"{path}/{word}", {"assignee": "ASUser/cy"} if word == "assign" else None
        )
        assert again == told
    assert (await cy.does("PUT", f"{path}/claim"))["assignee"] == "ASUser/cy"
    left = await cy.does("DELETE", f"{path}/claim")
    assert len(left["actions"]) == 11
    (item,) = await bo.does("GET", "events")
    assert item["_progress"]["status"] == "open"


async def test_notices(api: Api) -> None:
    """Events §13: one of each kind, none of what one did oneself."""
    bo, cy = await api.caller("bo"), await api.caller("cy")
    await bo.does("POST", "follow/Vessel/Kestrel-9", {"min_importance": 2})
    own = await bo.does("POST", "events", {**EVENT, "involves": [{"ACTOR": "ASUser/bo"}]})
    assert await bo.does("GET", "notifications") == []
    messaging = {"subject": "Berth", "from": "ASUser/cy", "to": ["ASUser/bo"]}
    for path, body in (
        ("events", {**EVENT, "description": "14 pallets taken aboard"}),
        ("comments", {"comment": "ask @ASUser/bo", "involves": [{"COMMENTED_ON": "Plan/x"}]}),
        ("comments", {"comment": "fine", "involves": [{"COMMENTED_ON": "Vessel/Kestrel-9"}]}),
        (
            "events",
            {
                "type": "as.mail.sent",
                "involves": [{"ACTOR": "ASUser/cy"}],
                "aspects": {"messaging": messaging},
            },
        ),
        ("follow/ASUser/bo", {}),
        ("bumps", {"involves": [{"BUMP_UP": own["_stream_id"]}]}),
    ):
        assert (await cy("POST", path, body)).is_success, path
    notices = await bo.does("GET", "notifications")
    assert sorted(notice["type"] for notice in notices) == [
        "ADDITION", "BUMP", "CORRESPONDENCE", "FOLLOWS", "MENTIONS", "NOTIFICATION",
    ]  # fmt: skip
    for notice in notices:
        assert {"_stream_id", "type", "occurred_at", "read", "actor", "target", "involves", "text"} <= set(
            notice
        )
        assert notice["read"] is False
        assert notice["text"]
    told = next(notice for notice in notices if notice["type"] == "NOTIFICATION")
    assert told["actor"] == {"entity_ref": "Employee/Ada", "label": "Ada"}
    assert (told["target"]["kind"], told["target"]["_stream_id"]) == ("event", EVENT_ID)
    assert (await bo.does("PUT", f"notifications/{told['_stream_id']}/read"))["read"] is True
    assert len(await bo.does("GET", "notifications", unread="true")) == 5
    await bo.does("PUT", "notifications/read")
    assert await bo.does("GET", "notifications", unread="true") == []


async def test_provisioning_of_users_and_keys(api: Api) -> None:
    """Events §17.1, §17.2: pages count from 0; tokens are shown once; who is no administrator writes nothing."""
    base = "/api/v1/provisioning"
    info = await api.admin.does("GET", f"{base}/info")
    assert (info["label"], info["active"]) == (api.label, True)
    assert (await api.admin.does("PUT", f"{base}/info", {"name": "North Tow"}))["name"] == "North Tow"
    assert {"tenantEndpoints", "tenantServices", "tenantDomainMappings"} <= set(
        await api.admin.does("GET", f"{base}/details")
    )
    made = await api.admin("POST", f"{base}/users", BO)
    assert made.status_code == 201
    assert "secret" not in made.text
    assert (await api.admin.does("GET", "entities/ASUser/bo"))["_class"] == "ASUser"
    changed = await api.admin.does("PUT", f"{base}/users/bo", {"firstName": "Boje"})
    assert (changed["firstName"], changed["email"]) == ("Boje", BO["email"])
    assert [one["username"] for one in await api.admin.does("GET", f"{base}/users", page="0", q="bo")] == [
        "bo"
    ]
    privilege = await api.admin.does("PUT", f"{base}/users/bo/privilege", {"role": "MANAGEMENT"})
    assert privilege["role"] == "MANAGEMENT"
    key = await api.admin.does("POST", f"{base}/users/bo/api-keys", {"type": "BASIC"})
    bo = api.nobody.sending(x_api_key=key["apiToken"])
    assert (await bo.does("GET", f"{base}/users/bo"))["username"] == "bo"
    assert (await bo.fails("POST", f"{base}/users", {**BO, "username": "cy"})).status == 403
    shown = await api.admin("GET", f"{base}/users/bo/api-keys")
    assert [one["type"] for one in shown.json()] == ["BASIC"]
    assert key["apiToken"] not in shown.text
    assert (await api.admin("DELETE", f"{base}/users/bo/api-keys/{key['apiToken']}")).status_code == 204
    assert await api.admin.does("GET", f"{base}/users/bo/api-keys") == []
    assert (await api.admin("DELETE", f"{base}/users/bo")).status_code == 204
    assert (await api.admin.does("GET", f"{base}/users/bo"))["tenantUserPrivileges"] == []
    for noun, name, settings in (
        ("event-types", "as.x", {"importance": 4}), ("entity-types", "Vessel", {"as2_type": "Group"}),
        ("origins", "o", {"label": "Depot"}),
    ):  # fmt: skip
        told = await api.admin.does("PUT", f"{base}/{noun}/{name}", settings)
        assert settings.items() <= told.items(), noun
    assert (await api.admin.fails("PUT", f"{base}/event-types/as.x", {"importance": 9})).status == 400


async def test_sub_events(api: Api) -> None:
    """Events §7.7: one for each line, in the stream of the product but not in the tenant's."""
    items = [
        {"PURCHASED": "Mug/blue", "item_count": -2, "item_price": 9.5, "line_ids": ["1"]},
        {"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5},
        {"RETURNED": ["Cup/red", "Saucer/red"], "item_count": 1},
    ]
    bought = {"ACTOR:BUYER": "Customer/c-88"}
    told = await happened(
        api.admin, 4, type="as.commerce.purchase.completed", involves=[bought], aspects={"items": items}
    )
    assert [line["item_count"] for line in told["aspects"]["items"]] == [-2, 2, 1]
    assert [one["_stream_id"] for one in await api.admin.does("GET", "events")] == [told["_stream_id"]]
    type = "as.commerce.transaction"
    mugs = await api.admin.does("GET", "entities/Mug/blue/events", types=type)
    assert [one["type"] for one in mugs] == [f"{type}.purchased"] * 2
    assert len({one["_stream_id"] for one in mugs}) == 2
    (cup,) = await api.admin.does("GET", "entities/Cup/red/events", types=type)
    (saucer,) = await api.admin.does("GET", "entities/Saucer/red/events", types=type)
    assert cup["_stream_id"] == saucer["_stream_id"]
    assert (cup["type"], cup["occurred_at"], cup["origin"]) == (f"{type}.returned", told["occurred_at"], "o")
    assert "Customer/c-88" in str(cup["involves"])
    assert [one["aspects"]["items"][0]["item_count"] for one in (*mugs, cup)] == [2, 2, -1]


async def test_updates_and_patches(api: Api) -> None:
    """Events §5.3: of all that the event AFFECTS; or of those that it names."""
    tug = {"presentation": {"label": "K", "description": "tug"}}
    await api.admin.does("PUT", "entities/Vessel/k", {"aspects": tug})

    async def presentation() -> Any:
        return (await api.admin.does("GET", "entities/Vessel/k"))["aspects"]["presentation"]

    change = {"aspects": {"presentation": {"label": "Kestrel"}}, "properties": {"hull": 1}}
    await happened(api.admin, 4, type="as.entity.update", aspects={"patch": change})
    assert await presentation() == {"label": "Kestrel", "description": "tug"}
    await happened(api.admin, 5, type="as.entity.update", aspects={"update": change})
    assert await presentation() == {"label": "Kestrel"}
    for day, action, deleted in ((6, "REMOVES", True), (7, "REVIVES", False)):
        await happened(api.admin, day, aspects={"entities": [{"action": action, "entity": "Vessel/k"}]})
        shown = await api.admin.does("GET", "entities/Vessel/k")
        assert shown["aspects"]["status"]["is_deleted"] is deleted
    assert shown["properties"] == {"hull": 1}


async def test_settings_at_a_time(api: Api) -> None:
    """Events §7.18: each event is one change set, whatever order they come in."""
    for day, settings in ((3, {"radio": "16", "night": "on"}), (5, {"radio": "12"}), (4, {"radio": "9"})):
        await happened(api.admin, day, type="as.x.set", aspects={"settings": settings})
    for at, expected in (
        ("2031-03-02", {}), ("2031-03-03T12:00:00Z", {"radio": "16", "night": "on"}),
        ("2031-03-04T12:00:00Z", {"radio": "9", "night": "on"}), ("2031-03-06", {"radio": "12", "night": "on"}),
    ):  # fmt: skip
        assert await api.admin.does("GET", "entities/Vessel/k/settings", at=at) == expected, at


async def test_the_state_at_a_moment(api: Api) -> None:
    """Events §5.2."""
    for day, label in ((3, "K"), (5, "Kestrel")):
        said = {"occurred_at": f"2021-03-{day:02}T00:00:00Z", "label": label}
        await api.admin.does("PUT", "entities/Vessel/k", said)
    shown = await api.admin.does("GET", "entities/Vessel/k", at="2021-03-04T00:00:00Z")
    assert shown["aspects"]["presentation"]["label"] == "K"


async def test_the_live_stream(api: Api) -> None:
    """Events §14."""
    bo = await api.caller("bo")
    numbers = iter(range(1_000))

    async def say(**members: Any) -> str:
        made = await bo.does("POST", "events", {**EVENT, "origin": f"o{next(numbers)}", **members})
        return str(made["_stream_id"])

    await say()
    async with listening(
        api.app, "/api/v1/as/stream", {}, apikey=str(bo.key), entity="Vessel/Kestrel-9"
    ) as ear:
        await ear.until_told(say)
        await say(involves=[{"ACTOR": "Employee/Bo"}])
        last = await say(type="as.x.done")
        await ear.until(lambda ear: ear.events[-1]["id"] == last)
        assert {one["event"] for one in ear.events} == {"event"}
        assert ear.events[-1]["data"]["type"] == "as.x.done"
        assert all("Vessel/Kestrel-9" in str(one["data"]["involves"]) for one in ear.events)


async def test_the_projection(api: Api) -> None:
    """Events §23.3, §23.7: the example, public."""
    kestrel = {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}
    said = {
        **EVENT, "importance": 2, "description": "14 pallets taken aboard", "acl": [{"READ": "Public"}],
        "involves": [EVENT["involves"][0], {"AFFECTS": kestrel}, EVENT["involves"][2]],
        "aspects": {"dimensions": {"quay": "7"}, "metrics": {"pallets": 14}, "tags": ["outbound"]},
    }  # fmt: skip
    await api.admin.does("POST", "events", said)
    told = await api.admin.sending(accept=ACTIVITY)("GET", f"events/{EVENT_ID}")
    assert told.headers["content-type"].startswith(ACTIVITY)
    document = told.json()
    root = document["id"].removesuffix(f"/events/{EVENT_ID}")
    expected = {
        "type": ["Activity", "hw:Event"], "hw:eventType": "as.fleet.cargo.loaded", "hw:importance": 2,
        "actor": {"id": f"{root}/entities/Employee/Ada", "type": ["Person", "hw:Entity"], "name": "Ada"},
        "object": {"id": f"{root}/entities/Vessel/Kestrel-9", "type": ["Object", "hw:Entity"], "name": "Kestrel"},
        "summary": "14 pallets taken aboard", "hw:dimensions": {"quay": "7"}, "hw:metrics": {"pallets": 14},
    }  # fmt: skip
    assert {name: document[name] for name in expected} == expected
    assert {"type": "Application", "name": "depot.north"}.items() <= document["generator"].items()
    assert [one["hw:role"] for one in document["hw:involves"]] == ["ACTOR:OPERATOR", "AFFECTS", "REFERENCES"]
    assert {one.get("name") for one in document["tag"]} >= {"#outbound"}
    assert "https://www.w3.org/ns/activitystreams#Public" in str(document["to"])
    assert "acl" not in told.text
