"""stream-python: whom we refuse, and as which of the SDK's exceptions (Feeds §2, §4)."""

import time

import jwt
import pytest
from application import fresh
from stream.exceptions import ApiKeyException, NotAllowedException, SignatureException

TWEET = {"actor": 1, "verb": "tweet", "object": 1}


def test_a_key_nobody_has(application):
    """Feeds §2.1: 401, code 2, whatever the operation."""
    for attempt in (
        lambda client: client.feed("user", "1").get(),
        lambda client: client.feed("user", "1").add_activity(TWEET),
        lambda client: client.users.get("ada"),
        lambda client: client.collections.get("food", "1"),
    ):
        with pytest.raises(ApiKeyException) as refused:
            attempt(application.python(key="missing"))
        assert refused.value.status_code == 401


def test_a_wrong_secret(application):
    """Feeds §2.2: 403, code 17."""
    with pytest.raises(NotAllowedException) as refused:
        application.python(secret="0123456789abcdef0123456789abcdef").feed("user", "1").get()
    assert refused.value.status_code == 403


@pytest.mark.parametrize(
    ("claims", "exception"),
    [
        ({"resource": "feed", "action": "read", "feed_id": "usermine"}, None),
        ({"resource": "*", "action": "*", "feed_id": "*"}, None),
        ({"resource": "feed,follower", "action": "write,read", "feed_id": "userother,usermine"}, None),
        ({"resource": "feed", "action": "write", "feed_id": "usermine"}, NotAllowedException),
        ({"resource": "follower", "action": "read", "feed_id": "usermine"}, NotAllowedException),
        ({"resource": "feed", "action": "read", "feed_id": "userother"}, NotAllowedException),
        ({"resource": "feed", "action": "read", "feed_id": "*", "exp": 1}, SignatureException),
        ({"resource": "feed", "action": "read", "feed_id": "*", "nbf": 99_999_999_999}, SignatureException),
    ],
)
def test_what_tokens_allow(client, application, claims, exception):
    """Feeds §2.2: resource, action and feed have to fit; the time as well."""
    token = jwt.encode(claims, application.api_secret, algorithm="HS256")
    if exception is None:
        assert client.get("feed/user/mine/", token)["results"] == []
    else:
        with pytest.raises(exception):
            client.get("feed/user/mine/", token)


def test_tokens_that_are_none(client, application):
    """Feeds §2.2, SEC-100: no algorithm but HS256."""
    claims = {"resource": "*", "action": "*", "feed_id": "*", "iat": int(time.time())}
    for token in ("", "nonsense", jwt.encode(claims, "", algorithm="none")):
        with pytest.raises(SignatureException):
            client.get("feed/user/mine/", token)
    with pytest.raises((SignatureException, NotAllowedException)):
        client.get("feed/user/mine/", jwt.encode(claims, application.api_secret, algorithm="HS512"))


def test_a_read_only_token(client):
    """Feeds §2.2: of one feed, made by the SDK."""
    feed, other = client.feed("user", fresh("ada")), client.feed("user", fresh("bob"))
    token = feed.get_readonly_token()
    assert client.get(feed.feed_url, token)["results"] == []
    for attempt in (
        lambda: client.get(other.feed_url, token),
        lambda: client.post(feed.feed_url, token, data=TWEET),
        lambda: client.delete(f"{feed.feed_url}x/", token),
        lambda: client.get("users/", token, params={"ids": "ada"}),
    ):
        with pytest.raises(NotAllowedException):
            attempt()


def test_another_tenants_token(client, application):
    """Feeds §2.1: what one application's secret signed is nothing to another; its feeds are others."""
    label = fresh("other")
    application.server.cli("tenant", "add", label)
    other = type(application)(application.server, label)
    theirs, feed = other.python(), fresh("shared")
    client.feed("user", feed).add_activity(TWEET)
    assert theirs.feed("user", feed).get()["results"] == []
    with pytest.raises(NotAllowedException):
        client.get(f"feed/user/{feed}/", theirs.create_jwt_token("*", "*", "*"))
    other.close()


def test_the_body_of_an_error(application):
    """Feeds §4: these members, for unknown routes and methods too."""
    wrong = application.request("POST", "feed/user/ada/", json={"actor": 1}).json()
    assert wrong.keys() == {
        "code",
        "detail",
        "duration",
        "exception",
        "exception_fields",
        "more_info",
        "status_code",
    }
    assert (wrong["code"], wrong["exception"], wrong["status_code"]) == (4, "InputException", 400)
    assert wrong["exception_fields"].keys() == {"verb", "object"}
    batch = application.request("POST", "feed/user/ada/", json={"activities": [TWEET, {"actor": 1}]}).json()
    assert batch["exception"] == "InputException"
    for method, path, status, code, exception in (
        ("GET", "nonsense/", 404, 16, "DoesNotExistException"),
        ("PATCH", "feed/user/ada/", 405, 17, "MethodNotAllowedException"),
    ):
        answer = application.request(method, path)
        told = answer.json()
        assert (answer.status_code, told["status_code"], told["code"], told["exception"]) == (
            status,
            status,
            code,
            exception,
        )
        assert "exception_fields" not in told


def test_bodies_that_are_no_json(application):
    """Feeds §4: 400, code 4, never HTML."""
    for body in (b"", b"{", b"[]", b'"text"', b"null", b'{"actor": NaN}', b"\xff\xfe"):
        answer = application.request("POST", "feed/user/ada/", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, 4), body


def test_success_says_how_long_it_took(application):
    """Feeds §1.2, §3, §4.1: duration in ms, 201 for POST, 200 for GET and DELETE."""
    feed = fresh("ada")
    for method, path, status, options in (
        ("POST", f"feed/user/{feed}/", 201, {"json": TWEET}),
        ("GET", f"feed/user/{feed}/", 200, {}),
        ("GET", f"feed/user/{feed}", 200, {}),
        ("DELETE", f"feed/user/{feed}/x/", 200, {}),
        ("POST", "follow_many/", 201, {"json": []}),
    ):
        answer = application.request(method, path, **options)
        assert answer.status_code == status, (method, path, answer.text)
        assert answer.json()["duration"].endswith("ms")
        assert "exception" not in answer.json()
