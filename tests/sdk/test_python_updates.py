"""stream-python: changing activities and finding them (Feeds §6.4–§6.8)."""

from datetime import UTC, datetime
from uuid import uuid1

import pytest
from application import fresh, without
from stream.exceptions import InputException, StreamApiException

TWEET = {"actor": 1, "verb": "tweet", "object": 1}
TIME = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
SHOES = {"name": "shoes", "price": 9.99, "color": "blue"}


@pytest.fixture
def feed(client):
    return client.feed("user", fresh("ada"))


@pytest.fixture
def activity(feed):
    """An activity of the feed, as it is read there."""
    feed.add_activity({**TWEET, "foreign_id": fresh("post"), "time": TIME, "product": SHOES})
    return feed.get()["results"][0]


def test_one_activity_for_many_feeds(client):
    """Feeds §6.4: one id everywhere, placed directly, and fanned out from each."""
    feeds = [client.feed("flat", fresh("many")) for _ in range(10)]
    follower = client.feed("timeline", fresh("follower"))
    follower.follow("flat", feeds[9].user_id)
    assert without(client.add_to_many({**TWEET, "custom": "data"}, [each.id for each in feeds])) == {}
    found = [each.get()["results"][0] for each in feeds]
    assert {each["id"] for each in found} == {found[0]["id"]}
    assert {(each["custom"], each["origin"]) for each in found} == {("data", None)}
    assert [each["origin"] for each in follower.get()["results"]] == [feeds[9].id]
    with pytest.raises(InputException):
        client.add_to_many({**TWEET, "to": ["flat:1"]}, [feeds[0].id])
    assert len(feeds[0].get()["results"]) == 1


def test_update_replaces_what_is_said_everywhere(client, feed):
    """Feeds §6.6: in every feed at once; the fields of a fetched activity may stand in it."""
    follower = client.feed("timeline", fresh("follower"))
    follower.follow("user", feed.user_id)
    added = feed.add_activities([{**TWEET, "foreign_id": fresh("post"), "old": True} for _ in range(10)])
    changed = [{**without(each, "id", "old"), "popularity": 100} for each in added["activities"]]
    assert without(client.update_activities(changed)) == {}
    for each in (feed, follower):
        read = each.get()["results"]
        assert [one["id"] for one in read] == [one["id"] for one in reversed(added["activities"])]
        assert all(one["popularity"] == 100 and "old" not in one for one in read)


def test_update_makes_what_is_not_there(client):
    """Feeds §6.6: in no feed, but to be found."""
    name = fresh("post")
    client.update_activity({**TWEET, "foreign_id": name, "time": TIME})
    (found,) = client.get_activities(foreign_id_times=[(name, TIME)])["results"]
    assert found["foreign_id"] == name


def test_update_says_nothing_new_about_targets(client, feed):
    """Feeds §6.6: ``to`` is looked at and left alone."""
    team = client.feed("flat", fresh("team"))
    added = feed.add_activity({**TWEET, "foreign_id": fresh("post"), "to": [team.id]})
    client.update_activity({**without(added, "to"), "text": "new"})
    assert feed.get()["results"] == team.get()["results"] == [{**without(added), "text": "new"}]
    with pytest.raises(StreamApiException) as refused:
        client.update_activity({**without(added), "to": ["nonsense:1"]})
    assert refused.value.status_code == 400


@pytest.mark.parametrize("lack", ["foreign_id", "time", "actor", "verb", "object"])
def test_update_needs_these(client, lack):
    """Feeds §6.6: identity and what every activity needs."""
    activity = {**TWEET, "foreign_id": fresh("post"), "time": TIME}
    del activity[lack]
    with pytest.raises(InputException, match=lack):
        client.update_activities([{**TWEET, "foreign_id": "x", "time": TIME}, activity])


def test_update_at_a_time_that_is_none(client):
    """Feeds §3.1: 400, code 4."""
    with pytest.raises(InputException):
        client.update_activity({**TWEET, "foreign_id": "x", "time": "aap"})


def test_change_a_part_by_id_and_by_name(client, feed, activity):
    """Feeds §6.7: dotted paths; the rest stays. A time we gave out finds what it was given for (§3.1)."""
    changed = client.activity_partial_update(
        id=activity["id"],
        set={
            "product.name": "boots",
            "product.price": 7.99,
            "popularity": 1000,
            "foo": {"bar": {"baz": "qux"}},
        },
        unset=["product.color"],
    )
    expected = {**activity, "product": {"name": "boots", "price": 7.99}, "popularity": 1000}
    expected["foo"] = {"bar": {"baz": "qux"}}
    assert without(changed) == {"activities": [expected]}
    assert feed.get()["results"] == [expected]
    client.activity_partial_update(
        foreign_id=activity["foreign_id"], time=activity["time"], set={"foo.bar.baz": 42}, unset=["product"]
    )
    assert feed.get()["results"] == [{**without(expected, "product"), "foo": {"bar": {"baz": 42}}}]


