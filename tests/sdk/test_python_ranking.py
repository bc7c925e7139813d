"""stream-python: feeds in the order of a formula, and groups by a format (Feeds §8.4, §10)."""

import json

import pytest
from application import following_page, fresh, without
from stream.exceptions import FeedConfigException, InputException, MissingRankingException, RankingException

SAID = {"actor": "ada", "verb": "say", "object": 1}


@pytest.fixture
def feed(client):
    """A feed with five activities, of which the third is the most popular and the first the next."""
    made = client.feed("ranked", fresh("ada"))
    made.add_activities(
        [{**SAID, "object": number, "popularity": value} for number, value in enumerate([5, 1, 9, 1, 2])]
    )
    return made


def objects(page):
    return [each["object"] for each in page["results"]]


def test_the_highest_score_first(feed):
    """Feeds §10: then the newest; scores are shown, and what they were made of when asked."""
    page = feed.get(ranking="popular")
    assert objects(page) == ["2", "0", "4", "3", "1"]
    assert [each["score"] for each in page["results"]] == [9, 5, 2, 1, 1]
    assert objects(feed.get()) == ["4", "3", "2", "1", "0"]
    shown = feed.get(ranking="popular", withScoreVars=True, limit=1)["results"][0]
    assert shown["score_vars"] == {"popularity": 9}
    assert "score" not in feed.get(withScoreVars=True)["results"][0]


def test_pages_of_a_ranked_feed(feed):
    """Feeds §6.3, §10: by offset, with the method."""
    page = feed.get(ranking="popular", limit=3)
    query = following_page(page, f"feed/ranked/{feed.user_id}/")
    assert query == {"offset": "3", "limit": "3", "ranking": "popular"}
    rest = feed.get(**query)
    assert (objects(rest), rest["next"]) == (["3", "1"], "")


def test_variables_of_the_reader(feed):
    """Feeds §6.3, §10.1: a JSON object, whether it is needed or not."""
    page = feed.get(ranking="weighed", ranking_vars=json.dumps({"weight": -1}))
    assert objects(page) == ["3", "1", "4", "0", "2"]
    for wrong in ("5", "[]", "nonsense", '"text"'):
        with pytest.raises(InputException):
            feed.get(ranking_vars=wrong)


def test_the_likes_of_others(client, feed):
    """Feeds §10.1: reactions are counted."""
    liked = feed.get()["results"][3]
    client.reactions.add("like", liked["id"], "bob")
    page = feed.get(ranking="liked", enrich=True)
    assert objects(page) == ["1", "4", "3", "2", "0"]
    assert page["results"][0]["score"] == 1


def test_methods_that_cannot_be_used(client, feed):
    """Feeds §4: code 12 for one that is not there, 11 for one that fails; both are FeedConfigException too."""
    with pytest.raises(MissingRankingException) as missing:
        feed.get(ranking="nonsense")
    assert missing.value.status_code == 400
    feed.add_activity(SAID)
    with pytest.raises(RankingException) as failed:
        feed.get(ranking="strict")
    assert failed.value.status_code == 400
    assert isinstance(failed.value, FeedConfigException)
    with pytest.raises(MissingRankingException):
        client.feed("user", "ada").get(ranking="popular")


def test_groups_by_a_format(client):
    """Feeds §8.4: named by what the format makes of an activity."""
    feed = client.feed("by_actor", fresh("ada"))
    for actor, verb in (("ada", "like"), ("bob", "like"), ("ada", "like"), ("ada", "say")):
        feed.add_activity({"actor": actor, "verb": verb, "object": 1})
    page = feed.get()
    assert [(each["group"], each["activity_count"]) for each in page["results"]] == [
        ("ada_say", 1), ("ada_like", 2), ("bob_like", 1),
    ]  # fmt: skip
    assert (page["unseen"], without(page).keys()) == (3, {"results", "next", "unseen", "unread"})
