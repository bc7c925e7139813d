"""stream-python: adding to feeds, reading them, removing from them (Feeds §5, §6.1–§6.3)."""

from datetime import UTC, datetime, timedelta

import pytest
from application import following_page, fresh, without
from stream.exceptions import FeedConfigException, InputException, StreamApiException

TWEET = {"actor": 1, "verb": "tweet", "object": 1}
FIELDS = {"id", "actor", "verb", "object", "target", "foreign_id", "time", "origin"}


@pytest.fixture
def feed(client):
    return client.feed("user", fresh("ada"))


def ids(page):
    return [each["id"] for each in page["results"]]


def test_an_activity_has_these_fields_and_no_others(feed):
    """Feeds §5.1, §14.1–3: numbers come back as text, what is absent as "" or null, and ``to`` not at all."""
    added = feed.add_activity(TWEET)
    assert added.keys() == FIELDS | {"duration"}
    read = feed.get()
    assert read.keys() == {"results", "next", "duration"}
    assert read["results"] == [without(added)]
    assert (added["actor"], added["verb"], added["object"]) == ("1", "tweet", "1")
    assert (added["target"], added["foreign_id"], added["origin"]) == ("", "", None)
    assert abs(datetime.now(UTC) - added["time"]) < timedelta(minutes=1)


def test_custom_fields_come_back_as_they_were(feed):
    """Feeds §5.1: any JSON; what looks like a date stays what it was."""
    custom = {
        "participants": ["Tommaso", "Thierry"], "route": {"name": "Vondelpark", "km": 20.5, "stops": [{"n": 1}]},
        "seen": "2026-03-01T12:00:00Z", "nothing": None, "none": [], "bare": {}, "yes": True, "note": "Zoë 🍵",
        "@context": "x", "type": "y",
    }  # fmt: skip
    added = feed.add_activity({**TWEET, **custom})
    (read,) = feed.get()["results"]
    assert without(added, *FIELDS) == custom
    assert without(read, *FIELDS) == custom


def test_one_call_keeps_the_order_of_what_it_adds(feed):
    """Feeds §6.1, §14.10: the answer is in the order given; the feed shows the last first."""
    added = feed.add_activities([{**TWEET, "object": number} for number in range(100)])
    assert added.keys() == {"activities", "duration"}
    assert [each["object"] for each in added["activities"]] == [str(number) for number in range(100)]
    assert ids(feed.get(limit=100)) == [each["id"] for each in reversed(added["activities"])]


def test_a_batch_is_taken_whole_or_not_at_all(feed):
    """Feeds §6.1, §14.15: one bad item, or one too many, and nothing is added."""
    with pytest.raises(InputException, match="actor"):
        feed.add_activities([TWEET, {"verb": "tweet", "object": 1}])
    with pytest.raises(InputException):
        feed.add_activities([TWEET] * 101)
    assert feed.get()["results"] == []