def test_change_parts_of_many(client, feed):
    """Feeds §6.7: in order, and all or none."""
    for number in (1, 2, 3):
        feed.add_activity({**TWEET, "object": number, "product": SHOES})
    read = feed.get()["results"]
    changes = [
        {"id": read[0]["id"], "set": {"product.color": "purple"}, "unset": ["product.price"]},
        {"id": read[2]["id"], "set": {"on_sale": True}},
    ]
    expected = [
        {**read[0], "product": {"name": "shoes", "color": "purple"}}, read[1], {**read[2], "on_sale": True},
    ]  # fmt: skip
    assert client.activities_partial_update(changes)["activities"] == [expected[0], expected[2]]
    with pytest.raises(InputException):
        client.activities_partial_update(
            [{"id": read[1]["id"], "set": {"x": 1}}, {"id": read[2]["id"], "unset": ["y"]}]
        )
    assert feed.get()["results"] == expected


@pytest.mark.parametrize(
    "change",
    [
        {"set": {name: "x"}}
        for name in ("id", "actor", "verb", "object", "time", "target", "foreign_id", "to", "origin")
    ]
    + [
        {"set": {"absent.name": 1}}, {"set": {"product.name.first": 1}}, {"unset": ["absent"]},
        {"unset": ["product.absent"]},
        {"set": {"product": {}}, "unset": ["product.name"]}, {"set": {"product": {}}, "unset": ["product"]},
        {"set": {"product.name": 1}, "unset": ["product"]}, {"set": {f"key{number}": 1 for number in range(26)}},
        {"set": {"text": "x" * 10_240}}, {"unset": ["actor"]}, {"set": {"to.x": 1}},
    ],
)  # fmt: skip
def test_parts_that_cannot_be_changed(client, feed, activity, change):
    """Feeds §6.7."""
    with pytest.raises(StreamApiException) as refused:
        client.activities_partial_update([{"id": activity["id"], **change}])
    assert refused.value.status_code in (400, 413)
    assert feed.get()["results"] == [activity]


def test_change_what_is_not_there(client):
    """Feeds §4: code 13, for which this SDK has a class with an old name."""
    with pytest.raises(StreamApiException) as refused:
        client.activity_partial_update(id=str(uuid1()), set={"x": 1})
    assert (refused.value.code, refused.value.status_code) == (13, 400)


def test_new_targets(client, feed):
    """Feeds §6.8: those added get it and those removed lose it, followers too."""
    feeds = {name: client.feed("flat", fresh(name)) for name in ("one", "two", "three", "follower")}
    feeds["follower"].follow("flat", feeds["one"].user_id)
    one, two, three = (feeds[name].id for name in ("one", "two", "three"))
    name = fresh("post")
    added = feed.add_activity({**TWEET, "foreign_id": name, "time": TIME, "to": [one, two]})
    changed = feed.update_activity_to_targets(name, TIME, new_targets=[two, three])
    assert without(changed) == {
        "activity": {**without(added), "to": [two, three]}, "added": [three], "removed": [one],
    }  # fmt: skip
    assert {key: len(each.get()["results"]) for key, each in feeds.items()} == {
        "one": 0, "two": 1, "three": 1, "follower": 0,
    }  # fmt: skip
    changed = feed.update_activity_to_targets(name, TIME, added_targets=[one], removed_targets=[two, three])
    assert changed["activity"]["to"] == [one]
    assert [each["origin"] for each in feeds["follower"].get()["results"]] == [one]
    changed = feed.update_activity_to_targets(name, TIME, removed_targets=[one])
    assert "to" not in changed["activity"]
    assert len(feed.get()["results"]) == 1


def test_targets_that_contradict(client, feed):
    """Feeds §6.8."""
    name = fresh("post")
    feed.add_activity({**TWEET, "foreign_id": name, "time": TIME})
    for wrong in (
        {"new_targets": ["flat:1"], "added_targets": ["flat:2"]},
        {"added_targets": ["flat:1"], "removed_targets": ["flat:1"]},
        {"new_targets": ["flat"]},
        {"new_targets": [f"flat:{number}" for number in range(101)]},
    ):
        with pytest.raises(InputException):
            feed.update_activity_to_targets(name, TIME, **wrong)
    with pytest.raises(StreamApiException) as refused:
        feed.update_activity_to_targets(fresh("absent"), TIME, new_targets=["flat:1"])
    assert (refused.value.code, refused.value.status_code) == (13, 400)


def test_activities_by_id_and_by_name(client, feed):
    """Feeds §6.5: in the order asked for, unknown ones left out, without an origin."""
    names = [fresh("post") for _ in range(3)]
    added = [feed.add_activity({**TWEET, "foreign_id": name, "time": TIME}) for name in names]
    wanted = [added[2]["id"], str(uuid1()), added[0]["id"]]
    expected = {"results": [without(added[2]), without(added[0])]}
    assert without(client.get_activities(ids=wanted)) == expected
    pairs = [(names[2], TIME), ("absent", TIME), (names[0], added[0]["time"])]
    assert without(client.get_activities(foreign_id_times=pairs)) == expected
