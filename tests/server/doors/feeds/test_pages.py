"""The parameters of reading a flat feed over HTTP (Feeds §5.4…§5.6, §6.3)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from feedsapi import Api

from storage import Transaction, feedgroups, tenants
from vocab.dialects.getstream import ids

pytestmark = pytest.mark.anyio

FEED = "feed/user/1/"


async def fill(api: Api, count: int, path: str = FEED) -> list[dict[str, Any]]:
    """Add so many activities, all at the same time; return them as they are read, newest first."""
    bodies = [
        {
            "actor": f"u:{n % 3}",
            "verb": "pin",
            "object": f"o:{n}",
            "foreign_id": f"f:{n}",
            "time": "2026-02-01T10:00:00",
        }
        for n in range(count)
    ]
    made: list[dict[str, Any]] = []
    for start in range(0, count, 100):
        made += (await api.server.does("POST", path, {"activities": bodies[start : start + 100]}))[
            "activities"
        ]
    return sorted(made, key=lambda one: ids.order(_uuid(one["id"])), reverse=True)


def _uuid(text: str) -> Any:
    return ids.parse(text)


def found(page: dict[str, Any]) -> list[str]:
    return [one["id"] for one in page["results"]]


async def test_a_page_has_25_and_at_most_100(api: Api) -> None:
    """Feeds §6.3: the default, and the silent cap; ids decide among activities of one time."""
    made = [one["id"] for one in await fill(api, 120)]
    assert found(await api.server.does("GET", FEED)) == made[:25]
    for limit in (100, 101, 10**30):
        page = await api.server.does("GET", FEED, limit=limit)
        assert found(page) == made[:100]
        assert dict(parse_qsl(urlsplit(page["next"]).query)) == {"id_lt": made[99], "limit": "100"}
    assert found(await api.server.does("GET", page["next"])) == made[100:]


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", ["-1", "x", "1.5", "٣", " 1"])
async def test_what_is_no_number_is_refused(api: Api, name: str, value: str) -> None:
    """Feeds §6.3: bad paging is 400, code 4, and names the parameter."""
    refused = await api.server.fails("GET", FEED, **{name: value})
    assert refused.meaning == (400, 4, "InputException")
    assert list(refused.fields) == [name]


async def test_nothing_is_too_little(api: Api) -> None:
    """Feeds §6.3: a limit of 0 is refused, an offset of 0 is none."""
    await fill(api, 1)
    assert (await api.server.fails("GET", FEED, limit=0)).code == 4
    assert len(found(await api.server.does("GET", FEED, offset=0))) == 1


async def test_cursors_are_exact(api: Api) -> None:
    """Feeds §3.2, §6.3: newest first whichever way; both edges at once fetch one."""
    made = [one["id"] for one in await fill(api, 9)]
    middle = made[4]
    assert found(await api.server.does("GET", FEED, id_lt=middle)) == made[5:]
    assert found(await api.server.does("GET", FEED, id_lte=middle)) == made[4:]
    assert found(await api.server.does("GET", FEED, id_gt=middle)) == made[:4]
    assert found(await api.server.does("GET", FEED, id_gte=middle)) == made[:5]
    assert found(await api.server.does("GET", FEED, id_gte=middle, id_lte=middle, limit=1)) == [middle]
    assert found(await api.server.does("GET", FEED, id_gt=middle, id_lt=middle)) == []
    page = await api.server.does("GET", FEED, id_gt=made[8], limit=2)
    walked = found(page)
    while page["next"]:
        page = await api.server.does("GET", page["next"])
        walked += found(page)
    assert walked == made[:8], "the lower edge is said again"


@pytest.mark.parametrize(
    "wrong", ["x", "00000000-0000-4000-8000-000000000000", "f01c0000-acf5-11e5-8080", "a.b", "1"]
)
@pytest.mark.parametrize("name", ["id_lt", "id_lte", "id_gt", "id_gte"])
async def test_a_cursor_has_a_time(api: Api, name: str, wrong: str) -> None:
    """Feeds §3.2: what is no UUID, or one that has no time in it, has no place among ids."""
    refused = await api.server.fails("GET", FEED, **{name: wrong})
    assert refused.meaning == (400, 4, "InputException")
    assert list(refused.fields) == [name]


async def test_a_cursor_need_not_exist(api: Api) -> None:
    """Feeds §3.2."""
    made = await fill(api, 3)
    later = "ffffffff-ffff-1fff-bfff-ffffffffffff"
    assert found(await api.server.does("GET", FEED, id_lt=later)) == [one["id"] for one in made]
    assert found(await api.server.does("GET", FEED, id_lt="00000000-0000-1000-8000-000000000000")) == []


async def test_not_more_than_a_thousand_are_reached(api: Api) -> None:
    """Feeds §5.4, §12: by offset, and by going on; a look at a single activity finds it all the same."""
    made = [one["id"] for one in await fill(api, 1_010)]
    assert found(await api.server.does("GET", FEED, offset=995, limit=10)) == made[995:1_000]
    assert (await api.server.does("GET", FEED, offset=990, limit=10))["next"] == ""
    for offset in (1_000, 5_000):
        page = await api.server.does("GET", FEED, offset=offset)
        assert (page["results"], page["next"]) == ([], "")
    page = await api.server.does("GET", FEED, limit=100)
    walked = found(page)
    while page["next"]:
        page = await api.server.does("GET", page["next"])
        walked += found(page)
    assert walked == made[:1_000]
    assert found(await api.server.does("GET", FEED, id_lte=made[1_005], id_gte=made[1_005])) == [made[1_005]]


async def test_next_says_again_what_was_asked_for(api: Api) -> None:
    """Feeds §6.3: enrichment, users, kinds and ranking variables, as they were sent; never credentials."""
    await fill(api, 5)
    query = {
        "withOwnReactions": "true", "with_recent_reactions": "1", "withReactionCounts": "True",
        "reactionKindsFilter": "like,love", "recentReactionsLimit": "3", "user_id": "bob", "withOwnChildren": "false",
        "discard_actors": "u:9|u:8", "discard_actors_sep": "|", "ranking_vars": '{"a": 1}', "location": "x",
        "mark_seen": "true", "limit": "2",
    }  # fmt: skip
    page = await api.server.does("GET", f"enrich/{FEED}", **query)
    address = urlsplit(page["next"])
    assert (address.scheme, address.netloc, address.path) == ("", "", f"/api/v1.0/enrich/{FEED}")
    told = dict(parse_qsl(address.query))
    assert told.pop("id_lt") == page["results"][-1]["id"]
    assert told == {name: value for name, value in query.items() if name not in ("location", "mark_seen")}


async def test_discarded_actors_are_left_out_before_anything_is_counted(api: Api) -> None:
    """Feeds §5.5: raw actors, with a separator of one's own; limit and offset count what is left."""
    made = await fill(api, 12)
    left = [one["id"] for one in made if one["actor"] == "u:1"]
    page = await api.server.does("GET", FEED, discard_actors="u:0,u:2", limit=2)
    assert found(page) == left[:2]
    assert found(await api.server.does("GET", page["next"])) == left[2:]
    assert (
        found(await api.server.does("GET", FEED, discard_actors="u:0;u:2", discard_actors_sep=";", offset=1))
        == left[1:]
    )
    assert len(found(await api.server.does("GET", FEED, discard_actors="u:0;u:2"))) == 12
    for other in ("u", "U:1", "0", "SU:u:0", ","):
        assert len(found(await api.server.does("GET", FEED, discard_actors=other))) == 12
    assert found(await api.server.does("GET", f"enrich/{FEED}", discard_actors="u:0,u:2")) == left


