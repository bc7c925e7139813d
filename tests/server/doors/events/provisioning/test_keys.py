"""API keys and scoped keys (Events §1.2, §17.2)."""

from typing import Any

import pytest
from eventsapi import Api, Caller

from storage.eventskeys import BASIC, INGESTION_ONLY, QUERY_ONLY, USER
from streams import system_clock
from vocab.dialects.events import Problems, moments

pytestmark = pytest.mark.anyio

BASE = "/api/v1/provisioning"
BO = f"{BASE}/users/bo"
PROBE = f"{BASE}/dashboards"
HOUR_US = 3_600_000_000


async def _granted(api: Api, username: str) -> None:
    await api.caller(username)


async def test_a_key_is_told_once(events_api: Api) -> None:
    """Events §17.2: in full on creation, masked afterwards."""
    await _granted(events_api, "bo")
    made = await events_api.admin("POST", f"{BO}/api-keys", {"type": QUERY_ONLY})
    assert made.status_code == 201
    key = made.json()
    token = key["apiToken"]
    assert (key["type"], key["user"], key["activeUntil"]) == (QUERY_ONLY, "bo", None)
    assert key["createdDate"] == key["dateCreated"] == key["activeFrom"]
    bo = Caller(events_api.app, token)
    assert (await bo.fails("GET", PROBE)).status == 501
    assert (await bo.fails("POST", PROBE)).status == 403
    listed = await events_api.admin("GET", f"{BO}/api-keys")
    assert token not in listed.text
    masks = [one["apiToken"] for one in listed.json()]
    assert all(mask.startswith("****") for mask in masks)
    shown = await events_api.admin.does("GET", f"{BO}/api-keys/{token}")
    assert shown == {**key, "apiToken": shown["apiToken"]}
    assert shown["apiToken"] in masks
    assert await events_api.admin.does("GET", f"{BO}/api-keys/{shown['apiToken']}") == shown


async def test_keys_end(events_api: Api) -> None:
    await _granted(events_api, "bo")
    token = (await events_api.admin.does("POST", f"{BO}/api-keys", {"type": BASIC}))["apiToken"]
    bo = Caller(events_api.app, token)
    changed = await events_api.admin.does(
        "PUT", f"{BO}/api-keys/{token}", {"activeUntil": "2020-01-01T00:00:00Z"}
    )
    assert (changed["type"], changed["activeUntil"]) == (BASIC, "2020-01-01T00:00:00.000Z")
    assert (await bo.fails("GET", PROBE)).meaning == (401, "unknown_key")
    assert (await events_api.admin.does("PUT", f"{BO}/api-keys/{token}", {"activeUntil": None}))[
        "activeUntil"
    ] is None
    assert (await bo.fails("GET", PROBE)).status == 501
    assert (await events_api.admin("DELETE", f"{BO}/api-keys/{token}")).status_code == 204
    assert (await bo.fails("GET", PROBE)).meaning == (401, "unknown_key")
    assert (await events_api.admin.fails("GET", f"{BO}/api-keys/{token}")).status == 404


async def test_keys_of_nobody(events_api: Api) -> None:
    made = await events_api.admin.does("POST", f"{BASE}/api-keys", {"type": INGESTION_ONLY, "label": "depot"})
    assert (made["user"], made["label"]) == (None, "depot")
    assert [one["label"] for one in await events_api.admin.does("GET", f"{BASE}/api-keys")] == ["depot"]
    users = await events_api.admin.does("GET", f"{BASE}/user-api-keys")
    assert [one["user"] for one in users] == ["admin"]


async def test_whose_keys_may_be_known(events_api: Api) -> None:
    """Events §17: one's own."""
    await _granted(events_api, "bo")
    eve = await events_api.caller("eve")
    assert [one["user"] for one in await eve.does("GET", f"{BASE}/user-api-keys")] == ["eve"]
    assert await eve.does("GET", f"{BASE}/api-keys") == []
    admins = events_api.credentials.events_key
    assert (await eve.fails("GET", f"{BASE}/api-keys/{admins}")).meaning == (404, "not_found")
    assert (await eve.fails("GET", f"{BO}/api-keys")).status == 404
    assert (await eve.fails("POST", f"{BASE}/users/eve/api-keys", {"type": BASIC})).status == 403
    north = await events_api.tenant("north")
    assert (await north.admin.fails("GET", f"{BASE}/api-keys/{admins}")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {}, {"type": "KING"}, {"type": BASIC, "activeUntil": "soon"},
        {"type": BASIC, "activeFrom": "2031-01-02", "activeUntil": "2031-01-01"}, [], {"type": BASIC, "label": [1]},
    ],
)  # fmt: skip
async def test_a_key_that_makes_no_sense(events_api: Api, body: Any) -> None:
    await _granted(events_api, "bo")
    assert (await events_api.admin.fails("POST", f"{BO}/api-keys", body)).meaning == (400, "invalid_value")
    assert (
        await events_api.admin.fails("POST", f"{BASE}/users/nobody/api-keys", {"type": BASIC})
    ).status == 404


