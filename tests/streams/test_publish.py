"""Publishing: what a client may say, what becomes of it, and who is sent what."""

from typing import Any

import pytest
from world import BASE, PUBLIC, World

from streams.errors import NotAllowed, NotFound, Refused
from vocab import VocabError

pytestmark = pytest.mark.anyio


async def test_a_bare_object_is_wrapped(world: World) -> None:
    """AP-193, AP-196, AP-197, AP-220: new ids, a Create around it, recipients copied."""
    ada = await world.local("ada")
    activity = await world.say(ada, type="Note", id="https://evil.example/x", content="hi", to=PUBLIC)
    assert activity.type == "Create"
    assert activity.id is not None
    assert activity.id.startswith(f"{BASE}/activities/")
    note = activity.embedded("object")[0]
    assert note.id is not None
    assert note.id.startswith(f"{BASE}/objects/")
    assert note.ids("attributedTo") == (ada.iri,)
    assert activity.ids("to") == note.ids("to") == (PUBLIC,)
    assert note.get("replies") == f"{note.id}/replies"
    assert await world.listed(ada.iri, "outbox") == [activity.id]


async def test_recipients_of_activity_and_object_are_united(world: World) -> None:
    """AP-198: kind by kind, without duplicates, in both."""
    ada = await world.local("ada")
    one, two = "https://a.example/1", "https://a.example/2"
    note = {"type": "Note", "content": "x", "to": [two], "cc": one}
    activity = await world.say(ada, type="Create", to=[one, two], object=note)
    assert activity.ids("to") == activity.embedded("object")[0].ids("to") == (one, two)
    assert activity.ids("cc") == activity.embedded("object")[0].ids("cc") == (one,)


@pytest.mark.parametrize(
    ("activity", "field"),
    [
        ({"type": "Like"}, "object"),
        ({"type": "Add", "object": "https://a.example/1"}, "target"),
        ({"type": "Note", "content": 3}, "content"),
        ({"type": "Note", "content": "x", "published": "2999-01-01T00:00:00Z"}, "published"),
        ({"type": "Create", "object": "https://a.example/1"}, "object"),
        ({"type": "Create", "object": {"type": "Tombstone"}}, "object.type"),
        ({"type": "Create", "object": {"type": "Person", "inbox": f"{BASE}/i", "outbox": f"{BASE}/o"}}, "object.type"),
        ({"type": "Create", "object": {"type": "Key", "publicKeyPem": "x"}}, "object"),
        ({"type": "Follow", "object": f"{BASE}/users/ada"}, "object"),
        ({"type": "Follow", "object": "https://nowhere.example/u/x"}, "object"),
        ({"type": "Undo", "object": {"type": "Like"}}, "object"),
    ],
)  # fmt: skip
async def test_what_cannot_be_accepted_names_its_field(
    world: World, activity: dict[str, Any], field: str
) -> None:
    """AP-199, AP-201, AP-205, AP-221, AP-235: refused with the field's name, and nothing is stored."""
    ada = await world.local("ada")
    with pytest.raises((Refused, VocabError)) as refused:
        await world.say(ada, **activity)
    assert field in str(refused.value)
    assert await world.listed(ada.iri, "outbox") == []


async def test_nobody_speaks_for_another(world: World) -> None:
    """AP-195: a different actor or author is not allowed."""
    ada, eve = await world.local("ada"), await world.local("eve")
    with pytest.raises(NotAllowed):
        await world.say(ada, type="Like", actor=eve.iri, object="https://a.example/1")
    with pytest.raises(NotAllowed):
        await world.say(ada, type="Note", attributedTo=eve.iri, content="x")


async def test_unknown_types_are_kept_and_delivered(world: World) -> None:
    """AP-008, AP-203, AP-270: an extension activity is stored, listed, delivered, without effect."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    activity = await world.say(ada, type="ex:Wave", object=bob.iri, to=bob.iri, **{"ex:size": 3})
    assert activity.types == ("ex:Wave", "Activity")
    assert await world.listed(ada.iri, "outbox") == [activity.id]
    [(inbox, body)] = await world.deliveries()
    assert inbox == bob.inbox
    assert body["ex:size"] == 3


async def test_one_delivery_per_shared_inbox(world: World) -> None:
    """AP-285, AP-288, AP-289: members of one server share a copy; those named blind get their own."""
    ada = await world.local("ada")
    shared = {"endpoints": {"sharedInbox": "https://there.example/shared"}}
    for number in range(3):
        fan = await world.remote(f"fan{number}", **shared)
        await world.hear(fan, ada, id=f"{fan.iri}/f", type="Follow", object=ada.iri)
    lone = await world.remote("lone", host="alone.example")
    await world.hear(lone, ada, id=f"{lone.iri}/f", type="Follow", object=ada.iri)
    await world.store.write(_clear)
    note = {
        "type": "Note",
        "content": "x",
        "to": [ada.followers, PUBLIC],
        "bto": "https://there.example/u/fan0",
    }
    await world.say(ada, **note)
    delivered = await world.deliveries()
    assert sorted(inbox for inbox, _ in delivered) == [
        "https://alone.example/u/lone/inbox",
        "https://there.example/shared",
        "https://there.example/u/fan0/inbox",
    ]
    assert all("bto" not in body and "bto" not in body["object"] for _, body in delivered)


async def _clear(tx: Any) -> None:
    await tx.run("DELETE FROM jobs")


async def test_private_things_are_nobody_elses(world: World) -> None:
    """AP-070, AP-642, SEC-034: without recipients an object is its author's alone, also for likes and replies."""
    ada, eve = await world.local("ada"), await world.local("eve")
    activity = await world.say(ada, type="Note", content="mine")
    note = activity.ids("object")[0]
    assert (await world.shown(note, ada))["content"] == "mine"
    for viewer in (None, eve):
        with pytest.raises(NotFound):
            await world.shown(note, viewer)
    with pytest.raises(NotFound):
        await world.say(eve, type="Like", object=note)
    with pytest.raises(NotFound):
        await world.say(eve, type="Note", content="re", inReplyTo=note)


