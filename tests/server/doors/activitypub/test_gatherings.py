"""Conversations and hashtags as they are served."""

from typing import Any

import pytest
from town import Person, Server


@pytest.fixture(scope="module")
def ada(live: Server) -> Person:
    return Person(live, "ada")


def walked(ada: Person, url: str) -> list[str]:
    found: list[str] = []
    at: str | None = url
    while at:
        page = ada.get(at, signed_in=False).json()
        found += page.get("orderedItems", [])
        at = page.get("next")
    return found


def test_a_conversation_is_an_ordered_collection(ada: Person) -> None:
    """AP-741: what ``context`` names can be read: oldest first, in pages, attributed to who began it."""
    root: dict[str, Any] = ada.note("root")["object"]
    alone = ada.get(root["context"], signed_in=False).json()
    assert (alone["type"], alone["totalItems"], alone["orderedItems"]) == (
        "OrderedCollection",
        1,
        [root["id"]],
    )
    replies = [ada.note("r", inReplyTo=root["id"])["object"]["id"] for _ in range(3)]
    served = ada.get(f"{root['context']}?limit=2", signed_in=False).json()
    assert (served["id"], served["attributedTo"], served["totalItems"]) == (root["context"], ada.id, 4)
    assert walked(ada, served["first"]) == [root["id"], *replies]
    last = ada.get(served["last"], signed_in=False).json()
    assert last["orderedItems"] == replies[1:]
    assert walked(ada, last["prev"]) == [root["id"], *replies]


def test_what_is_no_conversation_is_not_found(ada: Person) -> None:
    """AP-741, SEC-033: an unknown one and a hidden one are answered alike."""
    hidden = ada.note("psst", to=[])["object"]["context"]
    for url in (hidden, f"{ada.server.base_url}/contexts/0000"):
        answer = ada.get(url, signed_in=False)
        assert answer.status_code == 404, answer.text
    assert ada.get(hidden).json()["totalItems"] == 1


def test_a_hashtag_is_a_collection(ada: Person) -> None:
    """AP-747, AP-293: the tag's href leads to the public posts under it; one never used is empty."""
    note = ada.note("<p>Late #Éclair</p>")["object"]
    (tag,) = note["tag"]
    assert (tag["type"], tag["name"]) == ("Hashtag", "#Éclair")
    served = ada.get(tag["href"], signed_in=False).json()
    assert (served["id"], served["type"], served["name"]) == (tag["href"], "OrderedCollection", "#éclair")
    assert walked(ada, served["first"]) == [note["id"]]
    assert ada.get(f"{ada.server.base_url}/tags/none", signed_in=False).json()["totalItems"] == 0
    assert ada.note("private #éclair", to=[])["object"]["tag"][0]["href"] == tag["href"]
    assert walked(ada, served["first"]) == [note["id"]]


def test_earlier_versions_can_be_read(ada: Person) -> None:
    """IQ-716, AP-644: what an edited object names as its former representations is a collection of them."""
    note = ada.note("first", summary="tea")["object"]["id"]
    ada.post({"type": "Update", "object": {"id": note, "content": "second"}})
    named = ada.get(note, signed_in=False).json()["formerRepresentations"]
    served = ada.get(named["id"], signed_in=False).json()
    assert (served["type"], served["totalItems"]) == ("OrderedCollection", 1)
    assert [(old["content"], old["summary"]) for old in served["orderedItems"]] == [("first", "tea")]
    hidden = ada.note("secret", to=[])["object"]["id"]
    ada.post({"type": "Update", "object": {"id": hidden, "content": "more"}})
    assert ada.get(f"{hidden}/history", signed_in=False).status_code == 404
    assert ada.get(f"{hidden}/history").json()["totalItems"] == 1
