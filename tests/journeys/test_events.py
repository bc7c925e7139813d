"""Watching collections and objects as they change."""

import itertools
import time

import httpx
import pytest
from town import PUBLIC, Person, Server, Town, eventually, never
from watcher import Watcher

_names = itertools.count(1)


@pytest.fixture
def ada(here: Server) -> Person:
    return here.person(f"ada{next(_names)}")


@pytest.fixture
def bob(here: Server) -> Person:
    return here.person(f"bob{next(_names)}")


def address(person: Person, of: str) -> str:
    """Return where to watch something, as its document tells its reader."""
    found: str = person.get(person.document.get(of, of)).json()["eventStream"]
    return found


def watch(person: Person, of: str, **headers: str) -> Watcher:
    return Watcher(address(person, of), {"Authorization": f"Bearer {person.token}", **headers})


def test_what_arrives_in_an_inbox_is_told_at_once(ada: Person, bob: Person) -> None:
    """AP-590, AP-591: an Add with the activity inside, as any reader of the inbox would see it."""
    with watch(ada, "inbox") as watcher:
        note = bob.note("hello", to=ada.id)
        eventually(lambda: watcher.events)
        [told] = watcher.events
        assert (told["type"], told["target"]) == ("Add", ada.document["inbox"])
        assert told["object"]["id"] == note["id"]
        assert told["object"]["object"]["content"] == "hello"
        assert told["@context"] == "https://www.w3.org/ns/activitystreams" or told["@context"][0].endswith(
            "activitystreams"
        )
        assert watcher.response is not None
        assert watcher.response.headers["content-type"].startswith("text/event-stream")
        assert watcher.response.headers["cache-control"] == "private, no-store"


def test_nothing_that_was_there_before_is_told(ada: Person) -> None:
    ada.note("before", to=PUBLIC)
    with watch(ada, "outbox") as watcher:
        after = ada.note("after", to=PUBLIC)
        eventually(lambda: watcher.events)
        never(lambda: len(watcher.events) > 1, 0.5)
        assert watcher.events[0]["object"]["id"] == after["id"]


def test_a_watcher_who_was_away_goes_on_where_it_was(ada: Person) -> None:
    """AP-591: with Last-Event-ID everything since then is told, once and in order."""
    with watch(ada, "outbox") as watcher:
        ada.note("1", to=PUBLIC)
        eventually(lambda: watcher.ids)
        last = watcher.ids[-1]
    missed = [ada.note(str(n), to=PUBLIC)["id"] for n in (2, 3)]
    with watch(ada, "outbox", **{"Last-Event-ID": last}) as watcher:
        eventually(lambda: len(watcher.events) == 2)
        assert [event["object"]["id"] for event in watcher.events] == missed
    with watch(ada, "outbox", **{"Last-Event-ID": "nonsense"}) as watcher:
        never(lambda: watcher.events, 0.5)


def test_what_leaves_a_collection_is_told_too(ada: Person, bob: Person) -> None:
    """AP-590: Remove, for followers as for a collection that a client made."""
    with watch(ada, "followers") as watcher:
        follow = bob.follow(ada)
        eventually(lambda: watcher.told("Add"))
        assert watcher.told("Add")[0]["object"] == bob.id
        bob.post({"type": "Undo", "object": follow["id"]})
        eventually(lambda: watcher.told("Remove"))
        assert watcher.told("Remove")[0]["object"] == bob.id
        assert watcher.told("Remove")[0]["target"] == ada.document["followers"]


def test_an_object_tells_of_its_edits_and_of_its_end(ada: Person) -> None:
    """AP-590: Update with the complete object, Delete with the Tombstone, and then nothing can follow."""
    note = ada.note("frist", to=PUBLIC, summary="kept")["object"]["id"]
    with watch(ada, note) as watcher:
        ada.post({"type": "Update", "object": {"id": note, "type": "Note", "content": "first"}})
        eventually(lambda: watcher.told("Update"))
        updated = watcher.told("Update")[0]["object"]
        assert (updated["id"], updated["content"], updated["summary"]) == (note, "first", "kept")
        ada.post({"type": "Delete", "object": note})
        eventually(lambda: watcher.told("Delete"))
        assert watcher.told("Delete")[0]["object"]["type"] == "Tombstone"
        assert watcher.ended.wait(5)


def test_likes_are_told_as_they_come(ada: Person, bob: Person) -> None:
    """AP-590: also when nothing was there to watch before."""
    note = ada.note("like me", to=PUBLIC)["object"]["id"]
    with watch(ada, f"{note}/likes") as watcher:
        like = bob.post({"type": "Like", "object": note, "to": ada.id})
        eventually(lambda: watcher.events, 5)
        assert watcher.events[0]["object"]["id"] == like["id"]


def test_only_what_the_watcher_may_read(ada: Person, bob: Person) -> None:
    """AP-591, AP-070, SEC-032: whoever watches another's outbox is told what they would find there."""
    with watch(bob, ada.document["outbox"]) as watcher:
        secret = ada.note("secret", to=ada.id)
        shown = ada.note("for bob", to=bob.id)
        eventually(lambda: watcher.events)
        assert [event["object"]["id"] for event in watcher.events] == [shown["id"]]
        assert secret["id"] not in str(watcher.events)


