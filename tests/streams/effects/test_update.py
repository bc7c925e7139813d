"""Update: partial from a client, whole from a server, by the owner alone."""

import json
from typing import Any

import pytest
from world import BASE, PUBLIC, World

from server.doors.activitypub.collections import render
from storage.actors import ActorRow
from storage.entries import Viewer
from streams import actors as making
from streams import read
from streams.errors import Gone, Hidden, NotAllowed, NotFound, Refused

pytestmark = pytest.mark.anyio


async def test_members_given_replace_null_removes_absent_stay(world: World) -> None:
    """AP-226, AP-227: and what is delivered is the complete new object."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = (await world.say(ada, type="Note", content="a", summary="s", name="n", to=[bob.iri])).ids(
        "object"
    )[0]
    update = {"id": note, "type": "Note", "content": "b", "summary": None}
    activity = await world.say(ada, type="Update", object=update)
    whole = activity.embedded("object")[0]
    assert (whole.get("content"), whole.get("summary"), whole.get("name")) == ("b", None, "n")
    assert whole.get("updated")
    inbox, body = (await world.deliveries())[-1]
    assert inbox == bob.inbox
    assert body["object"] == whole.data


@pytest.mark.parametrize(
    "change", [{"attributedTo": "https://a.example/x"}, {"published": "2020-01-01T00:00:00Z"}, {"likes": "https://a.example"}]
)  # fmt: skip
async def test_what_the_server_keeps_cannot_be_changed(world: World, change: dict[str, Any]) -> None:
    """AP-166: a different value is refused by name, the same one is fine."""
    ada = await world.local("ada")
    activity = await world.say(ada, type="Note", content="a", to=PUBLIC)
    note = activity.embedded("object")[0]
    with pytest.raises(Refused, match=next(iter(change))):
        await world.say(ada, type="Update", object={"id": note.id, "type": "Note", **change})
    same = {term: note.get(term) for term in change}
    await world.say(ada, type="Update", object={"id": note.id, "type": "Note", **same})


async def test_only_the_owner_and_only_what_is_there(world: World) -> None:
    """AP-225: 403, 404 and 410 in the words of this package; an activity cannot be changed."""
    ada, eve = await world.local("ada"), await world.local("eve")
    activity = await world.say(ada, type="Note", content="a", to=PUBLIC)
    note = activity.ids("object")[0]
    with pytest.raises(NotAllowed):
        await world.say(eve, type="Update", object={"id": note, "type": "Note", "content": "b"})
    with pytest.raises(NotFound):
        await world.say(ada, type="Update", object={"id": f"{note}x", "type": "Note"})
    with pytest.raises(Refused):
        await world.say(ada, type="Update", object={"id": activity.id, "type": "Create"})
    await world.say(ada, type="Delete", object=note)
    with pytest.raises(Gone):
        await world.say(ada, type="Update", object={"id": note, "type": "Note"})


async def test_a_profile(world: World) -> None:
    """AP-228: name, summary and approval change; keys, inbox and name of the account do not."""
    ada = await world.local("ada")
    change = {"id": ada.iri, "type": "Person", "name": "Ada L.", "manuallyApprovesFollowers": True}
    activity = await world.say(ada, type="Update", object=change)
    shown = activity.embedded("object")[0]
    assert shown.get("name") == "Ada L."
    assert shown.get("manuallyApprovesFollowers") is True
    assert shown.get("inbox") == f"{ada.iri}/inbox"
    for term in ("inbox", "publicKey", "preferredUsername"):
        with pytest.raises(Refused, match=term):
            await world.say(
                ada, type="Update", object={"id": ada.iri, "type": "Person", term: "https://a.example"}
            )


async def test_a_server_replaces_the_whole(world: World) -> None:
    """AP-345: members missing in the new version disappear; a neighbour's Update does nothing."""
    ada, bob, odd = await world.local("ada"), await world.remote("bob"), await world.remote("odd")
    note = {
        "id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "a", "summary": "s", "to": PUBLIC,
    }  # fmt: skip
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", object=note, to=PUBLIC)
    newer = {**{term: note[term] for term in ("id", "type", "attributedTo", "to")}, "content": "b"}
    await world.hear(odd, ada, id=f"{odd.iri}/u", type="Update", object=newer, to=PUBLIC)
    assert (await world.shown(f"{bob.iri}/n"))["content"] == "a"
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Update", object=newer, to=PUBLIC)
    shown = await world.shown(f"{bob.iri}/n")
    assert shown["content"] == "b"
    assert "summary" not in shown


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Person"}, {"type": "Tombstone"}, {"type": "Create"}, {"type": ["Note", "Like"]}, {"type": "Link"},
        {"type": "Collection"}, {"type": None}, {"publicKeyPem": "x"},
        {"inbox": "https://a.example/i", "outbox": "https://a.example/o"},
    ],
)  # fmt: skip
async def test_a_thing_stays_what_it_is(world: World, change: dict[str, Any]) -> None:
    """AP-226, AP-095, SEC-021: no Update makes an actor, activity, tombstone, link, list or key of a note."""
    ada = await world.local("ada")
    note = (await world.say(ada, type="Note", content="a", to=PUBLIC)).ids("object")[0]
    with pytest.raises(Refused, match="object"):
        await world.say(ada, type="Update", object={"id": note, **change})
    await world.say(ada, type="Update", object={"id": note, "type": "Article"})


