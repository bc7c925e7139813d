"""Collections as clients make, fill, hide and read them."""

import itertools
from typing import Any

import httpx
import pytest
from town import AS2, PUBLIC, Person, Server

_names = itertools.count(1)


@pytest.fixture
def ada(here: Server) -> Person:
    return here.person(f"ada{next(_names)}")


@pytest.fixture
def bob(here: Server) -> Person:
    return here.person(f"bob{next(_names)}")


def shown(person: Person, url: str, **options: Any) -> dict[str, Any]:
    document: dict[str, Any] = person.get(url, **options).json()
    return document


def update(person: Person, expect: int = 201, **members: Any) -> dict[str, Any]:
    return person.post({"type": "Update", "object": {"id": person.id, "type": "Person", **members}}, expect)


def test_followers_can_be_hidden_from_all_but_their_owner(ada: Person, bob: Person) -> None:
    """AP-163, AP-157: others learn the true number and nothing else, by no page and no event stream."""
    bob.follow(ada)
    followers, page = ada.document["followers"], f"{ada.document['followers']}?before=9223372036854775807"
    assert shown(bob, page)["orderedItems"] == [bob.id]
    events = bob.get(followers).json()["eventStream"]
    update(ada, hidesFollowers=True)
    for options in ({"signed_in": True}, {"signed_in": False}):
        hidden = shown(bob, followers, **options)
        assert hidden["totalItems"] == 1
        assert not {"first", "last", "orderedItems"} & hidden.keys()
        assert bob.get(page, **options).status_code == 404
    assert bob.get(events).status_code == 404
    assert ada.items("followers") == [bob.id]
    assert shown(bob, bob.document["following"], signed_in=False)["totalItems"] == 1
    assert bob.items("following", signed_in=False) == [ada.id]
    update(ada, hidesFollowers=False)
    assert bob.items(followers) == [bob.id]
    update(ada, hidesFollowers="yes", expect=400)


def test_an_actor_shows_collections_of_its_own_as_streams(ada: Person, bob: Person) -> None:
    """ActivityPub §4.1, AP-166: public ones, one's own; anything else is refused."""
    mine, private = (
        ada.post({"type": "Collection", "name": "Teas", "to": to})["object"]["id"] for to in (PUBLIC, ada.id)
    )
    theirs = bob.post({"type": "Collection", "to": PUBLIC})["object"]["id"]
    update(ada, streams=[mine])
    assert shown(bob, ada.id, signed_in=False)["streams"] in (mine, [mine])
    for wrong in (private, theirs, f"{mine}0", ada.document["outbox"]):
        assert update(ada, 400, streams=[wrong])["field"] == "object.streams"


def test_a_client_makes_fills_and_empties_a_collection(ada: Person) -> None:
    """AP-165, AP-245, AP-158: bare or in a Create; a member is there once, and goes again."""
    note = ada.note("tea", to=PUBLIC)["object"]["id"]
    for made in (
        ada.post({"type": "OrderedCollection", "to": PUBLIC}),
        ada.post({"type": "Create", "to": PUBLIC, "object": {"type": "OrderedCollection"}}),
    ):
        teas = made["object"]["id"]
        assert shown(ada, teas)["totalItems"] == 0
        for _ in range(2):
            ada.post({"type": "Add", "object": note, "target": teas})
        assert shown(ada, teas, signed_in=False)["orderedItems"] == [note]
        for _ in range(2):
            ada.post({"type": "Remove", "object": note, "target": teas})
        assert shown(ada, teas)["totalItems"] == 0


def test_members_that_the_reader_may_not_see_are_left_out(ada: Person, bob: Person) -> None:
    """AP-165, AP-157: the number is what this reader would count."""
    open_, closed = (ada.note("x", to=to)["object"]["id"] for to in (PUBLIC, ada.id))
    made = ada.post({"type": "Collection", "to": PUBLIC, "items": [open_, closed]})
    teas = made["object"]["id"]
    assert (shown(bob, teas)["items"], shown(bob, teas)["totalItems"]) == ([open_], 1)
    assert sorted(shown(ada, teas)["items"]) == sorted([open_, closed])
    hidden = ada.post({"type": "Collection", "to": ada.id})["object"]["id"]
    assert bob.get(hidden).status_code == 404


def test_a_long_collection_has_pages(ada: Person) -> None:
    """AP-152, AP-153, AP-154: beyond one page its members are on pages, each once, none on the collection."""
    members = [f"https://there.example/{n}" for n in range(45)]
    teas = ada.post({"type": "Collection", "to": PUBLIC, "items": members})["object"]["id"]
    top = shown(ada, teas, signed_in=False)
    assert top["totalItems"] == 45
    assert "items" not in top
    found, url = [], top["first"]
    while url:
        page = httpx.get(url, headers={"Accept": "application/activity+json"}).json()
        assert (page["type"], page["partOf"]) == ("CollectionPage", teas)
        found += page["items"]
        url = page.get("next")
    assert sorted(found) == sorted(members)


