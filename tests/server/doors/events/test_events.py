"""Events over HTTP: kept, checked, shown (Events §1.4, §3.5)."""

import json
from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api

from server.doors.events import submitted
from storage import Transaction
from storage.eventskeys import INGESTION_ONLY, QUERY_ONLY

pytestmark = pytest.mark.anyio

WASHED = {
    "type": "as.fleet.van.washed", "occurred_at": "2031-03-04T10:00:00Z", "origin": "depot.north",
    "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vehicle:Van/NX-204"}],
}  # fmt: skip
WASHED_ID = "b71986bf-c0b9-36cd-8b75-f1399d9c1b69"


async def test_an_event_is_kept_and_shown(events_api: Api) -> None:
    """Events §1.4: 201, and 200 when it is sent again (§2.2)."""
    made = await events_api.admin("POST", "events", EVENT)
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["_stream_id"], body["_valid"], body["_errors"]) == (EVENT_ID, True, [])
    assert body["_received_at"].endswith("Z")
    again = await events_api.admin("POST", "events", EVENT)
    assert (again.status_code, again.json()["_stream_id"]) == (200, EVENT_ID)
    shown = await events_api.admin.does("GET", f"events/{EVENT_ID}")
    assert shown["type"] == EVENT["type"]
    assert shown["_stream_id"] == EVENT_ID
    assert shown["_received_at"] == body["_received_at"]


async def test_several_are_kept_together_or_not_at_all(events_api: Api) -> None:
    """Events §3.5: an array is answered by an array."""
    spoilt = await events_api.admin("POST", "events", [EVENT, {"type": "as.x"}])
    assert spoilt.status_code == 400
    assert [one["_valid"] for one in spoilt.json()] == [True, False]
    assert (await events_api.admin.fails("GET", f"events/{EVENT_ID}")).status == 404
    made = await events_api.admin("POST", "events", [EVENT, WASHED])
    assert made.status_code == 201
    assert [one["_stream_id"] for one in made.json()] == [EVENT_ID, WASHED_ID]
    ids = f"{WASHED_ID},00000000-0000-3000-8000-000000000000,{EVENT_ID},no-id"
    found = await events_api.admin.does("GET", "events/", id=ids)
    assert [one["_stream_id"] for one in found] == [WASHED_ID, EVENT_ID]
    assert (await events_api.admin("POST", "events", [])).status_code == 200


async def test_an_invalid_message_comes_back(events_api: Api) -> None:
    """Events §1.4: with what is wrong with it, by field and code."""
    sent = {**EVENT, "importance": 9, "color": "red"}
    refused = await events_api.admin("POST", "events", sent)
    assert refused.status_code == 400
    body = refused.json()
    assert {name: body[name] for name in sent} == sent
    assert body["_valid"] is False
    assert {(one["severity"], one["code"], one["field"]) for one in body["_errors"]} == {
        ("error", "invalid_value", "importance"),
        ("warning", "ignored_field", "color"),
    }


@pytest.mark.parametrize("path", ["/api/v1/as/events/validate", "/api/v1/events/validate/"])
async def test_checking_keeps_nothing(events_api: Api, path: str) -> None:
    """Events §1.4: always 200; §1.1: both spellings."""
    told = await events_api.admin.does("POST", path, EVENT)
    assert (told["_valid"], told["_errors"], told["_stream_id"]) == (True, [], EVENT_ID)
    assert (await events_api.admin.does("POST", path, {}))["_valid"] is False
    assert [one["_valid"] for one in await events_api.admin.does("POST", path, [EVENT, {}])] == [True, False]
    assert (await events_api.admin.fails("GET", f"events/{EVENT_ID}")).status == 404


@pytest.mark.parametrize(
    "body", [b"{", b"", b"[1]", b'"x"', b"null", b"[" * 70 + b"]" * 70, b'{"a":1,"a":2}']
)
async def test_a_body_that_is_no_message(events_api: Api, body: bytes) -> None:
    """Events §1.3, §1.4."""
    for path in ("events", "events/validate", "/api/collector/v1/events"):
        assert (await events_api.admin.fails("POST", path, body)).status == 400


async def test_too_many_messages_at_once(events_api: Api) -> None:
    found = await events_api.admin.fails("POST", "events/validate", [{}] * 1_001)
    assert found.meaning == (400, "invalid_value")


