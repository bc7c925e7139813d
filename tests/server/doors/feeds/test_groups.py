"""Aggregated and notification feeds over HTTP (Feeds §8)."""

from typing import Any
from uuid import UUID

import pytest
from feedsapi import Api

from storage import feedgroups, tenants

pytestmark = pytest.mark.anyio

GROUP = {"id", "group", "verb", "activities", "activity_count", "actor_count", "created_at", "updated_at"}
BELL = "feed/notification/bob/"


def like(n: int, day: int = 1, actor: str = "ada", verb: str = "like") -> dict[str, Any]:
    return {
        "actor": actor, "verb": verb, "object": f"Item:{n}", "foreign_id": f"like:{n}",
        "time": f"2026-02-{day:02d}T12:{n // 60:02d}:{n % 60:02d}.000000",
    }  # fmt: skip


async def days(api: Api, path: str, count: int = 5) -> None:
    """Add an activity for each of the first few days of February."""
    bodies = [like(day, day) for day in range(1, count + 1)]
    await api.server.does("POST", path, {"activities": bodies})


def names(page: dict[str, Any]) -> list[str]:
    return [one["group"] for one in page["results"]]


def state(page: dict[str, Any]) -> list[tuple[bool, bool]]:
    return [(one["is_seen"], one["is_read"]) for one in page["results"]]


async def test_a_group_says_what_is_in_it(api: Api) -> None:
    """Feeds §8.1: at most 15 activities, newest first; the counts are of all; created by the oldest."""
    bodies = [like(n, actor=f"SU:{n % 3}") for n in range(20)]
    made = (await api.server.does("POST", "feed/aggregated/1/", {"activities": bodies}))["activities"]
    page = await api.server.does("GET", "feed/aggregated/1/")
    assert set(page) == {"results", "next"}
    (group,) = page["results"]
    assert set(group) == GROUP
    assert group["group"] == "like_2026-02-01"
    assert group["id"] == f"{made[-1]['id']}.like_2026-02-01"
    assert group["verb"] == "like"
    assert group["activities"] == made[:4:-1]
    assert (group["activity_count"], group["actor_count"]) == (20, 3)
    assert (group["created_at"], group["updated_at"]) == (made[0]["time"], made[-1]["time"])


async def test_groups_come_newest_first_page_by_page(api: Api) -> None:
    """Feeds §8.2: limit and offset count groups; ``next`` goes on after the last group's id."""
    await days(api, "feed/aggregated/1/")
    page = await api.server.does("GET", "feed/aggregated/1/", limit=2)
    assert names(page) == ["like_2026-02-05", "like_2026-02-04"]
    assert f"id_lt={page['results'][-1]['id']}" in page["next"]
    assert page["next"].startswith("/api/v1.0/feed/aggregated/1/?")
    page = await api.server.does("GET", page["next"])
    assert names(page) == ["like_2026-02-03", "like_2026-02-02"]
    page = await api.server.does("GET", page["next"])
    assert (names(page), page["next"]) == (["like_2026-02-01"], "")
    page = await api.server.does("GET", "feed/aggregated/1/", limit=2, offset=3)
    assert (names(page), page["next"]) == (["like_2026-02-02", "like_2026-02-01"], "")
    page = await api.server.does("GET", "feed/aggregated/1/", offset=1000)
    assert page["results"] == []


async def test_a_cursor_is_a_group_or_its_uuid(api: Api) -> None:
    """Feeds §8.2: the full id and its uuid part mean the same; what is neither is refused."""
    await days(api, "feed/aggregated/1/")
    middle = (await api.server.does("GET", "feed/aggregated/1/"))["results"][2]["id"]
    for cursor in (middle, middle[:36]):
        expected = {
            "id_lt": ["like_2026-02-02", "like_2026-02-01"],
            "id_lte": ["like_2026-02-03", "like_2026-02-02", "like_2026-02-01"],
            "id_gt": ["like_2026-02-05", "like_2026-02-04"],
            "id_gte": ["like_2026-02-05", "like_2026-02-04", "like_2026-02-03"],
        }
        for name, found in expected.items():
            assert names(await api.server.does("GET", "feed/aggregated/1/", **{name: cursor})) == found
    for wrong in ("x", "like_2026-02-03", middle[:36] + "x", "00000000-0000-4000-8000-000000000000"):
        refused = await api.server.fails("GET", "feed/aggregated/1/", id_lt=wrong)
        assert refused.meaning == (400, 4, "InputException")
        assert list(refused.fields) == ["id_lt"]


async def test_a_group_moves_up_with_what_is_new_in_it(api: Api) -> None:
    """Feeds §8.1: a group's id and place are those of its newest activity."""
    await days(api, "feed/aggregated/1/", 2)
    before = await api.server.does("GET", "feed/aggregated/1/")
    late = {**like(40, 3), "verb": "like", "time": "2026-02-01T23:00:00"}
    early = {**like(41, 1), "time": "2026-02-02T01:00:00"}
    await api.server.does("POST", "feed/aggregated/1/", {"activities": [late, early]})
    after = await api.server.does("GET", "feed/aggregated/1/")
    assert names(after) == names(before)
    assert after["results"][0]["id"] == before["results"][0]["id"], "an older one joined"
    assert after["results"][0]["created_at"] == "2026-02-02T01:00:00.000000"
    assert after["results"][1]["updated_at"] == "2026-02-01T23:00:00.000000"


