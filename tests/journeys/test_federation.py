"""Whole stories between two servers: follow, post, like, announce, undo, update, delete, block."""

import itertools
from typing import Any

import httpx
import pytest
from town import AS2, PUBLIC, Person, Server, eventually, never

_names = itertools.count(1)


@pytest.fixture
def ada(two: tuple[Server, Server]) -> Person:
    return two[0].person(f"ada{next(_names)}")


@pytest.fixture
def bob(two: tuple[Server, Server]) -> Person:
    return two[1].person(f"bob{next(_names)}")


@pytest.fixture
def friends(ada: Person, bob: Person) -> tuple[Person, Person]:
    """Bob follows Ada, and Ada's server has accepted."""
    bob.follow(ada)
    eventually(lambda: ada.id in bob.items("following"))
    return ada, bob


def test_follow_is_accepted_on_both_sides(ada: Person, bob: Person) -> None:
    """AP-235, AP-355, AP-358: pending first, then in both lists, with an Accept in the follower's inbox."""
    follow = bob.follow(ada)
    eventually(lambda: bob.id in ada.items("followers", signed_in=False))
    eventually(lambda: ada.id in bob.items("following", signed_in=False))
    accept = eventually(lambda: bob.inbox("Accept"))[0]
    assert accept["object"]["id"] == follow["id"]
    assert ada.inbox("Follow")[0]["id"] == follow["id"]
    assert bob.items("pendingFollowing") == []


def test_follow_waits_for_approval_when_asked_to(two: tuple[Server, Server], bob: Person) -> None:
    """AP-096, AP-240: with --approve-followers the owner's own Accept completes the follow."""
    careful = two[0].person(f"careful{next(_names)}", "--approve-followers")
    follow = bob.follow(careful)
    waiting = eventually(lambda: careful.items("pendingFollowers"))
    assert waiting[0]["id"] == follow["id"]
    assert careful.items("followers") == []
    careful.post({"type": "Accept", "object": follow["id"]})
    eventually(lambda: careful.id in bob.items("following"))
    assert careful.items("followers") == [bob.id]
    assert careful.items("pendingFollowers") == []


def test_reject_ends_a_follow(friends: tuple[Person, Person]) -> None:
    """AP-240, AP-360: a Reject after the Accept removes the relation on both sides."""
    ada, bob = friends
    follow = ada.inbox("Follow")[0]
    ada.post({"type": "Reject", "object": follow["id"]})
    eventually(lambda: ada.id not in bob.items("following"))
    assert ada.items("followers") == []


def test_post_to_followers_arrives(friends: tuple[Person, Person]) -> None:
    """The main story: a post addressed to followers is delivered signed, verified and shown to the reader."""
    ada, bob = friends
    posted = ada.note("<p>Hello</p>", to=[ada.document["followers"]])
    eventually(lambda: bob.has(posted))
    received = next(item for item in bob.inbox("Create") if item["id"] == posted["id"])
    assert received["object"]["content"] == "<p>Hello</p>"
    assert received["actor"] == ada.id


def test_private_post_reaches_only_its_addressee(
    two: tuple[Server, Server], ada: Person, bob: Person
) -> None:
    """AP-070, AP-642: a direct post is readable by author and addressee, and as if absent for all others."""
    eve = two[1].person(f"eve{next(_names)}")
    posted = ada.note("psst", to=[bob.id])
    eventually(lambda: bob.has(posted))
    assert not eve.has(posted)
    note = posted["object"]["id"]
    assert ada.get(note).status_code == 200
    assert ada.get(note, signed_in=False).status_code == 404
    assert ada.items("outbox", signed_in=False) == []
    assert bob.items(ada.document["outbox"], signed_in=False) == []


def test_blind_recipients_are_reached_and_never_shown(ada: Person, bob: Person) -> None:
    """AP-071, AP-200, AP-288: bto is delivered to and appears nowhere."""
    posted = ada.post(
        {"type": "Create", "bto": bob.id, "object": {"type": "Note", "content": "x", "bcc": ada.id}}
    )
    eventually(lambda: bob.has(posted))
    for answer in (ada.get(posted["id"]), ada.get(posted["object"]["id"]), ada.get(ada.document["outbox"])):
        assert "bto" not in answer.text
        assert "bcc" not in answer.text
    assert all("bto" not in item and "bto" not in item["object"] for item in bob.inbox("Create"))


def test_like_announce_and_their_undo(friends: tuple[Person, Person]) -> None:
    """AP-169, AP-250, AP-253, AP-258, AP-365, AP-367, AP-370: counted once at the origin, and taken back."""
    ada, bob = friends
    posted = ada.note("Tea?", to=[PUBLIC, ada.document["followers"]])
    eventually(lambda: bob.has(posted))
    note = posted["object"]["id"]
    like = bob.post({"type": "Like", "object": note})
    announce = bob.post({"type": "Announce", "object": note, "to": PUBLIC})
    eventually(lambda: ada.items(f"{note}/likes") == [like["id"]])
    eventually(lambda: ada.items(f"{note}/shares") == [announce["id"]])
    assert bob.items("liked") == [note]
    assert {item["type"] for item in ada.inbox()} >= {"Like", "Announce", "Follow"}
    bob.post({"type": "Undo", "object": like["id"]})
    bob.post({"type": "Undo", "object": announce["id"]})
    eventually(lambda: ada.items(f"{note}/likes") == [])
    eventually(lambda: ada.items(f"{note}/shares") == [])
    assert bob.items("liked") == []


