"""Flat feeds in the order of a score, and sessions, over HTTP (Feeds §6.3, §10)."""

from typing import Any

import pytest
from feedsapi import Api

from storage import engagements, feedgroups, tenants
from storage.engagements import Engagement

pytestmark = pytest.mark.anyio

RANKINGS = {
    "popular": {"score": "popularity", "defaults": {"popularity": 1}},
    "strict": {"score": "popularity"},
    "mine": {"score": "popularity * external.w + external.nested.x"},
    "liked": {"score": "reaction_counts.like * 10 + analytics.click + popularity"},
    "chance": {"score": "rand()"},
    "fresh": {"score": "decay_linear(time)"},
    "broken": {"score": "1 / (popularity - 2)"},
}
FEED = "feed/sorted/1/"


@pytest.fixture
async def ranked(api: Api) -> Api:
    """A server with a group that has ranking methods, and three activities in a feed of it, of rising popularity."""
    tenant = await api.house.store.read(tenants.by_label, "default")
    assert tenant is not None
    settings = {"ranking": "popularity", "rankings": RANKINGS}
    await api.house.store.write(feedgroups.put, tenant.id, "sorted", settings, now=1)
    bodies = [
        {"actor": "ada", "verb": "pin", "object": f"o:{n}", "foreign_id": f"f:{n}", "popularity": n}
        for n in (2, 3, 1)
    ]
    await api.server.does("POST", FEED, {"activities": bodies})
    return api


def order(page: dict[str, Any]) -> str:
    return "".join(one["object"][2:] for one in page["results"])


async def test_the_highest_score_comes_first(ranked: Api) -> None:
    """Feeds §10: each activity has its score, a float; without a method there is none."""
    page = await ranked.server.does("GET", FEED, ranking="popular")
    assert order(page) == "321"
    assert [one["score"] for one in page["results"]] == [3.0, 2.0, 1.0]
    assert all(isinstance(one["score"], float) for one in page["results"])
    assert order(await ranked.server.does("GET", FEED, ranking="default")) == "321"
    plain = await ranked.server.does("GET", FEED, withScoreVars="true")
    assert order(plain) == "132"
    assert not {"score", "score_vars"} & set(plain["results"][0])


async def test_equal_scores_are_newest_first_and_what_is_missing_has_its_default(ranked: Api) -> None:
    """Feeds §10.1."""
    await ranked.server.does("POST", FEED, {"actor": "ada", "verb": "pin", "object": "o:4"})
    page = await ranked.server.does("GET", FEED, ranking="popular", with_score_vars="True")
    assert order(page) == "3241"
    assert [one["score_vars"] for one in page["results"]] == [{"popularity": n} for n in (3, 2, 1, 1)]


@pytest.mark.parametrize(
    ("ranking", "code", "exception"),
    [
        ("nosuch", 12, "MissingRankingException"),
        ("strict", 11, "RankingException"),
        ("mine", 11, "RankingException"),
        ("broken", 11, "RankingException"),
    ],
)
async def test_what_cannot_be_ranked_is_refused(ranked: Api, ranking: str, code: int, exception: str) -> None:
    """Feeds §4, §10.1: an unknown method, a missing value without a default, a division by zero."""
    await ranked.server.does("POST", FEED, {"actor": "ada", "verb": "pin", "object": "o:4"})
    assert (await ranked.server.fails("GET", FEED, ranking=ranking)).meaning == (400, code, exception)


async def test_the_reader_sends_variables(ranked: Api) -> None:
    """Feeds §6.3, §10.1: ``ranking_vars`` in both spellings."""
    for name in ("ranking_vars", "rankingVars"):
        page = await ranked.server.does("GET", FEED, ranking="mine", **{name: '{"w":-1,"nested":{"x":0.5}}'})
        assert order(page) == "123"
        assert [one["score"] for one in page["results"]] == [-0.5, -1.5, -2.5]
    for wrong in ("[1]", "7", "x", '{"a":', "null"):
        for query in ({"ranking": "mine"}, {}):
            refused = await ranked.server.fails("GET", FEED, rankingVars=wrong, **query)
            assert refused.meaning == (400, 4, "InputException")
            assert list(refused.fields) == ["ranking_vars"]


async def test_reactions_and_engagements_count(ranked: Api) -> None:
    """Feeds §10.1: ``reaction_counts`` and ``analytics``; what was never counted is 0."""
    found = (await ranked.server.does("GET", FEED))["results"]
    for _ in range(2):
        await ranked.server.does(
            "POST", "reaction/", {"kind": "like", "activity_id": found[0]["id"], "user_id": "bob"}
        )
    tenant = await ranked.house.store.read(tenants.by_label, "default")
    assert tenant is not None
    told = [Engagement("click", ("f:2",), {})] * 5
    await ranked.house.store.write(engagements.note, tenant.id, told, now=1)
    page = await ranked.server.does("GET", FEED, ranking="liked", withScoreVars="true")
    assert [(one["object"], one["score"]) for one in page["results"]] == [
        ("o:1", 21.0),
        ("o:2", 7.0),
        ("o:3", 3.0),
    ]
    assert page["results"][1]["score_vars"] == {
        "reaction_counts.like": 0.0,
        "analytics.click": 5,
        "popularity": 2,
    }