async def test_marks_show_after_the_read_that_makes_them(api: Api) -> None:
    """Feeds §8.3, §14.9: the answer shows the old state; seen and read are independent."""
    await days(api, BELL, 3)
    page = await api.server.does("GET", BELL, mark_seen="true")
    assert set(page) == {"results", "next", "unseen", "unread"}
    assert set(page["results"][0]) == GROUP | {"is_seen", "is_read"}
    assert (page["unseen"], page["unread"]) == (3, 3)
    assert state(page) == [(False, False)] * 3
    page = await api.server.does("GET", BELL, mark_read=page["results"][1]["id"])
    assert (page["unseen"], page["unread"], state(page)) == (0, 3, [(True, False)] * 3)
    page = await api.server.does("GET", BELL)
    assert (page["unseen"], page["unread"]) == (0, 2)
    assert state(page) == [(True, False), (True, True), (True, False)]


async def test_counts_are_told_alone(api: Api) -> None:
    """Feeds §8.3: official web and Dart clients ask for the counts by a limit of 0, and may mark with that."""
    await days(api, BELL, 3)
    page = await api.server.does("GET", BELL, limit=0)
    assert page == {"results": [], "next": "", "unseen": 3, "unread": 3}
    assert await api.server.does("GET", f"enrich/{BELL}", limit=0) == page
    sifted = await api.server.does("GET", BELL, limit=0, discard_actors="nobody")
    assert sifted == page
    await api.server.does("GET", BELL, limit=0, mark_seen="current")
    await api.server.does("GET", BELL, limit=0, mark_read="true")
    page = await api.server.does("GET", BELL, limit=0)
    assert (page["unseen"], page["unread"]) == (3, 0)
    assert (await api.server.fails("GET", "feed/aggregated/1/", limit=0)).code == 4


async def test_marks_of_the_page_and_by_several_ids(api: Api) -> None:
    """Feeds §8.3: ``current``, lists, bare uuids; what names no group is ignored without error."""
    await days(api, BELL)
    await api.server.does("GET", BELL, mark_seen="current", limit=2)
    page = await api.server.does("GET", BELL)
    assert [seen for seen, _ in state(page)] == [True, True, False, False, False]
    one, two, three = (group["id"] for group in page["results"][2:])
    inside = page["results"][0]["activities"][0]["id"]
    assert UUID(inside)
    ids = f"{one},{two[:36]},nonsense,00000000-0000-1000-8000-000000000000"
    await api.server.does("GET", BELL, limit=1, mark_seen=ids, mark_read=f"{inside}x")
    page = await api.server.does("GET", BELL, mark_read=[three, one])
    assert [seen for seen, _ in state(page)] == [True] * 4 + [False]
    assert page["unread"] == 5
    page = await api.server.does("GET", BELL)
    assert [read for _, read in state(page)] == [False, False, True, False, True]


async def test_what_is_new_in_a_group_makes_it_unseen_again(api: Api) -> None:
    """Feeds §8.3: a mark is about a group's id, and that changes."""
    await days(api, BELL, 2)
    await api.server.does("GET", BELL, mark_seen="true", mark_read="true")
    await api.server.does("POST", BELL, {**like(50, 1), "time": "2026-02-01T23:00:00"})
    page = await api.server.does("GET", BELL)
    assert (page["unseen"], page["unread"]) == (1, 1)
    assert state(page) == [(True, True), (False, False)]
    await api.server.does("DELETE", f"{BELL}like:50/", foreign_id=1)
    assert state(await api.server.does("GET", BELL)) == [(True, True), (True, True)]


async def test_other_feeds_keep_no_marks(api: Api) -> None:
    """Feeds §8.3: marking them is ignored."""
    await days(api, "feed/aggregated/1/", 1)
    await days(api, "feed/user/1/", 1)
    page = await api.server.does("GET", "feed/aggregated/1/", mark_seen="true", mark_read="true")
    assert set(page) == {"results", "next"}
    assert set(page["results"][0]) == GROUP
    assert set(await api.server.does("GET", "feed/user/1/", mark_seen="true")) == {"results", "next"}


async def test_groups_are_not_ranked(api: Api) -> None:
    """Feeds §10: we rank flat feeds alone, and say so instead of answering in another order than was asked for."""
    await days(api, BELL, 1)
    refused = await api.server.fails("GET", BELL, ranking="popular")
    assert refused.meaning == (400, 12, "MissingRankingException")


