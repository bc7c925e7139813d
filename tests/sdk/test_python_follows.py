"""stream-python: following, its lists, its counts, and many at once (Feeds §5.3, §6.9–§6.12)."""

import pytest
from application import fresh, without
from stream.exceptions import InputException

TWEET = {"actor": 1, "verb": "tweet", "object": 1}


@pytest.fixture
def feed(client):
    """A feed with three activities."""
    made = client.feed("user", fresh("ada"))
    made.add_activities([{**TWEET, "foreign_id": f"tweet:{number}"} for number in (1, 2, 3)])
    return made


@pytest.fixture
def follower(client):
    return client.feed("timeline", fresh("bob"))


def said(feed):
    return [each["foreign_id"] for each in feed.get()["results"]]


def test_a_follower_gets_what_was_there_and_what_comes(feed, follower):
    """Feeds §5.2, §5.3: with the followed feed as its origin."""
    assert without(follower.follow(feed.slug, feed.user_id)) == {}
    feed.add_activity({**TWEET, "foreign_id": "tweet:4"})
    assert said(follower) == ["tweet:4", "tweet:3", "tweet:2", "tweet:1"]
    assert {each["origin"] for each in follower.get()["results"]} == {feed.id}
    assert [without(each, "origin") for each in follower.get()["results"]] == [
        without(each, "origin") for each in feed.get()["results"]
    ]


@pytest.mark.parametrize(("limit", "copied"), [(0, []), (1, ["tweet:3"]), (2, ["tweet:3", "tweet:2"])])
def test_how_much_is_copied(feed, follower, limit, copied):
    """Feeds §5.3: the newest so many; none when it is 0."""
    follower.follow(feed.slug, feed.user_id, activity_copy_limit=limit)
    assert said(follower) == copied


def test_a_hundred_are_copied_unless_told(client, follower):
    """Feeds §5.3, §12."""
    feed = client.feed("user", fresh("busy"))
    for part in range(2):
        feed.add_activities([{**TWEET, "object": f"{part}.{number}"} for number in range(55)])
    follower.follow(feed.slug, feed.user_id)
    assert len(follower.get(limit=100)["results"]) == 100
    assert follower.get(limit=100, offset=100)["results"] == []


def test_copies_of_copies_are_not_made(client, feed, follower):
    """Feeds §5.2, §5.3: only what was placed in the followed feed directly goes on."""
    second = client.feed("flat", fresh("second"))
    follower.follow(feed.slug, feed.user_id)
    second.follow(follower.slug, follower.user_id)
    feed.add_activity(TWEET)
    assert second.get()["results"] == []


def test_following_again_changes_nothing_twice(feed, follower):
    """Feeds §5.3: no duplicates, one row in the list."""
    for _ in range(2):
        follower.follow(feed.slug, feed.user_id)
    assert said(follower) == ["tweet:3", "tweet:2", "tweet:1"]
    assert len(follower.following()["results"]) == 1


def test_an_activity_is_there_once_by_its_first_way(client, feed, follower):
    """Feeds §5.2: one feed holds it at most once; the first placement's origin stays."""
    other = client.feed("flat", fresh("other"))
    for each in (feed, other):
        follower.follow(each.slug, each.user_id, activity_copy_limit=0)
    added = feed.add_activity({**TWEET, "to": [other.id]})
    assert [each["id"] for each in follower.get()["results"]] == [added["id"]]
    own = follower.add_activity({**TWEET, "foreign_id": "mine", "time": "2026-03-01T12:00:00"})
    feed.add_activity({**TWEET, "foreign_id": "mine", "time": "2026-03-01T12:00:00"})
    assert {each["id"]: each["origin"] for each in follower.get()["results"]}[own["id"]] is None


def test_unfollowing_takes_the_copies_away(feed, follower):
    """Feeds §5.3, §14.4: what came from there, and nothing else; a stranger can be unfollowed."""
    follower.follow(feed.slug, feed.user_id)
    own = follower.add_activity({**TWEET, "foreign_id": "own"})
    assert without(follower.unfollow(feed.slug, feed.user_id)) == {}
    assert follower.get()["results"] == [without(own)]
    assert follower.following()["results"] == []
    feed.add_activity(TWEET)
    assert said(follower) == ["own"]
    assert without(follower.unfollow("user", fresh("stranger"))) == {}


def test_unfollowing_may_keep_the_copies(feed, follower):
    """Feeds §5.3: keep_history."""
    follower.follow(feed.slug, feed.user_id)
    follower.unfollow(feed.slug, feed.user_id, keep_history=True)
    assert said(follower) == ["tweet:3", "tweet:2", "tweet:1"]
    feed.add_activity(TWEET)
    assert len(said(follower)) == 3


def test_deleting_reaches_the_followers(client, feed, follower):
    """Feeds §5.2: removed from its home, it is gone from all who got it this way."""
    other = client.feed("flat", fresh("other"))
    for each in (follower, other):
        each.follow(feed.slug, feed.user_id)
    feed.remove_activity(foreign_id="tweet:2")
    assert said(follower) == said(other) == ["tweet:3", "tweet:1"]