async def test_types_of_keys(events_api: Api) -> None:
    """Events §1.2: some submit alone, some read alone, both may check."""
    submits = await events_api.caller("bo", type=INGESTION_ONLY)
    reads = await events_api.caller("bo", type=QUERY_ONLY)
    assert (await submits("POST", "events", EVENT)).status_code == 201
    assert (await submits.fails("GET", f"events/{EVENT_ID}")).status == 403
    assert (await reads.fails("POST", "events", EVENT)).status == 403
    assert (await reads.does("GET", f"events/{EVENT_ID}"))["_stream_id"] == EVENT_ID
    for caller in (submits, reads):
        assert (await caller.does("POST", "events/validate", EVENT))["_valid"]


@pytest.mark.parametrize("id", ["no-id", "x" * 36, "00000000-0000-3000-8000-000000000000"])
@pytest.mark.parametrize("below", ["", "/detailed", "/details", "/analytics", "/comments", "/bumps"])
async def test_what_is_not_there(events_api: Api, id: str, below: str) -> None:
    assert (await events_api.admin.fails("GET", f"events/{id}{below}")).meaning == (404, "not_found")


async def test_an_event_with_what_took_part(events_api: Api) -> None:
    """Events §3.5: by both names."""
    vessel = {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}
    involves = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": vessel}]
    made = await events_api.admin.does("POST", "events", {**EVENT, "involves": involves})
    for name in ("detailed", "details"):
        told = await events_api.admin.does("GET", f"events/{made['_stream_id']}/{name}")
        assert set(told["entities"]) == {"Employee/Ada", "Vessel/Kestrel-9"}
        assert told["entities"]["Vessel/Kestrel-9"]["aspects"]["presentation"]["label"] == "Kestrel"


async def test_ids_of_other_systems(events_api: Api) -> None:
    """Events §3.5, §7.8."""

    def imported(number: int, origin: str, external: str) -> dict[str, Any]:
        resolvable = {"external_id": external, "batch_id": "b/1"}
        return {
            **EVENT, "origin": origin, "occurred_at": f"2031-03-04T05:06:0{number}Z",
            "aspects": {"resolvable": resolvable},
        }  # fmt: skip

    await events_api.admin.does(
        "POST", "events", [imported(1, "a", "1/x"), imported(2, "b", "1/x"), imported(3, "a", "2")]
    )
    assert (await events_api.admin.does("GET", "events/external-id/2"))["origin"] == "a"
    assert (await events_api.admin.fails("GET", "events/external-id/1%2Fx")).meaning == (409, "ambiguous")
    assert (await events_api.admin.does("GET", "events/external-id/1%2Fx", origin="b"))["origin"] == "b"
    assert (await events_api.admin.fails("GET", "events/external-id/3")).status == 404
    assert len(await events_api.admin.does("GET", "events/external-batch-id/b%2F1")) == 3
    assert len(await events_api.admin.does("GET", "events/external-batch-id/b%2F1", origin="a")) == 2
    bo = await events_api.caller("bo")
    assert (await bo.fails("DELETE", "events/external-batch-id/b%2F1")).meaning == (403, "not_allowed")
    assert (await events_api.admin("DELETE", "events/external-batch-id/b%2F1", origin="a")).status_code == 204
    left = await events_api.admin.does("GET", "events/external-batch-id/b%2F1")
    assert [one["origin"] for one in left] == ["b"]
    stream = await events_api.admin.does("GET", "entities/Employee/Ada/events")
    assert [one["origin"] for one in stream] == ["b"]
    assert (await events_api.admin.fails("DELETE", "events/external-batch-id/nothing")).status == 404


async def test_what_rules_hide_does_not_exist(events_api: Api) -> None:
    """Events §1.4, §3.6: nobody learns that it is there, and nobody who may not changes it."""
    bo, eve = await events_api.caller("bo"), await events_api.caller("eve")
    await events_api.admin.does("POST", "events", {**EVENT, "acl": [{"READ": "ASUser/bo"}]})
    assert (await bo.does("GET", f"events/{EVENT_ID}"))["_stream_id"] == EVENT_ID
    for below in ("", "/detailed", "/analytics", "/comments", "/bumps"):
        assert (await eve.fails("GET", f"events/{EVENT_ID}{below}")).meaning == (404, "not_found")
    assert await eve.does("GET", "entities/Employee/Ada/events") == []


