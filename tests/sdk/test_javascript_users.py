"""getstream: users and what they keep in collections, by themselves and by a server (Feeds §7.1, §7.2, §2.5)."""

import pytest
from application import fresh, without
from nodesdk import Refused

BURGER = {"name": "cheese burger", "toppings": ["cheese"]}


def refused(status, attempt, *args, **options):
    with pytest.raises(Refused) as error:
        attempt(*args, **options)
    assert error.value.status == status, error.value


def test_a_user_says_who_they_are(sign_in):
    """Feeds §7.1: setUser makes them once and changes nothing later."""
    ada = sign_in("ada")
    made = ada.setUser({"id": "ignored", "name": "Ada"})
    assert made["id"] == ada["userId"]
    assert made["full"].keys() == {"id", "data", "created_at", "updated_at"}
    assert ada.setUser({"name": "new"})["data"] == {"name": "Ada"}
    assert ada["currentUser"].getOrCreate({"name": "newer"})["data"] == {"name": "Ada"}
    assert ada["currentUser"].update({"name": "Countess"})["data"] == {"name": "Countess"}
    assert ada["currentUser"].profile()["full"].keys() >= {"followers_count", "following_count"}


def test_users_read_others_and_write_themselves(sign_in):
    """Feeds §2.5: writing another is forbidden before anything else is looked at."""
    ada, bob = sign_in("ada"), sign_in("bob")
    bob.setUser({"name": "Bob"})
    assert ada.user(bob["userId"]).get()["data"] == {"name": "Bob"}
    refused(404, ada.user(fresh("nobody")).get)
    refused(403, ada.user(fresh("nobody")).create)
    refused(403, ada.user(fresh("nobody")).delete)
    refused(403, ada.user(bob["userId"]).update, {"hacked": True})
    refused(403, ada.user(bob["userId"]).delete)
    refused(409, bob["currentUser"].create, {"name": "again"})
    refused(400, bob["currentUser"].update, "some string")
    assert without(bob["currentUser"].delete()) == {}


def test_many_users(backend, sign_in):
    """Feeds §7.1: servers only; existing ones are left alone unless overridden."""
    one, two = [{"id": fresh("many"), "data": {"number": number}} for number in (1, 2)]
    made = backend.addUsers([one])["created_users"]
    assert [(each["id"], each["data"]) for each in made] == [(one["id"], one["data"])]
    made = backend.addUsers([{**one, "data": {"number": 3}}, two])["created_users"]
    assert [each["id"] for each in made] == [two["id"]]
    backend.addUsers([{**one, "data": {"number": 4}}], True)
    found = backend.getUsers([two["id"], "absent", one["id"]])["users"]
    assert {each["id"]: each["data"] for each in found} == {
        one["id"]: {"number": 4},
        two["id"]: {"number": 2},
    }
    assert found[0].keys() == {"id", "data", "created_at", "updated_at"}
    assert without(backend.deleteUsers([one["id"], "absent"])) == {"deleted_user_ids": [one["id"], "absent"]}
    assert [each["id"] for each in backend.getUsers([one["id"], two["id"]])["users"]] == [two["id"]]
    ada = sign_in("ada")
    for attempt in (
        lambda: ada.addUsers([two]),
        lambda: ada.getUsers([two["id"]]),
        lambda: ada.deleteUsers([two["id"]]),
    ):
        refused(403, attempt)


def test_an_entry_belongs_to_its_maker(sign_in):
    """Feeds §2.5, §7.2: others read it."""
    ada, bob = sign_in("ada"), sign_in("bob")
    entry = ada["collections"].add("food", None, BURGER)
    assert entry["full"].keys() == {
        "id",
        "created_at",
        "updated_at",
        "collection",
        "data",
        "duration",
        "foreign_id",
    }
    assert without(bob["collections"].get("food", entry["id"])["full"]) == without(entry["full"])
    for anyone in (ada, bob):
        refused(409, anyone["collections"].add, "food", entry["id"], {"name": "other"})
    refused(403, bob["collections"].update, "food", entry["id"], {"name": "other"})
    refused(403, bob["collections"].delete, "food", entry["id"])
    better = ada["collections"].update("food", entry["id"], {"name": "better"})
    assert better["full"]["updated_at"] != entry["full"]["updated_at"]
    assert without(ada["collections"].delete("food", entry["id"])) == {}
    refused(404, ada["collections"].get, "food", entry["id"])
    refused(404, bob["collections"].delete, "food", entry["id"])
    assert ada["collections"].add("food", entry["id"], {"whopper": True})["data"] == {"whopper": True}


def test_entries_that_cannot_be(sign_in):
    """Feeds §7.2, §14.12."""
    entries = sign_in("ada")["collections"]
    for name, data in (("!abcdee!", BURGER), (None, "some string"), (None, {})):
        refused(400, entries.add, "food", name, data)


def test_an_id_in_an_update_is_an_error(sign_in):
    """Feeds §7.2, §14.12."""
    ada = sign_in("ada")
    entry = ada["collections"].add("food", None, BURGER)
    order = {
        "url": f"collections/food/{entry['id']}/",
        "body": {"id": 1234, "data": BURGER},
        "token": ada["userToken"],
    }
    refused(400, ada.put, order)


def test_an_entry_that_knows_its_store(sign_in):
    """Feeds §7.2: the SDK's objects add, read, change and delete themselves."""
    entry = sign_in("ada")["collections"].entry("food", fresh("burger"), BURGER)
    entry.add()
    assert entry.get()["data"] == BURGER
    assert entry["full"]["id"] == entry["id"]
    entry.delete()
    refused(404, entry.get)


def test_many_entries(backend):
    """Feeds §7.2: of several collections at once; ids are joined with commas."""
    one, two = {"id": fresh("one"), "name": "Juniper"}, {"id": fresh("two"), "name": "Ruby"}
    assert without(backend["collections"].upsertMany({"cats": [one], "dogs": [two]})) == {
        "data": {"cats": [one], "dogs": [two]}
    }
    assert [
        each["data"] for each in backend["collections"].select("cats", one["id"])["response"]["data"]
    ] == [one]
    backend["collections"].upsert("cats", two)
    backend["collections"].deleteMany("cats", [one["id"], two["id"]])
    assert backend["collections"].select("cats", [one["id"], two["id"]])["response"]["data"] == []
    assert len(backend["collections"].select("dogs", [two["id"]])["response"]["data"]) == 1
