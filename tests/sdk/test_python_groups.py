"""stream-python: aggregated and notification feeds (Feeds §8)."""

from datetime import UTC, datetime, timedelta

import pytest
from application import following_page, fresh, without

TWEET = {"actor": 1, "verb": "tweet", "object": 1}
NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
GROUP = {"id", "group", "verb", "activities", "activity_count", "actor_count", "created_at", "updated_at"}


@pytest.fixture
def grouped(client):
    return client.feed("aggregated", fresh("ada"))


@pytest.fixture
def notifications(client):
    """A notification feed with three groups of one activity each; the newest says watch."""
    made = client.feed("notification", fresh("ada"))
    for number, verb in enumerate(("tweet", "add", "watch")):
        made.add_activity({"actor": number, "verb": verb, "object": 1})
    return made


def marks(page, name):
    return [each[name] for each in page["results"]]


def test_a_group_has_these_fields(client, grouped):
    """Feeds §8.1: named by verb and day, with the newest first and counts of all."""
    added = [
        grouped.add_activity({**TWEET, "actor": actor, "time": NOON + timedelta(minutes=number)})
        for number, actor in enumerate(("ada", "bob", "ada"))
    ]
    page = grouped.get()
    assert page.keys() == {"results", "next", "duration"}
    (group,) = page["results"]
    assert group.keys() == GROUP
    assert group == {
        "id": f"{added[2]['id']}.tweet_2026-03-01", "group": "tweet_2026-03-01", "verb": "tweet",
        "activities": [without(each) for each in reversed(added)], "activity_count": 3, "actor_count": 2,
        "created_at": NOON, "updated_at": NOON + timedelta(minutes=2),
    }  # fmt: skip


def test_groups_stand_by_their_newest(grouped):
    """Feeds §8.1: sorted by updated_at, newest first."""
    for number, verb in enumerate(("like", "tweet", "like", "watch", "tweet")):
        grouped.add_activity({**TWEET, "verb": verb, "time": NOON + timedelta(minutes=number)})
    assert marks(grouped.get(), "verb") == ["tweet", "watch", "like"]
    assert marks(grouped.get(), "activity_count") == [2, 1, 2]


def test_fifteen_are_shown_and_all_are_counted(grouped):
    """Feeds §8.1."""
    added = grouped.add_activities(
        [{**TWEET, "actor": number, "time": NOON + timedelta(seconds=number)} for number in range(20)]
    )
    (group,) = grouped.get()["results"]
    newest = [each["id"] for each in reversed(added["activities"])]
    assert [each["id"] for each in group["activities"]] == newest[:15]
    assert (group["activity_count"], group["actor_count"]) == (20, 20)


def test_pages_of_groups(grouped):
    """Feeds §8.2: limit and offset count groups; a cursor is a group's id or the id in front of its name."""
    for number in range(5):
        grouped.add_activities([{**TWEET, "verb": f"verb{number}", "time": NOON + timedelta(minutes=number)}])
    verbs = [f"verb{number}" for number in reversed(range(5))]
    first = grouped.get(limit=2)
    assert marks(first, "verb") == verbs[:2]
    query = following_page(first, f"feed/aggregated/{grouped.user_id}/")
    assert query == {"id_lt": first["results"][1]["id"], "limit": "2"}
    second = grouped.get(**query)
    assert marks(second, "verb") == verbs[2:4]
    last = grouped.get(**following_page(second, f"feed/aggregated/{grouped.user_id}/"))
    assert (marks(last, "verb"), last["next"]) == (verbs[4:], "")
    bare = first["results"][1]["id"].split(".")[0]
    assert marks(grouped.get(id_lt=bare), "verb") == verbs[2:]
    assert marks(grouped.get(limit=2, offset=1), "verb") == verbs[1:3]


def test_what_came_by_following(client, grouped):
    """Feeds §5.3, §8.1: copies belong to groups and keep their origin."""
    feed = client.feed("user", fresh("bob"))
    feed.add_activity(TWEET)
    grouped.follow("user", feed.user_id)
    feed.add_activity(TWEET)
    (group,) = grouped.get()["results"]
    assert (group["activity_count"], {each["origin"] for each in group["activities"]}) == (2, {feed.id})
    feed.remove_activity(group["activities"][0]["id"])
    assert grouped.get()["results"][0]["activity_count"] == 1
    grouped.unfollow("user", feed.user_id)
    assert grouped.get()["results"] == []


