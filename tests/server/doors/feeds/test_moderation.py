"""Moderation at the door (Feeds §7.10)."""

import re
from typing import Any

import pytest
from feedsapi import BASE_URL, Api

from storage import reports, verdicts
from storage.entries import NEWEST
from storage.tenants import DEFAULT, by_label

pytestmark = pytest.mark.anyio

SPAM = {
    "entity_type": "stream:user",
    "entity_id": "bob",
    "user_id": "eve",
    "reason": "spam",
    "custom": {"a": 1},
}
VERDICT = {
    "entity_type": "stream:user", "entity_id": "bob", "moderator_id": "mod", "status": "complete",
    "recommended_action": "keep", "latest_moderator_action": "mark_safe",
}  # fmt: skip


@pytest.mark.parametrize("path", ["moderation/flag/", "moderation/flag"])
async def test_the_operator_reads_what_is_reported(api: Api, path: str) -> None:
    """Feeds §7.10: the JavaScript SDK sends no slash at the end."""
    answer = await api.server.does("POST", path, SPAM)
    assert set(answer) == {"flag_id", "target_user_id", "flagged_by", "reason", "created_at"}
    assert (answer["target_user_id"], answer["flagged_by"], answer["reason"]) == ("bob", "eve", "spam")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", answer["created_at"])
    [report] = await api.house.store.read(reports.page, resolved=False, before=NEWEST)
    assert report.activity == f"urn:uuid:{answer['flag_id']}"
    assert report.subject == f"{BASE_URL}/entities/User/bob"


async def test_an_activity_is_reported(api: Api) -> None:
    made = await api.server.does("POST", "feed/user/ada/", {"actor": "SU:ada", "verb": "say", "object": "x"})
    flag = {
        "entity_type": "stream:feeds:v2:activity",
        "entity_id": made["id"],
        "user_id": "eve",
        "reason": "",
    }
    assert (await api.server.does("POST", "moderation/flag/", flag))["target_user_id"] == "ada"


async def test_verdicts_are_taken(api: Api) -> None:
    assert await api.server.does("POST", "moderation/status/", VERDICT) == {}
    reaction = {"entity_type": "stream:feeds:v2:reaction", "entity_id": "r1", "status": "pending"}
    nothing = {"entity_type": "stream:user", "entity_id": ""}
    answer = await api.server.does(
        "POST", "moderation/status/batch/", {"moderator_id": "mod", "updates": [reaction, nothing]}
    )
    first, second = answer["results"]
    assert first == {"entity_id": "r1", "entity_type": "stream:feeds:v2:reaction", "success": True}
    assert (second["success"], set(second)) == (False, {"entity_id", "entity_type", "success", "error"})
    tenant = await api.house.store.read(by_label, DEFAULT)
    assert tenant is not None
    kept = await api.house.store.read(verdicts.find, tenant.id, "stream:feeds:v2:reaction", "r1")
    assert kept is not None
    assert (kept.moderator, kept.status) == ("mod", "pending")
    assert await api.house.store.read(verdicts.find, tenant.id, "stream:user", "bob") is not None
    assert await api.server.does("DELETE", "moderation/user/cache/bob/") == {}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("flag/", {**SPAM, "entity_id": ""}), ("flag/", {}), ("flag/", [SPAM]), ("flag/", b"{"), ("status/", {}),
        ("status/", {**VERDICT, "entity_type": "stream:chat"}), ("status/batch/", {"updates": []}),
        ("status/batch/", {"updates": [VERDICT, VERDICT]}), ("status/batch/", {"updates": [VERDICT] * 101}),
        ("status/batch/", {"updates": ["x"]}),
    ],
)  # fmt: skip
async def test_bad_bodies(api: Api, path: str, body: Any) -> None:
    assert (await api.server.fails("POST", f"moderation/{path}", body)).meaning == (400, 4, "InputException")


async def test_servers_alone_may(api: Api) -> None:
    """SEC-104."""
    bob = api.user("bob")
    denied = (403, 17, "NotAllowedException")
    for path in ("flag/", "status/", "status/batch/"):
        assert (await bob.fails("POST", f"moderation/{path}", SPAM)).meaning == denied
    assert (await bob.fails("DELETE", "moderation/user/cache/bob/")).meaning == denied
