"""What claims mean."""

from typing import Any

import pytest
from feedtokens import APP, KEY, NOW, NOW_SECONDS, SECRET, SERVER, grant

from server.auth.feeds import BadCredentials, Denied
from storage.feedskeys import FeedsKey
from storage.tenants import Tenant
from vocab.dialects.getstream import FeedId

USER_1, USER_10 = FeedId("user", "1"), FeedId("user", "10")
USER = {"user_id": "bob"}


ASKED: dict[str, tuple[str, str, FeedId | None]] = {
    "read 1": ("feed", "read", USER_1),
    "read 10": ("feed", "read", USER_10),
    "write 1": ("feed", "write", USER_1),
    "follows of 1": ("follower", "read", USER_1),
    "follows of 10": ("follower", "read", USER_10),
    "follow many": ("follower", "write", None),
    "track": ("analytics", "write", None),
    "entries": ("collections", "read", None),
    "upload": ("files", "write", None),
}


@pytest.mark.parametrize(
    ("resource", "action", "feed_id", "covered"),
    [
        # what the SDKs sign (Feeds §2.2)
        ("feed", "write", "user1", {"write 1"}),
        ("*", "*", "user1", {"read 1", "write 1", "follows of 1"}),
        ("*", "read", "user1", {"read 1", "follows of 1"}),
        ("follower", "*", "*", {"follows of 1", "follows of 10", "follow many"}),
        ("*", "*", "*", set(ASKED)),
        # lists of words
        ("feed,users", "read,write", "user1,user10", {"read 1", "read 10", "write 1"}),
        # words that are nearly right (SEC-101)
        ("feed", "read", "user", set()),
        ("feed", "read", "user1*", set()),
        ("feed", "read", "user*", set()),
        ("feed", "read", "user:1", set()),
        ("feed", "read", "user 1", set()),
        ("feed", "read", " user1", set()),
        ("feed", "read", "USER1", set()),
        ("feed", "read", "", set()),
        ("feed_targets", "*", "*", set()),
        ("feeds", "*", "*", set()),
        ("", "*", "*", set()),
        ("feed", "", "*", set()),
        ("feed", "Read", "*", set()),
    ],
)
def test_scopes_are_compared_word_by_word(
    resource: str, action: str, feed_id: str, covered: set[str]
) -> None:
    """SEC-101: read is not write, user1 is not user10, and a token for a feed is for nothing else."""
    found = grant({"resource": resource, "action": action, "feed_id": feed_id})
    assert {name for name, one in ASKED.items() if found.may(*one)} == covered


def test_a_token_for_no_feed() -> None:
    """Feeds §2.2: what the JavaScript SDK signs for analytics; SEC-101: it opens no feed."""
    found = grant({"resource": "analytics,feed", "action": "*", "user_id": "*"})
    assert {name for name, one in ASKED.items() if found.may(*one)} == {"track"}


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"user_id": None},
        {"user_id": "*"},
        {"feed_id": "user1"},
        {"action": "*", "feed_id": "*"},
        {"resource": "*", "feed_id": "*"},
        {"resource": "*", "action": "*"},
        {"action": "*", "user_id": "bob"},
        {"feed_id": "*", "user_id": "bob"},
        {"user": "bob"},
    ],
)
def test_what_a_token_must_say(claims: dict[str, Any]) -> None:
    """SEC-101: resource, action, and feed or user; or a user alone."""
    with pytest.raises(Denied):
        grant(claims)


@pytest.mark.parametrize("name", ["resource", "action", "feed_id", "user_id"])
@pytest.mark.parametrize("value", [1.5, True, ["*"], {"*": 1}, ""])
def test_claims_are_text(name: str, value: object) -> None:
    """A list of words in JSON is none; an empty text covers nothing, or names nobody."""
    claims = {**SERVER, name: value}
    if value == "" and name != "user_id":
        assert not grant(claims).may("feed", "read", USER_1)
        return
    with pytest.raises(BadCredentials):
        grant(claims)


