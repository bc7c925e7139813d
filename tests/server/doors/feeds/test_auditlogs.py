"""Audit logs (Feeds §7.8)."""

import pytest
from feedsapi import Api

pytestmark = pytest.mark.anyio

INPUT = (400, 4, "InputException")


async def test_what_was_done_to_a_user(api: Api) -> None:
    await api.server.does("POST", "user/", {"id": "bob"})
    await api.user("bob").does("PUT", "user/bob/", {"data": {"a": 1}})
    await api.server.does("DELETE", "user/bob/", user_id="boss")
    found = await api.server.does("GET", "audit_logs/", entity_type="user", entity_id="bob")
    assert set(found) == {"audit_logs", "next", "prev"}
    assert (found["next"], found["prev"]) == ("", "")
    assert [(one["action"], one["user_id"]) for one in found["audit_logs"]] == [
        ("delete", "boss"), ("update", "bob"), ("create", ""),
    ]  # fmt: skip
    assert set(found["audit_logs"][0]) == {
        "entity_type", "entity_id", "action", "user_id", "custom", "created_at",
    }  # fmt: skip
    assert found["audit_logs"][0]["custom"] == {}
    assert found["audit_logs"][0]["created_at"].endswith("Z")


async def test_what_changed_nothing_is_not_in_it(api: Api) -> None:
    await api.server.does("POST", "user/", {"id": "bob"})
    await api.server.does("POST", "user/", {"id": "bob"}, get_or_create="true")
    await api.server.does("POST", "users/", {"users": [{"id": "bob"}]})
    await api.server.fails("POST", "user/", {"id": "bob"})
    await api.server.does("DELETE", "users/", ids="nobody")
    found = await api.server.does("GET", "audit_logs/", entity_type="user", entity_id="bob")
    assert [one["action"] for one in found["audit_logs"]] == ["create"]


async def test_what_was_done_to_entries(api: Api) -> None:
    await api.user("bob").does("POST", "collections/food/", {"id": "1", "data": {"a": 1}})
    await api.server.does("POST", "collections/", {"data": {"food": [{"id": "1"}, {"id": "2"}]}})
    await api.server.does("DELETE", "collections/", collection_name="food", ids="1,2,3")
    for id, actions in ("food:1", ["delete", "update", "create"]), ("food:2", ["delete", "create"]):
        found = await api.server.does("GET", "audit_logs/", entity_type="collection", entity_id=id)
        assert [one["action"] for one in found["audit_logs"]] == actions


async def test_what_was_done_to_activities(api: Api) -> None:
    """Feeds §7.8, §6.2: also by whom a server names, as the Go SDK does when it removes one."""
    activity = {
        "actor": "bob",
        "verb": "pin",
        "object": "place:1",
        "foreign_id": "a",
        "time": "2026-01-01T00:00:00",
    }
    made = await api.user("bob").does("POST", "feed/user/bob/", activity)
    await api.server.does("POST", "feed/user/bob/", {**activity, "text": "more"})
    await api.user("bob").does("POST", "feed/user/bob/", {**activity, "text": "not taken"})
    await api.server.does("POST", "activity/", {"id": made["id"], "set": {"a": 1}}, user_id="ada")
    await api.server.does("POST", "activities/", {"activities": [activity]})
    await api.server.does(
        "POST", "feed_targets/user/bob/activity_to_targets/", {"id": made["id"], "new_targets": ["flat:1"]}
    )
    await api.server.does("DELETE", f"feed/flat/1/{made['id']}/")
    await api.server.does("DELETE", f"feed/user/bob/{made['id']}/", user_id="boss")
    await api.server.does("DELETE", f"feed/user/bob/{made['id']}/", user_id="boss")
    found = await api.server.does("GET", "audit_logs/", entity_type="activity", entity_id=made["id"])
    assert [(one["action"], one["user_id"]) for one in found["audit_logs"]] == [
        ("delete", "boss"), ("update", ""), ("update", ""), ("update", "ada"), ("update", ""), ("create", "bob"),
    ]  # fmt: skip


async def test_leafing(api: Api) -> None:
    """Feeds §7.8: by tokens that mean nothing, to older ones and back."""
    for number in range(5):
        await api.user("bob").does("POST", "collections/food/", {"id": str(number), "data": {"a": 1}})
    await api.user("eve").does("POST", "collections/food/", {"id": "other", "data": {"a": 1}})
    pages, tokens, query = [], [], {}
    while True:
        page = await api.server.does("GET", "audit_logs/", user_id="bob", limit="2", **query)
        pages.append([one["entity_id"] for one in page["audit_logs"]])
        tokens.append(page["prev"])
        if not page["next"]:
            break
        query = {"next": page["next"]}
    assert pages == [["food:4", "food:3"], ["food:2", "food:1"], ["food:0"]]
    assert tokens[0] == ""
    back = await api.server.does("GET", "audit_logs/", user_id="bob", limit="2", prev=tokens[2])
    assert [one["entity_id"] for one in back["audit_logs"]] == ["food:2", "food:1"]
    first = await api.server.does("GET", "audit_logs/", user_id="bob", limit="2", prev=back["prev"])
    assert [one["entity_id"] for one in first["audit_logs"]] == ["food:4", "food:3"]
    assert first["prev"] == ""
    onwards = await api.server.does("GET", "audit_logs/", user_id="bob", limit="2", next=first["next"])
    assert onwards["audit_logs"] == back["audit_logs"]


@pytest.mark.parametrize(
    "query",
    [
        {}, {"entity_type": "user"}, {"entity_id": "bob"}, {"user_id": "bob", "limit": "0"},
        {"user_id": "bob", "limit": "x"}, {"user_id": "bob", "next": "x"}, {"user_id": "bob", "next": "bjE"},
        {"user_id": "bob", "prev": "é"}, {"user_id": "bob", "next": "b" + "1" * 30}, {"user_id": "bob", "next": "bw"},
    ],
)  # fmt: skip
async def test_questions_that_are_none(api: Api, query: dict[str, str]) -> None:
    assert (await api.server.fails("GET", "audit_logs/", **query)).meaning == INPUT


async def test_users_may_not_look(api: Api) -> None:
    """Feeds §2.5."""
    found = await api.user("bob").fails("GET", "audit_logs/", user_id="bob")
    assert found.meaning == (403, 17, "NotAllowedException")


async def test_tenants_do_not_see_each_other(api: Api) -> None:
    """SEC-108."""
    other = await api.tenant("other")
    await api.server.does("POST", "user/", {"id": "bob"})
    found = await other.server.does("GET", "audit_logs/", entity_type="user", entity_id="bob")
    assert found["audit_logs"] == []
