"""The same promises on PostgreSQL: one server with two serving processes and a worker, one that does all alone."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from law import assert_nothing_lost
from outgrown import schema, working_for
from town import AS2, PUBLIC, Person, Server, Town, eventually


@pytest.fixture(scope="module")
def schemas() -> Iterator[list[str]]:
    """The addresses of two empty schemas, which go with the module."""
    with schema() as one, schema() as other:
        yield [one, other]


@pytest.fixture(scope="module")
def several(schemas: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """A server of many processes, and an ordinary one."""
    town = Town(tmp_path_factory.mktemp("postgres"))
    try:
        many = town.server(HEADWATER_STORAGE_URL=schemas[0], HEADWATER_SERVER_WORKERS="2")
        with working_for(many):
            yield many, town.server(HEADWATER_STORAGE_URL=schemas[1])
    finally:
        for server in town.servers:
            server.kill()


@pytest.fixture(scope="module")
def friends(several: tuple[Server, Server]) -> tuple[Person, Person]:
    """Ada, on many processes, and Bob, who follows her and is followed by her."""
    ada, bob = several[0].person("ada"), several[1].person("bob")
    for one, other in ((ada, bob), (bob, ada)):
        one.follow(other)
        eventually(lambda one=one, other=other: other.id in one.items("following"))
        assert one.id in other.items("followers")
    return ada, bob


def held(reader: Person, activity: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each entry of a reader's inbox that is this activity."""
    return [item for item in reader.inbox() if item["id"] == activity["id"]]


def assert_arrive_once(reader: Person, posted: list[dict[str, Any]], seconds: float = 20) -> None:
    """Wait until all of some posts are in a reader's inbox, and see that none is there twice."""
    wanted = Counter(one["id"] for one in posted)
    eventually(lambda: wanted.keys() <= {item["id"] for item in reader.inbox()}, seconds)
    assert Counter(item["id"] for item in reader.inbox() if item["id"] in wanted) == wanted


def test_posts_travel_both_ways_and_arrive_once(friends: tuple[Person, Person]) -> None:
    """REL-038: whichever process takes a post and whichever delivers it, it is there once."""
    for author, reader in (friends, friends[::-1]):
        posted = [author.note(f"number {n}", to=[author.document["followers"]]) for n in range(20)]
        assert_arrive_once(reader, posted)
        ids = [item["id"] for item in author.items("outbox")]
        assert len(ids) == len(set(ids))
    for person in friends:
        assert_nothing_lost(person.server)


def test_parallel_posts_are_all_kept_in_one_order(friends: tuple[Person, Person]) -> None:
    """REL-001, REL-038: what two processes take at once is all there, and the count agrees with the list."""
    ada, bob = friends
    with ThreadPoolExecutor(8) as crowd:
        posted = list(crowd.map(lambda n: ada.note(f"crowd {n}", to=[PUBLIC, bob.id]), range(40)))
    listed = [item["id"] for item in ada.items("outbox")]
    assert {one["id"] for one in posted} <= set(listed)
    assert len(listed) == len(set(listed)) == ada.get(ada.document["outbox"]).json()["totalItems"]
    assert_arrive_once(bob, posted)


def test_like_and_undo_count_once(friends: tuple[Person, Person]) -> None:
    """AP-250, AP-258: in both directions."""
    for author, reader in (friends, friends[::-1]):
        note = author.note("tea?", to=[PUBLIC, reader.id])["object"]["id"]
        like = reader.post({"type": "Like", "object": note, "to": author.id})
        eventually(lambda author=author, note=note, like=like: author.items(f"{note}/likes") == [like["id"]])
        reader.post({"type": "Undo", "object": like["id"], "to": author.id})
        eventually(lambda author=author, note=note: author.items(f"{note}/likes") == [])


def test_an_edit_and_a_deletion_are_seen_by_the_reader(friends: tuple[Person, Person]) -> None:
    """AP-226, AP-230, REL-017: in order, although several processes deliver."""
    for author, reader in (friends, friends[::-1]):
        posted = author.note("Frist", to=[author.document["followers"]])
        note = posted["object"]["id"]
        author.post({"type": "Update", "object": {"id": note, "type": "Note", "content": "First"}})
        eventually(
            lambda reader=reader, posted=posted: [
                item for item in held(reader, posted) if item["object"].get("content") == "First"
            ]
        )
        author.post({"type": "Delete", "object": note})
        eventually(
            lambda reader=reader, posted=posted: held(reader, posted)[0]["object"]["type"] == "Tombstone"
        )
        assert author.get(note).status_code == 410


def test_commands_work_while_it_serves(several: tuple[Server, Server]) -> None:
    """A new account and its token are good at once, in each of the processes."""
    carol = several[0].person("carol")
    posted = carol.note("hello")
    for _ in range(8):
        assert httpx.get(posted["id"], headers={"Accept": AS2}).status_code == 200
        assert carol.get(carol.document["inbox"]).status_code == 200
    several[0].cli("actor", "add", "CAROL", expect=1)


def test_restart_and_kill_in_the_middle_of_the_work(
    friends: tuple[Person, Person], schemas: list[str]
) -> None:
    """REL-001, REL-012, REL-026: neither SIGTERM nor kill -9 loses a post or makes a second entry."""
    ada, bob = friends
    many, single = ada.server, bob.server
    posted = [ada.note(f"before {n}", to=[ada.document["followers"]]) for n in range(15)]
    single.kill()
    posted += [ada.note(f"while away {n}", to=[ada.document["followers"]]) for n in range(5)]
    assert many.stop() == 0
    many.start()
    posted += [ada.note(f"after {n}", to=[ada.document["followers"]]) for n in range(5)]
    many.kill()
    assert {one["id"] for one in posted} <= stored(schemas[0])
    let_time_pass(schemas[0])
    single.start()
    many.start()
    assert {one["id"] for one in posted} <= {item["id"] for item in ada.items("outbox")}
    assert_arrive_once(bob, posted, 120)
    for server in (many, single):
        assert_nothing_lost(server)


def stored(url: str) -> set[str]:
    """Return the IRI of every activity in a database."""
    with psycopg.connect(url) as connection:
        return {str(row[0]) for row in connection.execute("SELECT iri FROM objects WHERE kind = 2")}


def let_time_pass(url: str) -> None:
    """Have leases run out and waiting times be over, as an hour would."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE jobs SET lease_until = 0 WHERE state = 1")
        connection.execute("UPDATE jobs SET run_at = 0 WHERE state IN (0, 3)")
        connection.execute("UPDATE hosts SET open_until = NULL, not_before = NULL")
        connection.execute("UPDATE lanes SET ready_at = 0")
