"""Native addresses answer in Activity Streams when that is asked for (Events §23.2)."""

import pytest
from eventsapi import EVENT, EVENT_ID, Api

pytestmark = pytest.mark.anyio

ACTIVITY = "application/activity+json"
PLAIN = "application/json"
NAMED = f"{ACTIVITY}; charset=utf-8"
LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.mark.parametrize(
    ("accept", "type"),
    [
        (ACTIVITY, NAMED), (LD, LD), ("application/ld+json", NAMED), (f"{ACTIVITY}, application/json;q=0.9", NAMED),
        ("application/json", PLAIN), ("*/*", PLAIN), ("text/html", PLAIN), (f"{PLAIN}, {ACTIVITY};q=0.5", PLAIN),
    ],
)  # fmt: skip
async def test_the_form_that_is_wanted(events_api: Api, accept: str, type: str) -> None:
    await events_api.admin.does("POST", "events", EVENT)
    asking = events_api.admin.sending(accept=accept)
    for path in (f"events/{EVENT_ID}", "entities/Vessel/Kestrel-9"):
        answer = await asking("GET", path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, type)
        assert ("@context" in answer.json()) == type.startswith(
            "application/ld" if "ld+" in type else ACTIVITY
        )


async def test_documents_say_what_messages_say(events_api: Api) -> None:
    await events_api.admin.does("POST", "events", EVENT)
    asking = events_api.admin.sending(accept=ACTIVITY)
    event = (await asking("GET", f"events/{EVENT_ID}")).json()
    assert event["id"].endswith(f"/events/{EVENT_ID}")
    assert "hw:Event" in event["type"]
    message = {"comment": "fine", "involves": [{"COMMENTED_ON": EVENT_ID}]}
    said = await events_api.admin.does("POST", "comments", message)
    comment = (await asking("GET", f"comment/{said['_stream_id']}")).json()
    assert "Note" in comment["object"]["type"]


async def test_documents_are_kept_from_the_same(events_api: Api) -> None:
    """Events §3.6."""
    await events_api.admin.does("POST", "events", {**EVENT, "acl": [{"READ": "ASUser/bo"}]})
    await events_api.admin.does("PUT", "entities", {"entity_ref": "Plan/x", "acl": [{"READ": "ASUser/bo"}]})
    for name, status in (("bo", 200), ("eve", 404)):
        asking = (await events_api.caller(name)).sending(accept=ACTIVITY)
        for path in (f"events/{EVENT_ID}", "entities/Plan/x"):
            assert (await asking("GET", path)).status_code == status


async def test_a_tenant_says_what_its_types_of_entities_are(events_api: Api) -> None:
    """Events §17.8, §23.5: in documents of their own and where they are named; for what lies below a type too."""
    provisioning = "/api/v1/provisioning/entity-types"
    await events_api.admin.does("PUT", f"{provisioning}/Vessel", {"as2_type": "Service"})
    await events_api.admin.does("PUT", f"{provisioning}/Vessel:Barge", {"as2_type": "Place"})
    asking = events_api.admin.sending(accept=ACTIVITY)
    for type, expected in (("Vessel:Tug", "Service"), ("Vessel:Barge", "Place"), ("Employee", "Person")):
        ref = f"{type}/{expected}"
        said = {**EVENT, "origin": expected, "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS": ref}]}
        id = (await events_api.admin.does("POST", "events", said))["_stream_id"]
        assert (await asking("GET", f"entities/{ref}")).json()["type"] == [expected, "hw:Entity"]
        activity = (await asking("GET", f"events/{id}")).json()
        assert activity["object"]["type"] == [expected, "hw:Entity"]
