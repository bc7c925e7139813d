"""getstream: files, images, open graph, flags, personalization, redirects (Feeds §7.4–§7.7, §7.10)."""

import base64
from urllib.parse import urlsplit

import httpx
import pytest
from application import fresh, without
from nodesdk import Refused

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def refused(status, attempt, *args, **options):
    with pytest.raises(Refused) as error:
        attempt(*args, **options)
    assert error.value.status == status, error.value


@pytest.fixture
def ada(sign_in):
    return sign_in("ada")


def test_files(ada, sign_in):
    """Feeds §7.5: public, named as they were, deleted once and by their owner."""
    answer = ada["files"].upload(b"hello, world", "hello world.txt", "text/plain")
    assert answer.keys() == {"file", "duration"}
    parts = urlsplit(answer["file"])
    assert parts.path.endswith("/hello%20world.txt") or parts.path.endswith("/hello_world.txt")
    assert parts.query
    assert httpx.get(answer["file"]).content == b"hello, world"
    refused(403, sign_in("bob")["files"].delete, answer["file"])
    assert without(ada["files"].delete(answer["file"])) == {}
    refused(404, ada["files"].delete, answer["file"])
    assert httpx.get(answer["file"]).status_code in (404, 410)


def test_images(ada, sign_in):
    """Feeds §7.5: images are looked at, and made smaller on demand."""
    answer = ada["images"].upload(DOT, "dot.png")
    assert httpx.get(answer["file"]).headers["content-type"] == "image/png"
    for wrong in (
        {"crop": "impossible"},
        {"w": -1},
        {"h": -1},
        {"resize": "impossible"},
        {"w": 0},
        {"w": "wide"},
    ):
        refused(400, ada["images"].process, answer["file"], {"w": 50, "h": 50, **wrong})
    for options in (
        {"w": 50, "h": 50}, {"w": 75, "h": 50, "crop": ["bottom", "right"], "resize": "crop"},
        {"w": 140, "h": 30, "resize": "scale"}, {"w": "*", "h": 20},
    ):  # fmt: skip
        made = ada["images"].process(answer["file"], options)
        assert made.keys() == {"file", "duration"}
        assert httpx.get(made["file"]).status_code == 200
        assert urlsplit(ada["images"].thumbnail(made["file"], 20, 20)["file"]).query
        refused(403, sign_in("bob")["images"].process, made["file"], {"w": 50, "h": 50})
    refused(400, ada["images"].upload, b"hello, world", "hello.png")
    ada["images"].delete(answer["file"])
    refused(404, ada["images"].delete, answer["file"])


def test_open_graph(ada, website):
    """Feeds §7.4: anyone may ask."""
    page = website('<title>Fallback</title><meta property="og:description" content="Of two">')
    found = ada.og(page)
    assert (found["title"], found["description"]) == ("Fallback", "Of two")
    refused(400, ada.og, website("\x00", "application/pdf"))


def test_flags(backend, ada):
    """Feeds §7.10: this SDK asks without a final slash."""
    ada.setUser({"name": "Ada"})
    answer = backend.user(ada["userId"]).flag(reason="spam", user_id=fresh("reporter"))
    assert answer.keys() >= {"flag_id", "target_user_id", "flagged_by", "reason", "created_at"}
    assert (answer["target_user_id"], answer["reason"]) == (ada["userId"], "spam")
    flag = {"entity_type": "stream:feeds:v2:activity", "entity_id": "", "user_id": "x", "reason": "spam"}
    refused(400, backend.post, {"url": "moderation/flag", "body": flag, "token": backend.getOrCreateToken()})


def test_personalization(application, node, backend, ada):
    """Feeds §7.7: one's own alone; unknown resources and endpoints are 404."""
    answer = backend["personalization"].get("follow_recommendations", user_id=ada["userId"])
    assert without(answer).keys() == {"app_id", "limit", "offset", "next", "version", "results"}
    refused(404, backend["personalization"].get, "nonsense", user_id="x")
    whose = {"user_id": ada["userId"]}
    for answer in (
        backend["personalization"].post("follow_recommendations", whose, {"accepted": ["user:1"]}),
        backend["personalization"].delete("follow_recommendations", whose),
    ):
        assert answer["results"] == []
    empty = ada.personalizedFeed(feed_slug="ranked", endpoint="popular", limit=5)
    assert without(empty) == {"limit": 5, "offset": 0, "version": "", "next": "", "results": []}
    refused(400, ada.personalizedFeed, feed_slug="timeline")
    refused(403, ada.personalizedFeed, feed_slug="timeline", user_id="somebody")
    refused(404, ada.personalizedFeed, feed_slug="timeline", endpoint="nonsense")


def test_redirects(application, node):
    """Feeds §7.6: the environment says where they lead."""
    client = application.javascript(node)
    address = client.createRedirectUrl(
        "http://example.com/?a=b&c=d", "tommaso", [{"label": "click", "content": "1", "user_data": "t"}]
    )
    ours = address.replace("https://analytics.stream-io-api.com", application.server.base_url)
    answer = httpx.get(ours)
    assert (answer.status_code, answer.headers["location"]) == (302, "http://example.com/?a=b&c=d")
