"""What grants allow: the table of Feeds §2.5, row by row."""

from typing import Any

import pytest
from feedtokens import SERVER, grant

from server.auth.feeds import Denied, FeedsGrant, policy
from server.auth.feeds.policy import Access, Operation, Users
from storage.tenants import Tenant
from streams.feeds.group import DEFAULTS, read
from vocab.dialects.getstream import FeedId

ME = grant({"user_id": "me"})
OPERATIONS = {name: one for name, one in vars(policy).items() if isinstance(one, Operation)}
FEEDS = [FeedId(slug, id) for slug in ("user", "timeline", "notification", "team") for id in ("me", "other")]


def usual(feed: FeedId) -> Access:
    """Return what the group of a feed lets users do when nothing else is configured."""
    group = read(feed.slug, DEFAULTS.get(feed.slug, {}))
    return Access(read=group.client_read, target=group.client_target)


def allowed(operation: Operation, *, by: FeedsGrant = ME, **how: Any) -> set[str]:
    """Return on which of the feeds an operation is allowed."""
    return {str(feed) for feed in FEEDS if by.permits(operation, feed, **{"group": usual(feed), **how})}


OWN = {"user:me", "timeline:me", "notification:me", "team:me"}


def test_reading_feeds() -> None:
    assert allowed(policy.READ_FEED) == OWN | {"user:other"}
    assert allowed(policy.READ_FEED, group=Access(read="any")) == {str(feed) for feed in FEEDS}
    assert allowed(policy.READ_FEED, group=Access(read="own")) == OWN
    assert allowed(policy.READ_FEED, group=Access(read="none")) == set()


@pytest.mark.parametrize(
    "name", ["ADD_ACTIVITY", "REMOVE_ACTIVITY", "FOLLOW", "UNFOLLOW", "LIST_FOLLOWS", "MARK_FEED"]
)
def test_own_feeds(name: str) -> None:
    assert allowed(OPERATIONS[name]) == OWN


@pytest.mark.parametrize(
    "name",
    [
        "READ_ACTIVITIES",
        "COUNT_FOLLOWS",
        "READ_USER",
        "ADD_ENTRY",
        "READ_ENTRY",
        "READ_REACTIONS",
        "UPLOAD_FILE",
        "READ_OPEN_GRAPH",
    ],
)
def test_what_anyone_may(name: str) -> None:
    assert ME.permits(OPERATIONS[name])


@pytest.mark.parametrize(
    "name",
    [
        "WRITE_USER",
        "DELETE_USER",
        "UPDATE_ENTRY",
        "DELETE_ENTRY",
        "WRITE_REACTION",
        "DELETE_REACTION",
        "PROCESS_FILE",
        "DELETE_FILE",
        "READ_PERSONALIZATION",
    ],
)
def test_what_belongs_to_one(name: str) -> None:
    operation = OPERATIONS[name]
    assert ME.permits(operation, owner="me")
    assert not any(ME.permits(operation, owner=owner) for owner in ("other", "Me", "", None))


@pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if one.users is Users.NOTHING])
def test_what_is_for_servers(name: str) -> None:
    """SEC-104: a user's token is refused on each of these, whatever it is about."""
    operation = OPERATIONS[name]
    assert not ME.permits(operation, owner="me")
    assert not allowed(operation, owner="me")
    with pytest.raises(Denied):
        ME.require(operation, owner="me")
    grant(SERVER).require(operation)


def test_the_operations_for_servers_are_these() -> None:
    """SEC-104, Feeds §2.5: a row that moves must move here as well."""
    assert {name for name, one in OPERATIONS.items() if one.users is Users.NOTHING} == {
        "ADD_TO_MANY", "UPDATE_TARGETS", "UPDATE_ACTIVITIES", "FOLLOW_MANY", "UNFOLLOW_MANY", "READ_USERS",
        "WRITE_USERS", "DELETE_USERS", "READ_ENTRIES", "WRITE_ENTRIES", "DELETE_ENTRIES", "WRITE_PERSONALIZATION",
        "DELETE_PERSONALIZATION", "MODERATE", "FORGET_MODERATED", "READ_AUDIT_LOGS",
        "EXPORT_DATA", "DELETE_DATA",
    }  # fmt: skip