def test_who_is_bound_to_a_user() -> None:
    assert (grant(USER).user, grant(USER).governed) == ("bob", True)
    assert (grant({"user_id": 7}).user, grant({**USER, "name": "Bob"}).user) == ("7", "bob")
    assert (grant(SERVER).user, grant(SERVER).governed) == (None, False)
    full = grant({**SERVER, **USER})
    assert (full.user, full.governed) == ("bob", False), "full access bypasses the policy for users"
    assert grant({**SERVER, "user_id": "*"}).user is None
    one = grant({"resource": "reactions", "action": "*", "feed_id": "*", **USER})
    assert (one.user, one.governed) == ("bob", False), "a server's word for one resource"
    assert grant({"resource": "*", "action": "*", "feed_id": "user1", **USER}).governed
    assert grant({"resource": "*", "action": "*", **USER}).governed


AT = NOW_SECONDS


@pytest.mark.parametrize(
    "claim",
    [
        {"exp": AT + 1},
        {"exp": AT - 59},
        {"exp": AT + 0.5},
        {"nbf": AT + 60},
        {"nbf": -1},
        {"iat": AT + 60},
        {"iat": 0},
        {"exp": 2**53 - 1},
    ],
)
def test_now_is_the_time(claim: dict[str, Any]) -> None:
    """SEC-103: with a minute for clocks that differ."""
    assert grant({**SERVER, **claim}).may("feed", "read", USER_1)


@pytest.mark.parametrize(
    "claim",
    [
        {"exp": AT - 60},
        {"exp": 0},
        {"exp": -1},
        {"exp": AT - 60.5},
        {"nbf": AT + 61},
        {"iat": AT + 61},
        {"iat": -5.5},
        {"nbf": 2**53 - 1},
    ],
)
def test_now_is_not_the_time(claim: dict[str, Any]) -> None:
    """SEC-103; Feeds §2.2: 401 for an expired token."""
    with pytest.raises(BadCredentials):
        grant({**SERVER, **claim})


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize(
    "value", ["1", str(AT + 9), "", True, False, None, [AT], {}, 10**30, -(10**30), b"1e999"]
)
def test_times_are_numbers(name: str, value: object) -> None:
    """SEC-103: strings, booleans, and what is too large for an instant."""
    claims: Any = {**SERVER, name: value}
    if isinstance(value, bytes):
        claims = b'{"resource":"*","action":"*","feed_id":"*","%b":%b}' % (name.encode(), value)
    with pytest.raises(BadCredentials):
        grant(claims)


def key(**changes: Any) -> FeedsKey:
    """Return a key of a tenant that is particular about tokens."""
    values = {"suspended": None, "tokens_expire": False, "tokens_since": 0} | changes
    return FeedsKey(KEY.key, Tenant(APP.id, APP.label, 0, **values), (SECRET,))


def test_tokens_of_users_may_have_to_end() -> None:
    """SEC-103: where the app wants it; servers make a token for each request and name no end."""
    strict = key(tokens_expire=True)
    with pytest.raises(BadCredentials):
        grant(USER, key=strict)
    assert grant({**USER, "exp": AT + 9}, key=strict).user == "bob"
    assert not grant(SERVER, key=strict).governed


@pytest.mark.parametrize("claim", [{}, {"iat": AT - 1}, {"iat": 0}])
def test_tokens_of_users_can_be_revoked(claim: dict[str, Any]) -> None:
    """SEC-103: all that were issued before an instant, at once; one that does not say when is one of them."""
    with pytest.raises(BadCredentials):
        grant({**USER, **claim}, key=key(tokens_since=NOW))
    assert grant({**USER, "iat": AT}, key=key(tokens_since=NOW)).user == "bob"


def test_a_server_s_tokens_are_not_dated() -> None:
    """SEC-103: rotating the secret ends them; but one that says it is old is as old as it says."""
    assert grant(SERVER, key=key(tokens_since=NOW)).may("feed", "read", USER_1)
    with pytest.raises(BadCredentials):
        grant({**SERVER, "iat": AT - 1}, key=key(tokens_since=NOW))