SCOPED = f"{BASE}/scoped-api-keys"


async def test_a_scoped_key_holds_an_hour(events_api: Api) -> None:
    """Events §1.2."""
    before = system_clock()
    made = await events_api.admin("POST", SCOPED, {"type": INGESTION_ONLY, "defaults": {"origin": "web"}})
    assert made.status_code == 201
    key = made.json()
    assert key["defaults"] == {"origin": "web"}
    ends = moments.read(key["activeUntil"], zone="UTC", problems=Problems(), field="activeUntil")
    assert ends is not None
    assert before + HOUR_US - 1_000 <= ends.at <= system_clock() + HOUR_US
    scoped = Caller(events_api.app, key["apiToken"])
    assert (await scoped.fails("GET", PROBE)).meaning == (403, "not_allowed")
    assert (await events_api.admin("DELETE", f"{SCOPED}/{key['apiToken']}")).status_code == 204
    assert (await scoped.fails("GET", PROBE)).meaning == (401, "unknown_key")
    assert (await events_api.admin.fails("DELETE", f"{SCOPED}/{key['apiToken']}")).status == 404


async def test_a_scoped_key_never_manages(events_api: Api) -> None:
    """Even when its user is an administrator: it is shown to a browser."""
    key = await events_api.admin.does("POST", SCOPED, {"type": BASIC, "user": {"username": "admin"}})
    assert key["user"] == "admin"
    scoped = Caller(events_api.app, key["apiToken"])
    assert (await scoped.fails("PUT", f"{BASE}/info", {"name": "x"})).meaning == (403, "not_allowed")
    assert (await scoped.fails("POST", SCOPED, {"type": BASIC})).meaning == (403, "not_allowed")
    seen = await scoped.does("GET", f"{BASE}/privileges")
    assert [one["user"]["username"] for one in seen] == ["admin"]


async def test_who_may_mint_for_whom(events_api: Api) -> None:
    await _granted(events_api, "bo")
    eve = await events_api.caller("eve")
    assert (await eve.does("POST", SCOPED, {"type": QUERY_ONLY, "user": "eve"}))["user"] == "eve"
    assert (await eve.does("POST", SCOPED, {"type": QUERY_ONLY}))["user"] is None
    assert (await eve.fails("POST", SCOPED, {"type": QUERY_ONLY, "user": "bo"})).status == 403
    assert (await events_api.admin.fails("POST", SCOPED, {"type": BASIC, "user": "nobody"})).status == 400
    reader = await events_api.caller("ro", type=QUERY_ONLY)
    assert (await reader.fails("POST", SCOPED, {"type": BASIC})).status == 403


async def test_a_scoped_key_ends_with_its_parent(events_api: Api) -> None:
    await _granted(events_api, "bo")
    token = (await events_api.admin.does("POST", f"{BO}/api-keys", {"type": BASIC}))["apiToken"]
    minted = (await Caller(events_api.app, token).does("POST", SCOPED, {"type": QUERY_ONLY}))["apiToken"]
    child = Caller(events_api.app, minted)
    assert (await child.fails("GET", PROBE)).status == 501
    await events_api.admin.does("PUT", f"{BO}/api-keys/{token}", {"activeUntil": "2020-01-01T00:00:00Z"})
    fresh = events_api.house.eventskeys
    assert await type(fresh)(events_api.house.store).find(minted, now=system_clock()) is None


@pytest.mark.parametrize(
    "body",
    [
        {}, {"type": BASIC, "activeUntil": "2131-01-01T00:00:00Z"}, {"type": BASIC, "activeUntil": "2020-01-01"},
        {"type": BASIC, "defaults": []}, {"type": BASIC, "user": 5}, {"type": BASIC, "defaults": {"a": "x" * 20_000}},
    ],
)  # fmt: skip
async def test_a_scoped_key_that_makes_no_sense(events_api: Api, body: Any) -> None:
    assert (await events_api.admin.fails("POST", SCOPED, body)).meaning == (400, "invalid_value")


async def test_roles_are_looked_up_with_the_key(events_api: Api) -> None:
    bo = await events_api.caller("bo", role=None)
    assert (await bo.fails("GET", PROBE)).status == 403
    await events_api.admin.does(
        "POST", f"{BASE}/users", {"username": "bo", "email": "b@o", "password": "long enough"}
    )
    again = await events_api.caller("bo", role=None)
    assert (await again.fails("GET", PROBE)).status == 501
    assert (await events_api.admin.does("GET", BO))["tenantUserPrivileges"][0]["role"] == USER
