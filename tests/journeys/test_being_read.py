"""What everyone finds and reads here: ids, actors of all types, their collections, and facts about the server."""

import re
from collections.abc import Iterator

import httpx
import pytest
from town import AS2, PUBLIC, Person, Server, Town, eventually


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    town = Town(tmp_path_factory.mktemp("read"))
    yield town.server()
    for one in town.servers:
        one.kill()


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    return server.person("ada")


@pytest.fixture(scope="module")
def bob(server: Server, ada: Person) -> Person:
    return server.person("bob")


def test_the_server_counts_truly(server: Server, ada: Person) -> None:
    """AP-135, AP-136, AP-137, AP-701: accounts are counted, the server's own actor is none."""
    links = httpx.get(f"{server.base_url}/.well-known/nodeinfo").json()["links"]
    address = next(one["href"] for one in links if one["rel"].endswith("/schema/2.1"))
    found = httpx.get(address).json()
    assert found["usage"]["users"]["total"] == 1
    assert found["usage"].get("localPosts", 0) == 0


def test_ids_cannot_be_guessed(ada: Person) -> None:
    """AP-060: absolute, on our origin, a hundred random bits, found at once and never the same."""
    made = [ada.note("x") for _ in range(2)]
    ids = [one for activity in made for one in (activity["id"], activity["object"]["id"])]
    assert len(set(ids)) == 4
    for id in ids:
        assert id.startswith(ada.server.base_url + "/")
        assert re.fullmatch(r"[0-9a-z]{30}", id.rpartition("/")[2])
        assert ada.get(id, signed_in=False).json()["id"] == id


def test_parts_of_a_thing_stay_anonymous(ada: Person) -> None:
    """AP-061: tags, attachments and places get no id and lead nowhere."""
    parts = {
        "tag": [{"type": "Hashtag", "name": "#tea", "href": "https://tea.example/"}],
        "attachment": [{"type": "Image", "url": "https://tea.example/1.jpg", "name": "cup"}],
        "location": {"type": "Place", "name": "Uji"},
    }
    shown = ada.get(ada.note("x", **parts)["object"]["id"]).json()
    assert "id" not in shown["tag"][0]
    assert "id" not in shown["attachment"][0]
    assert shown["location"] == parts["location"]


@pytest.mark.parametrize("type", ["Application", "Group", "Organization", "Person", "Service"])
def test_actors_of_every_type_can_be_followed(bob: Person, type: str) -> None:
    """AP-100, AP-718: made, found by name, and followed."""
    made = bob.server.person(f"some{type.lower()}", "--type", type)
    assert made.document["type"] == type
    found = httpx.get(
        f"{bob.server.base_url}/.well-known/webfinger", params={"resource": f"acct:{made.acct}"}
    )
    assert found.json()["links"][0]["href"] == made.id
    bob.follow(made)
    eventually(lambda: bob.id in made.items("followers"))


def test_webfinger_is_for_everyone(ada: Person) -> None:
    """AP-122: its own media type, and readable for programs in browsers."""
    answer = httpx.get(
        f"{ada.server.base_url}/.well-known/webfinger", params={"resource": f"acct:{ada.acct}"}
    )
    assert answer.headers["content-type"].startswith("application/jrd+json")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_type_of_each_collection(ada: Person) -> None:
    """AP-150, AP-154: ordered, but for hashtags; the first page is named, not embedded."""
    note = ada.note("x")["object"]
    addresses = [
        ada.document[name] for name in ("inbox", "outbox", "followers", "following", "liked", "featured")
    ]
    for address in (*addresses, note["replies"], note["likes"], note["shares"]):
        collection = ada.get(address).json()
        assert collection["type"] == "OrderedCollection"
        assert isinstance(collection.get("first", ""), str)
    assert ada.get(ada.document["featuredTags"]).json()["type"] == "Collection"


def test_an_inbox_shows_each_reader_what_they_may_see(ada: Person, bob: Person) -> None:
    """AP-161: 200 for everyone; strangers see what is public, the owner everything, each activity once."""
    public = bob.note("for all", to=[PUBLIC, ada.id])
    private = bob.note("for ada", to=[ada.id])
    owner, stranger = ada.items("inbox"), ada.items("inbox", signed_in=False)
    ids = [one["id"] for one in owner]
    assert {public["id"], private["id"]} <= set(ids)
    assert len(ids) == len(set(ids))
    assert public["id"] in [one["id"] for one in stranger]
    assert private["id"] not in [one["id"] for one in stranger]
    assert ada.get(ada.document["inbox"], signed_in=False).status_code == 200


def test_the_handle_stands_in_the_actor(ada: Person) -> None:
    """AP-099, AP-707: without prefix, and WebFinger agrees."""
    assert ada.document["webfinger"] == ada.acct


def test_keys_of_both_kinds_stand_in_the_actor(ada: Person) -> None:
    """AP-702, AP-093: an Ed25519 Multikey beside the RSA key, each under a fragment of the actor's id."""
    (multikey,) = ada.document["assertionMethod"]
    assert (multikey["type"], multikey["controller"]) == ("Multikey", ada.id)
    assert multikey["publicKeyMultibase"].startswith("z6Mk")
    assert ada.document["publicKey"]["id"] == f"{ada.id}#main-key"


def test_the_server_has_an_actor_of_its_own(server: Server) -> None:
    """AP-705, AP-706, AP-101: found from NodeInfo and by the server's own address."""
    links = httpx.get(f"{server.base_url}/.well-known/nodeinfo").json()["links"]
    named = next(one["href"] for one in links if one["rel"].endswith("#Application"))
    found = httpx.get(f"{server.base_url}/.well-known/webfinger", params={"resource": f"{server.base_url}/"})
    assert named in [one["href"] for one in found.json()["links"] if "href" in one]
    assert httpx.get(named, headers={"Accept": "application/activity+json"}).json()["type"] == "Application"


def test_shared_inbox_shows_public_things_only(ada: Person, bob: Person) -> None:
    """AP-162: whoever asks, nothing private is in it."""
    private = bob.note("psst", to=[ada.id])
    answer = ada.get(ada.document["endpoints"]["sharedInbox"])
    assert private["id"] not in answer.text


def test_actors_and_their_collections_can_be_kept_by_caches(ada: Person) -> None:
    """AP-106, AP-067: public for a while, with a validator, and unchanged when asked again."""
    for address in (ada.id, ada.document["followers"]):
        first = ada.get(address, signed_in=False)
        assert first.headers["cache-control"].startswith("public")
        again = httpx.get(address, headers={"Accept": AS2, "If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
