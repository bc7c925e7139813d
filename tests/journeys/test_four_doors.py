"""One core: what is published at any of the four doors is read at every one of them."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import fromstring

import httpx
import pytest
from application import Application, fresh
from outgrown import schema, working_for
from town import PUBLIC, Person, Server, Town, eventually

ENTRY = "{http://www.w3.org/2005/Atom}entry"
ATOM_ID = "{http://www.w3.org/2005/Atom}id"

Publish = Callable[["Doors", str], str]
Read = Callable[["Doors", str], bool]


@dataclass
class Doors:
    """Somebody with an account here, their application, and a friend on another server who follows both."""

    ada: Person
    bob: Person
    application: Application
    key: str
    """Of the Events API."""

    @property
    def feed(self) -> Any:
        return self.application.python().feed("user", self.ada.name)


ROUTES = [{"match": "type = 'as.shop.opened'", "into": "user:ada"}]
HERE = {"HEADWATER_FEEDS": '{"user": {"public": true}}', "HEADWATER_ROUTES": json.dumps(ROUTES)}
"""The feeds of accounts are public, and Ada's has what happens in her shop too."""


@pytest.fixture(scope="module", params=["one process", "many processes"])
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    """Two servers; the first is one process on SQLite, or several on PostgreSQL."""
    town = Town(tmp_path_factory.mktemp("doors"))
    try:
        if request.param == "one process":
            yield town.server(**HERE), town.server()
            return
        with schema() as url:
            many = town.server(HEADWATER_STORAGE_URL=url, HEADWATER_SERVER_WORKERS="2", **HERE)
            with working_for(many):
                yield many, town.server()
            many.kill()
    finally:
        for server in town.servers:
            server.kill()


@pytest.fixture(scope="module")
def doors(servers: tuple[Server, Server]) -> Iterator[Doors]:
    """Bob follows Ada's account, and her feed, from another server; Ada's own timeline follows her feed."""
    here, there = servers
    application = Application(here)
    ada, bob = here.person("ada"), there.person("bob")
    application.python().feed("timeline", "ada").follow("user", "ada")
    for address in (ada.id, f"{here.base_url}/feeds/user/ada"):
        bob.post({"type": "Follow", "object": address, "to": address})
        eventually(lambda address=address: address in bob.items("following"))
    key = here.cli("tenant", "show", "default")["events"]["api_key"]
    yield Doors(ada, bob, application, key)
    application.close()


def by_activitypub(doors: Doors, text: str) -> str:
    """Ada posts with a program of hers."""
    return str(doors.ada.note(text)["id"])


def by_feeds(doors: Doors, text: str) -> str:
    """Ada's application adds an activity."""
    made = doors.feed.add_activity({"actor": "SU:ada", "verb": "say", "object": f"Words:{text}"})
    return f"{doors.ada.server.base_url}/activities/{made['id']}"


def by_events(doors: Doors, text: str) -> str:
    """Something that Ada's shop records happens."""
    event = {
        "type": "as.shop.opened", "description": text, "acl": [{"READ": "Public"}],
        "involves": [{"ACTOR": "User/ada"}, {"AFFECTS": f"Shop/{text}"}],
    }  # fmt: skip
    answer = httpx.post(
        f"{doors.ada.server.base_url}/api/v1/as/events", json=event, headers={"X-API-Key": doors.key}
    )
    assert answer.status_code == 201, answer.text
    return f"{doors.ada.server.base_url}/events/{answer.json()['_stream_id']}"