async def test_pages_go_on_by_offset(ranked: Api) -> None:
    """Feeds §6.3: ``next`` has an offset, and says all again that makes the order."""
    query = {"ranking": "mine", "ranking_vars": '{"w":1,"nested":{"x":0}}', "limit": 2}
    page = await ranked.server.does("GET", FEED, **query)
    assert order(page) == "32"
    assert page["next"].startswith(f"/api/v1.0/{FEED}?offset=2&limit=2&ranking=mine&")
    last = await ranked.server.does("GET", page["next"])
    assert (order(last), last["next"]) == ("1", "")


async def test_a_session_stays_as_it_was(ranked: Api) -> None:
    """Feeds §6.3: pages of one session are cut from one order; ``refresh`` makes it anew."""
    first = await ranked.server.does("GET", FEED, ranking="popular", session="s", limit=1)
    await ranked.server.does("POST", FEED, {"actor": "a", "verb": "v", "object": "o:9", "popularity": 9})
    rest = await ranked.server.does("GET", first["next"], limit=5)
    assert order(first) + order(rest) == "321"
    assert order(await ranked.server.does("GET", FEED, ranking="popular", session="t")) == "9321"
    again = await ranked.server.does("GET", FEED, ranking="popular", session="s", refresh="true")
    assert order(again) == "9321"
    assert order(await ranked.server.does("GET", FEED, ranking="popular", session="s")) == "9321"


async def test_a_session_without_a_method_is_by_time(ranked: Api) -> None:
    first = await ranked.server.does("GET", FEED, session="s", limit=2)
    assert "offset=2" in first["next"]
    await ranked.server.does("POST", FEED, {"actor": "a", "verb": "v", "object": "o:9"})
    rest = await ranked.server.does("GET", first["next"])
    assert order(first) + order(rest) == "132"
    assert "score" not in rest["results"][0]


async def test_a_session_shows_nothing_that_was_removed(ranked: Api) -> None:
    await ranked.server.does("GET", FEED, ranking="popular", session="s")
    await ranked.server.does("DELETE", f"{FEED}f:3/", foreign_id=1)
    assert order(await ranked.server.does("GET", FEED, ranking="popular", session="s")) == "21"


async def test_chance_is_the_same_throughout_a_session(ranked: Api) -> None:
    """Feeds §10.1: also in a process that does not know the session yet."""
    scores = []
    for _ in range(2):
        page = await ranked.server.does("GET", FEED, ranking="chance", session="s")
        scores.append([one["score"] for one in page["results"]])
        ranked.house.feeds.snapshots._kept.clear()
    assert scores[0] == scores[1]
    other = await ranked.server.does("GET", FEED, ranking="chance", session="t")
    assert [one["score"] for one in other["results"]] != scores[0]


async def test_discarded_actors_and_cursors_come_before_the_order(ranked: Api) -> None:
    """Feeds §5.5, §6.3: what is left out is not scored either, so it need not have a score."""
    made = await ranked.server.does("POST", FEED, {"actor": "eve", "verb": "pin", "object": "o:4"})
    assert order(await ranked.server.does("GET", FEED, ranking="strict", discard_actors="eve")) == "321"
    assert order(await ranked.server.does("GET", FEED, ranking="strict", id_lt=made["id"])) == "321"


async def test_ranked_pages_are_enriched(ranked: Api) -> None:
    """Feeds §9, §10: the score stays beside what enrichment adds."""
    await ranked.server.does("POST", "user/", {"id": "eve", "data": {}})
    await ranked.server.does(
        "POST",
        FEED,
        {"actor": "SU:eve", "verb": "pin", "object": "o:7", "popularity": 7, "score_vars": "own"},
    )
    page = await ranked.server.does(
        "GET", f"enrich/{FEED}", ranking="popular", withScoreVars="1", withReactionCounts="1", limit=1
    )
    (one,) = page["results"]
    assert one["actor"]["id"] == "eve"
    assert (one["score"], one["score_vars"], one["reaction_counts"]) == (7.0, {"popularity": 7}, {})
    assert page["next"].startswith(f"/api/v1.0/enrich/{FEED}?offset=1&")


async def test_what_was_changed_is_scored_anew(ranked: Api) -> None:
    """Feeds §6.7: what is kept in memory of an activity is no longer right then."""
    assert order(await ranked.server.does("GET", FEED, ranking="popular")) == "321"
    found = (await ranked.server.does("GET", FEED))["results"]
    await ranked.server.does("POST", "activity/", {"id": found[0]["id"], "set": {"popularity": 8}})
    assert order(await ranked.server.does("GET", FEED, ranking="popular")) == "132"