async def test_several_at_once(world: World) -> None:
    """AP-204: each is changed, and shown complete."""
    ada = await world.local("ada")
    notes = [(await world.say(ada, type="Note", content="a", to=PUBLIC)).ids("object")[0] for _ in range(2)]
    activity = await world.say(
        ada, type="Update", object=[{"id": note, "type": "Note", "content": "b"} for note in notes]
    )
    assert [thing.get("to") for thing in activity.embedded("object")] == [PUBLIC, PUBLIC]
    assert [(await world.shown(note))["content"] for note in notes] == ["b", "b"]


async def test_the_same_owner_in_another_shape(world: World) -> None:
    """AP-006, AP-020, AP-166: an array or an embedded actor says the same as its IRI."""
    ada = await world.local("ada")
    note = (await world.say(ada, type="Note", content="a", to=PUBLIC)).ids("object")[0]
    for author in ([ada.iri], {"id": ada.iri, "type": "Person"}):
        await world.say(ada, type="Update", object={"id": note, "type": "Note", "attributedTo": author})


async def test_the_preview_of_an_article_follows_its_text(world: World) -> None:
    """AP-026, IQ-701: an edit is made safe again, and the preview we made is made anew; an author's own stays."""
    ada = await world.local("ada")
    article = {"type": "Article", "name": "Tea", "content": "<p>Green</p>", "to": PUBLIC}
    iri = (await world.say(ada, **article)).ids("object")[0]
    await world.say(
        ada, type="Update", object={"id": iri, "type": "Article", "content": "<p>Black</p><script>x</script>"}
    )
    shown = await world.shown(iri)
    assert shown["content"] == "<p>Black</p>"
    assert shown["preview"]["content"] == "<p><strong>Tea</strong></p><p>Black</p>"
    own = {"type": "Note", "content": "mine"}
    await world.say(ada, type="Update", object={"id": iri, "type": "Article", "preview": own})
    await world.say(ada, type="Update", object={"id": iri, "type": "Article", "content": "<p>White</p>"})
    assert (await world.shown(iri))["preview"] == own


@pytest.mark.parametrize("many", [3, 25])
async def test_a_collection_sent_back_whole(world: World, many: int) -> None:
    """AP-166: as it was read, counts, pages and items included; with anything else there it is refused."""
    ada = await world.local("ada")
    named = [f"https://a.example/{number}" for number in range(many)]
    made = await world.say(ada, type="OrderedCollection", name="list", orderedItems=named, to=PUBLIC)
    shelf = made.ids("object")[0]
    viewer = Viewer(ada.id, ada.iri)
    shown = json.loads(await world.store.read(render, shelf, "collection", viewer, None, read.PAGE))
    assert shown["totalItems"] == many
    await world.say(ada, type="Update", object={**shown, "name": "shelf"})
    assert (await world.shown(shelf))["name"] == "shelf"
    assert len(await world.listed(shelf, "collection")) == many
    others = {"totalItems": many + 1, "orderedItems": named[:1], "first": f"{shelf}?before=1", "likes": None}
    for term, value in others.items():
        with pytest.raises(Refused, match=term):
            await world.say(ada, type="Update", object={**shown, term: value})


async def test_what_the_server_keeps_may_come_back_embedded(world: World) -> None:
    """AP-020, AP-166: a collection of the object, the author, a date in another spelling."""
    ada = await world.local("ada")
    note = (await world.say(ada, type="Note", content="a", to=PUBLIC)).embedded("object")[0]
    repeated = {
        "replies": {"id": note.get("replies"), "type": "OrderedCollection", "totalItems": 3},
        "attributedTo": [{"id": ada.iri, "type": "Person"}],
        "published": note.data["published"].replace("Z", "+00:00"),
    }
    changed = await world.say(ada, type="Update", object={"id": note.id, "type": "Note", **repeated})
    after = changed.embedded("object")[0]
    assert [after.get(term) for term in repeated] == [note.get(term) for term in repeated]


async def test_a_profile_sent_back_whole(world: World) -> None:
    """AP-166, AP-228: with its keys and endpoints, some members embedded; another value is refused by name."""
    ada = await world.local("ada")
    shown = (await world.store.read(making.describe, ada, BASE)).without("@context").data
    back = {**shown, "name": "Ada L.", "inbox": {"id": ada.inbox}, "type": ["Person"]}
    changed = await world.say(ada, type="Update", object=back)
    assert changed.embedded("object")[0].get("name") == "Ada L."
    assert changed.embedded("object")[0].get("inbox") == ada.inbox
    for term in ("inbox", "endpoints", "featured", "publicKey", "movedTo"):
        with pytest.raises(Refused, match=term):
            await world.say(ada, type="Update", object={**shown, term: {"id": "https://a.example/x"}})


