"""Whole stories with an implementation that shares no code with ours: Fedify, in a process of its own.

AP-801, AP-809, IQ-743: it signs every POST by RFC 9421 first, adds proofs and LD signatures to its activities, names
activities by fragments, and refuses what its own verifier does not accept.
"""

import itertools
import os
from collections.abc import Callable, Iterator

import pytest
from application import Application
from fedify import CAVAGE, RFC9421, Fedify, missing
from town import PUBLIC, Person, Server, Town, eventually, never

_names = itertools.count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    town = Town(tmp_path_factory.mktemp("ours"))
    yield town.server()
    for one in town.servers:
        one.kill()


@pytest.fixture(scope="module")
def start_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Fedify]]:
    """Start a Fedify that signs first in the form named; it ends with the tests of this module."""
    lack = missing()
    if lack is not None:
        pytest.fail(lack) if os.environ.get("HEADWATER_REQUIRE_SERVICES") == "1" else pytest.skip(lack)
    started: list[Fedify] = []

    def start(first_knock: str) -> Fedify:
        started.append(Fedify(tmp_path_factory.mktemp("fedify") / "log", first_knock))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture(scope="module")
def peer(start_peer: Callable[[str], Fedify]) -> Fedify:
    """Fedify as it is by default."""
    return start_peer(RFC9421)


@pytest.fixture
def ada(server: Server) -> Person:
    return server.person(f"ada{next(_names)}")


@pytest.fixture
def follower(peer: Fedify, ada: Person) -> str:
    """The name of an actor of the peer who follows Ada."""
    name = f"finn{next(_names)}"
    peer.say(name, "Follow", ada.id, object=ada.id)
    eventually(lambda: peer.actor(name) in ada.items("followers"))
    return name


@pytest.fixture
def followed(peer: Fedify, ada: Person) -> str:
    """The name of an actor of the peer whom Ada follows."""
    name = f"freya{next(_names)}"
    ada.post({"type": "Follow", "object": peer.actor(name), "to": peer.actor(name)})
    eventually(lambda: peer.actor(name) in ada.items("following"))
    return name


def test_it_follows_and_is_accepted(peer: Fedify, ada: Person) -> None:
    """AP-313, AP-355, AP-291: its Follow is verified; our Accept embeds it and passes its verifier."""
    follow = peer.say("finn", "Follow", ada.id, object=ada.id)
    accept = eventually(lambda: [one for one in peer.received("Accept") if one["actor"] == ada.id])[0]
    assert accept["object"]["id"] == follow["id"]
    assert peer.actor("finn") in ada.items("followers", signed_in=False)


def test_it_is_verified_by_the_older_form_too(start_peer: Callable[[str], Fedify], ada: Person) -> None:
    """AP-410, AP-414: signed by draft-cavage first, its Follow is verified as well."""
    older = start_peer(CAVAGE)
    older.say("finn", "Follow", ada.id, object=ada.id)
    eventually(lambda: older.actor("finn") in ada.items("followers"))


def test_it_is_followed_and_accepts(peer: Fedify, ada: Person, followed: str) -> None:
    """AP-235, AP-358, IQ-751: our Follow passes its verifier, and its Accept, named by a fragment, completes it."""
    assert ada.id in peer.followers(followed)
    accept = ada.inbox("Accept")[0]
    assert "#" in accept["id"]
    assert ada.items("pendingFollowing") == []


def test_its_post_arrives(peer: Fedify, ada: Person, followed: str) -> None:
    """AP-340: its post is verified, kept and shown."""
    posted = peer.say(followed, "Create", ada.id, content="<p>Hello from elsewhere</p>")
    eventually(lambda: ada.has(posted))
    shown = next(item for item in ada.inbox("Create") if item["id"] == posted["id"])
    assert shown["object"]["content"] == "<p>Hello from elsewhere</p>"
    assert shown["object"]["attributedTo"] == peer.actor(followed)