def test_a_watcher_who_is_blocked_is_told_nothing_more(ada: Person, bob: Person) -> None:
    """AP-256, AP-591: rights are looked at anew each time."""
    with watch(bob, ada.document["outbox"]) as watcher:
        ada.post({"type": "Block", "object": bob.id})
        ada.note("without bob", to=PUBLIC)
        assert watcher.ended.wait(5)
        assert "without bob" not in str(watcher.events)


def test_the_stream_ends_with_its_token(here: Server, ada: Person) -> None:
    """AP-591, AP-543: revoked, it ends at once."""
    token = here.cli("token", "issue", ada.name)["access_token"]
    url = address(ada, "inbox")
    with Watcher(f"{url}?access_token={token}") as watcher:
        never(lambda: watcher.ended.is_set(), 0.5)
        here.cli("token", "revoke", ada.name, "--all")
        assert watcher.ended.wait(5)
    assert httpx.get(url, params={"access_token": token}).status_code == 401


def test_who_may_watch(here: Server, ada: Person, bob: Person) -> None:
    """AP-069, AP-542: 401 without a token, 403 without its scope or for others' lists; 404 for what is hidden."""
    inbox = address(ada, "inbox")
    anonymous = httpx.get(inbox)
    assert anonymous.status_code == 401
    assert anonymous.headers["www-authenticate"].startswith("Bearer")
    assert httpx.get(inbox, params={"access_token": "wrong"}).status_code == 401
    writing = here.cli("token", "issue", ada.name, "--scope", "write")["access_token"]
    assert httpx.get(inbox, params={"access_token": writing}).status_code == 403
    assert bob.get(address(ada, "blocked")).status_code == 403
    hidden = ada.note("hidden", to=ada.id)["object"]["id"]
    assert bob.get(f"{hidden}/events").status_code == 404
    assert bob.get(f"{hidden}/likes/events").status_code == 404
    assert bob.get(f"{ada.id}/nothing/events").status_code == 404
    assert httpx.head(inbox, headers={"Authorization": f"Bearer {ada.token}"}).status_code == 200


def test_the_address_is_told_to_those_who_can_use_it(two: tuple[Server, Server]) -> None:
    """AP-590: a document for everyone stays as it is."""
    ada = two[0].person(f"ada{next(_names)}")
    assert "eventStream" not in ada.get(ada.document["outbox"], signed_in=False).json()
    seen = ada.get(ada.document["outbox"]).json()
    assert "https://purl.archive.org/socialweb/sse" in seen["@context"]


def test_watching_does_not_count_as_asking(town: Town) -> None:
    """REL-023, SEC-062: open streams take no room from requests; they have limits of their own."""
    server = town.server(
        HEADWATER_LIMITS_REQUESTS_AT_ONCE_PER_CLIENT_MAX="2", HEADWATER_LIMITS_REQUESTS_AT_ONCE_MAX="3",
        HEADWATER_LIMITS_EVENT_STREAMS_PER_ACTOR_MAX="4",
    )  # fmt: skip
    ada = server.person("ada")
    watchers = [watch(ada, "inbox").__enter__() for _ in range(4)]
    assert ada.get(ada.id).status_code == 200
    refused = httpx.get(address(ada, "inbox"), params={"access_token": ada.token})
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    ada.note("to myself", to=ada.id)
    watchers[0].__exit__()
    time.sleep(0.5)
    with watch(ada, "inbox") as fresh:
        assert fresh.response is not None
        assert fresh.response.status_code == 200
    for watcher in watchers[1:]:
        watcher.__exit__()


def test_a_quiet_stream_shows_that_it_lives(ada: Person) -> None:
    """AP-591: a comment every 15 seconds."""
    with watch(ada, "inbox") as watcher:
        eventually(lambda: watcher.comments, 20)
        assert watcher.events == []


def test_a_server_with_watchers_stops_in_time(town: Town) -> None:
    """REL-026: within ten seconds, and the watchers see the end."""
    server = town.server()
    ada = server.person("ada")
    with watch(ada, "inbox") as one, watch(ada, "outbox") as other:
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 10
        assert one.ended.wait(1)
        assert other.ended.wait(1)


def _tell_across(server: Server) -> None:
    ada, bob = server.person("ada"), server.person("bob")
    watchers = [watch(ada, "inbox").__enter__() for _ in range(6)]
    notes = [bob.note(str(n), to=ada.id)["id"] for n in range(6)]
    for watcher in watchers:
        eventually(lambda watcher=watcher: len(watcher.events) == 6, 20)
        assert sorted(event["object"]["id"] for event in watcher.events) == sorted(notes)
        watcher.__exit__()


def test_watchers_hear_of_what_other_processes_commit(town: Town) -> None:
    """AP-590, REL-038: several processes over one file; whichever took the note, every watcher is told."""
    _tell_across(town.server(HEADWATER_SERVER_WORKERS="2"))


def test_watchers_hear_of_what_other_processes_commit_to_postgres(town: Town, postgres_url: str) -> None:
    """AP-590, REL-038: the same on PostgreSQL."""
    _tell_across(town.server(HEADWATER_SERVER_WORKERS="2", HEADWATER_STORAGE_URL=postgres_url))