def test_tracking_needs_a_token_made_for_it() -> None:
    """Feeds §7.6: a user's token makes no redirects, or it would lead anywhere in our name."""
    assert not ME.permits(policy.REDIRECT)
    assert not ME.permits(policy.TRACK)
    made = grant({"resource": "redirect_and_track,analytics", "action": "*", "user_id": "me"})
    assert made.permits(policy.REDIRECT)
    assert made.permits(policy.TRACK)
    assert not grant({"resource": "*", "action": "*", "user_id": "me"}).permits(policy.REDIRECT)
    # as the Python SDK and the JavaScript SDK sign it
    for claims in ({"feed_id": "*", "user_id": "me"}, {"user_id": "*"}):
        assert grant({"resource": "redirect_and_track", "action": "*", **claims}).permits(policy.REDIRECT)


@pytest.mark.parametrize("name", OPERATIONS)
def test_full_access_is_everything(name: str) -> None:
    """Feeds §2.2: it bypasses the policy for users, even when it acts as one."""
    for claims in (SERVER, {**SERVER, "user_id": "other"}):
        assert grant(claims).permits(OPERATIONS[name], FEEDS[0])
        assert grant(claims).permits(OPERATIONS[name])


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_token_for_one_feed(name: str) -> None:
    """SEC-101: nothing on other feeds, and nothing on what is in no feed."""
    held = grant({"resource": "*", "action": "*", "feed_id": "userme"})
    assert allowed(OPERATIONS[name], by=held) == {"user:me"}
    assert not held.permits(OPERATIONS[name], owner="me")


def test_a_scope_binds_a_user_as_well() -> None:
    """SEC-101: what a user may, but only of what the token is for."""
    held = grant({"resource": "feed", "action": "read", "user_id": "me"})
    assert allowed(policy.READ_FEED, by=held) == OWN | {"user:other"}
    assert not allowed(policy.ADD_ACTIVITY, by=held)
    assert not held.permits(policy.READ_USER)
    narrow = grant({"resource": "*", "action": "*", "feed_id": "usermexx", "user_id": "me"})
    assert not allowed(policy.READ_FEED, by=narrow)


@pytest.mark.parametrize(
    ("actor", "is_me"),
    [
        ("me", True),
        ("SU:me", True),
        ("SU:other", False),
        ("other", False),
        ("User:me", False),
        ("SU:me ", False),
        ("", False),
    ],
)
def test_a_user_speaks_as_themselves(actor: str, is_me: bool) -> None:
    """SEC-105."""
    assert ME.is_actor(actor) is is_me
    assert grant(SERVER).is_actor(actor)


def targets(by: FeedsGrant, **how: Any) -> set[str]:
    """Return into which of the feeds something may be put."""
    return {str(feed) for feed in FEEDS if by.may_target(feed, **{"group": usual(feed), **how})}


NOTIFICATIONS = {"notification:me", "notification:other"}


def test_where_users_may_put_things() -> None:
    """SEC-105, Feeds §2.5."""
    assert targets(ME) == OWN | NOTIFICATIONS
    assert targets(ME, group=Access()) == OWN
    assert targets(ME, group=Access(target="any")) == {str(feed) for feed in FEEDS}


def test_where_servers_may_put_things() -> None:
    """Feeds §2.3: the JavaScript SDK signs for one feed and all resources, and sends no token beside a target.

    Nor does the Python SDK beside those of reactions, for which it signs for all feeds.
    """
    everywhere = {str(feed) for feed in FEEDS}
    assert targets(grant({"resource": "reactions", "action": "*", "feed_id": "*"})) == everywhere
    assert targets(grant(SERVER)) == targets(grant({**SERVER, "feed_id": "userme"})) == everywhere


def test_a_narrow_token_needs_one_for_each_target() -> None:
    """Feeds §2.3: which the Python SDK appends to it; SEC-105."""
    narrow = grant({"resource": "feed", "action": "write", "feed_id": "userme"})
    assert targets(narrow) == {"user:me"} | NOTIFICATIONS
    voucher = grant({"resource": "feed", "action": "write", "feed_id": "userother"})
    assert targets(narrow, voucher=voucher) == {"user:me", "user:other"} | NOTIFICATIONS
    reading = grant({"resource": "feed", "action": "read", "feed_id": "userother"})
    assert targets(narrow, voucher=reading) == targets(narrow)
    assert targets(narrow, voucher=ME) == targets(narrow), "a user's token vouches for nothing"
    elsewhere = FeedsGrant(Tenant(2, "else", 0, None, False, 0), voucher.scope)
    assert targets(narrow, voucher=elsewhere) == targets(narrow), "SEC-102"
