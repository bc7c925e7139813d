"""What users do about stream items, at the door (Events §9)."""

from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, Caller

pytestmark = pytest.mark.anyio

PATH = f"workflow/{EVENT_ID}"


async def _two(events_api: Api) -> tuple[Caller, Caller]:
    bo, cy = await events_api.caller("bo"), await events_api.caller("cy")
    await bo.does("POST", "events", EVENT)
    return bo, cy


async def test_each_act_leaves_a_state(events_api: Api) -> None:
    """Events §9: the table, one row each, from the beginning."""
    bo, _ = await _two(events_api)
    for word, action, status in (
        ("view", "VIEWED_BY", "open"),
        ("acknowledge", "ACKNOWLEDGED_BY", "acknowledged"),
        ("claim", "CLAIMED_BY", "in progress"),
        ("assign", "ASSIGNED_BY", "assigned"),
        ("confirm", "CONFIRMED_BY", "confirmed"),
        ("complete", "COMPLETED_BY", "completed"),
        ("approve", "APPROVED_BY", "approved"),
        ("verify", "VERIFIED_BY", "verified"),
        ("reject", "REJECTED_BY", "rejected"),
    ):
        event = await bo.does("POST", "events", {**EVENT, "type": f"as.fleet.{word}"})
        path = f"workflow/{event['_stream_id']}"
        told = await bo.does("PUT", f"{path}/{word}", {"assignee": "ASUser/cy"})
        assert told["status"] == status
        [act] = told["actions"]
        assert (act["action"], act["by"]) == (action, "ASUser/bo")
        assert act["occurred_at"].endswith("Z")
        assert await bo.does("GET", path) == told


async def test_a_thing_is_worked_through(events_api: Api) -> None:
    """Events §9: closing needs a prior complete or reject since it was opened, reopening what is closed."""
    bo, cy = await _two(events_api)
    assert (await bo.does("GET", PATH)) == {"status": "open", "assignee": None, "actions": []}
    assert (await bo.fails("PUT", f"{PATH}/closed")).meaning == (409, "conflict")
    assert (await bo.fails("PUT", f"{PATH}/reopen")).meaning == (409, "conflict")
    claimed = await bo.does("PUT", f"{PATH}/claim")
    assert claimed["assignee"] == "ASUser/bo"
    await bo.does("PUT", f"{PATH}/complete")
    assert (await cy.does("PUT", f"{PATH}/close"))["status"] == "closed"
    assert (await cy.does("PUT", f"{PATH}/reopen"))["status"] == "open"
    assert (await cy.fails("PUT", f"{PATH}/closed")).status == 409
    await cy.does("PUT", f"{PATH}/reject")
    assert (await cy.does("PUT", f"{PATH}/closed"))["status"] == "closed"
    assert (await bo.does("GET", PATH))["assignee"] == "ASUser/bo"


async def test_who_repeats_themselves_changes_nothing(events_api: Api) -> None:
    """Events §9: the same user cannot set the same action twice in a row; another may, and so may they later."""
    bo, cy = await _two(events_api)
    first = await bo.does("PUT", f"{PATH}/claim")
    assert await bo.does("PUT", f"{PATH}/claim") == first
    assert len((await cy.does("PUT", f"{PATH}/claim"))["actions"]) == 2
    assert len((await bo.does("PUT", f"{PATH}/claim"))["actions"]) == 3
    await bo.does("PUT", f"{PATH}/assign", {"assignee": "cy"})
    told = await bo.does("PUT", f"{PATH}/assign", {"assignee": "ASUser/di"})
    assert (told["assignee"], told["actions"][-1]["assignee"]) == ("ASUser/di", "ASUser/di")


async def test_an_act_is_taken_back(events_api: Api) -> None:
    """Events §9: DELETE removes the user's own latest such action, and the state is as without it."""
    bo, cy = await _two(events_api)
    await bo.does("PUT", f"{PATH}/claim")
    await bo.does("PUT", f"{PATH}/complete")
    assert (await cy.fails("DELETE", f"{PATH}/complete")).status == 404
    assert (await bo.does("DELETE", f"{PATH}/complete"))["status"] == "in progress"
    assert await bo.does("DELETE", f"{PATH}/claim") == {"status": "open", "assignee": None, "actions": []}
    [event] = await bo.does("GET", "events", id=EVENT_ID)
    assert "_progress" not in event


async def test_lists_show_the_progress_of_things(events_api: Api) -> None:
    """Events §9, §16: stream items with workflow carry a summary."""
    bo, _ = await _two(events_api)
    await bo.does("PUT", f"{PATH}/claim")
    [event] = await bo.does("GET", "entities/Employee/Ada/events", types="as.fleet")
    assert event["_progress"] == {"status": "in progress", "assignee": "ASUser/bo"}


async def test_looking_closely_is_noted_once(events_api: Api) -> None:
    """Events §9: the first detail view of an item that has workflow, and of no other."""
    bo, cy = await _two(events_api)
    await cy.does("GET", f"events/{EVENT_ID}/detailed")
    assert (await bo.does("GET", PATH))["actions"] == []
    await bo.does("PUT", f"{PATH}/claim")
    for _ in range(2):
        await cy.does("GET", f"events/{EVENT_ID}/detailed")
    told = await bo.does("GET", PATH)
    assert [(act["action"], act["by"]) for act in told["actions"]] == [
        ("CLAIMED_BY", "ASUser/bo"), ("VIEWED_BY", "ASUser/cy"),
    ]  # fmt: skip
    assert told["status"] == "in progress"


async def test_entities_are_worked_on_too(events_api: Api) -> None:
    """Events §9: any stream item."""
    bo, _ = await _two(events_api)
    vessel = await bo.does("GET", "entities/Vessel/Kestrel-9")
    told = await bo.does("PUT", f"workflow/{vessel['_stream_id']}/acknowledge")
    assert told["status"] == "acknowledged"


async def test_what_cannot_be_done_is_refused(events_api: Api) -> None:
    """Events §1.4: neither an act nor an item that there is not, nor anybody but a user as assignee."""
    bo, _ = await _two(events_api)
    refused: list[tuple[str, str, Any, int]] = [
        ("PUT", f"{PATH}/admire", None, 404),
        ("PUT", "workflow/4ce0f1bb-4f0a-3a3a-8d7a-0d5c9f1f3c2e/claim", None, 404),
        ("GET", "workflow/Vessel", None, 404),
        ("PUT", f"{PATH}/assign", {}, 400),
        ("PUT", f"{PATH}/assign", {"assignee": 7}, 400),
        ("PUT", f"{PATH}/assign", {"assignee": "Vessel/x"}, 400),
    ]
    for method, path, body, status in refused:
        assert (await bo.fails(method, path, body)).status == status, path


async def test_rules_hold(events_api: Api) -> None:
    """Events §3.6: what one may not read does not exist; and nobody acts without being someone."""
    bo, cy = await _two(events_api)
    made = await bo.does("POST", "events", {**EVENT, "origin": "secret", "acl": [{"READ": "ASUser/bo"}]})
    assert (await cy.fails("PUT", f"workflow/{made['_stream_id']}/claim")).status == 404
    assert (await cy.fails("GET", f"workflow/{made['_stream_id']}")).status == 404
    nobody = await events_api.caller(None)
    assert (await nobody.fails("PUT", f"{PATH}/claim")).status == 403
