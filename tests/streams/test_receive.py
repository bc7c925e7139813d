"""Receiving: once, only from those who may, and listed for those it concerns."""

import json
from typing import Any

import pytest
from world import BASE, PUBLIC, World

from storage import Transaction, objects, policies
from storage.actors import ActorRow
from streams.errors import Hidden, NotAllowed, Unreachable

pytestmark = pytest.mark.anyio


def create(author: ActorRow, number: int, **note: Any) -> dict[str, Any]:
    """Return a Create with a note of its author."""
    thing = {
        "id": f"{author.iri}/n/{number}",
        "type": "Note",
        "attributedTo": author.iri,
        "content": "hi",
        **note,
    }
    return {"id": f"{author.iri}/a/{number}", "type": "Create", "object": thing, "to": note.get("to", PUBLIC)}


async def test_twice_is_once(world: World) -> None:
    """AP-314, REL-005: the same activity at two inboxes and again is stored once and listed once in each."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    activity = create(bob, 1)
    for inbox in (ada, eve, ada, None):
        await world.hear(bob, inbox, **activity)
    assert await world.listed(ada.iri, "inbox") == [activity["id"]]
    assert await world.listed(eve.iri, "inbox") == [activity["id"]]


async def test_shared_inbox_lists_for_followers_named_and_owner(world: World) -> None:
    """AP-317: at the shared inbox, local followers, those named in any field, and the owner of the object."""
    ada, eve, odd = [await world.local(name) for name in ("ada", "eve", "odd")]
    bob = await world.remote("bob")
    follow = await world.say(ada, type="Follow", object=bob.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/ok", type="Accept", object=follow.id)
    await world.hear(bob, None, **create(bob, 1, to=[bob.followers]))
    assert f"{bob.iri}/a/1" in await world.listed(ada.iri, "inbox")
    await world.hear(bob, None, **create(bob, 2, to=[eve.iri]))
    assert await world.listed(eve.iri, "inbox") == [f"{bob.iri}/a/2"]
    note = (await world.say(odd, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    await world.hear(bob, None, id=f"{bob.iri}/l/1", type="Like", object=note)
    assert await world.listed(odd.iri, "inbox") == [f"{bob.iri}/l/1"]


async def test_strangers_followers_are_not_ours_to_expand(world: World) -> None:
    """SEC-026: naming one of our followers collections from outside reaches nobody."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    await world.say(eve, type="Follow", object=ada.iri)
    heard = await world.listed(eve.iri, "inbox")
    await world.hear(bob, None, **create(bob, 1, to=[ada.followers]))
    assert await world.listed(eve.iri, "inbox") == heard


async def test_blind_recipients_are_used_and_forgotten(world: World) -> None:
    """AP-319: bto and bcc alone decide who is told, and are shown to nobody."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    for number, blind in enumerate(("bto", "bcc"), 1):
        said = {**create(bob, number, to=[bob.followers]), "actor": bob.iri, blind: [ada.iri]}
        await world.take_in(bob.iri, json.dumps(said))
        assert (await world.listed(ada.iri, "inbox"))[0] == f"{bob.iri}/a/{number}"
        shown = await world.shown(f"{bob.iri}/a/{number}", ada)
        assert ada.iri not in str(shown)


async def test_unknown_types_are_listed(world: World) -> None:
    """AP-320: kept, shown, without effect."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/w", type="Wave", object=ada.iri)
    assert await world.listed(ada.iri, "inbox") == [f"{bob.iri}/w"]


async def test_blocked_senders_are_dropped(world: World) -> None:
    """AP-323: not in the inbox of the one who blocks, though others still hear it."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    await world.say(ada, type="Block", object=bob.iri)
    await world.hear(bob, None, **create(bob, 1, to=[ada.iri, eve.iri]))
    assert await world.listed(ada.iri, "inbox") == []
    assert len(await world.listed(eve.iri, "inbox")) == 1


async def test_suspended_hosts_have_no_effect(world: World) -> None:
    """SEC-012, AP-640: nothing of a suspended host is stored."""
    ada, bob = await world.local("ada"), await world.remote("bob")

    async def suspend(tx: Transaction) -> None:
        await policies.put(tx, "there.example", "suspend", now=world.now)

    await world.store.write(suspend)
    await world.hear(bob, ada, **create(bob, 1))
    assert await world.listed(ada.iri, "inbox") == []


async def test_a_named_object_is_read_from_its_origin(world: World) -> None:
    """AP-316: an object given by IRI is fetched; while its server is down the activity waits and is not lost."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    activity = create(bob, 1)
    note = activity["object"]
    activity["object"] = note["id"]
    world.others.down.add(note["id"])
    with pytest.raises(Unreachable):
        await world.hear(bob, ada, **activity)
    world.others.down.clear()
    world.others.documents[note["id"]] = note
    await world.hear(bob, ada, **activity)
    assert (await world.shown(activity["id"], ada))["object"]["content"] == "hi"


