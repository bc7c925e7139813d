"""getstream: feeds, follows and changes by a server's program (Feeds §5, §6)."""

from datetime import UTC, datetime

import pytest
from application import following_page, fresh, without
from nodesdk import Refused

TWEET = {"actor": 1, "verb": "tweet", "object": 1}
TIME = "2026-03-01T12:00:00.123Z"
STORED = "2026-03-01T12:00:00.123000"


@pytest.fixture
def feed(backend):
    return backend.feed("user", fresh("ada"))


def ids(page):
    return [each["id"] for each in page["results"]]


def test_times_have_six_digits_and_no_zone(feed):
    """Feeds §3.1, §14.3."""
    added = feed.addActivity({**TWEET, "foreign_id": "x:1", "time": TIME})
    assert added["time"] == STORED
    assert (
        feed.addActivity({**TWEET, "time": datetime(2026, 3, 1, tzinfo=UTC)})["time"]
        == "2026-03-01T00:00:00.000000"
    )
    assert len(feed.addActivity(TWEET)["time"]) == 26


def test_objects_become_references(backend, feed):
    """Feeds §9.1: this SDK writes what has a reference as one."""
    entry = backend["collections"].entry("food", "burger", {})
    added = feed.addActivity(
        {"actor": backend.user("ada"), "verb": "eat", "object": entry, "with": [backend.user("bob")]}
    )
    assert (added["actor"], added["object"], added["with"]) == ("SU:ada", "SO:food:burger", ["SU:bob"])


def test_adding_reading_and_removing(feed):
    """Feeds §6.1–§6.3."""
    added = feed.addActivities([{**TWEET, "object": number} for number in range(4)])["activities"]
    newest = [each["id"] for each in reversed(added)]
    first = feed.get(limit=3)
    assert first.keys() == {"results", "next", "duration"}
    assert ids(first) == newest[:3]
    assert ids(feed.get(**following_page(first, f"feed/user/{feed['userId']}/"))) == newest[3:]
    assert feed.getActivityDetail(newest[2], {})["results"] == [without(added[1])]
    assert without(feed.removeActivity(newest[0])) == {"removed": newest[0]}
    feed.addActivity({**TWEET, "foreign_id": "add:2"})
    assert without(feed.removeActivity({"foreignId": "add:2"})) == {"removed": "add:2"}
    assert ids(feed.get()) == newest[1:]


def test_following(backend, feed):
    """Feeds §5.3, §6.9: the same under the name of following."""
    follower = backend.feed("timeline", fresh("bob"))
    feed.addActivities([{**TWEET, "object": number} for number in range(3)])
    assert without(follower.follow("user", feed["userId"], limit=1)) == {}
    assert len(follower.get()["results"]) == 1
    (listed,) = follower.following(filter=[feed["id"], "user:stranger"])["results"]
    assert (listed["feed_id"], listed["target_id"]) == (follower["id"], feed["id"])
    assert listed["created_at"].endswith("Z")
    assert [each["feed_id"] for each in feed.followers(limit="10", offset="0")["results"]] == [follower["id"]]
    assert feed.followStats(followerSlugs=["timeline", "flat"])["results"] == {
        "followers": {"feed": feed["id"], "count": 1}, "following": {"feed": feed["id"], "count": 0},
    }  # fmt: skip
    follower.unfollow("user", feed["userId"], keepHistory=True)
    assert len(follower.get()["results"]) == 1
    follower.follow("user", feed["userId"])
    follower.unfollow("user", feed["userId"])
    assert follower.get()["results"] == []


def test_many_at_once(backend, feed):
    """Feeds §6.4, §6.10, §6.11."""
    follower = backend.feed("flat", fresh("many"))
    relation = {"source": follower["id"], "target": feed["id"]}
    assert without(backend.followMany([relation], 20)) == {}
    assert without(backend.addToMany(TWEET, [feed["id"]])) == {}
    assert [each["origin"] for each in follower.get()["results"]] == [feed["id"]]
    assert without(backend.unfollowMany([{**relation, "keep_history": False}])) == {}
    assert follower.get()["results"] == []


def test_updating(backend, feed):
    """Feeds §6.6, §6.7: a fetched activity is sent back with more in it; a change is answered with the activity."""
    added = feed.addActivity({**TWEET, "foreign_id": fresh("post"), "time": TIME})
    backend.updateActivity({**added, "answer": 10})
    assert feed.get()["results"] == [{**without(added), "answer": 10}]
    assert without(backend.updateActivities([{**added, "answer": 9}])) == {}
    changed = backend.activityPartialUpdate({"id": added["id"], "set": {"answer": 11}})
    assert without(changed) == {**without(added), "answer": 11}
    changed = backend.activitiesPartialUpdate(
        [{"foreignID": added["foreign_id"], "time": TIME, "unset": ["answer"]}]
    )
    assert changed["activities"] == [without(added)]


@pytest.mark.parametrize("wrong", [{"foreign_id": ""}, {"time": "aap"}, {"to": ["to:something"]}])
def test_updates_that_cannot_be(backend, wrong):
    """Feeds §6.6: 400."""
    with pytest.raises(Refused) as refused:
        backend.updateActivity({**TWEET, "foreign_id": "aap", "time": TIME, **wrong})
    assert refused.value.status == 400
    if "to" not in wrong:
        assert (refused.value.code, refused.value.body["exception"]) == (4, "InputException")


def test_updating_needs_a_name_and_a_time_first(backend):
    """Feeds §6.6: that is looked at before the targets."""
    for lack in ("foreign_id", "time"):
        activity = {**TWEET, "foreign_id": "aap", "time": TIME, "to": ["to:something"]}
        del activity[lack]
        with pytest.raises(Refused) as refused:
            backend.updateActivity(activity)
        assert (refused.value.status, refused.value.code) == (400, 4)


def test_new_targets(feed):
    """Feeds §6.8: numbers are good foreign ids."""
    feed.addActivity({**TWEET, "foreign_id": 1234, "time": TIME, "to": ["user:0000", "user:1234"]})
    changed = feed.updateActivityToTargets(1234, TIME, None, ["user:5678"], ["user:1234"])
    assert set(changed["activity"]["to"]) == {"user:0000", "user:5678"}
    assert (changed["added"], changed["removed"]) == (["user:5678"], ["user:1234"])
    assert set(feed.get()["results"][0]["to"]) == {"user:0000", "user:5678"}
    feed.addActivity({**TWEET, "foreign_id": 1235, "time": TIME})
    one, two = [{"foreignId": name, "time": TIME, "newTargets": ["user:9"]} for name in (1234, 1235)]
    changed = feed._updateActivityToTargetsMany([one, two])["activities"]
    assert [each["activity"]["to"] for each in changed] == [["user:9"], ["user:9"]]


def test_activities_by_name(backend, feed):
    """Feeds §6.5, §1.2: a Date in the list arrives as JavaScript writes it for people, to the second."""
    names = [fresh("post") for _ in range(2)]
    added = [feed.addActivity({**TWEET, "foreign_id": name, "time": "2026-03-01T12:00:00"}) for name in names]
    assert ids(backend.getActivities(ids=[each["id"] for each in added])) == [each["id"] for each in added]
    for time in ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)):
        pairs = [
            {"foreignID": names[1], "time": time},
            {"foreign_id": names[0], "time": "2026-03-01T12:00:00.000000"},
        ]
        assert ids(backend.getActivities(foreignIDTimes=pairs)) == [added[1]["id"], added[0]["id"]]
