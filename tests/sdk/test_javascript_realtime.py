"""getstream: hearing of what is new, as it happens (Feeds §11)."""

import queue

import pytest
from application import fresh, without
from nodesdk import Refused

TWEET = {"actor": 1, "verb": "tweet", "object": 1}


@pytest.fixture
def listen(node):
    """Subscribe to a feed; messages come to the ear that is returned."""
    feeds = []

    def listening(feed):
        ear = node.ear()
        feed.subscribe(ear)
        feeds.append(feed)
        return ear

    yield listening
    for feed in feeds:
        feed.unsubscribe()


def test_a_subscriber_hears_what_is_added_and_removed(application, backend, listen):
    """Feeds §11.2."""
    feed = backend.feed("user", fresh("ada"))
    ear = listen(feed)
    added = feed.addActivity(TWEET)
    heard = ear.next()
    assert (heard["feed"], str(heard["app_id"]), heard["new"]) == (
        feed["id"],
        application.app_id,
        [without(added)],
    )
    assert (heard["deleted"], heard["deleted_foreign_ids"]) == ([], [])
    assert heard["published_at"].endswith("Z")
    feed.removeActivity(added["id"])
    assert ear.next()["deleted"] == [added["id"]]


def test_a_user_hears_of_their_own_notifications(backend, listen, sign_in):
    """Feeds §11.1, §11.2: with the name of the group."""
    ada = sign_in("ada")
    feed = ada.feed("notification")
    ear = listen(feed)
    backend.feed("user", fresh("bob")).addActivity({**TWEET, "to": [feed["id"]]})
    (new,) = ear.next()["new"]
    assert new["group"].startswith("tweet_")


def test_followers_hear(backend, listen):
    """Feeds §11.2: what is fanned out; what is copied by following is no news."""
    feed, follower = backend.feed("user", fresh("ada")), backend.feed("timeline", fresh("bob"))
    feed.addActivity(TWEET)
    ear = listen(follower)
    follower.follow("user", feed["userId"])
    added = feed.addActivity(TWEET)
    assert [each["id"] for each in ear.next()["new"]] == [added["id"]]


def test_whom_nobody_tells(backend, listen, sign_in):
    """Feeds §2.5, §11.1: a user may not listen where they may not read."""
    theirs = sign_in("ada").feed("notification", fresh("bob"))
    other = backend.feed("user", fresh("bob"), backend.getReadOnlyToken("user", fresh("carl")))
    for feed in (theirs, other):
        with pytest.raises(Refused) as refused:
            listen(feed)
        assert refused.value.code == 403


def test_reading_is_enough_to_listen(backend, listen):
    """Feeds §11.1: a token for one feed, as the server's program hands it out."""
    name = fresh("ada")
    ear = listen(backend.feed("user", name, backend.getReadOnlyToken("user", name)))
    other = listen(backend.feed("user", fresh("bob")))
    added = backend.feed("user", name).addActivity(TWEET)
    assert [each["id"] for each in ear.next()["new"]] == [added["id"]]
    with pytest.raises(queue.Empty):
        other.next(0.3)


def test_after_the_end(backend, node):
    """Feeds §11.1: who unsubscribed hears nothing more."""
    feed = backend.feed("user", fresh("ada"))
    ear = node.ear()
    feed.subscribe(ear)
    feed.addActivity(TWEET)
    ear.next()
    feed.unsubscribe()
    feed.addActivity(TWEET)
    with pytest.raises(queue.Empty):
        ear.next(1)


def test_without_websockets(application, node):
    """Feeds §11.1: by long polls, where nothing else gets through."""
    client, ear = application.javascript(node), node.ear()
    client.hold("getFayeClient").disable("websocket")
    feed = client.feed("user", fresh("ada"))
    feed.subscribe(ear)
    for _ in range(2):
        added = feed.addActivity(TWEET)
        assert [each["id"] for each in ear.next()["new"]] == [added["id"]]
    feed.unsubscribe()


def test_what_is_removed_by_its_foreign_id_is_told_by_both_ids(backend, listen):
    """Feeds §11.2: ``deleted_foreign_ids`` with the time, as the activity had it."""
    feed = backend.feed("user", fresh("ada"))
    ear = listen(feed)
    added = feed.addActivity({**TWEET, "foreign_id": "tweet:1", "time": "2017-07-01T20:30:45.123456"})
    ear.next()
    feed.removeActivity({"foreignId": "tweet:1"})
    heard = ear.next()
    assert heard["deleted"] == [added["id"]]
    assert heard["deleted_foreign_ids"] == [["tweet:1", "2017-07-01T20:30:45.123456"]]


def test_what_is_told_is_enriched(backend, listen):
    """Feeds §11.2: what is referred to stands in its place, and what was said to the activity is not there."""
    feed = backend.feed("user", fresh("ada"))
    bob = fresh("bob")
    backend.user(bob).create({"name": "Bob"})
    ear = listen(feed)
    feed.addActivity({**TWEET, "actor": f"SU:{bob}"})
    (new,) = ear.next()["new"]
    assert (new["actor"]["id"], new["actor"]["data"]) == (bob, {"name": "Bob"})
    assert not {"own_reactions", "latest_reactions", "reaction_counts"} & new.keys()
