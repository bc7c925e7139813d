"""Users (Feeds §7.1)."""

import asyncio
import re
from typing import Any

import pytest
from feedsapi import Api

pytestmark = pytest.mark.anyio

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DENIED = (403, 17, "NotAllowedException")
MISSING = (404, 16, "DoesNotExistException")
INPUT = (400, 4, "InputException")


async def test_a_user_is_made_and_shown(api: Api) -> None:
    """Feeds §7.1, §3.1."""
    data = {"name": "Bob", "deep": {"list": [1, 2.50, None, True]}, "when": "2020-01-01T00:00:00"}
    made = await api.server.does("POST", "user/", {"id": "bob", "data": data})
    assert set(made) == {"id", "data", "created_at", "updated_at"}
    assert (made["id"], made["data"]) == ("bob", data)
    assert made["created_at"] == made["updated_at"]
    assert TIME.fullmatch(made["created_at"])
    assert await api.server.does("GET", "user/bob/") == made


@pytest.mark.parametrize("data", [{"id": "bob"}, {"id": "bob", "data": None}, {"id": "bob", "data": {}}])
async def test_without_data_it_is_empty(api: Api, data: dict[str, Any]) -> None:
    """Feeds §1.2: SDKs send null for what is not given."""
    assert (await api.server.does("POST", "user/", data))["data"] == {}


async def test_numbers_keep_their_spelling(api: Api) -> None:
    answer = await api.server("POST", "user/", b'{"id": "bob", "data": {"price": 1.50, "big": 1e3}}')
    assert b'"price":1.50' in answer.content
    assert b'"big":1e3' in (await api.server("GET", "user/bob/")).content


async def test_an_id_is_taken_once(api: Api) -> None:
    await api.server.does("POST", "user/", {"id": "bob", "data": {"a": 1}})
    found = await api.server.fails("POST", "user/", {"id": "bob", "data": {"a": 2}})
    assert found.meaning == (409, 22, "ConflictException")
    assert (await api.server.does("GET", "user/bob/"))["data"] == {"a": 1}


@pytest.mark.parametrize("query", [{}, {"get_or_create": "true"}])
async def test_several_make_one_at_the_same_time(api: Api, query: dict[str, str]) -> None:
    bodies = [{"id": "bob", "data": {"number": number}} for number in range(8)]
    answers = await asyncio.gather(*(api.server("POST", "user/", body, **query) for body in bodies))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == ([201] * 8 if query else [201] + [409] * 7)
    told = {answer.json()["data"]["number"] for answer in answers if answer.status_code == 201}
    assert told == {(await api.server.does("GET", "user/bob/"))["data"]["number"]}


@pytest.mark.parametrize("spelling", ["true", "True", "1", "t", "yes"])
async def test_get_or_create_never_changes(api: Api, spelling: str) -> None:
    """Feeds §14.13."""
    made = await api.server.does("POST", "user/", {"id": "bob", "data": {"a": 1}}, get_or_create=spelling)
    again = await api.server.does("POST", "user/", {"id": "bob", "data": {"a": 2}}, get_or_create=spelling)
    assert again == made


async def test_no_is_no(api: Api) -> None:
    """Feeds §1.2: Python sends False."""
    await api.server.does("POST", "user/", {"id": "bob"}, get_or_create="False")
    assert (await api.server.fails("POST", "user/", {"id": "bob"}, get_or_create="False")).status == 409


async def test_data_is_replaced(api: Api) -> None:
    made = await api.server.does("POST", "user/", {"id": "bob", "data": {"a": 1, "b": 2}})
    changed = await api.server.does("PUT", "user/bob/", {"data": {"c": 3}})
    assert changed["data"] == {"c": 3}
    assert changed["created_at"] == made["created_at"]
    assert changed["updated_at"] > made["updated_at"]
    assert await api.server.does("GET", "user/bob/") == changed


