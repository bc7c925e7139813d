"""Users, privileges and what may be known of them (Events §17.2)."""

from typing import Any

import pytest
from eventsapi import BASE_URL, Api, opened

from storage import eventusers, privileges
from storage.eventskeys import ADMINISTRATOR, INTERNAL_AUDITING, MANAGEMENT, TEAM_LEADER, USER

pytestmark = pytest.mark.anyio

USERS = "/api/v1/provisioning/users"
BO = {
    "username": "Bo",
    "email": "bo@north.example",
    "password": "a long secret",
    "firstName": "Bo",
    "birthYear": 1980,
}


async def test_a_user_is_made_and_shown(events_api: Api) -> None:
    made = await events_api.admin("POST", USERS, {**BO, "tenantUserPrivileges": [{"role": TEAM_LEADER}]})
    assert made.status_code == 201
    shown = made.json()
    assert (shown["username"], shown["firstName"], shown["birthYear"]) == ("bo", "Bo", 1980)
    assert [one["role"] for one in shown["tenantUserPrivileges"]] == [TEAM_LEADER]
    assert shown["activeApiKeys"] == []
    assert "secret" not in made.text
    entity = await events_api.admin.does("GET", "entities/ASUser/bo")
    assert entity["aspects"]["presentation"]["label"] == "Bo"
    assert await events_api.admin.does("GET", f"{USERS}/BO") == shown
    assert [one["username"] for one in await events_api.admin.does("GET", USERS)] == ["bo"]


async def test_passwords_are_kept_as_hashes(events_api: Api) -> None:
    """Events §17.2, SEC-094."""
    await events_api.admin.does("POST", USERS, BO)
    held = await events_api.house.store.read(eventusers.find, events_api.tenant_id, "bo")
    assert held is not None
    assert held.password.startswith("scrypt$")
    await events_api.admin.does("PUT", f"{USERS}/bo", {"firstName": "Boje"})
    same = await events_api.house.store.read(eventusers.find, events_api.tenant_id, "bo")
    assert same is not None
    assert same.password == held.password