def test_removing_the_newest_changes_the_group(grouped):
    """Feeds §8.1: id, counts and times are of those that are left."""
    first = grouped.add_activity({**TWEET, "time": NOON})
    second = grouped.add_activity({**TWEET, "actor": 2, "time": NOON + timedelta(minutes=1)})
    grouped.remove_activity(second["id"])
    (group,) = grouped.get()["results"]
    assert group["id"].startswith(first["id"])
    assert (group["activity_count"], group["actor_count"], group["updated_at"]) == (1, 1, NOON)


def test_nothing_is_seen_or_read_at_first(notifications):
    """Feeds §6.3, §8.1."""
    page = notifications.get()
    assert page.keys() == {"results", "next", "unseen", "unread", "duration"}
    assert (page["unseen"], page["unread"]) == (3, 3)
    assert page["results"][0].keys() == GROUP | {"is_seen", "is_read"}
    assert marks(page, "is_seen") == marks(page, "is_read") == [False] * 3


def test_a_mark_is_shown_by_the_next_answer(notifications):
    """Feeds §8.3, §14.9: the answer that marks shows what was before."""
    before = notifications.get(mark_seen=True)
    assert (before["unseen"], marks(before, "is_seen")) == (3, [False] * 3)
    after = notifications.get()
    assert (after["unseen"], after["unread"]) == (0, 3)
    assert (marks(after, "is_seen"), marks(after, "is_read")) == ([True] * 3, [False] * 3)


def test_marks_of_some(notifications):
    """Feeds §8.3: by the ids of groups, whole or bare; what is no group's id is passed over."""
    groups = [each["id"] for each in notifications.get()["results"]]
    notifications.get(
        mark_read=[groups[0], "nonsense", "00000080-b3ed-11e6-8080-8000444ef374"],
        mark_seen=groups[1].split(".")[0],
    )
    page = notifications.get()
    assert (marks(page, "is_read"), page["unread"]) == ([True, False, False], 2)
    assert (marks(page, "is_seen"), page["unseen"]) == ([False, True, False], 2)


def test_marks_of_a_page(notifications):
    """Feeds §8.3: current is what this page shows; the counts are of the whole feed."""
    page = notifications.get(limit=1, offset=1, mark_read="current")
    assert page["unread"] == 3
    assert marks(notifications.get(), "is_read") == [False, True, False]


def test_a_new_activity_makes_its_group_new(notifications):
    """Feeds §8.3: unseen and unread again, with a new id."""
    old = notifications.get(mark_seen=True, mark_read=True)["results"][2]
    notifications.add_activity({"actor": 9, "verb": "tweet", "object": 1})
    page = notifications.get()
    assert marks(page, "verb") == ["tweet", "watch", "add"]
    assert marks(page, "is_seen") == marks(page, "is_read") == [False, True, True]
    assert (page["unseen"], page["unread"]) == (1, 1)
    assert page["results"][0]["id"] != old["id"]
    assert (page["results"][0]["activity_count"], page["results"][0]["actor_count"]) == (2, 2)


def test_other_feeds_have_no_marks(client, grouped):
    """Feeds §8.3: marking them is nothing."""
    grouped.add_activity(TWEET)
    assert grouped.get(mark_seen=True)["results"][0].keys() == GROUP
    flat = client.feed("user", fresh("ada"))
    assert without(flat.get(mark_seen=True, mark_read=True)) == {"results": [], "next": ""}


def test_some_actors_are_left_out(client, grouped):
    """Feeds §5.5: before limits; counts are reckoned anew and empty groups vanish."""
    flat = client.feed("user", fresh("ada"))
    for actor in ("ada", "bob", "bob", "carl"):
        for feed in (flat, grouped):
            feed.add_activity({**TWEET, "actor": actor, "verb": "tweet" if actor != "carl" else "shout"})
    assert marks(flat.get(discard_actors="bob,carl"), "actor") == ["ada"]
    assert marks(flat.get(discard_actors="bob;carl", discard_actors_sep=";", limit=1), "actor") == ["ada"]
    (group,) = grouped.get(discard_actors="bob,carl")["results"]
    assert (
        group["activity_count"],
        group["actor_count"],
        marks({"results": group["activities"]}, "actor"),
    ) == (1, 1, ["ada"])


def test_groups_hold_enriched_activities(client):
    """Feeds §8.1: the fields of the group stay."""
    user = client.users.add(fresh("mike"), {"name": "Mike"})
    for group in ("aggregated", "notification"):
        feed = client.feed(group, fresh("mike"))
        feed.add_activity({"actor": f"SU:{user['id']}", "verb": "buy", "object": "machine"})
        (plain,) = feed.get()["results"]
        (rich,) = feed.get(enrich=True)["results"]
        assert without(rich, "activities") == without(plain, "activities")
        assert [each["actor"] for each in rich["activities"]] == [without(user)]
