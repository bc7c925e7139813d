"""Threads and profiles that complete themselves, and people who move in, over real sockets."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import luggage_of
import pytest
from peer import Peer, answer
from town import PUBLIC, Server, Town, eventually

SOON = {"HEADWATER_THREADS_DELAY_SECONDS_MAX": "0"}


@pytest.fixture
def peer() -> Any:
    made = Peer()
    yield made
    made.close()


def note(peer: Peer, author: str, number: int, **members: Any) -> dict[str, Any]:
    """Serve a public note."""
    path = f"/n/{number}"
    thing = {
        "@context": "https://www.w3.org/ns/activitystreams", "id": f"{peer.base_url}{path}", "type": "Note",
        "attributedTo": author, "to": PUBLIC, "content": f"{number}", "published": f"2026-01-01T00:00:{number:02}Z",
        **members,
    }  # fmt: skip
    peer.documents[path] = thing
    return thing


def known(person: Any, kind: str, of: str) -> list[Any]:
    """Walk what a server holds of someone elsewhere."""
    return person.items(f"{person.server.base_url}/known/{kind}?id={quote(of, safe='')}")


def test_a_new_follow_is_not_empty(town: Town) -> None:
    """AP-742: after a follow, the earlier public posts of the followed are there; private ones and noise are not."""
    here, there = town.server(**SOON), town.server(**SOON)
    ada, bob = here.person("ada"), there.person("bob")
    public = [bob.note(f"post {number}")["object"]["id"] for number in range(3)]
    bob.note("private", to=bob.document["followers"])
    told = len(ada.inbox())
    ada.follow(bob)
    assert eventually(lambda: len(known(ada, "outbox", bob.id)) == 3 and known(ada, "outbox", bob.id), 90)
    assert [item["object"]["id"] for item in known(ada, "outbox", bob.id)] == public[::-1]
    assert [item["type"] for item in ada.inbox()[: len(ada.inbox()) - told]] == ["Accept"]
    assert ada.get(f"{here.base_url}/known/outbox?id={bob.id}", signed_in=False).status_code == 401
    assert ada.get(f"{here.base_url}/known/outbox").status_code == 400
    assert ada.get(f"{here.base_url}/known/inbox?id={bob.id}").status_code == 404
    assert ada.get(f"{here.base_url}/known/outbox?id=https://far.example/u/x").status_code == 404


def test_a_reply_brings_its_thread(town: Town, peer: Peer) -> None:
    """AP-742, AP-316: what a reply answers is fetched, up to the first post, and the other answers with it."""
    here = town.server(**SOON)
    ada, bob = here.person("ada"), peer.actor("bob")
    first = note(peer, bob, 1)
    first["replies"] = f"{peer.base_url}/n/1/replies"
    second = note(peer, bob, 2, inReplyTo=first["id"])
    other = note(peer, bob, 4, inReplyTo=first["id"])
    peer.documents["/n/1/replies"] = {"id": first["replies"], "type": "Collection", "items": [other["id"]]}
    third = note(peer, bob, 3, inReplyTo=second["id"], to=[PUBLIC, ada.id])
    create = {
        "id": f"{peer.base_url}/a/3",
        "type": "Create",
        "actor": bob,
        "object": third,
        "to": third["to"],
    }
    assert peer.send(ada.document["inbox"], create).status_code == 202
    eventually(lambda: set(known(ada, "replies", first["id"])) == {second["id"], other["id"]}, 90)
    assert known(ada, "replies", second["id"]) == [third["id"]]
    assert len(ada.inbox()) == 1


def test_an_endless_thread_is_a_bounded_number_of_requests(town: Town, peer: Peer) -> None:
    """SEC-046: endless ``inReplyTo`` and endless ``next`` cost one purse of twenty requests."""
    here = town.server(**SOON)
    ada, bob = here.person("ada"), peer.actor("bob")

    def endless(handler: Any) -> bool:
        if handler.path.startswith("/up/"):
            number = int(handler.path[4:])
            thing = {
                "type": "Note",
                "attributedTo": bob,
                "to": PUBLIC,
                "inReplyTo": f"{peer.base_url}/up/{number + 1}",
            }
        elif handler.path.startswith("/more/"):
            number = int(handler.path[6:])
            thing = {"type": "CollectionPage", "next": f"{peer.base_url}/more/{number + 1}", "items": []}
        else:
            return False
        document = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{peer.base_url}{handler.path}",
            **thing,
        }
        answer(handler, 200, json.dumps(document).encode(), "application/activity+json")
        return True

    peer.on_get = endless
    reply = {
        "id": f"{peer.base_url}/n/1", "type": "Note", "attributedTo": bob, "to": [PUBLIC, ada.id], "content": "x",
        "inReplyTo": f"{peer.base_url}/up/1", "replies": f"{peer.base_url}/more/1",
    }  # fmt: skip
    create = {
        "id": f"{peer.base_url}/a/1",
        "type": "Create",
        "actor": bob,
        "object": reply,
        "to": reply["to"],
    }
    assert peer.send(ada.document["inbox"], create).status_code == 202
    fetched = lambda: [path for path in peer.fetched if path.startswith(("/up/", "/more/"))]  # noqa: E731
    eventually(lambda: len(fetched()) >= 15, 90)
    time.sleep(2)
    assert len(fetched()) <= 20


def test_moving_in_asks_to_follow(town: Town) -> None:
    """AP-756: an archive's follows go out through the queue, and nothing else leaves the server."""
    here, there = town.server(**SOON), town.server(**SOON)
    ada, bob = here.person("ada"), there.person("bob")
    contents = luggage_of.files(
        luggage_of.create(1, to=[PUBLIC, bob.id]),
        following_accounts__csv=luggage_of.rows(["Account address"], [bob.acct]),
    )
    archive = luggage_of.zipped(here.directory / "archive.zip", contents)
    report = here.cli("import", "mastodon", str(archive), "--follow")
    assert (report["taken"]["posts"], report["taken"]["follows"]) == (1, 1)
    eventually(lambda: bob.inbox("Follow"), 90)
    assert eventually(lambda: ada.items("following"), 90) == [bob.id]
    assert bob.inbox("Create") == []
    [post] = [item for item in ada.items("outbox") if item["type"] == "Create"]
    assert post["published"] == "2019-05-01T10:00:01Z"