async def test_what_cannot_be_read_yet_is_listed_meanwhile(world: World) -> None:
    """AP-316, AP-318, SEC-017: the activity is in the inbox at once, with nothing of what it brings but the name."""
    ada, carol = await world.local("ada"), await world.remote("carol", "far.example")
    activity = create(carol, 1)
    note = {
        **activity["object"],
        "inReplyTo": (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0],
    }
    world.others.down.add(note["id"])
    for _ in range(2):
        with pytest.raises(Unreachable):
            await world.hear(carol, ada, **{**activity, "object": note["id"]})
    assert await world.listed(ada.iri, "inbox") == [activity["id"]]
    assert (await world.shown(activity["id"], ada))["object"] == note["id"]
    assert await world.listed(note["inReplyTo"], "replies") == []
    world.others.down.clear()
    world.others.documents[note["id"]] = note
    for _ in range(2):
        await world.hear(carol, ada, **{**activity, "object": note["id"]})
    assert await world.listed(ada.iri, "inbox") == [activity["id"]]
    assert (await world.shown(activity["id"], ada))["object"]["content"] == "hi"
    assert await world.listed(note["inReplyTo"], "replies") == [note["id"]]


async def test_what_was_listed_too_early_is_taken_back(world: World) -> None:
    """SEC-017: what the origin says was written by someone else leaves nothing behind, neither embedded nor listed."""
    ada, bob, carol = await world.local("ada"), await world.remote("bob"), await world.remote("carol")
    forged = {**create(carol, 1), "id": f"{bob.iri}/a/1"}
    world.others.down.add(forged["object"]["id"])
    with pytest.raises(Unreachable):
        await world.hear(bob, ada, **forged)
    assert (await world.shown(forged["id"], ada))["object"] == forged["object"]["id"]
    world.others.down.clear()
    world.others.documents[forged["object"]["id"]] = forged["object"]
    await world.hear(bob, ada, **forged)
    assert await world.listed(ada.iri, "inbox") == []
    held = await world.store.read(objects.by_iri, forged["id"])
    assert held is None or held.document is None


async def test_what_was_taken_back_opens_nothing_to_whom_it_was_sent(world: World) -> None:
    """SEC-017: whoever was sent what its actor was not allowed may not read what somebody else says under its id."""
    ada, eve = await world.local("ada"), await world.local("eve")
    bob, carol = await world.remote("bob"), await world.remote("carol")
    said = create(carol, 1, to=[ada.iri])
    forged = {**said, "to": [eve.iri], "object": create(carol, 2)["object"]}
    world.others.down.add(forged["object"]["id"])
    with pytest.raises(Unreachable):
        await world.hear(bob, eve, **forged)
    assert await world.listed(eve.iri, "inbox") == [said["id"]]
    world.others.down.clear()
    world.others.documents[forged["object"]["id"]] = forged["object"]
    await world.hear(bob, eve, **forged)
    await world.hear(carol, ada, **said)
    assert (await world.shown(said["id"], ada))["object"]["content"] == "hi"
    with pytest.raises(Hidden):
        await world.shown(said["id"], eve)


