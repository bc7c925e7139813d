"""Collections (Feeds §7.2)."""

from typing import Any
from uuid import UUID

import pytest
from feedsapi import Api

pytestmark = pytest.mark.anyio

DENIED = (403, 17, "NotAllowedException")
MISSING = (404, 16, "DoesNotExistException")
INPUT = (400, 4, "InputException")
TAKEN = (409, 22, "ConflictException")


async def test_an_entry_is_added_and_shown(api: Api) -> None:
    made = await api.server.does("POST", "collections/food/", {"id": "c.1@x-y", "data": {"name": "Cheese"}})
    assert set(made) == {"id", "collection", "foreign_id", "data", "created_at", "updated_at"}
    assert (made["id"], made["collection"], made["foreign_id"]) == ("c.1@x-y", "food", "food:c.1@x-y")
    assert made["data"] == {"name": "Cheese"}
    assert made["created_at"].endswith("Z")
    assert await api.server.does("GET", "collections/food/c.1@x-y/") == made


@pytest.mark.parametrize("body", [{"data": {"a": 1}}, {"id": None, "data": {"a": 1}, "user_id": None}])
async def test_an_entry_without_an_id_is_given_one(api: Api, body: Any) -> None:
    first, second = [await api.server.does("POST", "collections/food/", body) for _ in range(2)]
    assert UUID(first["id"]) != UUID(second["id"])


async def test_an_id_is_taken_once_in_a_collection(api: Api) -> None:
    body = {"id": "1", "data": {"a": 1}}
    await api.server.does("POST", "collections/food/", body)
    assert (await api.server.fails("POST", "collections/food/", body)).meaning == TAKEN
    await api.server.does("POST", "collections/drink/", body)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"id": "1"}, "data"), ({"id": "1", "data": {}}, "data"), ({"id": "1", "data": None}, "data"),
        ({"id": "1", "data": []}, "data"), ({"id": "1", "data": "x"}, "data"), ({"id": "a b", "data": {"a": 1}}, "id"),
        ({"id": "a:b", "data": {"a": 1}}, "id"), ({"id": [], "data": {"a": 1}}, "id"),
        ({"id": "1", "data": {"a": 1}, "user_id": "a b"}, "user_id"), ([], "body"),
    ],
)  # fmt: skip
async def test_a_body_that_makes_no_entry(api: Api, body: Any, field: str) -> None:
    """Feeds §14.12: empty data is an error."""
    found = await api.server.fails("POST", "collections/food/", body)
    assert (found.meaning, list(found.fields)) == (INPUT, [field])


@pytest.mark.parametrize("name", ["a:b", "a%20b", "x" * 256, "%C3%B6"])
async def test_a_name_that_no_collection_has(api: Api, name: str) -> None:
    found = await api.server.fails("POST", f"collections/{name}/", {"data": {"a": 1}})
    assert (found.meaning, list(found.fields)) == (INPUT, ["collection"])


async def test_data_is_replaced(api: Api) -> None:
    made = await api.server.does("POST", "collections/food/", {"id": "1", "data": {"a": 1, "b": 2}})
    changed = await api.server.does("PUT", "collections/food/1/", {"data": {"c": 3}})
    assert (changed["data"], changed["created_at"]) == ({"c": 3}, made["created_at"])
    assert changed["updated_at"] > made["updated_at"]
    assert await api.server.does("GET", "collections/food/1/") == changed


async def test_an_id_cannot_be_changed(api: Api) -> None:
    """Feeds §14.12."""
    await api.server.does("POST", "collections/food/", {"id": "1", "data": {"a": 1}})
    found = await api.server.fails("PUT", "collections/food/1/", {"id": "1", "data": {"a": 2}})
    assert (found.meaning, list(found.fields)) == (INPUT, ["id"])


async def test_an_entry_is_removed_and_its_id_is_free(api: Api) -> None:
    await api.server.does("POST", "collections/food/", {"id": "1", "data": {"a": 1}})
    assert await api.server.does("DELETE", "collections/food/1/") == {}
    assert (await api.server.fails("GET", "collections/food/1/")).meaning == MISSING
    await api.server.does("POST", "collections/food/", {"id": "1", "data": {"a": 2}})


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {"data": {"a": 1}}), ("DELETE", {})])
@pytest.mark.parametrize("caller", ["server", "user"])
async def test_an_entry_that_is_not_there(api: Api, method: str, body: Any, caller: str) -> None:
    """Feeds §2.5: 404 before 403."""
    who = api.server if caller == "server" else api.user("bob")
    assert (await who.fails(method, "collections/food/1/", body)).meaning == MISSING


class TestPolicy:
    """Feeds §2.5."""

    async def test_users_change_what_they_made(self, api: Api) -> None:
        bob = api.user("bob")
        await bob.does("POST", "collections/food/", {"id": "1", "data": {"a": 1}})
        await bob.does("PUT", "collections/food/1/", {"data": {"a": 2}})
        assert (await api.user("eve").does("GET", "collections/food/1/"))["data"] == {"a": 2}
        for method, body in ("PUT", {"data": {"a": 3}}), ("DELETE", None):
            assert (await api.user("eve").fails(method, "collections/food/1/", body)).meaning == DENIED
        await bob.does("DELETE", "collections/food/1/")

    async def test_400_comes_before_403(self, api: Api) -> None:
        await api.user("bob").does("POST", "collections/food/", {"id": "1", "data": {"a": 1}})
        found = await api.user("eve").fails("PUT", "collections/food/1/", {"id": "1"})
        assert found.meaning == INPUT

    async def test_servers_say_whose_it_is(self, api: Api) -> None:
        await api.server.does("POST", "collections/food/", {"id": "1", "data": {"a": 1}, "user_id": "bob"})
        await api.server.does("POST", "collections/food/", {"id": "2", "data": {"a": 1}})
        await api.user("bob").does("PUT", "collections/food/1/", {"data": {"a": 2}})
        assert (await api.user("bob").fails("PUT", "collections/food/2/", {"data": {}})).meaning == DENIED

    async def test_users_make_their_own_alone(self, api: Api) -> None:
        body = {"id": "1", "data": {"a": 1}, "user_id": "bob"}
        assert (await api.user("eve").fails("POST", "collections/food/", body)).meaning == DENIED
        await api.user("bob").does("POST", "collections/food/", body)

    @pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
    async def test_batches_are_for_servers(self, api: Api, method: str) -> None:
        assert (await api.user("bob").fails(method, "collections/", {})).meaning == DENIED