def test_a_killed_import_is_run_again(town: Town, tmp_path: Path) -> None:
    """AP-756, REL-012: killed at any moment and run again, an import leaves every post once, in order."""
    here = town.server()
    ada = here.person("ada")
    posts = [luggage_of.create(number % 60) for number in range(60)]
    replies = [luggage_of.create(n, inReplyTo=f"{luggage_of.ADA}/statuses/{n - 1}") for n in range(1, 60)]
    archive = luggage_of.zipped(tmp_path / "a.zip", luggage_of.files(posts[0], *replies))
    command = [sys.executable, "-m", "server", "import", "mastodon", str(archive), "--json"]
    counts = []
    for _ in range(4):
        running = subprocess.Popen(
            command, cwd=here.directory, env=here.environment, stdout=subprocess.DEVNULL
        )
        before = len(ada.items("outbox"))
        eventually(lambda: len(ada.items("outbox")) > before + 5 or running.poll() is not None, 90)  # noqa: B023
        running.send_signal(signal.SIGKILL)
        running.wait()
        counts.append(len(ada.items("outbox")))
    here.cli("import", "mastodon", str(archive))
    said = ada.items("outbox")
    assert [item["published"][-3:-1] for item in said] == [f"{n:02}" for n in reversed(range(60))]
    assert [item["object"]["inReplyTo"] for item in said[:-1]] == [item["object"]["id"] for item in said[1:]]
    assert counts == sorted(counts)
    assert isinstance(here, Server)