@pytest.mark.parametrize("served", [True, False])
async def test_what_names_no_author_is_its_bringers(world: World, served: bool) -> None:
    """AP-340, AP-345, ActivityPub §6.2: a Create says who made it; what its origin serves is preferred."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    activity = create(bob, 1, attributedTo=None)
    note = activity["object"]
    if served:
        world.others.documents[note["id"]] = {**note, "content": "as served"}
    await world.hear(bob, ada, **activity)
    shown = await world.shown(activity["id"], ada)
    assert shown["object"]["content"] == ("as served" if served else "hi")
    assert world.others.asked == [note["id"]]
    held = await world.store.read(objects.by_iri, note["id"])
    assert held is not None
    assert held.owner == bob.id
    newer = {**note, "content": "newer"}
    world.others.documents[note["id"]] = newer
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Update", object=newer)
    assert (await world.shown(note["id"], ada))["content"] == "newer"


async def test_nobody_is_robbed_of_what_names_no_author(world: World) -> None:
    """SEC-017, SEC-021, SEC-024: not by a neighbour, from another origin, or by an Update that drops the author."""
    ada, bob, eve = await world.local("ada"), await world.remote("bob"), await world.remote("eve")
    far = await world.remote("far", "far.example")
    named = create(bob, 1)
    world.others.documents[named["object"]["id"]] = named["object"]
    for thief in (eve, far):
        stolen = {name: value for name, value in named["object"].items() if name != "attributedTo"}
        await world.hear(
            thief, ada, id=f"{thief.iri}/a", type="Create", object={**stolen, "content": "mine"}, to=PUBLIC
        )
        held = await world.store.read(objects.by_iri, named["object"]["id"])
        assert held is None or held.document is None
    await world.hear(bob, ada, **named)
    world.others.documents.clear()
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Update", object={**stolen, "content": "changed"})
    assert (await world.shown(named["object"]["id"], ada))["content"] == "hi"


async def test_an_object_of_another_origin_is_not_taken_from_the_sender(world: World) -> None:
    """SEC-017, SEC-024: embedded objects of a neighbour or of another host are not believed."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    carol = await world.remote("carol", host="elsewhere.example")
    for author in (carol, await world.remote("neighbour")):
        await world.hear(bob, ada, **{**create(author, 1), "id": f"{bob.iri}/a/{author.name}"})
        with pytest.raises(LookupError):
            await world.store.read(_must_exist, f"{author.iri}/n/1")


async def _must_exist(tx: Transaction, iri: str) -> None:
    row = await objects.by_iri(tx, iri)
    if row is None or row.document is None:
        raise LookupError(iri)


async def test_late_arrivals_change_nothing(world: World) -> None:
    """AP-325, SEC-030: Create after Delete, Undo before Like, Update older than ours."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    activity = create(bob, 1)
    await world.hear(bob, ada, id=f"{bob.iri}/d", type="Delete", object=activity["object"]["id"])
    await world.hear(bob, ada, **activity)
    with pytest.raises(LookupError):
        await world.store.read(_must_exist, activity["object"]["id"])
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    like = {"id": f"{bob.iri}/l", "type": "Like", "object": note}
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Undo", object=like)
    await world.hear(bob, ada, **like)
    assert await world.listed(note, "likes") == []
    newer = create(bob, 2, content="new", updated="2026-03-01T00:00:00Z")
    await world.hear(bob, ada, **create(bob, 2))
    await world.hear(bob, ada, **{**newer, "id": f"{bob.iri}/u2", "type": "Update"})
    older = {**newer["object"], "content": "old", "updated": "2026-02-01T00:00:00Z"}
    await world.hear(bob, ada, id=f"{bob.iri}/u3", type="Update", object=older, to=PUBLIC)
    assert (await world.shown(newer["object"]["id"]))["content"] == "new"


async def test_what_carries_our_name_is_not_overwritten(world: World) -> None:
    """SEC-022, SEC-037: a Create of an id of ours or of another's changes nothing."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="mine", to=PUBLIC)).ids("object")[0]
    activity = create(bob, 1)
    await world.hear(bob, ada, **{**activity, "object": {**activity["object"], "id": note}})
    assert (await world.shown(note))["content"] == "mine"
    await world.hear(bob, ada, **create(bob, 2))
    await world.hear(bob, ada, **{**create(bob, 2, content="again"), "id": f"{bob.iri}/a/3"})
    assert (await world.shown(f"{bob.iri}/n/2"))["content"] == "hi"
    assert BASE in note


async def test_one_author_among_several(world: World) -> None:
    """AP-808, SEC-027: the author equal to the actor owns the object; one that cannot be named spoils it."""
    ada, bob, other = await world.local("ada"), await world.remote("bob"), await world.remote("other")
    for number, (second, kept) in enumerate(
        [({"type": "Group", "id": other.iri}, True), ({"type": "Group"}, False)]
    ):
        video = {
            "id": f"{bob.iri}/v{number}", "type": "Video", "name": "x", "to": PUBLIC,
            "attributedTo": [{"type": "Person", "id": bob.iri}, second],
        }  # fmt: skip
        await world.hear(bob, ada, id=f"{bob.iri}/c{number}", type="Create", object=video, to=PUBLIC)
        held = await world.store.read(objects.by_iri, f"{bob.iri}/v{number}")
        assert (held is not None and held.owner == bob.id) is kept