@pytest.mark.parametrize(
    ("body", "culprit"),
    [
        ({**BO, "username": "two words"}, "username"),
        ({**BO, "username": None}, "username"),
        ({**BO, "email": "nobody"}, "email"),
        ({**BO, "password": "short"}, "password"),
        ({**BO, "gender": "X"}, "gender"),
        ({**BO, "birthYear": "soon"}, "birthYear"),
        ({**BO, "tenantUserPrivileges": [{"role": "KING"}]}, "tenantUserPrivileges[0].role"),
        ({**BO, "tenantUserPrivileges": [{"role": USER, "activeFrom": "x"}]}, "tenantUserPrivileges[0].activeFrom"),
        ([], "body"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named(events_api: Api, body: Any, culprit: str) -> None:
    found = await events_api.admin.fails("POST", USERS, body)
    assert found.meaning == (400, "invalid_value")
    assert found.message.startswith(f"{culprit}: ")


async def test_a_name_is_taken_once(events_api: Api) -> None:
    """Also by a role alone: else whoever runs the tenant could be made a simple user."""
    await events_api.admin.does("POST", USERS, BO)
    assert (await events_api.admin.fails("POST", USERS, BO)).meaning == (409, "conflict")
    assert (await events_api.admin.fails("POST", USERS, {**BO, "username": "admin"})).status == 409


async def test_what_is_not_said_stays(events_api: Api) -> None:
    await events_api.admin.does("POST", USERS, BO)
    changed = await events_api.admin.does("PUT", f"{USERS}/bo", {"lastName": "Berg", "birthYear": None})
    assert (changed["firstName"], changed["lastName"]) == ("Bo", "Berg")
    assert "birthYear" not in changed
    assert (await events_api.admin.fails("PUT", f"{USERS}/bo", {"username": "eve"})).status == 400
    assert (await events_api.admin.fails("PUT", f"{USERS}/eve", {"lastName": "Berg"})).status == 404


async def test_who_is_dismissed_keeps_their_record(events_api: Api) -> None:
    await events_api.admin.does("POST", USERS, BO)
    bo = await events_api.caller("bo")
    assert (await events_api.admin("DELETE", f"{USERS}/bo")).status_code == 204
    assert (await events_api.admin.does("GET", f"{USERS}/bo"))["tenantUserPrivileges"] == []
    assert (await bo.fails("GET", f"{USERS}/bo")).meaning == (403, "not_allowed")
    assert (await events_api.admin.fails("DELETE", f"{USERS}/bo")).status == 404


async def test_administrators_alone_change_anything(events_api: Api) -> None:
    for role in (USER, TEAM_LEADER, MANAGEMENT, INTERNAL_AUDITING):
        caller = await events_api.caller("eve", role=role)
        assert (await caller.fails("POST", USERS, BO)).meaning == (403, "not_allowed")
        assert (await caller.fails("DELETE", f"{USERS}/eve")).status == 403


async def test_users_know_themselves_alone(events_api: Api) -> None:
    """Events §17: of users, keys and privileges the own record; of others not even that they are there."""
    await events_api.admin.does("POST", USERS, BO)
    await events_api.admin.does("POST", USERS, {**BO, "username": "eve"})
    eve = await events_api.caller("eve")
    assert [one["username"] for one in await eve.does("GET", USERS)] == ["eve"]
    assert (await eve.does("GET", f"{USERS}/eve"))["username"] == "eve"
    assert (await eve.fails("GET", f"{USERS}/bo")).meaning == (404, "not_found")
    assert (await eve.fails("GET", f"{USERS}/bo/privilege")).status == 404
    seen = await eve.does("GET", "/api/v1/provisioning/privileges")
    assert [one["user"]["username"] for one in seen] == ["eve"]
    program = await events_api.caller(None)
    assert await program.does("GET", USERS) == []
    auditor = await events_api.caller("audit", role=INTERNAL_AUDITING)
    assert [one["username"] for one in await auditor.does("GET", USERS)] == ["bo", "eve"]


async def test_users_are_found_by_words(events_api: Api) -> None:
    for name, first in (("bo", "Bo"), ("eve", "Eve 100%"), ("eva", "Eva_x")):
        await events_api.admin.does("POST", USERS, {**BO, "username": name, "firstName": first})
    found = {
        words: [one["username"] for one in await events_api.admin.does("GET", USERS, q=words)]
        for words in ("ev", "100%", "a_x", "%", "nobody", "north.example")
    }
    assert found == {
        "ev": ["eva", "eve"],
        "100%": ["eve"],
        "a_x": ["eva"],
        "%": ["eve"],
        "nobody": [],
        "north.example": ["bo", "eva", "eve"],
    }


async def test_pages_begin_with_0(events_api: Api) -> None:
    """Events §1.5: bare arrays, with the total and the neighbours in header fields; the key is no part of them."""
    for name in ("ada", "bo", "cy"):
        await events_api.admin.does("POST", USERS, {**BO, "username": name})
    first = await events_api.nobody("GET", USERS, size="2", apikey=events_api.admin.key)
    assert [one["username"] for one in first.json()] == ["ada", "bo"]
    assert first.headers["x-total-count"] == "3"
    assert first.headers["link"] == f'<{USERS}?size=2&page=1>; rel="next"'
    last = await events_api.admin("GET", USERS, pagesize="2", page="1", order="-username")
    assert [one["username"] for one in last.json()] == ["ada"]
    assert 'rel="prev"' in last.headers["link"]
    assert (await events_api.admin.fails("GET", USERS, page="-1")).message.startswith("page: ")


async def test_privileges_are_changed_by_both_spellings(events_api: Api) -> None:
    await events_api.admin.does("POST", USERS, BO)
    provisioning = "/api/v1/provisioning"
    until = "2131-05-01T09:30:00.000Z"
    said = {"role": MANAGEMENT, "activeFrom": "2031-05-01T09:30:00+02:00", "activeUntil": until}
    given = await events_api.admin.does("PUT", f"{provisioning}/users/bo/privilege", said)
    assert given == {
        "user": {
            "username": "bo",
            "firstName": "Bo",
            "lastName": None,
            "email": "bo@north.example",
            "avatar": None,
        },
        "role": MANAGEMENT,
        "activeFrom": "2031-05-01T07:30:00.000Z",
        "activeUntil": until,
    }
    assert await events_api.admin.does("GET", f"{provisioning}/privileges/bo") == given
    assert (await events_api.admin("DELETE", f"{provisioning}/privileges/bo")).status_code == 204
    assert (await events_api.admin.fails("GET", f"{provisioning}/users/bo/privilege")).status == 404
    assert (
        await events_api.admin("POST", f"{provisioning}/users/bo/privilege", {"role": USER})
    ).status_code == 201
    assert (
        await events_api.admin.fails("POST", f"{provisioning}/users/nobody/privilege", {"role": USER})
    ).status == 404
    assert (await events_api.admin.fails("PUT", f"{provisioning}/users/bo/privilege", {})).message.startswith(
        "role: "
    )


async def test_nobody_locks_themselves_out(events_api: Api) -> None:
    for method, path, body in (
        ("DELETE", f"{USERS}/admin", None),
        ("PUT", f"{USERS}/admin/privilege", {"role": USER}),
    ):
        assert (await events_api.admin.fails(method, path, body)).meaning == (409, "conflict")
    role = await events_api.house.store.read(privileges.find, events_api.tenant_id, "admin")
    assert role is not None
    assert role.role == ADMINISTRATOR


async def test_only_operators_look_into_all_tenants(events_api: Api) -> None:
    """Events §17.2: `as-users`."""
    north = await events_api.tenant("north")
    await north.admin.does("POST", USERS, BO)
    everywhere = "/api/v1/provisioning/as-users"
    assert await events_api.admin.does("GET", everywhere, q="bo") == [
        {"username": "bo", "email": "bo@north.example", "tenant": "north"}
    ]
    assert (await north.admin.fails("GET", everywhere)).meaning == (403, "not_allowed")
    assert (await (await events_api.caller("eve")).fails("GET", everywhere)).status == 403
    assert (await events_api.admin.fails("GET", f"{USERS}/bo")).status == 404, "users are their tenant's"


async def test_users_may_get_an_account(ready_url: str) -> None:
    """Events §17.2: where the tenant wants that; it is another name of the user, and has their password."""
    async with opened(ready_url, tenants='{"default": {"user_accounts": true}}') as api:
        assert (await api.admin("POST", USERS, BO)).status_code == 201
        [link] = await api.admin.does("GET", "entities/ASUser/bo/links")
        assert (link["type"], link["entity_ref"]) == ("AKA", "User/bo")
        webfinger = await api.nobody("GET", "/.well-known/webfinger", resource=f"{BASE_URL}/users/bo")
        assert webfinger.status_code == 200, webfinger.text
        document = await api.nobody.sending(accept="application/activity+json")("GET", "/users/bo")
        assert document.json()["name"] == "Bo"
        assert (await api.admin.fails("POST", USERS, {**BO, "username": "a@b+c"})).status == 400
        north = await api.tenant("north")
        assert (await north.admin("POST", USERS, BO)).status_code == 201


async def test_what_a_tenant_is_configured_to_take_for_granted(ready_url: str) -> None:
    """Events §1.3, §7.7, §7.17: where instants without an offset are, what prices are in, what is kept of people."""
    settings = '{"default": {"time_zone": "Asia/Tokyo", "currency": "ISK", "special_categories": true}}'
    async with opened(ready_url, tenants=settings) as api:
        said = {
            "type": "as.commerce.purchase.completed", "occurred_at": "2031-03-04T05:06:07",
            "involves": [{"ACTOR": "Customer/c"}],
            "aspects": {"items": [{"PURCHASED": "Mug/blue", "item_price": 9.5}]},
        }  # fmt: skip
        kept = await api.admin.does("POST", "events", said)
        assert kept["occurred_at"] == "2031-03-04T05:06:07.000+09:00"
        assert kept["aspects"]["items"][0]["currency"] == "ISK"
        person = {"aspects": {"demography": {"ethnicity": "x", "employment": "Retired"}}}
        told = await api.admin.does("PUT", "entities/Person/p", person)
        assert "ethnicity" in str(told["aspects"])