def test_our_post_arrives(peer: Fedify, ada: Person, follower: str) -> None:
    """AP-290…292: our post passes its verifier and its reading of the vocabulary."""
    posted = ada.note("<p>Hello</p>", to=[PUBLIC], cc=[ada.document["followers"]], summary="tea")
    got = eventually(lambda: [one for one in peer.received("Create") if one["id"] == posted["id"]])[0]
    assert got["object"]["content"] == "<p>Hello</p>"
    assert got["object"]["summary"] == "tea"
    assert got["object"]["attributedTo"] == ada.id


def test_reply_like_and_share_and_their_undo(peer: Fedify, ada: Person, follower: str) -> None:
    """AP-340, AP-365, AP-367, AP-370: what it says of a post of ours is counted once, and taken back."""
    note = ada.note("Tea?", to=[PUBLIC], cc=[ada.document["followers"]])["object"]["id"]
    reply = peer.say(follower, "Create", ada.id, content="Yes", inReplyTo=note)
    like = peer.say(follower, "Like", ada.id, object=note)
    share = peer.say(follower, "Announce", ada.id, object=note)
    eventually(lambda: ada.items(f"{note}/replies") == [reply["object"]["id"]])
    eventually(lambda: ada.items(f"{note}/likes") == [like["id"]])
    eventually(lambda: ada.items(f"{note}/shares") == [share["id"]])
    peer.say(follower, "Undo", ada.id, object=like["id"])
    peer.say(follower, "Undo", ada.id, object=share["id"])
    eventually(lambda: ada.items(f"{note}/likes") == [])
    eventually(lambda: ada.items(f"{note}/shares") == [])


def test_our_like_share_reply_and_their_undo(peer: Fedify, ada: Person, followed: str) -> None:
    """AP-250, AP-253, AP-258, AP-291: what we say of its post passes its verifier and names the right things."""
    posted = peer.say(followed, "Create", ada.id, content="Coffee?")
    note = posted["object"]["id"]
    eventually(lambda: ada.has(posted))
    like = ada.post({"type": "Like", "object": note})
    share = ada.post({"type": "Announce", "object": note, "to": PUBLIC, "cc": peer.actor(followed)})
    reply = ada.note("Please", to=[PUBLIC, peer.actor(followed)], inReplyTo=note)
    undo = ada.post({"type": "Undo", "object": like["id"]})

    def got(said: dict[str, str]) -> list[dict[str, object]]:
        return [one for one in peer.received() if one["id"] == said["id"]]

    assert eventually(lambda: got(like))[0]["object"] == note
    assert eventually(lambda: got(share))[0]["object"] == note
    assert eventually(lambda: got(reply))[0]["object"]["inReplyTo"] == note
    assert eventually(lambda: got(undo))[0]["object"]["id"] == like["id"]


def test_edit_and_deletion_reach_both_sides(peer: Fedify, ada: Person, follower: str, followed: str) -> None:
    """AP-227, AP-231, AP-345, AP-350: a new version replaces the old, a deletion leaves a Tombstone."""
    theirs = peer.say(followed, "Create", ada.id, content="Frist")
    note = theirs["object"]["id"]
    eventually(lambda: ada.has(theirs))
    peer.say(followed, "Update", ada.id, object=note, content="First")
    eventually(lambda: _held(ada, theirs)["content"] == "First")
    peer.say(followed, "Delete", ada.id, object=note)
    eventually(lambda: _held(ada, theirs)["type"] == "Tombstone")
    ours = ada.note("Frist", to=[PUBLIC], cc=[ada.document["followers"]])
    ada.post({"type": "Update", "object": {"id": ours["object"]["id"], "type": "Note", "content": "First"}})
    update = eventually(lambda: _about(peer.received("Update"), ours))
    assert update["object"]["content"] == "First"
    ada.post({"type": "Delete", "object": ours["object"]["id"]})
    delete = eventually(lambda: _about(peer.received("Delete"), ours))
    assert delete["object"]["type"] == "Tombstone"


