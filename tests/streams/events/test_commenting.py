"""Comments: on what exists, counted there, with whom they mention (Events §8)."""

import json

import pytest
from logbook import BASE, Logbook

from storage import eventcounts, eventroles, objects
from storage.eventcounts import Counts
from streams.events import Rejected

pytestmark = pytest.mark.anyio

NOWHERE = "f48383f0-fc0f-317c-90df-5d7a76e1eb17"


async def test_a_comment_is_kept_and_counted(logbook: Logbook) -> None:
    """Events §8, §16: with its tags and mentions, once however often it is sent."""
    event = await logbook.event()
    text = "#fog again – Ada@Employee/ada please check @Vessel/Kestrel-9"
    at = "2031-03-04T11:00:00Z"
    made = await logbook.comment(text, str(event.stream_id), occurred_at=at)
    again = await logbook.comment(text, str(event.stream_id), occurred_at=at)
    assert (made.created, again.created, again.id) == (True, False, made.id)
    row = await logbook.item(made.stream_id)
    assert (row.kind, row.type, json.loads(row.body)["comment"]) == (1, "as.api.comment", text)
    roles = (await logbook.store.read(eventroles.of, [made.id]))[made.id]
    mentioned = {role.named for role in roles if role.path == "COMMENT:MENTIONS"}
    assert mentioned == {(await logbook.known(ref)).id for ref in ("Employee/Ada", "Vessel/Kestrel-9")}
    assert [role.named for role in roles if role.path == "COMMENT:COMMENTED_ON"] == [event.id]
    assert await logbook.store.read(eventroles.tags_of, [made.id]) == {made.id: ["fog"]}
    assert await logbook.store.read(eventcounts.of, [event.id]) == {event.id: Counts(comments=1)}


async def test_a_comment_is_in_its_authors_stream(logbook: Logbook) -> None:
    """Events §23.5: a Create of a Note, for nobody in particular."""
    await logbook.entity("Vessel/k")
    made = await logbook.comment("hello", "Vessel/k")
    thing = await logbook.store.read(objects.by_id, made.id)
    assert thing is not None
    assert (thing.iri, thing.type, thing.public) == (f"{BASE}/events/{made.stream_id}", "Create", 0)
    rows = await logbook.rows(
        "SELECT n.key FROM entries e JOIN streams s ON s.id = e.stream JOIN event_entities n ON n.id = s.owner"
        " WHERE e.item = :item",
        item=made.id,
    )
    assert rows == [("asuser/bo",)]


async def test_a_comment_on_what_is_public_is_public(logbook: Logbook) -> None:
    """Events §23.1: unless its own rules keep it from somebody."""
    event = await logbook.event(acl=[{"READ": "Public"}])
    on = str(event.stream_id)
    shown = await logbook.comment("seen", on)
    kept = await logbook.comment("not seen", on, acl=[{"READ": "ASUser/bo"}])
    public = {made: await logbook.store.read(objects.by_id, made) for made in (shown.id, kept.id)}
    assert {made: row.public for made, row in public.items() if row is not None} == {shown.id: 1, kept.id: 0}


async def test_a_comment_may_be_on_what_comes_along(logbook: Logbook) -> None:
    """Events §22: messages of one unit of work may name each other."""
    event = {
        "type": "as.x.done",
        "occurred_at": "2031-03-04T10:00:00Z",
        "involves": [{"ACTOR": "Employee/Ada"}],
    }
    id = (await logbook.read("event", event)).message.id  # type: ignore[union-attr]
    comment = {"comment": "well done", "involves": [{"COMMENTED_ON": str(id)}]}
    [made], [said] = await logbook.record(("event", event), ("comment", comment))  # type: ignore[misc]
    assert await logbook.store.read(eventcounts.of, [made.id]) == {made.id: Counts(comments=1)}
    assert said.created


async def test_what_a_comment_is_on_must_exist(logbook: Logbook) -> None:
    """Events §8: an entity comes to be by that, an item does not; nothing else of the message is kept."""
    with pytest.raises(Rejected) as refused:
        await logbook.comment("@Vessel/k where?", NOWHERE)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [
        ("invalid_reference", "involves")
    ]
    assert await logbook.find("Vessel/k") is None
    await logbook.comment("here", "Vessel/k")
    vessel = await logbook.known("Vessel/k")
    assert await logbook.store.read(eventcounts.of, [vessel.id]) == {vessel.id: Counts(comments=1)}


async def test_bare_names_are_those_of_people_who_are_known(logbook: Logbook) -> None:
    """Events §8: users of the tenant first; a name that nobody has stays text."""
    for ref in ("User/ada", "Employee/ada", "Employee/eve", "Vessel/k"):
        await logbook.entity(ref)
    made = await logbook.comment("@ada and @eve, not @nobody", "Vessel/k")
    roles = (await logbook.store.read(eventroles.of, [made.id]))[made.id]
    mentioned = {role.named for role in roles if role.path == "COMMENT:MENTIONS"}
    assert mentioned == {(await logbook.known(ref)).id for ref in ("User/ada", "Employee/eve")}
    assert await logbook.find("User/nobody") is None