async def test_a_user_is_removed(api: Api) -> None:
    await api.server.does("POST", "user/", {"id": "bob"})
    assert await api.server.does("DELETE", "user/bob/", {}) == {}
    assert (await api.server.fails("GET", "user/bob/")).meaning == MISSING
    assert (await api.server.does("POST", "user/", {"id": "bob"}))["data"] == {}


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {"data": {}}), ("DELETE", None)])
@pytest.mark.parametrize("id", ["nobody", "no%20body", "a%2Fb", "%C3%B6"])
async def test_a_user_that_is_not_there(api: Api, method: str, body: Any, id: str) -> None:
    assert (await api.server.fails(method, f"user/{id}/", body)).meaning == MISSING


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "id"), ({"id": ""}, "id"), ({"id": None}, "id"), ({"id": "a b"}, "id"), ({"id": "a:b"}, "id"),
        ({"id": "x" * 256}, "id"), ({"id": {}}, "id"), ({"id": True}, "id"), ({"id": "bob", "data": []}, "data"),
        ({"id": "bob", "data": "x"}, "data"), ({"id": "bob", "data": 1}, "data"), ([], "body"), ("bob", "body"),
    ],
)  # fmt: skip
async def test_a_body_that_makes_no_user(api: Api, body: Any, field: str) -> None:
    """Feeds §4: the error names the field."""
    found = await api.server.fails("POST", "user/", body)
    assert found.meaning == INPUT
    assert list(found.fields) == [field]


async def test_data_has_a_size(api: Api) -> None:
    """Feeds §12."""
    await api.server.does("POST", "user/", {"id": "bob", "data": {"a": "x" * 10_000}})
    found = await api.server.fails("PUT", "user/bob/", {"data": {"a": "x" * 10_240}})
    assert found.meaning == (413, 18, "InputBodySizeExceededException")


@pytest.mark.parametrize("body", [{"data": []}, {"data": "x"}, []])
async def test_data_is_an_object(api: Api, body: Any) -> None:
    await api.server.does("POST", "user/", {"id": "bob"})
    assert (await api.server.fails("PUT", "user/bob/", body)).meaning == INPUT


async def test_follows_are_counted(api: Api) -> None:
    """Feeds §7.1: timelines that follow the user, users that the timeline follows; nothing else."""
    await api.server.does("POST", "user/", {"id": "bob"})
    plain = await api.server.does("GET", "user/bob/")
    asked = await api.server.does("GET", "user/bob/", with_follow_counts="true")
    assert asked == {**plain, "followers_count": 0, "following_count": 0}
    follows = [
        ("timeline:ada", "user:bob"), ("timeline:eve", "user:bob"), ("notification:ada", "user:bob"),
        ("timeline_aggregated:ada", "user:bob"), ("timeline:ada", "flat:bob"), ("timeline:bob", "user:ada"),
        ("timeline:bob", "flat:eve"), ("timeline:bobby", "user:ada"), ("notification:bob", "user:eve"),
    ]  # fmt: skip
    await api.server.does(
        "POST", "follow_many/", [{"source": source, "target": target} for source, target in follows]
    )
    asked = await api.user("eve").does("GET", "user/bob/", with_follow_counts="True")
    assert asked == {**plain, "followers_count": 2, "following_count": 1}
    assert (await api.server.fails("GET", "user/nobody/", with_follow_counts="1")).meaning == MISSING


class TestPolicy:
    """Feeds §2.5."""

    async def test_users_make_themselves(self, api: Api) -> None:
        bob = api.user("bob")
        await bob.does("POST", "user/", {"id": "bob", "data": {"a": 1}})
        await bob.does("PUT", "user/bob/", {"data": {"a": 2}})
        assert (await api.user("eve").does("GET", "user/bob/"))["data"] == {"a": 2}
        await bob.does("DELETE", "user/bob/")

    @pytest.mark.parametrize("there", [True, False])
    async def test_nobody_else(self, api: Api, there: bool) -> None:
        """Feeds §2.5: 403 comes before 404 and 409."""
        if there:
            await api.server.does("POST", "user/", {"id": "bob"})
        eve = api.user("eve")
        for method, path, body in (
            ("POST", "user/", {"id": "bob"}),
            ("PUT", "user/bob/", {"data": {}}),
            ("DELETE", "user/bob/", None),
        ):
            assert (await eve.fails(method, path, body)).meaning == DENIED
        assert (await eve.fails("POST", "user/", {"id": "bob"}, get_or_create="1")).meaning == DENIED

    @pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
    async def test_batches_are_for_servers(self, api: Api, method: str) -> None:
        assert (await api.user("bob").fails(method, "users/", {}, ids="bob")).meaning == DENIED