async def test_an_upsert_may_change_who_is_discarded(api: Api) -> None:
    """Feeds §3.3, §5.5."""
    body = {"actor": "ada", "verb": "pin", "object": "o", "foreign_id": "f", "time": "2026-02-01T10:00:00"}
    await api.server.does("POST", FEED, body)
    await api.server.does("POST", FEED, {**body, "actor": "eve"})
    assert found(await api.server.does("GET", FEED, discard_actors="eve")) == []
    assert len(found(await api.server.does("GET", FEED, discard_actors="ada"))) == 1


async def test_what_is_too_old_is_not_shown(api: Api) -> None:
    """Feeds §5.6: skipped on reading, whatever is asked for; with another setting it is there."""
    tenant = await api.house.store.read(tenants.by_label, "default")
    assert tenant is not None
    await api.house.store.write(feedgroups.put, tenant.id, "news", {"max_age_seconds": 60}, now=1)
    old = (await fill(api, 3, "feed/news/1/"))[0]["id"]
    made = await api.server.does("POST", "feed/news/1/", {"actor": "ada", "verb": "pin", "object": "o"})
    assert found(await api.server.does("GET", "feed/news/1/")) == [made["id"]]
    assert found(await api.server.does("GET", "feed/news/1/", id_gte=old)) == [made["id"]]
    assert found(await api.server.does("GET", "feed/news/1/", id_lte=old, id_gte=old)) == []
    assert found(await api.server.does("GET", "feed/news/1/", session="s")) == [made["id"]]
    await api.house.store.write(feedgroups.put, tenant.id, "news", {}, now=1)
    api.house.feeds.groups._known.clear()
    assert len(found(await api.server.does("GET", "feed/news/1/"))) == 4


