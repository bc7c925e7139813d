"""getstream with users' tokens: what somebody's program may, row by row of the table (Feeds §2.5)."""

from uuid import uuid1

import pytest
from application import fresh
from nodesdk import Refused

ACTIVITY = "f9969ca8-e659-11e8-801f-e4a47194940e"
SAID = {"verb": "post", "object": "hello"}


@pytest.fixture
def ada(sign_in):
    return sign_in("ada")


@pytest.fixture
def bob(sign_in):
    return sign_in("bob")


def denied(attempt, *args, **options):
    with pytest.raises(Refused) as error:
        attempt(*args, **options)
    assert (error.value.status, error.value.code) == (403, 17), error.value
    assert error.value.body["exception"] == "NotAllowedException"


def test_reading_feeds(ada, bob):
    """Anyone reads group user; every other feed is its owner's."""
    assert ada.feed("user", bob["userId"]).get()["results"] == []
    for group in ("timeline", "timeline_aggregated", "notification", "aggregated", "flat", "topic"):
        assert ada.feed(group, ada["userId"]).get()["results"] == []
        denied(ada.feed(group, bob["userId"]).get)
        denied(ada.feed(group, bob["userId"]).get, enrich=False)


def test_adding(ada, bob):
    """To one's own feeds, as oneself."""
    own = ada.feed("user")
    assert own.addActivity(SAID)["actor"] == f"SU:{ada['userId']}"
    assert own.addActivity({**SAID, "actor": ada["userId"]})["actor"] == ada["userId"]
    denied(own.addActivity, {**SAID, "actor": bob["currentUser"]})
    denied(own.addActivity, {**SAID, "actor": bob["userId"]})
    denied(own.addActivities, [{**SAID, "actor": ada["userId"]}, {**SAID, "actor": "SU:root"}])
    for group in ("user", "timeline", "notification"):
        denied(ada.feed(group, bob["userId"]).addActivity, SAID)
    assert len(own.get()["results"]) == 2


def test_what_is_added_again_stays_as_it_was(ada):
    """Feeds §3.3: no upsert for users; the activity as it is kept is the answer."""
    own = ada.feed("user")
    pair = {"foreign_id": "post:1", "time": "2026-03-01T12:00:00"}
    first = own.addActivity({**SAID, **pair, "mood": "calm"})
    second = own.addActivity({**SAID, **pair, "mood": "wild"})
    assert (second["id"], second["mood"]) == (first["id"], "calm")
    assert own.get(enrich=False)["results"][0]["mood"] == "calm"


def test_targets(ada, bob):
    """Notification feeds of others, and one's own feeds."""
    own = ada.feed("user")
    own.addActivity({**SAID, "to": [f"notification:{bob['userId']}", f"timeline:{ada['userId']}"]})
    assert len(bob.feed("notification").get()["results"]) == 1
    assert len(ada.feed("timeline").get()["results"]) == 1
    for target in (f"user:{bob['userId']}", "timeline:123"):
        denied(own.addActivity, {**SAID, "to": [target]})
        denied(ada["reactions"].add, "comment", ACTIVITY, {}, targetFeeds=[target])
    for wrong in ("abc", ["abc"], [1]):
        with pytest.raises(Refused) as refused:
            own.addActivity({**SAID, "to": wrong})
        assert refused.value.status == 400
    assert len(own.get()["results"]) == 1


def test_removing(ada, bob):
    """From one's own feeds alone; there also what is not in them."""
    said = bob.feed("user").addActivity(SAID)
    for name in (said["id"], ACTIVITY):
        denied(ada.feed("user", bob["userId"]).removeActivity, name)
    assert ada.feed("user").removeActivity(said["id"])["removed"] == said["id"]
    assert len(bob.feed("user").get()["results"]) == 1


def test_following(ada, bob):
    """With one's own feeds, and their lists."""
    ada.feed("timeline").follow("user", bob["userId"])
    assert len(ada.feed("timeline").following()["results"]) == 1
    assert ada.feed("user").followers()["results"] == []
    others = ada.feed("timeline", bob["userId"])
    denied(others.follow, "user", ada["userId"])
    denied(others.unfollow, "user", ada["userId"])
    denied(others.followers)
    denied(ada.feed("user", bob["userId"]).following)
    assert ada.feed("user", bob["userId"]).followStats()["results"]["followers"]["count"] == 1
    ada.feed("timeline").unfollow("user", bob["userId"])