@pytest.mark.parametrize("name", ["actor", "verb", "object"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_is_required_is_named_when_it_is_missing(feed, name, value):
    """Feeds §4: exception_fields says which."""
    with pytest.raises(InputException, match=f'Field "{name}"') as refused:
        feed.add_activity({**TWEET, name: value})
    assert refused.value.status_code == 400


def test_a_large_activity_is_refused(feed):
    """Feeds §5.1, §4: 10 KB at most, else 413 and code 18, which this SDK has no class for."""
    with pytest.raises(StreamApiException) as refused:
        feed.add_activity({**TWEET, "text": "x" * 10_240})
    assert refused.value.status_code == 413
    feed.add_activity({**TWEET, "text": "x" * 9_500})


def test_what_was_read_may_be_sent_again(client, feed):
    """Feeds §5.1: id, origin, target "" and duration of a fetched activity are no custom fields."""
    added = feed.add_activity({**TWEET, "foreign_id": "tweet:1", "mood": "calm"})
    again = client.feed("user", fresh("bob")).add_activity(added)
    assert without(again) == without(added)


def test_reading_what_was_never_written(client):
    """Feeds §3: feeds need no creation."""
    for group in ("user", "timeline", "flat"):
        assert without(client.feed(group, fresh("new")).get()) == {"results": [], "next": ""}


def test_a_group_that_is_not_configured(client):
    """Feeds §4: code 6, naming the slug."""
    for attempt in (
        lambda: client.feed("nonsense", "1").get(),
        lambda: client.feed("nonsense", "1").add_activity(TWEET),
        lambda: client.feed("user", "1").add_activity({**TWEET, "to": ["nonsense:1"]}),
        lambda: client.feed("user", "1").follow("nonsense", "1"),
        lambda: client.add_to_many(TWEET, ["nonsense:1"]),
    ):
        with pytest.raises(FeedConfigException, match="nonsense") as refused:
            attempt()
        assert refused.value.code == 6


def test_paging_by_cursor_and_by_number(feed):
    """Feeds §6.3: newest first; a cursor need not exist in the feed."""
    one, two, three = [feed.add_activity({**TWEET, "object": number})["id"] for number in (1, 2, 3)]
    assert ids(feed.get(limit=2)) == [three, two]
    assert ids(feed.get(limit=2, offset=1)) == [two, one]
    assert ids(feed.get(id_lt=two)) == [one]
    assert ids(feed.get(id_lte=two)) == [two, one]
    assert ids(feed.get(id_gt=two)) == [three]
    assert ids(feed.get(id_gte=two)) == [three, two]
    assert ids(feed.get(id_gte=two, id_lte=two, limit=1)) == [two]
    feed.remove_activity(two)
    assert ids(feed.get(id_lt=two)) == [one]


def test_the_next_page_until_there_is_none(feed):
    """Feeds §6.3: next is empty exactly on the last page, also when that one is full."""
    added = feed.add_activities([{**TWEET, "object": number} for number in range(6)])["activities"]
    seen, query, pages = [], {"limit": "2"}, 0
    while query:
        page = feed.get(**query)
        seen += ids(page)
        pages += 1
        query = following_page(page, f"feed/user/{feed.user_id}/") if page["next"] else {}
        assert not query or query == {"limit": "2", "id_lt": seen[-1]}
    assert pages == 3
    assert seen == [each["id"] for each in reversed(added)]


def test_limits_of_a_page(feed):
    """Feeds §6.3, §12: 25 unless told, 100 at most, nothing beyond the newest 1000."""
    feed.add_activities([{**TWEET, "object": number} for number in range(100)])
    feed.add_activities([{**TWEET, "object": number} for number in range(10)])
    assert len(feed.get()["results"]) == 25
    assert len(feed.get(limit=1000)["results"]) == 100
    assert len(feed.get(limit=25, offset=100)["results"]) == 10
    assert without(feed.get(offset=1001)) == {"results": [], "next": ""}
    for wrong in ({"limit": 0}, {"limit": -1}, {"limit": "many"}, {"offset": -1}, {"id_lt": "nonsense"}):
        with pytest.raises(InputException):
            feed.get(**wrong)


def test_an_activity_takes_its_place_in_time(feed):
    """Feeds §5.4: what is told late stands where it happened."""
    now = datetime.now(UTC)
    for name, time in (("first", None), ("long ago", now - timedelta(days=1)), ("last", None)):
        feed.add_activity({**TWEET, "foreign_id": name, "time": time})
    assert [each["foreign_id"] for each in feed.get()["results"]] == ["last", "first", "long ago"]
    assert feed.get()["results"][2]["time"] == now - timedelta(days=1)


def test_removing(feed):
    """Feeds §6.2, §14.4: by id and by foreign id, and what is not there is removed as well."""
    first = feed.add_activity(TWEET)["id"]
    for time in ("2026-01-01T00:00:00", "2026-01-02T00:00:00"):
        feed.add_activity({**TWEET, "foreign_id": "tweet:10", "time": time})
    kept = feed.add_activity({**TWEET, "foreign_id": "tweet:11"})
    assert without(feed.remove_activity(first)) == {"removed": first}
    assert without(feed.remove_activity(foreign_id="tweet:10")) == {"removed": "tweet:10"}
    assert feed.get()["results"] == [without(kept)]
    assert without(feed.remove_activity(first)) == {"removed": first}
    assert without(feed.remove_activity(foreign_id="no such thing")) == {"removed": "no such thing"}
    assert without(feed.remove_activity(foreign_id="two\nlines")) == {"removed": "two\nlines"}


def test_targets_get_it_directly(client, feed):
    """Feeds §5.2: ``to`` is answered without tokens; targets hold it as their own, their followers do not."""
    team, follower, second = [client.feed("flat", fresh(name)) for name in ("team", "follower", "second")]
    follower.follow("flat", team.user_id)
    second.follow("flat", follower.user_id)
    sent = {**TWEET, "to": [team.id]}
    added = feed.add_activity(sent)
    assert sent["to"] == added["to"] == [team.id]
    assert team.get()["results"] == [without(added)]
    assert follower.get()["results"] == [{**without(added), "origin": team.id}]
    assert second.get()["results"] == []
    feed.remove_activity(added["id"])
    for each in (feed, team, follower):
        assert each.get()["results"] == []


def test_removing_a_copy_removes_nothing_else(client, feed):
    """Feeds §5.2: where it was only delivered, that copy alone goes."""
    team = client.feed("flat", fresh("team"))
    added = feed.add_activity({**TWEET, "to": [team.id]})
    team.remove_activity(added["id"])
    assert team.get()["results"] == []
    assert feed.get()["results"] == [without(added)]


def test_many_targets(feed):
    """Feeds §6.1, §12: a hundred, each once."""
    targets = [f"flat:{fresh('target')}" for _ in range(101)]
    with pytest.raises(InputException):
        feed.add_activity({**TWEET, "to": targets})
    assert feed.add_activity({**TWEET, "to": [*targets[:3], targets[0]]})["to"] == targets[:3]


def test_the_same_pair_is_the_same_activity(feed, client):
    """Feeds §3.3: foreign id and time are the identity; adding again replaces what is said, everywhere."""
    other = client.feed("user", fresh("other"))
    pair = {"foreign_id": "tweet:11", "time": datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)}
    first = feed.add_activity({**TWEET, **pair, "mood": "calm"})
    second = other.add_activity({"actor": 2, "verb": "tweet", "object": 3, **pair})
    assert first["id"] == second["id"]
    for each in (feed, other):
        (read,) = each.get()["results"]
        assert (read["object"], read["actor"], read["time"]) == ("3", "2", pair["time"])
        assert "mood" not in read
    third = feed.add_activity({**TWEET, **pair, "time": pair["time"] + timedelta(microseconds=1)})
    assert third["id"] != first["id"]


def test_the_same_content_at_the_same_time_is_one_activity(client, feed):
    """Feeds §3.2, §14.11: also across feeds, without a foreign id."""
    other, follower = client.feed("flat", fresh("other")), client.feed("timeline", fresh("follower"))
    for each in (feed, other):
        follower.follow(each.slug, each.user_id)
    said = {**TWEET, "time": datetime.now(UTC), "tweet": "My Way"}
    added = [each.add_activity(said)["id"] for each in (feed, feed, other)]
    assert len(set(added)) == 1
    for each in (feed, other, follower):
        assert ids(each.get()) == added[:1]
    assert feed.add_activity({**said, "tweet": "Your Way"})["id"] != added[0]


def test_ids_can_be_reckoned(feed):
    """Feeds §3.2: the id is a function of time and foreign id."""
    time = datetime.fromtimestamp(1451260800, UTC)
    added = feed.add_activity({**TWEET, "foreign_id": "123sdsd333}}}", "time": time})
    assert added["id"] == "f01c0000-acf5-11e5-8080-80006a8b5bc2"