@pytest.mark.parametrize("names", ["there.example", ["https://a.example/u", 1], ["not an iri"], {"a": 1}])
async def test_other_names_are_addresses(world: World, names: Any) -> None:
    """AP-098: alsoKnownAs is the owner's to edit, and holds ids of actors."""
    ada = await world.local("ada")
    with pytest.raises(Refused, match="alsoKnownAs"):
        await world.say(ada, type="Update", object={"id": ada.iri, "type": "Person", "alsoKnownAs": names})
    known = ["https://a.example/u"]
    changed = await world.say(
        ada, type="Update", object={"id": ada.iri, "type": "Person", "alsoKnownAs": known}
    )
    assert changed.embedded("object")[0].ids("alsoKnownAs") == ("https://a.example/u",)


@pytest.mark.parametrize("follows", [True, False])
async def test_what_names_nobody_goes_where_the_first_version_went(world: World, follows: bool) -> None:
    """AP-227, AP-231, AP-258, AP-291: an Update, Delete or Undo says to whom, and those may read it by its id."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    to = {"to": [ada.followers]} if follows else {"to": [PUBLIC], "cc": [bob.iri]}
    note = (await world.say(ada, type="Note", content="one", **to)).ids("object")[0]
    like = (await world.say(ada, type="Like", object=note, bto=[eve.iri], **to)).id
    for said in (
        {"type": "Update", "object": {"id": note, "type": "Note", "content": "two"}},
        {"type": "Undo", "object": like},
        {"type": "Delete", "object": note},
    ):
        made = await world.say(ada, **said)
        sent = [body for body in await world.sent() if body["id"] == made.id]
        assert [(body.get("to"), body.get("cc")) for body in sent] == [
            (to["to"][0], None) if follows else (PUBLIC, bob.iri)
        ]
        assert (await world.shown(made.id or "", bob))["id"] == made.id
    secret = (await world.say(ada, type="Note", content="x", bto=[bob.iri])).ids("object")[0]
    made = await world.say(ada, type="Update", object={"id": secret, "type": "Note", "content": "y"})
    assert "to" not in made.data, "nobody is told who was blind"


async def test_several_things_are_not_told_to_the_readers_of_one(world: World) -> None:
    """AP-227, AP-231, SEC-033: what one was addressed to opens nothing of the others; alike they go together."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    said = [await world.say(ada, type="Note", content="one", to=to) for to in (PUBLIC, [bob.iri], PUBLIC)]
    public, secret, other = (one.ids("object")[0] for one in said)

    def update(*notes: str) -> dict[str, Any]:
        return {
            "type": "Update",
            "object": [{"id": note, "type": "Note", "content": "two"} for note in notes],
        }

    for mixed in (update(public, secret), update(secret, public)):
        with pytest.raises(Refused, match="object"):
            await world.say(ada, **mixed)
        with pytest.raises(Refused, match="object"):
            await world.say(ada, **mixed, to=PUBLIC)
    with pytest.raises(Refused, match="object"):
        await world.say(
            ada, type="Update", object=[{"id": ada.iri, "name": "Ada"}, *update(secret)["object"]]
        )
    made = await world.say(ada, **update(public, other))
    assert made.values("to") == [PUBLIC]
    for term, things in (
        ("Undo", [await _liked(world, ada, bob, to) for to in (PUBLIC, bob.iri)]),
        ("Delete", [other, secret]),
    ):
        made = await world.say(ada, type=term, object=things)
        with pytest.raises(Hidden):
            await world.shown(made.id or "")


async def _liked(world: World, who: ActorRow, author: ActorRow, to: str) -> str:
    """Let somebody like something new of another server, and return the id of the Like."""
    note = f"{author.iri}/n/{to[-6:]}"
    said = {"id": note, "type": "Note", "attributedTo": author.iri, "content": "x", "to": PUBLIC}
    await world.hear(author, who, id=f"{note}/c", type="Create", object=said, to=PUBLIC)
    return (await world.say(who, type="Like", object=note, to=to)).id or ""


@pytest.mark.parametrize("to", [None, PUBLIC, "https://here.example/users/ada"])
async def test_a_new_profile_is_told_to_followers(world: World, to: str | None) -> None:
    """AP-102, AP-228: whether or not the client says to whom."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    made = await world.say(ada, type="Update", object={"id": ada.iri, "name": "Ada L"}, to=to)
    [sent] = [body for body in await world.sent() if body["id"] == made.id]
    assert sent["object"]["name"] == "Ada L"
    assert (sent["to"], sent.get("cc")) == ((PUBLIC, ada.followers) if to is None else (to, None))
