"""Collections as they are served."""

import json
from typing import Any

import pytest
from town import PUBLIC, Person, Server


@pytest.fixture(scope="module")
def ada(live: Server) -> Person:
    return Person(live, "ada")


@pytest.mark.parametrize(("type", "member"), [("Collection", "items"), ("OrderedCollection", "orderedItems")])
@pytest.mark.parametrize("count", [0, 2, 25])
def test_a_collection_of_a_client_is_served_as_it_was_made(
    ada: Person, type: str, member: str, count: int
) -> None:
    """AP-009, AP-152, AP-165: its types, its own members, its items under the name its type gives them."""
    items = [f"https://a.example/{number}" for number in range(count)]
    said: dict[str, Any] = {"type": [type, "Shelf"], "name": "Books", "to": PUBLIC, "mood": {"x": 1}}
    made = ada.post({**said, member: items})["object"]["id"]
    served = ada.get(made, signed_in=False).json()
    assert {name: served[name] for name in said} == said
    assert (served["attributedTo"], served["totalItems"]) == (ada.id, count)
    found, url = served.get(member, []), served.get("first")
    while url:
        page = ada.get(url, signed_in=False).json()
        assert page["type"] == f"{type}Page"
        found += page.get(member, [])
        url = page.get("next")
    assert json.dumps(found) == json.dumps(items)
