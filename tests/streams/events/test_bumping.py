"""Votes: one of an actor on a thing, and the latest counts (Events §10)."""

import json

import pytest
from logbook import BASE, Logbook

from storage import eventcounts, objects
from storage.eventcounts import Counts
from streams.events import Rejected

pytestmark = pytest.mark.anyio


async def counts(logbook: Logbook, row: int) -> Counts | None:
    return (await logbook.store.read(eventcounts.of, [row])).get(row)


async def test_a_vote_is_counted_once(logbook: Logbook) -> None:
    """Events §10: for each actor."""
    event = await logbook.event()
    on = str(event.stream_id)
    made, again = await logbook.bump(on), await logbook.bump(on)
    await logbook.bump(on, "BUMP_DOWN", by="Employee/Eve")
    assert (made.created, again.created, again.id, again.stream_id) == (True, False, made.id, made.stream_id)
    assert await counts(logbook, event.id) == Counts(up=1, down=1)


async def test_a_later_vote_takes_the_place_of_an_earlier_one(logbook: Logbook) -> None:
    """Events §10: also one that is neither; the activity says what is meant now (§23.5)."""
    event = await logbook.event()
    on = str(event.stream_id)
    first = await logbook.bump(on, "BUMP_UP")
    thing = await logbook.store.read(objects.by_id, first.id)
    assert thing is not None
    assert (thing.iri, thing.type) == (f"{BASE}/events/{first.stream_id}", "Like")
    second = await logbook.bump(on, "BUMP_NEUTRAL")
    assert (second.created, second.id) == (True, first.id)
    assert await counts(logbook, event.id) == Counts(neutral=1)
    assert await logbook.rows("SELECT value, activity FROM event_bumps") == [(0, first.id)]
    thing = await logbook.store.read(objects.by_id, first.id)
    assert thing is not None
    assert thing.type == "Activity"
    assert json.loads(thing.document or "")["actor"]["id"] == f"{BASE}/entities/Employee/Ada"
    entries = await logbook.rows("SELECT count(*) FROM entries WHERE item = :item", item=first.id)
    assert entries == [(1,)]


async def test_an_older_vote_that_comes_late_changes_nothing(logbook: Logbook) -> None:
    """Events §10: the later one counts, whichever arrives first."""
    await logbook.entity("Vessel/k")
    votes = (
        [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": "Vessel/k"}],
        [{"ACTOR": "Employee/Ada"}, {"BUMP_DOWN": "Vessel/k"}],
    )
    await logbook.record(("bump", {"involves": votes[0], "occurred_at": "2031-03-04T10:00:00Z"}))
    await logbook.record(("bump", {"involves": votes[1], "occurred_at": "2031-03-03T10:00:00Z"}))
    assert await counts(logbook, (await logbook.known("Vessel/k")).id) == Counts(up=1)


async def test_one_message_may_have_several_votes(logbook: Logbook) -> None:
    """Events §10: on entities and on items."""
    event = await logbook.event()
    involves = [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": str(event.stream_id)}, {"BUMP_DOWN": "Vessel/k"}]
    [made] = await logbook.record(("bump", {"involves": involves}))
    assert not isinstance(made, Rejected)
    assert len(made) == 2
    assert await counts(logbook, event.id) == Counts(up=1)
    assert await counts(logbook, (await logbook.known("Vessel/k")).id) == Counts(down=1)


async def test_what_a_vote_is_on_must_exist(logbook: Logbook) -> None:
    """Events §10: then none of the message's votes is kept."""
    involves = [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": "Vessel/k"}]
    involves.append({"BUMP_UP": "f48383f0-fc0f-317c-90df-5d7a76e1eb17"})
    [refused] = await logbook.record(("bump", {"involves": involves}))
    assert isinstance(refused, Rejected)
    assert await logbook.rows("SELECT * FROM event_bumps") == []


async def test_a_vote_on_what_is_public_is_public(logbook: Logbook) -> None:
    """Events §23.1."""
    shown = await logbook.event(acl=[{"READ": "Public"}])
    made = await logbook.bump(str(shown.stream_id))
    thing = await logbook.store.read(objects.by_id, made.id)
    assert thing is not None
    assert thing.public