async def test_what_cannot_be_understood_is_listed_all_the_same(world: World) -> None:
    """AP-311, SEC-055: an ambiguous member takes the effect away, not the activity."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/b", type="Block", object=[ada.iri, bob.iri])
    assert await world.listed(ada.iri, "inbox") == [f"{bob.iri}/b"]


@pytest.mark.parametrize(
    "type",
    ["Arrive", "Ignore", "Invite", "Join", "Leave", "Listen", "Offer", "Read", "TentativeAccept", "TentativeReject",
     "Travel", "View"],
)  # fmt: skip
async def test_types_without_effect_are_listed(world: World, type: str) -> None:
    """AP-384, AP-034: kept as they are, and nothing else comes of them."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    follow = await world.say(ada, type="Follow", object=bob.iri)
    sent = {"id": f"{bob.iri}/1", "type": type, "object": follow.id, "to": ada.iri}
    await world.hear(bob, ada, **sent)
    assert await world.listed(ada.iri, "inbox") == [f"{bob.iri}/1"]
    assert (await world.shown(f"{bob.iri}/1", ada))["type"] == type
    assert await world.listed(ada.iri, "following") == []
    assert len(await world.listed(ada.iri, "pendingFollowing")) == 1


async def test_an_update_from_a_server_replaces_the_whole(world: World) -> None:
    """AP-345: what the new version does not say is gone; of something unknown, it is the first version."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = {
        "id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "a", "summary": "s", "to": PUBLIC,
        "sensitive": True,
    }  # fmt: skip
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=note, to=PUBLIC)
    after = {term: value for term, value in note.items() if term not in ("summary", "sensitive")}
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Update", object=after | {"content": "b"}, to=PUBLIC)
    shown = await world.shown(note["id"])
    assert shown["content"] == "b"
    assert not {"summary", "sensitive"} & shown.keys()
    late = after | {"id": f"{bob.iri}/n2"}
    await world.hear(bob, ada, id=f"{bob.iri}/u2", type="Update", object=late, to=PUBLIC)
    assert (await world.shown(f"{bob.iri}/n2"))["content"] == "a"


async def test_a_reply_from_elsewhere_is_attached_and_nothing_is_overwritten(world: World) -> None:
    """AP-322, AP-340, SEC-022: listed below what it answers; an id we hold keeps its first document."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    parent = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    reply = create(bob, 1, inReplyTo=parent)
    await world.hear(bob, ada, **reply)
    iri = reply["object"]["id"]
    assert await world.listed(parent, "replies") == [iri]
    before = await world.shown(iri)
    await world.hear(
        bob, ada, **{**reply, "id": f"{bob.iri}/again", "object": reply["object"] | {"content": "?"}}
    )
    assert await world.shown(iri) == before
    await world.hear(bob, ada, **{**reply, "type": "Like", "object": parent})
    assert (await world.shown(reply["id"], ada))["type"] == "Create"
    assert await world.listed(parent, "likes") == []