async def test_a_delivery_carries_what_it_is_about(world: World) -> None:
    """AP-291: Create embeds; Like and Announce name; Undo and Accept embed the activity they speak of."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = {
        "id": "https://there.example/n/1", "type": "Note", "attributedTo": bob.iri, "to": PUBLIC, "content": "b",
        "published": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    world.others.documents[note["id"]] = note  # type: ignore[index]
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    like = await world.say(ada, type="Like", object=note["id"])
    await world.say(ada, type="Undo", object=like.id)
    accept, liked, undone = (body for _, body in await world.deliveries())
    assert accept["object"] == {"id": f"{bob.iri}/f", "type": "Follow", "actor": bob.iri, "object": ada.iri}
    assert liked["object"] == note["id"]
    assert undone["object"]["id"] == like.id
    assert undone["object"]["actor"] == ada.iri
    assert all("@context" in body and body["actor"] == ada.iri for body in (accept, liked, undone))


async def test_dates_are_written_in_utc(world: World) -> None:
    """AP-016: whatever offset a client writes; what is no date of the vocabulary is left alone."""
    ada = await world.local("ada")
    event = {
        "type": "Event",
        "name": "x",
        "startTime": "2026-05-01T10:00+02:00",
        "ex:at": "2026-05-01T10:00+02:00",
    }
    made = (await world.say(ada, **event)).embedded("object")[0]
    assert made.get("startTime") == "2026-05-01T08:00:00Z"
    assert made.get("ex:at") == "2026-05-01T10:00+02:00"
    changed = {"id": made.id, "type": "Event", "endTime": "2026-05-01T12:00:00-01:00"}
    after = (await world.say(ada, type="Update", object=changed)).embedded("object")[0]
    assert after.get("endTime") == "2026-05-01T13:00:00Z"


@pytest.mark.parametrize(
    ("activity", "summary"),
    [
        ({"type": "Brew", "actor": "https://here.example/users/ada", "object": {"type": "Note", "name": "Tea & milk"}},
         "ada did “Brew”: Tea &amp; milk"),
        ({"type": "Brew", "actor": "https://here.example/users/ada", "name": "Tea time"}, None),
        ({"type": "Listen", "object": {"type": "Audio"}}, None),
        ({"type": "Note", "content": "x"}, None),
    ],
)  # fmt: skip
async def test_what_others_will_not_know_is_told_in_a_sentence(
    world: World, activity: dict[str, Any], summary: str | None
) -> None:
    """AP-025: unless it says something itself."""
    assert (await world.say(await world.local("ada"), **activity)).get("summary") == summary


WITHOUT_EFFECT = [
    "Arrive", "IntransitiveActivity", "Invite", "Join", "Leave", "Listen", "Offer", "Read", "TentativeAccept",
    "TentativeReject", "Travel", "View",
]  # fmt: skip


@pytest.mark.parametrize("type", WITHOUT_EFFECT)
async def test_types_without_effect_are_kept_and_delivered_by_address(world: World, type: str) -> None:
    """AP-270, AP-034: stored and listed; to nobody unless it says to whom."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    thing = (
        {} if type in ("Arrive", "IntransitiveActivity", "Travel") else {"object": "https://there.example/x"}
    )
    quiet = await world.say(ada, type=type, **thing)
    with pytest.raises(NotFound):
        await world.shown(quiet.id or "", bob)
    assert await world.deliveries() == []
    loud = await world.say(ada, type=type, to=bob.iri, **thing)
    assert await world.listed(ada.iri, "outbox") == [loud.id, quiet.id]
    [(inbox, body)] = await world.deliveries()
    assert (inbox, body["type"], body["id"]) == (bob.inbox, type, loud.id)


@pytest.mark.parametrize(
    ("published", "kept"),
    [(None, "2026-11-20T12:00:01Z"), ("2019-01-01T10:00:00+02:00", "2019-01-01T08:00:00Z")],
)
async def test_dates_of_things(world: World, published: str | None, kept: str) -> None:
    """AP-199: set when missing, a past one is kept; updated is ours."""
    ada = await world.local("ada")
    made = await world.say(ada, type="Note", content="x", published=published, updated="2020-01-01T00:00:00Z")
    note = made.embedded("object")[0]
    assert (note.get("published"), note.get("updated")) == (kept, None)


async def test_what_was_refused_leaves_no_trace(world: World) -> None:
    """AP-202, AP-207, AP-222: the second of two things cannot be seen, so neither is shared."""
    ada, eve = await world.local("ada"), await world.local("eve")
    shown = (await world.say(eve, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    hidden = (await world.say(eve, type="Note", content="y")).ids("object")[0]
    with pytest.raises(NotFound):
        await world.say(ada, type="Announce", object=[shown, hidden], to=PUBLIC)
    assert await world.listed(ada.iri, "outbox") == await world.listed(shown, "shares") == []
    with pytest.raises(NotFound):
        await world.say(ada, type="Note", content="z", inReplyTo=hidden)