def test_reply_is_attached_to_its_parent(friends: tuple[Person, Person]) -> None:
    """AP-220, AP-340: a reply from elsewhere appears in the parent's replies."""
    ada, bob = friends
    posted = ada.note("Question?", to=[PUBLIC, ada.document["followers"]])
    eventually(lambda: bob.has(posted))
    reply = bob.note("Answer!", to=[PUBLIC, ada.id], inReplyTo=posted["object"]["id"])
    eventually(lambda: ada.items(f"{posted['object']['id']}/replies") == [reply["object"]["id"]])


def test_update_and_delete_reach_the_reader(friends: tuple[Person, Person]) -> None:
    """AP-226, AP-227, AP-230, AP-231, AP-345, AP-350: an edit is seen, a deletion leaves a Tombstone."""
    ada, bob = friends
    posted = ada.note("Frist", to=[ada.document["followers"]], summary="kept")
    eventually(lambda: bob.has(posted))
    note = posted["object"]["id"]
    ada.post({"type": "Update", "object": {"id": note, "type": "Note", "content": "First"}})

    def seen() -> dict[str, Any]:
        return next(item["object"] for item in bob.inbox("Create") if item["id"] == posted["id"])

    eventually(lambda: seen().get("content") == "First")
    assert seen()["summary"] == "kept"
    ada.post({"type": "Delete", "object": note})
    eventually(lambda: seen()["type"] == "Tombstone")
    assert "First" not in str(bob.inbox())
    gone = ada.get(note)
    assert gone.status_code == 410
    assert gone.json()["type"] == "Tombstone"


def test_unfollow_stops_the_flow(friends: tuple[Person, Person]) -> None:
    """AP-258: Undo of a Follow by embedded object ends it on both sides."""
    ada, bob = friends
    follow = next(item for item in bob.items("outbox") if item["type"] == "Follow")
    bob.post({"type": "Undo", "object": follow, "to": ada.id})
    eventually(lambda: ada.items("followers") == [])
    assert bob.items("following") == []
    posted = ada.note("still there?", to=[ada.document["followers"]])
    never(lambda: bob.has(posted))


def test_block_ends_the_relation_and_shuts_the_door(friends: tuple[Person, Person]) -> None:
    """AP-255, AP-256: the blocked follower is gone, hears of it from nobody, and cannot come back."""
    ada, bob = friends
    block = ada.post({"type": "Block", "object": bob.id})
    assert ada.items("followers") == []
    assert ada.items("blocked") == [bob.id]
    never(lambda: bob.has(block), 0.5)
    bob.follow(ada)
    never(lambda: bob.id in ada.items("followers"))
    note = bob.note("let me in", to=[ada.id])
    never(lambda: ada.has(note))


def test_local_follow_needs_no_http(two: tuple[Server, Server], ada: Person) -> None:
    """AP-235, AP-287: two people on one server, the same story at once."""
    eve = two[0].person(f"eve{next(_names)}")
    eve.follow(ada)
    assert eve.items("following") == [ada.id]
    posted = ada.note("neighbours", to=[ada.document["followers"]])
    assert eve.has(posted)


def test_what_is_sent_survives_both_ways(friends: tuple[Person, Person]) -> None:
    """AP-009, AP-010: unknown members, number spelling and contexts survive outbox, delivery and inbox."""
    ada, bob = friends
    text = (
        '{"@context":["https://www.w3.org/ns/activitystreams",{"x":"https://x.example/ns#"}],"type":"Note",'
        '"content":"n","x:ratio":1.50,"x:deep":{"list":[3,1,2],"nothing":"\\u20ac"},'
        f'"to":["{ada.document["followers"]}"]}}'
    )
    answer = httpx.post(
        ada.document["outbox"],
        content=text,
        headers={"Content-Type": AS2, "Authorization": f"Bearer {ada.token}"},
    )
    assert answer.status_code == 201, answer.text
    note = answer.json()["object"]["id"]
    eventually(lambda: bob.has(answer.json()))
    for shown in (ada.get(note).text, bob.get(bob.get(bob.document["inbox"]).json()["first"]).text):
        assert '"x:ratio":1.50' in shown
        assert '"list":[3,1,2]' in shown
        assert "https://x.example/ns#" in shown


def test_webfinger_finds_everyone(ada: Person) -> None:
    """AP-120, AP-123, IQ-700: the handle leads to the actor and the actor names the handle."""
    server = ada.server
    answer = httpx.get(f"{server.base_url}/.well-known/webfinger", params={"resource": f"acct:{ada.acct}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/jrd+json")
    assert answer.json()["links"][0] == {"rel": "self", "type": "application/activity+json", "href": ada.id}
    assert ada.document["webfinger"] == ada.acct


def test_reactions_are_counted_where_they_belong(friends: tuple[Person, Person]) -> None:
    """AP-152, AP-250, AP-365: over the wire; each counter belongs to the author of what is counted."""
    ada, bob = friends
    posted = ada.note("Tea?", to=[PUBLIC, ada.document["followers"]])
    eventually(lambda: bob.has(posted))
    note = posted["object"]["id"]
    sent = {"dislikes": bob.post({"type": "Dislike", "object": note})["id"]}
    sent["reactions"] = bob.post({"type": "EmojiReact", "content": "🍵", "object": note})["id"]
    for kind, id in sent.items():
        eventually(lambda kind=kind, id=id: ada.items(f"{note}/{kind}") == [id])
        assert ada.get(f"{note}/{kind}").json()["attributedTo"] == ada.id
    assert ada.items(f"{note}/likes") == []
    assert bob.items("liked") == []