async def test_unknown_parameters_are_ignored(api: Api) -> None:
    """Feeds §6.3."""
    await fill(api, 1)
    query = {"endpoint": "x", "feed_slug": "y", "moderation_template": "z", "nosuch": "1", "refresh": "true"}
    assert set(await api.server.does("GET", FEED, **query)) == {"results", "next"}


async def test_a_cursor_may_be_made_up_from_an_instant_alone(api: Api) -> None:
    """Feeds §3.2: ids compare by their time, then by their low bytes, whatever these are."""
    (made,) = await fill(api, 1)
    first, last = (made["id"][:19] + low for low in ("0000-000000000000", "ffff-ffffffffffff"))
    for query, count in (
        ({"id_gt": first}, 1), ({"id_lt": first}, 0), ({"id_gt": last}, 0), ({"id_lt": last}, 1),
    ):  # fmt: skip
        assert len((await api.server.does("GET", FEED, **query))["results"]) == count


async def test_an_id_of_another_version_names_no_activity(api: Api) -> None:
    """Feeds §3.2: ids are UUIDs of version 1; another one is not taken for that which has the same time in it."""
    (made,) = await fill(api, 1)
    other = made["id"][:14] + "4" + made["id"][15:]
    assert (await api.server.does("GET", "activities/", ids=other))["results"] == []
    refused = await api.server.fails("POST", "activity/", {"id": other, "set": {"note": 1}})
    assert refused.meaning == (400, 13, "MissingActivityException")
    await api.server.does("DELETE", f"{FEED}{other}/")
    assert len((await api.server.does("GET", FEED))["results"]) == 1


async def test_what_is_for_a_feeds_own_user_is_for_no_token_that_is_handed_out(api: Api) -> None:
    """Feeds §2.2: whoever was given a token to read one feed is none of those to whom an account's posts are said."""
    made = await api.server.does("POST", "feed/user/ada/", {"actor": "ada", "verb": "say", "object": "x"})

    async def hide(tx: Transaction) -> None:
        await tx.run("UPDATE placements SET shown = 1")

    await api.house.store.write(hide)
    handed_out = {"resource": "*", "action": "read", "feed_id": "userada"}
    expected = {
        api.server: [made["id"]],
        api.user("ada"): [made["id"]],
        api.user("bob"): [],
        api.bearing({"resource": "feed", "action": "read", "feed_id": "userada"}): [made["id"]],
        api.bearing(handed_out): [],
    }
    for caller, seen in expected.items():
        for path in ("feed/user/ada/", "enrich/feed/user/ada/"):
            assert [one["id"] for one in (await caller.does("GET", path))["results"]] == seen
