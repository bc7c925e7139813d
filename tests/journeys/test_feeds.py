"""Feeds that other servers follow: what an application puts there is read elsewhere, and nothing else is."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from application import Application, fresh
from town import AS2, PUBLIC, Person, Server, Town, eventually, never

GROUPS = {
    "news": {"public": True, "template": "{{ actor }} pinned {{ object }}: {{ message }}"},
    "club": {},
}


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """A server with applications, and another one; each test brings its own people and feeds."""
    town = Town(tmp_path_factory.mktemp("neighbours"))
    yield town.server(HEADWATER_FEEDS=json.dumps(GROUPS)), town.server()
    for server in town.servers:
        server.kill()


@pytest.fixture(scope="module")
def application(neighbours: tuple[Server, Server]) -> Iterator[Application]:
    made = Application(neighbours[0])
    yield made
    made.close()


@pytest.fixture
def bob(neighbours: tuple[Server, Server]) -> Person:
    """Someone on the other server."""
    return neighbours[1].person(fresh("bob").replace("-", ""))


def add(application: Application, feed: str, **members: Any) -> dict[str, Any]:
    activity = {"actor": "SU:ada", "verb": "pin", "object": "Place:42", **members}
    made: dict[str, Any] = application.python().feed(*feed.split(":")).add_activity(activity)
    return made


def follow(bob: Person, address: str) -> None:
    bob.post({"type": "Follow", "object": address, "to": address})
    eventually(lambda: address in bob.items("following"))


def contents(bob: Person) -> list[str]:
    """What the posts in Bob's inbox say now, newest first."""
    return [post["object"]["content"] for post in bob.inbox("Create") if "content" in post["object"]]


def test_a_public_feed_is_followed_from_another_server(application: Application, bob: Person) -> None:
    """Feeds §5.2: each new activity arrives as a post, is edited by a partial update, and deleted with the activity."""
    name = fresh("tea")
    add(application, f"news:{name}", message="first")
    address = f"{application.server.base_url}/feeds/news/{name}"
    follow(bob, address)
    made = add(application, f"news:{name}", message="<b>come</b> & see", to=["club:secret"])
    eventually(lambda: contents(bob) == ["<p>ada pinned Place:42: &lt;b&gt;come&lt;/b&gt; &amp; see</p>"])
    [create] = bob.inbox("Create")
    assert create["actor"] == address
    assert create["object"]["attachment"][0]["hw:verb"] == "pin"
    assert "secret" not in json.dumps(create)

    application.python().activity_partial_update(id=made["id"], set={"message": "edited"})
    eventually(lambda: contents(bob) == ["<p>ada pinned Place:42: edited</p>"])
    application.python().feed("news", name).remove_activity(made["id"])
    eventually(lambda: bob.inbox("Create")[0]["object"]["type"] == "Tombstone")
    assert httpx.get(create["object"]["id"], headers={"Accept": AS2}).status_code == 410


def test_a_feed_is_found_by_its_handle(application: Application, bob: Person) -> None:
    """A handle leads to the actor, the actor to its page, and the page says what is new."""
    name, server = fresh("tea").replace("-", ""), application.server
    add(application, f"news:{name}", message="hello")
    found = httpx.get(
        f"{server.base_url}/.well-known/webfinger", params={"resource": f"acct:news.{name}@{server.host}"}
    )
    links = {link["rel"]: link.get("href") for link in found.json()["links"]}
    actor = httpx.get(links["self"], headers={"Accept": AS2}).json()
    assert (actor["id"], actor["type"]) == (f"{server.base_url}/feeds/news/{name}", "Service")
    assert actor["preferredUsername"] == f"news.{name}"
    assert actor["publicKey"]["owner"] == actor["id"]
    assert (
        httpx.get(f"{server.base_url}/@news.{name}", headers={"Accept": AS2}).headers["location"]
        == actor["id"]
    )
    page = httpx.get(links["http://webfinger.net/rel/profile-page"], headers={"Accept": "text/html"})
    assert "ada pinned Place:42: hello" in page.text
    outbox = httpx.get(actor["outbox"], headers={"Accept": AS2}).json()
    assert outbox["totalItems"] == 1
    for kind in ("inbox", "outbox", "followers", "following", "liked"):
        assert httpx.get(actor[kind], headers={"Accept": AS2}).status_code == 200
    assert httpx.post(actor["outbox"], json={}).status_code == 405