def by_third_party(doors: Doors, text: str) -> str:
    """Ada's build server tells the stream what it did, in her name, for everybody to see."""
    told = {
        "generator": {"id": "https://ci.example/", "displayName": "Orchard CI"},
        "id": f"https://ci.example/{text}", "verb": "post", "title": f"run {text} passed", "to": PUBLIC,
        "object": {"id": f"https://ci.example/{text}", "objectType": "article", "displayName": text},
    }  # fmt: skip
    answer = httpx.post(
        f"{doors.ada.server.base_url}/rest/activities/1.0/", json=told, auth=("ada", doors.ada.token),
        headers={"Content-Type": "application/vnd.atl.streams.thirdparty+json"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    told_here = (one["id"] for one in doors.ada.items("outbox") if text in json.dumps(one))
    return str(next(told_here))


def at_activitypub(doors: Doors, iri: str) -> bool:
    """Anyone finds it in her outbox, and by its id."""
    listed = doors.ada.items("outbox", signed_in=False)
    found = doors.bob.get(iri, signed_in=False)
    actor = found.json()["actor"]
    actor = actor["id"] if isinstance(actor, dict) else actor
    return iri in [item["id"] for item in listed] and actor == doors.ada.id


def elsewhere(doors: Doors, iri: str) -> bool:
    """Bob finds it in his inbox: itself, or a post that has it inside or shares what it made."""
    object = doors.ada.get(iri).json()["object"]
    about = {iri, object["id"] if isinstance(object, dict) else object}
    return any(about & set(_texts(item)) for item in doors.bob.inbox())


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        yield from itertools.chain.from_iterable(
            map(_texts, node.values() if isinstance(node, dict) else node)
        )


def at_feeds(doors: Doors, iri: str) -> bool:
    """The application reads it in Ada's feed, and in one that follows it."""
    pages = [
        doors.feed.get(limit=100)["results"],
        doors.application.python().feed("timeline", "ada").get(limit=100)["results"],
    ]
    return all(any(iri in (one["foreign_id"], _native(doors, one)) for one in page) for page in pages)


def _native(doors: Doors, activity: dict[str, Any]) -> str:
    return f"{doors.ada.server.base_url}/activities/{activity['id']}"


def at_events(doors: Doors, iri: str) -> bool:
    """Whoever has a key reads it in the stream of the entity that Ada is."""
    answer = httpx.get(
        f"{doors.ada.server.base_url}/api/v1/as/entities/User/ada/events",
        params={"size": 300}, headers={"X-API-Key": doors.key},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return iri in [item["_as2"] for item in answer.json()]


def at_atom(doors: Doors, iri: str) -> bool:
    """Ada's feed reader has it in her stream, by her name and a password; anybody's has it too."""
    address = f"{doors.ada.server.base_url}/activity?maxResults=1000"
    hers = httpx.get(f"{address}&os_authType=basic", auth=("ada", doors.ada.token))
    anybodys = httpx.get(address)
    return all(
        answer.status_code == 200
        and iri in [one.findtext(ATOM_ID) for one in fromstring(answer.content).iter(ENTRY)]
        for answer in (hers, anybodys)
    )


@pytest.mark.parametrize("read", [at_activitypub, elsewhere, at_feeds, at_events, at_atom])
@pytest.mark.parametrize("publish", [by_activitypub, by_feeds, by_events, by_third_party])
def test_what_is_published_at_one_door_is_read_at_every_door(
    doors: Doors, publish: Publish, read: Read
) -> None:
    """One core: no door is a world of its own."""
    iri = publish(doors, fresh("hello"))
    eventually(lambda: read(doors, iri))


def test_what_is_said_to_some_is_read_by_them_alone(doors: Doors) -> None:
    """Visibility: what Ada tells her followers is in her feed for her and for her servers, and in no other."""
    quiet = doors.ada.note("hush", to=doors.ada.document["followers"])["id"]
    eventually(lambda: quiet in [one["foreign_id"] for one in doors.feed.get(limit=100)["results"]])
    stranger = doors.application.user_token("eve")
    hers = doors.application.user_token("ada")

    def seen(token: str, path: str, **query: str) -> bool:
        return quiet in doors.application.request("GET", path, token=token, params=query).text

    assert seen(hers, "feed/user/ada/", limit="100")
    assert not seen(stranger, "feed/user/ada/", limit="100")
    shown = next(one for one in doors.feed.get(limit=100)["results"] if one["foreign_id"] == quiet)
    assert seen(hers, "activities/", ids=shown["id"])
    assert not seen(stranger, "activities/", ids=shown["id"])
    assert not seen(stranger, "enrich/activities/", ids=shown["id"])
    timeline = doors.application.python().feed("timeline", "ada").get(limit=100)["results"]
    assert quiet not in json.dumps([one["foreign_id"] for one in timeline])
    assert PUBLIC not in json.dumps(shown["as2"])


def test_what_a_member_did_unseen_is_read_by_them_and_by_who_has_a_key(doors: Doors) -> None:
    """Events §23.1: private by default, at every door; the member's own program reads it with their token."""
    base = doors.ada.server.base_url
    event = {"type": "as.shop.counted", "involves": [{"ACTOR": "User/ada"}, {"AFFECTS": "Shop/quiet"}]}
    made = httpx.post(f"{base}/api/v1/as/events", json=event, headers={"X-API-Key": doors.key}).json()
    iri = f"{base}/events/{made['_stream_id']}"
    assert doors.ada.get(iri).json()["hw:eventType"] == "as.shop.counted"
    assert iri in [item["id"] for item in doors.ada.items("outbox")]
    assert iri not in [item["id"] for item in doors.ada.items("outbox", signed_in=False)]
    for address in (iri, f"{base}/entities/Shop/quiet", f"{base}/entities/Shop/quiet/stream"):
        assert doors.bob.get(address, signed_in=False).status_code == 404
        assert httpx.get(address, headers={"X-API-Key": doors.key}).status_code == 200