def test_marking(ada, bob):
    """One's own notification feed."""
    ada.feed("notification").get(mark_seen=True, mark_read=True)
    denied(ada.feed("notification", bob["userId"]).get, mark_seen=True)


def test_activities(ada, bob, application):
    """Anyone reads them; servers alone change them."""
    said = bob.feed("user").addActivity({**SAID, "foreign_id": "post:1"})
    assert len(ada.getActivities(ids=[said["id"]])["results"]) == 1
    assert len(ada.getActivities(ids=[said["id"]], enrich=False)["results"]) == 1
    denied(bob.activityPartialUpdate, {"id": said["id"], "set": {"x": 1}})
    denied(
        bob.feed("user").updateActivityToTargets, "post:1", said["time"], [f"notification:{ada['userId']}"]
    )
    token = bob["userToken"]
    for path, body in (
        ("activities/", {"activities": [said]}), ("feed/add_to_many/", {"activity": SAID, "feeds": []}),
        ("follow_many/", []), ("unfollow_many/", []), ("collections/", {"data": {"food": []}}),
        ("data_privacy/delete_reactions/", {"ids": []}),
    ):  # fmt: skip
        denied(bob.post, {"url": path, "body": body, "token": token})
    for path in ("collections/", "audit_logs/", f"data_privacy/export_ids/{bob['userId']}"):
        denied(bob.get, {"url": path, "qs": {"foreign_ids": "food:1"}, "token": token})


def test_reactions(ada, bob):
    """Added as oneself, read by anyone, changed by their makers."""
    made = bob["reactions"].add("like", str(uuid1()))
    assert made["user_id"] == bob["userId"]
    assert ada["reactions"].get(made["id"])["id"] == made["id"]
    assert len(ada["reactions"].filter(user_id=bob["userId"])["results"]) == 1
    with pytest.raises(Refused) as error:
        ada["reactions"].add("like", str(uuid1()), {}, userId=bob["userId"])
    assert (error.value.status, error.value.code) == (400, 4)
    denied(ada["reactions"].update, made["id"], {"x": 1})
    denied(ada["reactions"].delete, made["id"])
    denied(ada["reactions"].delete, made["id"], True)
    bob["reactions"].delete(made["id"], True)
    denied(ada["reactions"].restore, made["id"])
    bob["reactions"].restore(made["id"])


def test_what_is_not_there_comes_first(ada):
    """Feeds §2.5: a reaction that does not exist is 404 for everybody, a wrong shape 400."""
    absent = str(uuid1())
    for attempt, status in (
        (lambda: ada["reactions"].delete(absent), 404), (lambda: ada["reactions"].update(absent, {"x": 1}), 404),
        (lambda: ada["reactions"].restore(absent), 404), (lambda: ada["reactions"].get(absent), 404),
        (lambda: ada["reactions"].add("like", {}, {"userId": "x"}), 400),
        (lambda: ada["reactions"].addChild("like", absent, {}), 400),
        (lambda: ada["reactions"].add("comment", absent, "some string"), 400),
        (lambda: ada["collections"].update("food", fresh("absent"), {"x": 1}), 404),
    ):  # fmt: skip
        with pytest.raises(Refused) as error:
            attempt()
        assert error.value.status == status, error.value


def test_a_token_for_one_feed(application, node, backend):
    """Feeds §2.2: a client without a secret uses tokens that the server's program made for a feed."""
    own, other = fresh("shared"), fresh("other")
    bare = application.javascript(node, application.user_token(fresh("guest")))
    reading = bare.feed("user", own, backend.getReadOnlyToken("user", own))
    assert reading.get(enrich=False)["results"] == []
    denied(reading.addActivity, {**SAID, "actor": "x"})
    writing = bare.feed("user", own, backend.getReadWriteToken("user", own))
    writing.addActivity({**SAID, "actor": "anyone"})
    writing.follow("user", other)
    assert len(reading.get(enrich=False)["results"]) == 1
    denied(bare.feed("user", other, backend.getReadWriteToken("user", own)).get, enrich=False)