class TestBatches:
    """Feeds §7.1."""

    async def test_users_are_made(self, api: Api) -> None:
        await api.server.does("POST", "user/", {"id": "bob", "data": {"a": 1}})
        users = [{"id": "ada", "data": {"b": 1}}, {"id": "bob", "data": {"b": 2}}, {"id": "eve"}]
        made = (await api.server.does("POST", "users/", {"users": users}))["created_users"]
        assert [(one["id"], one["data"]) for one in made] == [("ada", {"b": 1}), ("eve", {})]
        assert (await api.server.does("GET", "user/bob/"))["data"] == {"a": 1}
        assert await api.server.does("GET", "user/ada/") == made[0]

    async def test_override(self, api: Api) -> None:
        first = await api.server.does("POST", "user/", {"id": "bob", "data": {"a": 1}})
        body = {"users": [{"id": "bob", "data": {"b": 2}}], "override": True}
        (made,) = (await api.server.does("POST", "users/", body))["created_users"]
        assert (made["data"], made["created_at"]) == ({"b": 2}, first["created_at"])
        assert await api.server.does("GET", "user/bob/") == made

    @pytest.mark.parametrize("override", [True, False])
    async def test_one_that_is_there_twice(self, api: Api, override: bool) -> None:
        body = {
            "users": [{"id": "bob", "data": {"a": 1}}, {"id": "bob", "data": {"a": 2}}],
            "override": override,
        }
        made = (await api.server.does("POST", "users/", body))["created_users"]
        assert [one["data"] for one in made] == [{"a": 2} if override else {"a": 1}]

    async def test_one_that_is_wrong_refuses_all(self, api: Api) -> None:
        """Feeds §14.15, §4."""
        found = await api.server.fails("POST", "users/", {"users": [{"id": "ada"}, {"id": ""}]})
        assert found.meaning == INPUT
        assert found.fields == [{}, {"id": ["this field is required"]}]
        assert (await api.server.fails("GET", "user/ada/")).status == 404

    @pytest.mark.parametrize("body", [{}, {"users": []}, {"users": {}}, {"users": [{"id": "a"}] * 1_001}, []])
    async def test_bodies_that_make_none(self, api: Api, body: Any) -> None:
        assert (await api.server.fails("POST", "users/", body)).meaning == INPUT

    @pytest.mark.parametrize(
        "query", [{"ids": "b,x,a"}, {"ids": ["b", "x", "a"]}, {"ids[]": ["b", "x", "a"]}]
    )
    async def test_users_are_shown(self, api: Api, query: dict[str, Any]) -> None:
        """Feeds §3: lists in every spelling. In the order asked for, those there are."""
        await api.server.does("POST", "users/", {"users": [{"id": "a"}, {"id": "b"}]})
        found = (await api.server.does("GET", "users/", **query))["users"]
        assert [one["id"] for one in found] == ["b", "a"]

    async def test_users_are_removed(self, api: Api) -> None:
        await api.server.does("POST", "users/", {"users": [{"id": "a"}, {"id": "b"}]})
        assert await api.server.does("DELETE", "users/", ids="a,x") == {"deleted_user_ids": ["a", "x"]}
        assert (await api.server.does("GET", "users/", ids="a,b"))["users"][0]["id"] == "b"

    @pytest.mark.parametrize("method", ["GET", "DELETE"])
    @pytest.mark.parametrize("query", [{}, {"ids": ""}, {"ids": ",".join(map(str, range(1_001)))}])
    async def test_ids_that_are_none_or_too_many(self, api: Api, method: str, query: dict[str, str]) -> None:
        found = await api.server.fails(method, "users/", **query)
        assert (found.meaning, list(found.fields)) == (INPUT, ["ids"])


async def test_tenants_know_their_own_users(api: Api) -> None:
    """SEC-102, SEC-108."""
    other = await api.tenant("other")
    await api.server.does("POST", "user/", {"id": "bob", "data": {"a": 1}})
    assert (await other.server.fails("GET", "user/bob/")).meaning == MISSING
    await other.server.does("POST", "user/", {"id": "bob", "data": {"a": 2}})
    await other.server.does("DELETE", "users/", ids="bob")
    assert (await api.server.does("GET", "user/bob/"))["data"] == {"a": 1}