async def test_the_whole_tenant_s_stream(events_api: Api) -> None:
    """Events §1.5: bare arrays with the total beside them."""
    await events_api.admin.does("POST", "events", [EVENT, WASHED])
    first = await events_api.admin("GET", "events", size="1")
    assert [one["_stream_id"] for one in first.json()] == [WASHED_ID]
    assert first.headers["x-total-count"] == "2"
    assert 'rel="next"' in first.headers["link"]
    found = await events_api.admin.does("GET", "events", filter="type LIKE 'as.fleet.cargo.%'")
    assert [one["_stream_id"] for one in found] == [EVENT_ID]
    assert (await events_api.admin.fails("GET", "events", q="type LIKE")).meaning == (400, "invalid_filter")
    assert (await events_api.admin.fails("GET", "events", page="0")).meaning == (400, "invalid_value")


async def test_scoped_keys_bring_defaults(events_api: Api) -> None:
    """Events §1.2."""
    defaults = {"origin": "shop.web", "aspects": {"dimensions": {"market": "is"}}}
    key = await events_api.admin.does(
        "POST", "/api/v1/provisioning/scoped-api-keys", {"type": INGESTION_ONLY, "defaults": defaults}
    )
    scoped = events_api.nobody.sending(x_api_key=key["apiToken"])
    sent = {name: value for name, value in EVENT.items() if name != "origin"}
    told = await scoped.does("POST", "events", sent)
    assert told["origin"] == "shop.web"
    assert told["aspects"]["dimensions"] == {"market": "is"}


async def test_tokens_bring_defaults(events_api: Api) -> None:
    """Events §18.2."""
    await events_api.admin.does(
        "POST", "tokens",
        {"token": "k7", "involves": [{"REFERENCES": "Campaign/spring"}], "variables": {"quay": "7"}},
    )  # fmt: skip
    told = await events_api.admin.does("POST", "events", {**EVENT, "token": "k7", "description": "at %quay%"})
    assert told["description"] == "at 7"
    assert told["token"] == "k7"
    assert "Campaign/spring" in {role.get("entity_ref") for role in told["involves"]}
    unknown = await events_api.admin.does("POST", "events", {**WASHED, "token": "nothing"})
    assert unknown["_valid"]
    assert unknown["_errors"], "a token that is unknown is told"


async def test_what_is_too_much_at_once_is_not_kept(events_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events §1.4: nobody else waits for long; the same in smaller parts is kept."""
    monkeypatch.setattr(submitted, "ROLES_MAX", 5)
    found = await events_api.admin.fails(
        "POST", "events", [EVENT, WASHED, {**WASHED, "origin": "depot.south"}]
    )
    assert found.meaning == (413, "too_large")
    assert (await events_api.admin("POST", "events", [EVENT, WASHED])).status_code == 201


async def test_what_may_not_be_kept_of_persons_is_not_in_what_was_sent_either(events_api: Api) -> None:
    """Events §7.17, §3.4: the original text is kept, but for special categories of personal data."""
    facts = {"gender": "F", "Ethnicity": "canary"}
    ada = {"entity_ref": "Employee/Ada", "aspects": {"Demography": facts}}
    involves = [{"ACTOR": ada}, {"AFFECTS": "Person/x"}]
    aspects = {"update": {"aspects": {"demography": [facts]}}, "metrics": {"income": 3}}
    said = {**WASHED, "involves": involves, "aspects": aspects, "properties": {"ethnicity": "free text"}}
    await events_api.admin.does("POST", "events", said)

    async def originals(tx: Transaction) -> list[str]:
        return [str(row[0]) for row in await tx.all("SELECT original FROM events WHERE original IS NOT NULL")]

    [text] = await events_api.house.store.read(originals)
    assert "canary" not in text
    assert json.loads(text)["properties"] == said["properties"]
    assert json.loads(text)["aspects"]["metrics"] == {"income": 3}


async def test_addresses_without_the_segment(events_api: Api) -> None:
    """Events §1.1: the first documents left `as` out where messages are posted, too."""
    made = await events_api.admin("POST", "/api/v1/events/", EVENT)
    assert (made.status_code, made.json()["_stream_id"]) == (201, EVENT_ID)
    said = {"comment": "x", "involves": [{"COMMENTED_ON": EVENT_ID}]}
    assert (await events_api.admin("POST", "/api/v1/comments", said)).status_code == 201
    key = await events_api.caller(None, type="QUERY_ONLY")
    assert (await key.fails("POST", "/api/v1/events", EVENT)).status == 403