async def test_users_mark_their_own_notifications_alone(api: Api) -> None:
    """Feeds §2.5: a user may read and mark what is theirs, also where reading is open to anyone."""
    await api.house.store.write(
        feedgroups.put,
        (await _tenant(api)).id,
        "board",
        {"type": "notification", "client_read": "any"},
        now=1,
    )
    for path in (BELL, "feed/board/bob/"):
        await days(api, path, 1)
        page = await api.user("bob").does("GET", path, mark_seen="true")
        assert page["unseen"] == 1
        assert (await api.user("bob").does("GET", path))["unseen"] == 0
    assert (await api.user("eve").fails("GET", BELL)).meaning == (403, 17, "NotAllowedException")
    assert (await api.user("eve").does("GET", "feed/board/bob/"))["unread"] == 1
    refused = await api.user("eve").fails("GET", "feed/board/bob/", mark_read="true")
    assert refused.meaning == (403, 17, "NotAllowedException")


async def test_discarded_actors_are_not_counted(api: Api) -> None:
    """Feeds §5.5: counts are made anew, empty groups vanish, groups are ordered by what is left."""
    bodies = [
        like(1, 1, "ada"), like(2, 1, "eve"), like(3, 2, "eve"), like(4, 3, "bob"), like(5, 3, "eve"),
        {**like(6, 1, "eve"), "time": "2026-02-01T23:59:00"},
    ]  # fmt: skip
    await api.server.does("POST", BELL, {"activities": bodies})
    page = await api.server.does("GET", BELL, discard_actors="eve,nobody")
    assert [(one["group"], one["activity_count"], one["actor_count"]) for one in page["results"]] == [
        ("like_2026-02-03", 1, 1), ("like_2026-02-01", 1, 1),
    ]  # fmt: skip
    assert [one["updated_at"] for one in page["results"]] == [
        "2026-02-03T12:00:04.000000",
        "2026-02-01T12:00:01.000000",
    ]
    assert [[a["actor"] for a in one["activities"]] for one in page["results"]] == [["bob"], ["ada"]]
    assert (page["unseen"], page["unread"]) == (2, 2)
    first = await api.server.does("GET", BELL, discard_actors="eve|bob", discard_actors_sep="|", limit=1)
    assert (names(first), first["next"]) == (["like_2026-02-01"], "")
    first = await api.server.does("GET", BELL, discard_actors="eve", limit=1, mark_seen="current")
    assert names(await api.server.does("GET", first["next"])) == ["like_2026-02-01"]
    assert state(await api.server.does("GET", BELL)) == [(True, False), (False, False), (False, False)]


async def test_what_is_too_old_is_not_counted(api: Api) -> None:
    """Feeds §5.6: a group's age is set beside its type."""
    tenant = await _tenant(api)
    settings = {"type": "aggregated", "max_age_seconds": 7 * 86_400, "aggregation": "{{ verb }}"}
    await api.house.store.write(feedgroups.put, tenant.id, "week", settings, now=1)
    fresh = {"actor": "ada", "verb": "like", "object": "x"}
    old = [like(1, verb="like"), like(2, verb="pin")]
    await api.server.does("POST", "feed/week/1/", {"activities": [*old, fresh]})
    (group,) = (await api.server.does("GET", "feed/week/1/"))["results"]
    assert (group["group"], group["activity_count"], len(group["activities"])) == ("like", 1, 1)
    assert group["created_at"] == group["updated_at"]


async def test_a_format_that_is_none_is_told_to_readers(api: Api) -> None:
    """Feeds §8.4: writing goes on, by the usual format; reading is refused until it is put right."""
    tenant = await _tenant(api)
    await api.house.store.write(
        feedgroups.put, tenant.id, "odd", {"type": "aggregated", "aggregation": "{{ verb"}, now=1
    )
    await days(api, "feed/odd/1/", 1)
    refused = await api.server.fails("GET", "feed/odd/1/")
    assert refused.meaning == (400, 14, "JinjaRuntimeException")
    await api.house.store.write(feedgroups.put, tenant.id, "odd", {"type": "aggregated"}, now=1)
    api.house.feeds.groups._known.clear()
    assert names(await api.server.does("GET", "feed/odd/1/")) == ["like_2026-02-01"]


async def test_activities_in_groups_are_enriched(api: Api) -> None:
    """Feeds §8.1, §9: what is inside is enriched, the members of the group stay; ``next`` stays enriched."""
    await api.server.does("POST", "user/", {"id": "ada", "data": {"name": "Ada"}})
    await api.server.does(
        "POST", BELL, {"activities": [like(1, 1, "SU:ada"), like(2, 2, "SU:ada"), like(3, 2)]}
    )
    page = await api.server.does("GET", f"enrich/{BELL}", withReactionCounts="true", limit=1)
    (group,) = page["results"]
    assert set(group) == GROUP | {"is_seen", "is_read"}
    assert [one["actor"] if isinstance(one["actor"], str) else one["actor"]["data"] for one in group["activities"]] == [
        "ada", {"name": "Ada"},
    ]  # fmt: skip
    assert [one["reaction_counts"] for one in group["activities"]] == [{}, {}]
    assert page["next"].startswith(f"/api/v1.0/enrich/{BELL}?")
    assert "withReactionCounts=true" in page["next"]
    assert (await api.server.does("GET", page["next"]))["results"][0]["activity_count"] == 1


async def _tenant(api: Api) -> Any:
    return await api.house.store.read(tenants.by_label, "default")