def test_the_lists(client, feed):
    """Feeds §6.9, §14.14: newest first; offset counts what the filter leaves."""
    followers = [client.feed("timeline", fresh("follower")) for _ in range(4)]
    for each in followers:
        each.follow(feed.slug, feed.user_id)
    newest = [each.id for each in reversed(followers)]
    listed = feed.followers()["results"]
    assert [each["feed_id"] for each in listed] == newest
    assert {each["target_id"] for each in listed} == {feed.id}
    assert all(each.keys() == {"feed_id", "target_id", "created_at", "updated_at"} for each in listed)
    assert all(each["created_at"].endswith("Z") for each in listed)
    assert [each["feed_id"] for each in feed.followers(offset=1, limit=2)["results"]] == newest[1:3]
    some = [newest[0], newest[3], "timeline:stranger"]
    assert [each["feed_id"] for each in feed.followers(feeds=some)["results"]] == [newest[0], newest[3]]
    assert [each["feed_id"] for each in feed.followers(feeds=some, offset=1)["results"]] == [newest[3]]
    assert [each["target_id"] for each in followers[0].following()["results"]] == [feed.id]
    assert followers[0].following(feeds=["user:stranger"])["results"] == []


def test_no_lists_of_strangers(client):
    """Feeds §6.9: a feed that was never used follows nobody."""
    stranger = client.feed("user", fresh("stranger"))
    assert without(stranger.following()) == without(stranger.followers()) == {"results": []}


def test_what_cannot_be_followed(client, feed, follower):
    """Feeds §4, §5: not oneself, no grouped feed, and no copy limit outside 0…1000."""
    for slug, user, options in (
        (follower.slug, follower.user_id, {}), ("notification", "ada", {}), ("aggregated", "ada", {}),
        (feed.slug, feed.user_id, {"activity_copy_limit": -1}),
        (feed.slug, feed.user_id, {"activity_copy_limit": 1001}),
    ):  # fmt: skip
        with pytest.raises(InputException):
            follower.follow(slug, user, **options)
    assert follower.following()["results"] == []


def test_any_feed_may_follow(client, feed):
    """Feeds §5: grouped feeds as well."""
    for group in ("flat", "timeline", "timeline_aggregated", "aggregated", "notification"):
        client.feed(group, fresh("any")).follow(feed.slug, feed.user_id)
    assert len(feed.followers()["results"]) == 5


def test_many_follows_at_once(client, feed):
    """Feeds §6.10: an item's copy limit wins over the call's."""
    followers = [client.feed("flat", fresh("many")) for _ in range(3)]
    wanted = [{"source": each.id, "target": feed.id} for each in followers]
    wanted[2]["activity_copy_limit"] = 2
    assert without(client.follow_many(wanted, activity_copy_limit=0)) == {}
    assert [len(said(each)) for each in followers] == [0, 0, 2]
    assert len(feed.followers()["results"]) == 3


def test_many_follows_are_taken_whole_or_not_at_all(client, feed):
    """Feeds §6.10, §6.11, §14.15."""
    good = {"source": f"flat:{fresh('good')}", "target": feed.id}
    for bad in (
        {**good, "target": 42},
        {"source": "flat:x"},
        {**good, "activity_copy_limit": 1001},
        "flat:1",
        None,
    ):
        with pytest.raises(InputException):
            client.follow_many([good, bad])
    with pytest.raises(InputException, match="must be a non-negative number not greater than 1000"):
        client.follow_many([{"source": "nowhere:1", "target": "nobody:1"}], activity_copy_limit=1001)
    assert feed.followers()["results"] == []
    client.follow_many([good])
    with pytest.raises(InputException):
        client.unfollow_many([good, {**good, "target": 42}])
    assert len(feed.followers()["results"]) == 1


def test_many_unfollows_at_once(client, feed):
    """Feeds §6.11: each keeps its history or not."""
    followers = [client.feed("flat", fresh("many")) for _ in range(3)]
    client.follow_many([{"source": each.id, "target": feed.id} for each in followers])
    assert without(
        client.unfollow_many(
            [
                {"source": followers[0].id, "target": feed.id},
                {"source": followers[1].id, "target": feed.id, "keep_history": True},
                {"source": followers[1].id, "target": "user:stranger"},
            ]
        )
    ) == {}  # fmt: skip
    assert [len(said(each)) for each in followers] == [0, 3, 3]
    assert [each["feed_id"] for each in feed.followers()["results"]] == [followers[2].id]


def test_counts(client):
    """Feeds §6.12: of all, or of some groups; unknown slugs count nothing."""
    feed = client.feed("user", fresh("counted"))
    for _ in range(3):
        feed.follow("user", fresh("followed"))
    for group in ("user", "timeline"):
        client.feed(group, fresh("follower")).follow(feed.slug, feed.user_id)
    assert without(client.follow_stats(feed.id)) == {
        "results": {"followers": {"feed": feed.id, "count": 2}, "following": {"feed": feed.id, "count": 3}}
    }
    some = client.follow_stats(
        feed.id, followers_slugs=["timeline"], following_slugs=["timeline", "nonsense"]
    )
    assert (some["results"]["followers"]["count"], some["results"]["following"]["count"]) == (1, 0)