async def test_an_activity_without_id_takes_effect(world: World) -> None:
    """AP-315: a Like needs no later reference; it is listed under a name of ours."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    await world.hear(bob, ada, type="Like", object=note)
    [like] = await world.listed(note, "likes")
    assert like in await world.listed(ada.iri, "inbox")


@pytest.mark.parametrize("act", ["Announce", "Add"])
async def test_no_origin_speaks_for_the_actors_of_another(world: World, act: str) -> None:
    """SEC-017, SEC-027: nobody elsewhere gets words put into the mouth, not by a document read from its origin."""
    eve = await world.remote("eve", "evil.example", featured="https://evil.example/pins")
    bob, ada = await world.remote("bob"), await world.local("ada")
    forged = {"id": "https://evil.example/n", "type": "Note", "attributedTo": bob.iri, "content": "I resign"}
    world.others.documents[forged["id"]] = {**forged, "to": PUBLIC}
    target = {"target": "https://evil.example/pins"} if act == "Add" else {}
    await world.hear(
        eve, ada, id="https://evil.example/a", type=act, object=forged["id"], to=PUBLIC, **target
    )
    held = await world.store.read(objects.by_iri, forged["id"])
    assert held is None or (held.document, held.owner) == (None, None)
    with pytest.raises(NotAllowed):
        await world.say(ada, type="Like", object=forged["id"])


async def test_one_activity_reads_no_more_than_its_purse_holds(world: World) -> None:
    """SEC-046: an Announce of very many things does not make us ask very many servers, nor again later."""
    eve, ada = await world.remote("eve", "evil.example"), await world.local("ada")
    world.others.purse = 5
    many = [f"https://victim{number}.example/n" for number in range(50)]
    await world.hear(eve, ada, id="https://evil.example/a", type="Announce", object=many, to=PUBLIC)
    assert world.others.asked == many[:6]
    assert "https://evil.example/a" in await world.listed(ada.iri, "inbox")


@pytest.mark.parametrize("blocked", ["https://far.example/u/bob", "https://far.example/"])
async def test_nobody_brings_what_someone_has_blocked(world: World, blocked: str) -> None:
    """AP-256, AP-641: not by sharing it, whichever inbox the share comes to; others are shown it."""
    ada, cy, tea = await world.local("ada"), await world.local("cy"), await world.remote("tea", type="Group")
    bob = await world.remote("bob", "far.example")
    for number, follower in enumerate((ada, cy)):
        follow = await world.say(follower, type="Follow", object=tea.iri)
        await world.hear(tea, follower, id=f"{tea.iri}/{number}", type="Accept", object=follow.id)
    await world.say(ada, type="Block", object=blocked)
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "x", "to": PUBLIC}
    world.others.documents[note["id"]] = note
    share = {"id": f"{tea.iri}/a", "type": "Announce", "object": note["id"], "to": [PUBLIC, tea.followers]}
    await world.hear(tea, None, **share)
    await world.hear(tea, ada, **share)
    assert share["id"] not in await world.listed(ada.iri, "inbox")
    assert share["id"] in await world.listed(cy.iri, "inbox")


@pytest.mark.parametrize(
    "members",
    [
        {
            "type": "Move",
            "object": "https://there.example/u/bob",
            "target": ["https://a.example/1", "https://a.example/2"],
        },
        {
            "type": "Like",
            "object": "https://a.example/1",
            "to": [f"https://a.example/{n}" for n in range(1_001)],
        },
        {
            "type": "Create",
            "object": {"type": "Note", "to": [f"https://a.example/{n}" for n in range(1_001)]},
        },
    ],
)
async def test_what_cannot_be_used_is_struck_off(world: World, members: dict[str, Any]) -> None:
    """AP-011, SEC-027, SEC-117: two targets, too many recipients here or inside: taken once, and never tried again."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/a", **members)
    assert await world.listed(ada.iri, "inbox") == []


async def test_a_group_that_announces_nonsense_is_heard_all_the_same(world: World) -> None:
    """AP-367, SEC-027: an activity of two actors inside has no effect; the Announce is listed."""
    ada, tea = await world.local("ada"), await world.remote("tea", type="Group")
    inner = {
        "id": f"{tea.iri}/i",
        "type": "Create",
        "actor": [tea.iri, f"{tea.iri}2"],
        "object": f"{tea.iri}/n",
    }
    inner["to"] = ada.iri
    await world.hear(tea, ada, id=f"{tea.iri}/a", type="Announce", object=inner, to=ada.iri)
    assert await world.listed(ada.iri, "inbox") == [f"{tea.iri}/a"]


@pytest.mark.parametrize("named", [True, False])
async def test_whoever_it_is_sent_to_may_read_it(world: World, named: bool) -> None:
    """AP-314, AP-317: one activity sent to several, to each with that one's name alone or with none (blind)."""
    ada, eve, odd, bob = [await world.local(name) for name in ("ada", "eve", "odd")] + [
        await world.remote("bob")
    ]
    for one in (ada, eve):
        await world.hear(bob, one, **create(bob, 1, to=[one.iri] if named else []))
        assert await world.listed(one.iri, "inbox") == [f"{bob.iri}/a/1"]
        assert (await world.shown(f"{bob.iri}/a/1", one))["object"]["content"] == "hi"
    for hidden in (f"{bob.iri}/a/1", f"{bob.iri}/n/1"):
        with pytest.raises(Hidden):
            await world.shown(hidden, odd)


async def test_a_repeated_create_opens_nothing_of_others(world: World) -> None:
    """SEC-017: what somebody else made is not opened to whom a Create of it is sent, the first time nor again."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    secret = (await world.say(ada, type="Note", content="mine")).ids("object")[0]
    for _ in range(2):
        await world.hear(bob, eve, id=f"{bob.iri}/a/1", type="Create", object=secret, to=[eve.iri])
        with pytest.raises(Hidden):
            await world.shown(secret, eve)