def test_a_private_feed_is_nowhere_to_be_seen(application: Application, bob: Person) -> None:
    """Nothing of a group that is not public leaves, or shows elsewhere."""
    name, server = fresh("secret").replace("-", ""), application.server
    made = add(application, f"club:{name}", actor=f"SU:{name}", message=f"#{name}", to=[f"user:{name}"])
    paths = (
        f"/feeds/club/{name}", f"/feeds/club/{name}/outbox", f"/feeds/user/{name}", f"/@club.{name}",
        f"/users/club.{name}", f"/activities/{made['id']}", f"/entities/User/{name}",
        f"/entities/User/{name}/outbox", "/entities/Place/42",
        f"/.well-known/webfinger?resource=acct:club.{name}@{server.host}",
    )  # fmt: skip
    for path in paths:
        for accept in (AS2, "text/html"):
            answer = httpx.get(server.base_url + path, headers={"Accept": accept})
            assert answer.status_code in (404, 303), path
            assert made["id"] not in answer.text
    for path in (f"/tags/{name}", "/", f"/tags/{name}/feed.atom"):
        answer = httpx.get(server.base_url + path, headers={"Accept": "*/*"})
        assert made["id"] not in answer.text
    never(lambda: [item for item in bob.inbox() if made["id"] in json.dumps(item)])


def test_who_acts_in_public_is_an_entity(application: Application) -> None:
    """Feeds §3.2: users without an account are described, with what everyone may read of what they did."""
    name, server = fresh("eve"), application.server
    public = add(application, "news:all", actor=f"SU:{name}", message="hello")
    add(application, "club:all", actor=f"SU:{name}", message="hush")
    iri = f"{server.base_url}/entities/User/{name}"
    entity = httpx.get(iri, headers={"Accept": AS2}).json()
    assert (entity["id"], entity["type"], entity["name"]) == (iri, "Person", name)
    outbox = httpx.get(entity["outbox"], headers={"Accept": AS2}).json()
    page = httpx.get(outbox["first"], headers={"Accept": AS2}).json()
    assert outbox["totalItems"] == 1
    [shown] = page["orderedItems"]
    assert (shown["id"], shown["actor"], shown["to"]) == (
        f"{server.base_url}/activities/{public['id']}",
        iri,
        PUBLIC,
    )
    alone = httpx.get(shown["id"], headers={"Accept": AS2})
    assert alone.json()["hw:verb"] == "pin"
    assert httpx.get(shown["id"], headers={"Accept": "text/html"}).status_code == 200


def test_another_tenants_feeds_are_actors_of_their_own(
    neighbours: tuple[Server, Server], bob: Person
) -> None:
    neighbours[0].cli("tenant", "add", "acme")
    acme = Application(neighbours[0], "acme")
    made = add(acme, "news:all", message="first")
    address = f"{neighbours[0].base_url}/tenants/acme/feeds/news/all"
    follow(bob, address)
    add(acme, "news:all", message="second")
    eventually(lambda: contents(bob) == ["<p>ada pinned Place:42: second</p>"])
    iri = f"{neighbours[0].base_url}/tenants/acme/activities/{made['id']}"
    assert httpx.get(iri, headers={"Accept": AS2}).json()["id"] == iri
    assert httpx.get(f"{neighbours[0].base_url}/tenants/acme/entities/User/ada").json()["name"] == "ada"
    acme.close()