def test_what_the_server_keeps_of_a_collection_is_not_the_clients(ada: Person, bob: Person) -> None:
    """AP-166, AP-245: counts and members change by Add and Remove alone, and only in one's own."""
    note = ada.note("tea", to=PUBLIC)["object"]["id"]
    teas = ada.post({"type": "Collection", "to": PUBLIC, "items": [note]})["object"]["id"]
    for member in ({"totalItems": 7}, {"items": []}, {"first": "https://x.example/"}):
        ada.post({"type": "Update", "object": {"id": teas, "type": "Collection", **member}}, 400)
    named = ada.post({"type": "Update", "object": {"id": teas, "type": "Collection", "name": "Teas"}})
    assert named["object"]["name"] == "Teas"
    assert shown(bob, teas)["items"] == [note]
    for target in (teas, ada.document["followers"], bob.document["followers"]):
        bob.post({"type": "Add", "object": bob.id, "target": target}, 403)


def test_documents_can_be_kept_for_as_long_as_they_are_right(ada: Person, bob: Person) -> None:
    """AP-067, AP-072, SEC-014: validators and 304; private what depended on the reader; copies agree."""
    posted = ada.note("tea", to=PUBLIC)
    note = posted["object"]["id"]
    public, private = ada.get(note, signed_in=False), bob.get(note)
    assert public.headers["cache-control"].startswith("public, max-age=")
    assert private.headers["cache-control"] == "private, no-store"
    assert {"Authorization", "Signature"} <= set(private.headers["vary"].replace(" ", "").split(","))
    again = httpx.get(note, headers={"Accept": AS2, "If-None-Match": public.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = httpx.get(note, headers={"Accept": AS2, "If-Modified-Since": public.headers["last-modified"]})
    assert since.status_code == 304
    embedded = shown(ada, posted["id"], signed_in=False)["object"]
    fetched = {term: value for term, value in public.json().items() if term not in ("@context", "proof")}
    assert {term: value for term, value in embedded.items() if term not in ("@context", "proof")} == fetched
    ada.post({"type": "Update", "object": {"id": note, "type": "Note", "content": "coffee"}})
    assert (
        httpx.get(note, headers={"Accept": AS2, "If-None-Match": public.headers["etag"]}).status_code == 200
    )


def test_a_collection_says_whose_it_is_and_which(ada: Person) -> None:
    """AP-168, AP-716: the inverse of what led to it, declared for whoever reads JSON-LD."""
    note = ada.note("Listed")["object"]
    for kind in ("inbox", "outbox", "followers", "following", "liked"):
        collection = shown(ada, ada.document[kind])
        assert collection[f"{kind}Of"] == ada.id
        meaning = {"@id": f"https://w3id.org/fep/5711#{kind}Of", "@type": "@id"}
        declared = [entry for entry in collection["@context"] if isinstance(entry, dict)]
        assert any(entry.get(f"{kind}Of") == meaning for entry in declared)
    for kind in ("replies", "likes", "shares"):
        assert shown(ada, note[kind])[f"{kind}Of"] == note["id"]


def test_the_page_with_an_item_is_found(ada: Person, bob: Person) -> None:
    """AP-168, AP-595: by members, on pages of any length; not what is not there, or not for the reader."""
    said = [ada.note(f"{n}", to=ada.id if n == 3 else PUBLIC)["id"] for n in range(7)]
    collection = shown(ada, ada.document["outbox"])
    assert collection["seekItem"] == f"{ada.document['outbox']}/seek"
    assert "https://purl.archive.org/socialweb/seekitem" in collection["@context"]
    assert "seekItem" not in shown(ada, ada.document["outbox"], signed_in=False)
    for item in said:
        for limit in ("3", "20"):
            led = httpx.get(
                collection["seekItem"], params={"item": item, "limit": limit},
                headers={"Authorization": f"Bearer {ada.token}", "Accept": AS2}, follow_redirects=True,
            )  # fmt: skip
            assert [answer.status_code for answer in led.history] == [307]
            assert led.json()["type"] == "OrderedCollectionPage"
            assert item in [one["id"] for one in led.json()["orderedItems"]]
            assert led.json()["id"] == str(led.url)
    assert bob.get(f"{collection['seekItem']}?item={said[2]}").status_code == 307
    for reader, item, status in (
        (bob, said[3], 404), (ada, "https://nowhere.example/1", 404), (ada, ada.id, 404), (ada, "", 400),
    ):  # fmt: skip
        assert reader.get(f"{collection['seekItem']}?item={item}").status_code == status
    blocks = f"{ada.document['blocked']}/seek?item={bob.id}"
    assert bob.get(blocks, signed_in=False).status_code == 401
    assert bob.get(blocks).status_code == 403
    assert ada.get(blocks).status_code == 404
    ada.post({"type": "Block", "object": bob.id})
    assert ada.get(blocks).status_code == 307


def test_the_page_with_a_reply_and_nobody_whom_an_actor_hides(ada: Person, bob: Person) -> None:
    """AP-163, AP-595: of an object's collections too; one that shows nobody leads nowhere."""
    note = ada.note("x")["object"]
    reply = bob.note("y", inReplyTo=note["id"])["object"]["id"]
    led = bob.get(f"{note['replies']}/seek?item={reply}")
    assert led.status_code == 307
    assert reply in shown(bob, led.headers["location"])["orderedItems"]
    bob.follow(ada)
    seek = f"{ada.document['followers']}/seek?item={bob.id}"
    assert bob.get(seek).status_code == 307
    update(ada, hidesFollowers=True)
    assert bob.get(seek).status_code == 404
    assert ada.get(seek).status_code == 307
