"""Data privacy at the door (Feeds §7.9)."""

from typing import Any
from uuid import uuid1

import pytest
from feedsapi import Api

from storage import objects

pytestmark = pytest.mark.anyio

DENIED = (403, 17, "NotAllowedException")
MISSING = (404, 16, "DoesNotExistException")
INPUT = (400, 4, "InputException")
NO_GROUP = (400, 6, "FeedConfigException")


async def add(api: Api, feed: str = "user/ada", **members: Any) -> str:
    usual = {"actor": "SU:ada", "verb": "eat", "object": "cake"}
    made = await api.server.does("POST", f"feed/{feed}/", usual | members)
    return str(made["id"])


async def listed(api: Api, feed: str) -> list[str]:
    return [one["id"] for one in (await api.server.does("GET", f"feed/{feed}/"))["results"]]


async def test_what_a_user_did(api: Api) -> None:
    """Feeds §7.9: by either name of theirs, the oldest first; reactions that are hidden are still theirs."""
    late = await add(api, time="2022-01-01T00:00:00")
    early = await add(api, actor="ada", time="2021-01-01T00:00:00")
    await add(api, actor="SU:bob")
    gone = await add(api)
    await api.server.does("DELETE", f"feed/user/ada/{gone}/")
    made = [
        (await api.user(id).does("POST", "reaction/", {"kind": "like", "activity_id": late}))["id"]
        for id in ("ada", "bob", "ada", "ada")
    ]
    await api.user("ada").does("DELETE", f"reaction/{made[2]}/", soft="true")
    await api.user("ada").does("DELETE", f"reaction/{made[3]}/")
    assert await api.server.does("GET", "data_privacy/export_ids/ada") == {
        "export": {
            "user_id": "ada", "activity_count": 2, "activity_ids": [early, late], "reaction_count": 2,
            "reaction_ids": [made[0], made[2]],
        }
    }  # fmt: skip
    nothing = {
        "user_id": "eve",
        "activity_count": 0,
        "activity_ids": [],
        "reaction_count": 0,
        "reaction_ids": [],
    }
    assert await api.server.does("GET", "data_privacy/export_ids/eve/") == {"export": nothing}
    north = await api.tenant("north")
    assert (await north.server.does("GET", "data_privacy/export_ids/ada"))["export"]["activity_count"] == 0


async def test_activities_are_deleted(api: Api) -> None:
    """Feeds §7.9: everywhere, whichever feeds are named beside them; others stay."""
    await api.server.does("POST", "feed/timeline/eve/follows/", {"target": "user:ada"})
    plain, named, elsewhere = [await add(api, to=["flat:1"]) for _ in range(3)]
    stays = await add(api)
    body = {
        "activities": [
            {"id": plain},
            {"id": named, "remove_from_feeds": ["flat:1"]},
            {"id": elsewhere, "remove_from_feeds": ["flat:never", "user:stranger"]},
            {"id": str(uuid1())},
        ]
    }
    assert await api.server.does("POST", "data_privacy/delete_activities/", body) == {}
    assert await listed(api, "user/ada") == await listed(api, "timeline/eve") == [stays]
    assert await listed(api, "flat/1") == []
    gone = await api.server.does("GET", "activities/", ids=f"{plain},{named},{elsewhere}")
    assert gone["results"] == []


async def test_reactions_are_deleted(api: Api) -> None:
    """Feeds §7.9: with what answers them, and nothing is left of what they said."""
    root = str(uuid1())
    body = {"kind": "comment", "activity_id": root, "user_id": "ada", "data": {"text": "secret"}, "id": "r1"}
    await api.server.does("POST", "reaction/", body)
    await api.server.does("POST", "reaction/", {"kind": "like", "parent": "r1", "user_id": "bob", "id": "r2"})
    await api.server.does("POST", "reaction/", {**body, "id": "r3"})
    assert (
        await api.server.does("POST", "data_privacy/delete_reactions/", {"ids": ["r1", "nobody", "r1"]}) == {}
    )
    for id in ("r1", "r2"):
        assert (await api.server.fails("GET", f"reaction/{id}/")).meaning == MISSING
    left = await api.house.store.read(objects.by_iri, "http://127.0.0.1:8000/entities/Reaction/r1")
    assert left is not None
    assert (left.document, left.owner, left.object) == (None, None, None)
    found = await api.server.does("GET", f"reaction/activity_id/{root}/")
    assert [one["id"] for one in found["results"]] == ["r3"]


@pytest.mark.parametrize(
    ("path", "body", "meaning"),
    [
        ("delete_activities", {}, INPUT), ("delete_activities", {"activities": []}, INPUT),
        ("delete_activities", {"activities": [{}]}, INPUT), ("delete_activities", {"activities": [{"id": "x"}]}, INPUT),
        ("delete_activities", {"activities": "x"}, INPUT), ("delete_activities", [], INPUT),
        ("delete_activities", {"activities": [{"id": str(uuid1()), "remove_from_feeds": ["x"]}]}, INPUT),
        ("delete_activities", {"activities": [{"id": str(uuid1()), "remove_from_feeds": ["x:1"]}]}, NO_GROUP),
        ("delete_activities", {"activities": [{"id": str(uuid1())}] * 101}, INPUT),
        ("delete_reactions", {}, INPUT), ("delete_reactions", {"ids": [1]}, INPUT),
        ("delete_reactions", {"ids": "x"}, INPUT), ("delete_reactions", {"ids": [""]}, INPUT),
        ("delete_reactions", {"ids": ["x"] * 101}, INPUT),
    ],
)  # fmt: skip
async def test_a_body_that_says_nothing(api: Api, path: str, body: Any, meaning: Any) -> None:
    assert (await api.server.fails("POST", f"data_privacy/{path}/", body)).meaning == meaning


async def test_servers_alone_may(api: Api) -> None:
    """Feeds §2.5."""
    ada = api.user("ada")
    for method, path in (
        ("GET", "export_ids/ada"),
        ("POST", "delete_activities"),
        ("POST", "delete_reactions"),
    ):
        assert (await ada.fails(method, f"data_privacy/{path}/", {"ids": ["x"]})).meaning == DENIED
