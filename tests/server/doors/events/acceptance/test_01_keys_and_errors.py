"""Row 1 of the checklist: keys, and what is said of messages (Events §1)."""

from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, failure, remarks

from server.auth import recent
from storage.eventskeys import INGESTION_ONLY, QUERY_ONLY

pytestmark = pytest.mark.anyio

ADA: dict[str, Any] = {"type": "as.fleet.van.washed", "involves": [{"ACTOR": "Employee/Ada"}]}


async def test_a_key_stands_in_any_of_four_places(api: Api) -> None:
    """Events §1.2."""
    key = str(api.admin.key)
    for query in ({"apikey": key}, {"api_key": key}):
        assert await api.nobody.does("GET", "events", **query) == []
    for fields in ({"authorization": f"Bearer {key}"}, {"x_api_key": key}):
        assert await api.nobody.sending(**fields).does("GET", "events/") == []


async def test_without_a_key_that_is_known_nothing_is_told(api: Api) -> None:
    """Events §1.4."""
    for query in ({}, {"apikey": "nothing"}):
        for method, path in (("GET", "events"), ("POST", "events"), ("POST", "/api/collector/v1/events")):
            assert (await api.nobody.fails(method, path, None, **query)).status == 401


async def test_a_key_does_what_its_type_allows(api: Api) -> None:
    """Events §1.2."""
    submits, reads = await api.caller("bo", type=INGESTION_ONLY), await api.caller("bo", type=QUERY_ONLY)
    assert (await submits("POST", "events", EVENT)).status_code == 201
    assert (await submits.fails("GET", f"events/{EVENT_ID}")).status == 403
    assert (await reads.fails("POST", "events", EVENT)).status == 403
    assert (await reads.does("GET", f"events/{EVENT_ID}"))["_stream_id"] == EVENT_ID


async def test_a_key_without_a_user_acts_as_nobody(api: Api) -> None:
    """Events §1.2 (D)."""
    program = await api.caller()
    for method, path in (("GET", "following"), ("POST", "follow/Vessel/x"), ("GET", "notifications")):
        assert (await program.fails(method, path)).status == 403


async def test_a_key_that_is_over_is_unknown(api: Api) -> None:
    """Events §1.2: ``activeFrom`` and ``activeUntil``."""
    path = "/api/v1/provisioning/users/bo/api-keys"
    user = {"username": "bo", "email": "bo@north.example", "password": "correct horse"}
    await api.admin.does("POST", "/api/v1/provisioning/users", user)
    for window in (
        {"activeFrom": "2020-01-01T00:00:00Z", "activeUntil": "2021-01-01T00:00:00Z"},
        {"activeFrom": "2120-01-01T00:00:00Z"},
    ):
        made = await api.admin.does("POST", path, {"type": "BASIC", **window})
        assert (await api.nobody.fails("GET", "events", apikey=made["apiToken"])).status == 401
    made = await api.admin.does("POST", path, {"type": "BASIC"})
    assert (await api.nobody("GET", "events", apikey=made["apiToken"])).status_code == 200


async def test_a_key_of_another_tenant_opens_nothing(api: Api, server: Api) -> None:
    await api.admin.does("POST", "events", EVENT)
    assert (await server.admin.fails("GET", f"events/{EVENT_ID}")).status == 404


