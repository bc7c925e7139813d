"""The collector: messages are taken in now and kept soon (Events §1.1, §1.4)."""

import asyncio
import logging
import time
from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, left, opened, worked_off

from storage.eventskeys import INGESTION_ONLY, QUERY_ONLY

pytestmark = pytest.mark.anyio

EVENTS = "/api/collector/v1/events"
KESTREL = {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}


async def test_what_is_taken_in_is_kept_soon(events_api: Api) -> None:
    """Events §1.4: 202 with the id it will have; then as if it had been kept at once."""
    taken = await events_api.admin("POST", EVENTS, EVENT)
    assert (taken.status_code, taken.json()) == (202, {"_stream_id": EVENT_ID, "status": "queued"})
    assert (await events_api.admin.fails("GET", f"events/{EVENT_ID}")).status == 404
    await worked_off(events_api)
    kept = await events_api.admin.does("GET", f"events/{EVENT_ID}")
    assert kept["type"] == EVENT["type"]
    assert await left(events_api) == []


async def test_all_kinds_of_messages(events_api: Api) -> None:
    """Events §3.5, §5.4, §8, §10."""
    bo = await events_api.caller("bo")
    collector = "/api/collector/v1"
    comment = {"comment": "fine", "involves": [{"COMMENTED_ON": "Vessel/Kestrel-9"}]}
    bump = {"involves": [{"BUMP_UP": "Vessel/Kestrel-9"}]}
    for noun, message in (("entities", KESTREL), ("comments", comment), ("bumps", bump)):
        taken = await bo("POST", f"{collector}/{noun}", message)
        assert taken.status_code == 202
        assert taken.json()["_stream_id"]
        await worked_off(events_api)
    entity = await bo.does("GET", "entities/Vessel/Kestrel-9")
    assert entity["aspects"]["presentation"]["label"] == "Kestrel"
    assert entity["_bumps"]["up"] == 1
    [said] = await bo.does("GET", "comments/Vessel/Kestrel-9")
    assert {"role": "COMMENT:COMMENTS", "entity_ref": "ASUser/bo"} in said["involves"]


async def test_one_request_is_kept_in_its_order(events_api: Api) -> None:
    """Each of many says something else of one entity; the last word counts."""
    last = 150
    said = [{**KESTREL, "properties": {"number": number}} for number in range(last + 1)]
    taken = await events_api.admin("POST", "/api/collector/v1/entities", said)
    assert [one["status"] for one in taken.json()] == ["queued"] * len(said)
    await worked_off(events_api)
    assert (await events_api.admin.does("GET", "entities/Vessel/Kestrel-9"))["properties"] == {"number": last}


@pytest.mark.parametrize(
    ("noun", "message", "reason"),
    [
        ("events", {**EVENT, "importance": 9}, "importance: invalid_value"),
        (
            "comments", {"comment": "?", "involves": [{"COMMENTED_ON": "00000000-0000-3000-8000-000000000000"}]},
            "involves: invalid_reference",
        ),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_shown_to_the_operator(
    events_api: Api, caplog: pytest.LogCaptureFixture, noun: str, message: dict[str, Any], reason: str
) -> None:
    """Events §1.4, REL-020: taken in, given up with the reason, logged and counted."""
    caplog.set_level(logging.WARNING)
    assert (
        await events_api.admin("POST", f"/api/collector/v1/{noun}", [message, message])
    ).status_code == 202
    await worked_off(events_api)
    dead = await left(events_api)
    assert len(dead) == 2
    assert all(reason in str(one.error) for one in dead)
    assert reason in caplog.text


async def test_rights_are_those_of_the_sender(events_api: Api) -> None:
    """Events §1.2, §3.6: what a user may not change at once they may not change later."""
    await events_api.admin.does("PUT", "entities", {**KESTREL, "acl": [{"MANAGE": "ASUser/bo"}]})
    eve = await events_api.caller("eve", type=INGESTION_ONLY)
    assert (await eve("POST", "/api/collector/v1/entities", {**KESTREL, "label": "Mine"})).status_code == 202
    await worked_off(events_api)
    [dead] = await left(events_api)
    assert "may not be changed" in str(dead.error)
    reader = await events_api.caller("eve", type=QUERY_ONLY)
    assert (await reader.fails("POST", EVENTS, EVENT)).meaning == (403, "not_allowed")


async def test_nothing_is_taken_in_half(events_api: Api) -> None:
    """Events §1.3: what is no message at all is refused at once, and nothing of its request waits."""
    assert (await events_api.admin.fails("POST", EVENTS, [EVENT, 5])).meaning == (400, "invalid_value")
    assert await left(events_api) == []


async def test_a_running_server_does_it_by_itself(ready_url: str) -> None:
    async with opened(ready_url, work=True) as api:
        await api.admin.does("POST", EVENTS, EVENT)
        deadline = time.monotonic() + 20
        while (await api.admin("GET", f"events/{EVENT_ID}")).status_code != 200:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