def _held(person: Person, create: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return the object of a Create as the person's inbox shows it now."""
    return next(item["object"] for item in person.inbox("Create") if item["id"] == create["id"])


def _about(activities: list[dict[str, dict[str, str]]], create: dict[str, dict[str, str]]) -> dict | None:
    return next((one for one in activities if one["object"]["id"] == create["object"]["id"]), None)


def test_unfollow_ends_it_on_both_sides(peer: Fedify, ada: Person, followed: str) -> None:
    """AP-258: our Undo of the Follow is understood, and nothing is expected after it."""
    follow = next(item for item in ada.items("outbox") if item["type"] == "Follow")
    ada.post({"type": "Undo", "object": follow["id"]})
    eventually(lambda: ada.id not in peer.followers(followed))
    assert ada.items("following") == []


def test_a_refused_form_is_followed_by_the_other(peer: Fedify, ada: Person, follower: str) -> None:
    """AP-455, IQ-743: refused in the one form, a delivery is signed in the other at once, and that is remembered."""
    for refused, other in ((CAVAGE, RFC9421), (RFC9421, CAVAGE)):
        peer.refuse(refused)
        for text in ("knock", "knock again"):
            before = len(peer.posts())
            posted = ada.note(text, to=[PUBLIC], cc=[ada.document["followers"]])
            eventually(lambda posted=posted: any(one["id"] == posted["id"] for one in peer.received()))
            tried = [one["form"] for one in peer.posts()[before:]]
            assert tried[-1] == other
        assert tried == [other]
    peer.refuse()


def test_signed_reading(peer: Fedify, ada: Person, follower: str) -> None:
    """AP-481: its signed GET of a followers-only post is answered; an actor who does not follow sees nothing."""
    note = ada.note("for followers", to=[ada.document["followers"]])["object"]["id"]
    assert peer.look(follower, note)["content"] == "for followers"
    assert peer.look("stranger", note) is None


def test_it_reads_our_actor(peer: Fedify, ada: Person) -> None:
    """AP-090…094: the whole actor is understood, with both keys and the shared inbox."""
    actor = peer.look("reader", ada.id)
    assert actor["preferredUsername"] == ada.name
    assert actor["publicKey"]["id"] == f"{ada.id}#main-key"
    assert "Multikey" in str(actor["assertionMethod"])
    assert actor["endpoints"]["sharedInbox"] == ada.document["endpoints"]["sharedInbox"]


def test_a_private_post_is_for_its_addressee(peer: Fedify, ada: Person, follower: str) -> None:
    """AP-301: a direct post reaches the one it names and is read by nobody else."""
    posted = ada.note("psst", to=[peer.actor(follower)])
    eventually(lambda: any(one["id"] == posted["id"] for one in peer.received("Create")))
    assert peer.look("stranger", posted["object"]["id"]) is None
    never(lambda: ada.get(posted["object"]["id"], signed_in=False).status_code != 404, 0.2)


def test_it_verifies_our_proofs(peer: Fedify, ada: Person) -> None:
    """AP-503, AP-504: what we say in public carries a proof that its implementation of eddsa-jcs-2022 accepts."""
    posted = ada.note("proven", to=[PUBLIC])
    assert peer.verify(posted["id"]) == {"verified": True, "proofs": 1}


def test_it_follows_a_feed_of_an_application(peer: Fedify, server: Server) -> None:
    """Feeds §5.2: the actor of a public feed is one to it, and the activity attached to each post is understood."""
    server.cli("feeds", "group", "add", "news", "--public")
    application = Application(server)
    feed = application.python().feed("news", "tea")
    feed.add_activity({"actor": "SU:ada", "verb": "pin", "object": "Place:1", "note": {"@id": 1}})
    address = f"{server.base_url}/feeds/news/tea"
    peer.say("flora", "Follow", address, object=address)
    eventually(lambda: [one for one in peer.received("Accept") if one["actor"] == address])
    made = feed.add_activity({"actor": "SU:ada", "verb": "pin", "object": "Place:2", "note": {"@id": 2}})
    [create] = eventually(lambda: [one for one in peer.received("Create") if one["actor"] == address])
    assert create["object"]["content"] == "<p>ada did “pin”: Place:2</p>"
    feed.remove_activity(made["id"])
    eventually(lambda: [one for one in peer.received("Delete") if one["actor"] == address])
    application.close()
