"""Personalization at the door (Feeds §7.7)."""

import json
from typing import Any

import pytest
from feedsapi import Api, opened

pytestmark = pytest.mark.anyio

RESOURCE = "/personalization/v1.0/follow_recommendations/"
FEED = "enrich/personalization/feed/"


async def follow(api: Api, *pairs: tuple[str, str]) -> None:
    await api.server.does("POST", "follow_many/", [{"source": one, "target": other} for one, other in pairs])


async def test_feeds_to_follow(api: Api) -> None:
    """Feeds §7.7: for the user that a server names, by id or by feed, or whose token it is; paged."""
    await follow(
        api, ("timeline:ada", "user:bob"), ("timeline:bob", "user:mia"), ("timeline:bob", "user:zoe"),
        ("timeline:bob", "user:ada"),
    )  # fmt: skip
    page = await api.server.does("GET", RESOURCE, user_id="ada")
    assert set(page) == {"app_id", "limit", "offset", "next", "version", "results"}
    assert (page["app_id"], page["limit"], page["offset"], page["next"]) == (
        api.credentials.app_id,
        25,
        0,
        "",
    )
    assert {one["feed_id"] for one in page["results"]} == {"user:mia", "user:zoe"}
    assert await api.server.does("GET", RESOURCE, user_id="timeline:ada") == page
    assert await api.user("ada").does("GET", RESOURCE) == page
    first = await api.server.does("GET", RESOURCE, user_id="ada", limit=1)
    second = await api.server.does("GET", first["next"])
    assert first["results"] + second["results"] == page["results"]
    assert second["next"] == ""


async def test_tenants_follow_apart(api: Api) -> None:
    """SEC-102."""
    await follow(api, ("timeline:ada", "user:bob"), ("timeline:bob", "user:mia"))
    other = await api.tenant("other")
    assert (await other.server.does("GET", RESOURCE, user_id="ada"))["results"] == []


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_what_is_said_of_recommendations_is_taken(api: Api, method: str) -> None:
    body = {"accepted": ["user:mia"]} if method == "POST" else None
    answer = await api.server.does(method, RESOURCE, body, user_id="ada")
    assert (answer["results"], answer["next"]) == ([], "")
    assert (await api.user("ada").fails(method, RESOURCE)).meaning == (403, 17, "NotAllowedException")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_unknown_resources(api: Api, method: str) -> None:
    found = await api.server.fails(method, "/personalization/v1.0/etoro_newsfeed/", user_id="ada")
    assert found.meaning == (404, 16, "DoesNotExistException")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": "x"}, {"offset": -1}])
async def test_bad_pages(api: Api, query: dict[str, Any]) -> None:
    assert (await api.server.fails("GET", RESOURCE, user_id="ada", **query)).meaning == (
        400,
        4,
        "InputException",
    )


async def test_a_server_says_for_whom(api: Api) -> None:
    assert (await api.server.fails("GET", RESOURCE)).meaning == (400, 10, "MissingUserException")
    assert (await api.server.fails("GET", FEED, endpoint="x")).meaning == (400, 10, "MissingUserException")


async def test_users_ask_for_themselves(api: Api) -> None:
    """Feeds §2.5: 403 for anyone else, whatever they ask for."""
    bob = api.user("bob")
    denied = (403, 17, "NotAllowedException")
    assert (await bob.fails("GET", RESOURCE, user_id="ada")).meaning == denied
    assert (await bob.fails("GET", FEED, user_id="ada", endpoint="x", feed_slug="timeline")).meaning == denied


async def test_unknown_endpoints(api: Api) -> None:
    """Feeds §7.7, as the JavaScript SDK's own tests have it: without an endpoint 400, an unknown one 404."""
    alice = api.user("alice")
    assert (await alice.fails("GET", FEED)).meaning == (400, 4, "InputException")
    assert (await alice.fails("GET", FEED, feed_slug="timeline")).meaning == (400, 4, "InputException")
    unknown = (404, 16, "DoesNotExistException")
    assert (
        await alice.fails("GET", FEED, feed_slug="timeline", userId="hello", endpoint="none")
    ).meaning == unknown
    assert (await api.server.fails("GET", FEED, user_id="alice", endpoint="none")).meaning == unknown
    assert (
        await api.server.fails("GET", FEED, user_id="alice", feed_slug="aggregated", endpoint="x")
    ).meaning == unknown
    no_group = await api.server.fails("GET", FEED, user_id="alice", feed_slug="nothing", endpoint="x")
    assert no_group.meaning == (400, 6, "FeedConfigException")
    no_feed = await api.server.fails("GET", FEED, user_id="a b", endpoint="x")
    assert no_feed.meaning == (400, 4, "InputException")


async def test_a_feed_in_an_order_of_its_own(ready_url: str) -> None:
    """Feeds §7.7, §10: an endpoint is a ranking method of the group; enriched, and paged by offset."""
    method = {"popular": {"score": "popularity + analytics.click"}}
    groups = {"timeline": {"rankings": method}, "topic": {"rankings": method}}
    async with opened(ready_url, feeds=json.dumps(groups)) as api:
        for name, popularity in (("a", 1), ("b", 3), ("c", 2)):
            activity = {
                "actor": "SU:bob",
                "verb": "say",
                "object": name,
                "foreign_id": name,
                "popularity": popularity,
            }
            await api.server.does("POST", "feed/timeline/ada/", activity)
        clicks = [{"content": "a", "label": "click"}] * 5
        await api.server.does("POST", "/analytics/v1.0/engagement/", {"content_list": clicks})
        ada = api.user("ada")
        page = await ada.does("GET", FEED, endpoint="popular")
        assert set(page) == {"limit", "offset", "version", "next", "results"}
        assert [(one["object"], one["score"]) for one in page["results"]] == [("a", 6), ("b", 3), ("c", 2)]
        assert page["results"][0]["actor"]["error"] == "ReferenceNotFound"
        first = await api.server.does(
            "GET", FEED, endpoint="popular", user_id="ada", limit=2, with_reaction_counts=True
        )
        assert (first["limit"], first["offset"]) == (2, 0)
        assert first["results"][0]["reaction_counts"] == {}
        second = await api.server.does("GET", first["next"])
        assert [one["object"] for one in second["results"]] == ["c"]
        assert (second["offset"], second["next"]) == (2, "")
        assert second["results"][0]["reaction_counts"] == {}
        nothing = await ada.does("GET", FEED, endpoint="popular", feed_slug="topic")
        assert nothing["results"] == []


async def test_a_feed_that_users_may_not_read_is_not_read_this_way_either(ready_url: str) -> None:
    """Feeds §2.5: a group whose feeds are for servers alone."""
    groups = {"secret": {"client_read": "none", "rankings": {"best": {"score": "1"}}}}
    async with opened(ready_url, feeds=json.dumps(groups)) as api:
        for caller, refused in ((api.user("ada"), True), (api.server, False)):
            asked = {"endpoint": "best", "feed_slug": "secret", "user_id": "ada"}
            if refused:
                assert (await caller.fails("GET", FEED, **asked)).meaning == (403, 17, "NotAllowedException")
            else:
                assert (await caller.does("GET", FEED, **asked))["results"] == []