class TestBatches:
    async def test_entries_are_put(self, api: Api) -> None:
        """Feeds §7.2: what is stored is the whole item, with its id."""
        first = await api.server.does("POST", "collections/food/", {"id": "1", "data": {"old": 1}})
        data = {"food": [{"id": "1", "name": "Cheese"}, {"id": 2, "n": 1.0}], "drink": [{"id": "1"}]}
        assert await api.server.does("POST", "collections/", {"data": data}) == {"data": data}
        changed = await api.server.does("GET", "collections/food/1/")
        assert (changed["data"], changed["created_at"]) == (data["food"][0], first["created_at"])
        assert (await api.server.does("GET", "collections/food/2/"))["data"] == {"id": 2, "n": 1.0}

    async def test_what_a_user_made_stays_theirs(self, api: Api) -> None:
        await api.user("bob").does("POST", "collections/food/", {"id": "1", "data": {"a": 1}})
        await api.server.does("POST", "collections/", {"data": {"food": [{"id": "1", "a": 2}]}})
        await api.user("bob").does("DELETE", "collections/food/1/")

    @pytest.mark.parametrize(
        "data",
        [
            {}, None, [], "x", {"food": {}}, {"food": [1]}, {"food": [{}]}, {"food": [{"id": ""}]},
            {"food": [{"id": "a b"}]}, {"a b": [{"id": "1"}]}, {"food": [{"id": "1"}] * 1_001},
        ],
    )  # fmt: skip
    async def test_bodies_that_are_none(self, api: Api, data: Any) -> None:
        assert (await api.server.fails("POST", "collections/", {"data": data})).meaning == INPUT

    async def test_one_that_is_wrong_refuses_all(self, api: Api) -> None:
        """Feeds §14.15."""
        body = {"data": {"food": [{"id": "1"}, {"id": "2", "x": "x" * 10_300}]}}
        assert (await api.server.fails("POST", "collections/", body)).status == 413
        assert (await api.server.fails("GET", "collections/food/1/")).status == 404

    async def test_entries_are_selected(self, api: Api) -> None:
        data = {"food": [{"id": "1"}, {"id": "2"}], "drink": [{"id": "1"}]}
        await api.server.does("POST", "collections/", {"data": data})
        found = await api.server.does("GET", "collections/", foreign_ids="drink:1,food:9,food:2")
        assert list(found) == ["response"]
        assert [one["foreign_id"] for one in found["response"]["data"]] == ["drink:1", "food:2"]
        assert found["response"]["data"][0] == await api.server.does("GET", "collections/drink/1/")

    @pytest.mark.parametrize(
        "query", [{}, {"foreign_ids": ""}, {"foreign_ids": "food"}, {"foreign_ids": ":1"}]
    )
    async def test_selecting_nothing(self, api: Api, query: dict[str, str]) -> None:
        found = await api.server.fails("GET", "collections/", **query)
        assert (found.meaning, list(found.fields)) == (INPUT, ["foreign_ids"])

    @pytest.mark.parametrize("ids", ["1,9,2", ["1", "9", "2"]])
    async def test_entries_are_removed(self, api: Api, ids: Any) -> None:
        """Feeds §1.2: comma joined, or as Python repeats the key."""
        data = {"food": [{"id": "1"}, {"id": "2"}, {"id": "3"}], "drink": [{"id": "1"}]}
        await api.server.does("POST", "collections/", {"data": data})
        assert await api.server.does("DELETE", "collections/", {}, collection_name="food", ids=ids) == {}
        found = await api.server.does("GET", "collections/", foreign_ids="food:1,food:2,food:3,drink:1")
        assert [one["foreign_id"] for one in found["response"]["data"]] == ["food:3", "drink:1"]

    @pytest.mark.parametrize(
        ("query", "field"), [({"ids": "1"}, "collection_name"), ({"collection_name": "food"}, "ids")]
    )
    async def test_removing_nothing(self, api: Api, query: dict[str, str], field: str) -> None:
        found = await api.server.fails("DELETE", "collections/", **query)
        assert (found.meaning, list(found.fields)) == (INPUT, [field])


async def test_tenants_know_their_own_entries(api: Api) -> None:
    """SEC-102, SEC-108."""
    other = await api.tenant("other")
    await api.server.does("POST", "collections/food/", {"id": "1", "data": {"a": 1}})
    assert (await other.server.fails("GET", "collections/food/1/")).meaning == MISSING
    await other.server.does("POST", "collections/food/", {"id": "1", "data": {"a": 2}})
    await other.server.does("DELETE", "collections/", collection_name="food", ids="1")
    assert (await api.server.does("GET", "collections/food/1/"))["data"] == {"a": 1}
