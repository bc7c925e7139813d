"""stream-python: collections (Feeds §7.2)."""

import pytest
from application import fresh, without
from stream.exceptions import DoesNotExistException, InputException, StreamApiException

BURGER = {"name": "cheese burger", "toppings": ["cheese"]}


@pytest.fixture
def entry(client):
    return client.collections.add("food", BURGER, id=fresh("burger"), user_id="ada")


def test_an_entry_has_these_fields(client, entry):
    """Feeds §7.2: its owner is not shown."""
    assert entry.keys() == {"id", "collection", "foreign_id", "data", "created_at", "updated_at", "duration"}
    assert (entry["collection"], entry["foreign_id"], entry["data"]) == (
        "food",
        f"food:{entry['id']}",
        BURGER,
    )
    assert entry["created_at"].endswith("Z")
    assert without(client.collections.get("food", entry["id"])) == without(entry)


def test_an_entry_without_an_id_gets_one(client):
    """Feeds §7.2: a UUID."""
    assert len(client.collections.add("food", BURGER)["id"]) == 36


def test_an_id_is_taken_once_in_a_collection(client, entry):
    """Feeds §4, §14.12: 409."""
    with pytest.raises(StreamApiException) as refused:
        client.collections.add("food", {"name": "another"}, id=entry["id"])
    assert refused.value.status_code == 409
    client.collections.add("drink", {"name": "beer"}, id=entry["id"])
    client.collections.delete("food", entry["id"])
    assert client.collections.add("food", {"name": "another"}, id=entry["id"])["data"] == {"name": "another"}


@pytest.mark.parametrize("data", [{}, None, "text", [1]])
def test_what_no_entry_can_hold(client, data):
    """Feeds §7.2, §14.12: data is an object that says something."""
    with pytest.raises(InputException):
        client.collections.add("food", data)


def test_what_no_entry_can_be_called(client):
    """Feeds §7.2."""
    with pytest.raises(InputException):
        client.collections.add("food", BURGER, id="!abcdee!")


def test_update_replaces_the_data(client, entry):
    """Feeds §7.2."""
    changed = client.collections.update("food", entry["id"], {"changed": True})
    assert (changed["data"], changed["created_at"]) == ({"changed": True}, entry["created_at"])
    assert changed["updated_at"] > entry["updated_at"]
    assert without(client.collections.get("food", entry["id"])) == without(changed)


def test_what_is_not_there(client, entry):
    """Feeds §7.2: 404 for reading, changing and deleting."""
    assert without(client.collections.delete("food", entry["id"])) == {}
    for attempt in (client.collections.get, client.collections.delete):
        with pytest.raises(DoesNotExistException):
            attempt("food", entry["id"])
    with pytest.raises(DoesNotExistException):
        client.collections.update("food", entry["id"], {"x": 1})


def test_many_at_once(client):
    """Feeds §7.2: upsert keeps the whole item as data; select answers as asked; delete takes what it finds."""
    one, two, three = [{"id": fresh("item"), "name": name} for name in ("Juniper", "Ruby", "Ink")]
    assert without(client.collections.upsert("pets", [one, two, three])) == {
        "data": {"pets": [one, two, three]}
    }
    two = {"id": two["id"], "name": "Garnet"}
    assert without(client.collections.upsert("pets", two)) == {"data": {"pets": [two]}}
    selected = client.collections.select("pets", [three["id"], "absent", one["id"], two["id"]])
    assert selected.keys() == {"response", "duration"}
    found = selected["response"]["data"]
    assert [each["data"] for each in found] == [three, one, two]
    assert found[0].keys() == {"id", "collection", "foreign_id", "data", "created_at", "updated_at"}
    assert without(client.collections.delete_many("pets", [one["id"], two["id"], "absent"])) == {}
    left = client.collections.select("pets", [one["id"], two["id"], three["id"]])["response"]["data"]
    assert [each["id"] for each in left] == [three["id"]]


def test_many_are_taken_whole_or_not_at_all(client):
    """Feeds §7.2, §14.15."""
    good = {"id": fresh("item"), "name": "Juniper"}
    with pytest.raises(InputException):
        client.collections.upsert("pets", [good, {"name": "nobody"}])
    assert client.collections.select("pets", good["id"])["response"]["data"] == []
