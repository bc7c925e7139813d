"""stream-python: open graph, analytics, redirects, personalization (Feeds §7.4, §7.6, §7.7)."""

import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from application import fresh, without
from stream.exceptions import DoesNotExistException, InputException

ENGAGEMENT = {
    "content": "1", "label": "click", "features": [{"group": "topic", "value": "js"}], "user_data": "tommaso",
    "feed_id": "user:global", "location": "email", "position": 3, "boost": 2,
}  # fmt: skip
IMPRESSION = {
    "content_list": ["1", "2", "3"], "features": [{"group": "topic", "value": "js"}],
    "user_data": {"id": "tommaso", "alias": "tommaso"},
}  # fmt: skip


def test_engagements_and_impressions(client):
    """Feeds §7.6: this SDK sends impressions as a list; what is tracked may be an object."""
    client.track_engagements(
        [ENGAGEMENT, {**ENGAGEMENT, "content": {"foreign_id": "tweet:1"}, "user_data": 7}]
    )
    client.track_impressions([IMPRESSION, {**IMPRESSION, "content_list": [{"foreign_id": "tweet:1"}]}])


@pytest.mark.parametrize("wrong", [{"label": ""}, {"content": None}, {"features": "js"}])
def test_what_no_engagement_can_be(client, wrong):
    """Feeds §7.6, §4."""
    with pytest.raises(InputException):
        client.track_engagements([{**ENGAGEMENT, **wrong}])


@pytest.fixture
def tracking(application):
    """A client whose redirects lead to us (Feeds §1.1)."""
    made = application.python()
    made.base_analytics_url = f"{application.server.base_url}/analytics/"
    return made


def test_a_redirect_that_is_signed(tracking):
    """Feeds §7.6: 302 to where it says."""
    target = "http://example.com/?a=b&c=d"
    address = tracking.create_redirect_url(
        target, "tommaso", [ENGAGEMENT, {"foreign_ids": ["tweet:1"], "user_id": "tommaso"}]
    )
    answer = httpx.get(address)
    assert (answer.status_code, answer.headers["location"]) == (302, target)


def test_a_redirect_that_is_not(tracking, application):
    """Feeds §7.6: no open redirect."""
    address = urlsplit(tracking.create_redirect_url("http://example.com/", "tommaso", []))
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    bare = f"{address.scheme}://{address.netloc}{address.path}"
    for wrong, status in (
        ({"authorization": "nonsense"}, 401), ({"api_key": "missing"}, 401),
        ({"authorization": tracking.create_jwt_token("feed", "*", "*")}, 403),
        ({"authorization": tracking.create_user_token("tommaso")}, 403),
    ):  # fmt: skip
        answer = httpx.get(bare, params={**query, **wrong})
        assert answer.status_code == status
        assert "location" not in answer.headers
    assert httpx.get(bare, params={**query, "events": json.dumps([{"x": 1}] * 2)}).status_code in (302, 400)


def test_whom_to_follow(client):
    """Feeds §7.7: feeds followed by those I follow, without mine."""
    me, friend = fresh("me"), fresh("friend")
    shared, found = fresh("shared"), fresh("found")
    client.feed("timeline", me).follow("user", friend)
    client.feed("timeline", me).follow("user", shared)
    for target in (shared, found):
        client.feed("timeline", friend).follow("user", target)
    answer = client.personalization.get("follow_recommendations", user_id=me, limit=10, offset=0)
    assert without(answer).keys() == {"app_id", "limit", "offset", "next", "version", "results"}
    assert f"user:{found}" in json.dumps(answer["results"])
    assert f"user:{shared}" not in json.dumps(answer["results"])


def test_resources_that_are_none(client):
    """Feeds §7.7: 404."""
    with pytest.raises(DoesNotExistException):
        client.personalization.get("nonsense", user_id="ada")


def test_posting_and_deleting_recommendations(client):
    """Feeds §7.7."""
    client.personalization.post("follow_recommendations", user_id="ada", data={"accepted": ["user:1"]})
    client.personalization.delete("follow_recommendations", user_id="ada")


@pytest.fixture
def page(website):
    return website(
        """<html><head><title>Fallback</title><link rel="icon" href="/icon.png">
        <meta property="og:title" content="A tale &amp; a half"><meta property="og:description" content="Of two">
        <meta property="og:image" content="/one.jpg"><meta property="og:image:width" content="600">
        <meta property="og:type" content="article"></head><body>…</body></html>"""
    )


def test_what_a_page_says_of_itself(client, page):
    """Feeds §7.4."""
    found = client.og(page)
    assert (found["title"], found["description"], found["type"]) == ("A tale & a half", "Of two", "article")
    assert found["images"][0]["image"].endswith("/one.jpg")
    assert str(found["images"][0]["width"]) == "600"


def test_a_page_that_says_nothing(client, website):
    """Feeds §7.4: 400, code 4, as for one that cannot be had."""
    for address in (
        website("\x00\x01", "application/octet-stream"),
        "http://127.0.0.1:1/",
        "ftp://example.com/",
        "nonsense",
    ):
        with pytest.raises(InputException):
            client.og(address)