async def test_a_scoped_key_brings_its_defaults_until_it_is_ended(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events §1.2: a process notices that within the second."""
    monkeypatch.setattr(recent, "FRESH_SECONDS", 0.0)
    path = "/api/v1/provisioning/scoped-api-keys"
    given = {"type": INGESTION_ONLY, "defaults": {"origin": "shop.web", "aspects": {"tags": ["web"]}}}
    made = await api.admin("POST", path, given)
    assert made.status_code == 201
    token = made.json()["apiToken"]
    told = await api.nobody.does("POST", "events", ADA, apikey=token)
    assert (told["origin"], told["aspects"]) == ("shop.web", {"tags": ["web"]})
    assert (await api.admin("DELETE", f"{path}/{token}")).status_code == 204
    assert (await api.nobody.fails("POST", "events", ADA, apikey=token)).status == 401


async def test_the_statuses_of_a_message(api: Api) -> None:
    """Events §1.4."""
    assert (await api.admin("POST", "events", EVENT)).status_code == 201
    assert (await api.admin("POST", "events", EVENT)).status_code == 200
    taken = await api.admin("POST", "/api/collector/v1/events", EVENT)
    assert (taken.status_code, taken.json()) == (202, {"_stream_id": EVENT_ID, "status": "queued"})
    sent = {"type": "as.x", "involves": []}
    refused = await api.admin("POST", "events", sent)
    assert refused.status_code == 400
    assert {**sent, "_valid": False}.items() <= refused.json().items()
    assert remarks(refused.json()) == {("error", "missing_field", "involves")}
    for path in ("events/validate", "/api/v1/events/validate", "/api/v1/events/validate/"):
        checked = await api.admin("POST", path, sent)
        assert (checked.status_code, checked.json()["_valid"]) == (200, False)
    for body in (b"{", b"7", b'"x"', b"null", b"\xff"):
        assert (await api.admin.fails("POST", "events", body)).status == 400
    unknown = "00000000-0000-3000-8000-000000000000"
    assert (await api.admin.fails("GET", f"events/{unknown}")).meaning == (404, "not_found")
    assert (await api.admin.fails("GET", "events", page="0")).status == 400


async def test_each_remark_says_how_bad_it_is_and_where(api: Api) -> None:
    """Events §1.4."""
    told = await api.admin.does("POST", "events/validate", {**EVENT, "colour": 1, "importance": "x"})
    assert all(set(one) == {"severity", "code", "field", "message"} for one in told["_errors"])
    assert remarks(told) == {
        ("warning", "ignored_field", "colour"),
        ("error", "invalid_value", "importance"),
    }
    items = [{"PURCHASED": "Mug/blue", "item_count": "many"}]
    told = await api.admin.does("POST", "events/validate", {**EVENT, "aspects": {"items": items}})
    assert ("error", "invalid_value", "aspects.items[0].item_count") in remarks(told)


@pytest.mark.parametrize(
    ("said", "kept", "warns"),
    [
        ("2031-03-04T05:06:07.0891234+02:00", "2031-03-04T05:06:07.089+02:00", False),
        ("2031-03-04T05:06:07+01", "2031-03-04T05:06:07.000+01:00", False),
        ("2031-03-04T05:06:07+10", "2031-03-04T05:06:07.000+10:00", False),
        ("2031-03-04T05:06:07z", "2031-03-04T05:06:07.000Z", False),
        ("2031-03-04T05:06:07", "2031-03-04T05:06:07.000Z", False),
        (1_930_359_967_089, "2031-03-04T03:06:07.089Z", True),
        ("2031-03-04 05:06:07", "2031-03-04T05:06:07.000Z", True),
        ("03/04/2031 05:06:07 PM", "2031-03-04T17:06:07.000Z", True),
        ("03/04/2031 15:06:07", "2031-03-04T15:06:07.000Z", True),
        ("2031-03-04", "2031-03-04T00:00:00.000Z", True),
        ("2031", "2031-01-01T00:00:00.000Z", True),
    ],
)
async def test_a_time_is_read_however_it_is_written(api: Api, said: Any, kept: str, warns: bool) -> None:
    """Events §1.3."""
    told = await api.admin.does("POST", "events", {**ADA, "occurred_at": said})
    assert told["occurred_at"] == kept
    assert remarks(told) == ({("warning", "adjusted_value", "occurred_at")} if warns else set())


async def test_json_is_read_whatever_it_is_called(api: Api) -> None:
    """Events §1.3."""
    sender = api.admin.sending(content_type="text/json")
    assert (await sender("POST", "events", EVENT)).status_code == 201
    refused = await api.admin.sending(content_type="application/xml")("POST", "events", b"<a/>")
    assert failure(refused).status in (400, 415)
