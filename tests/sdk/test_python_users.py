"""stream-python: users (Feeds §7.1)."""

from datetime import UTC, datetime, timedelta

import pytest
from application import fresh, without
from stream.exceptions import DoesNotExistException, InputException, StreamApiException


@pytest.fixture
def user(client):
    return client.users.add(fresh("ada"), {"name": "Ada", "likes": ["apples"]})


def test_a_user_has_these_fields(client, user):
    """Feeds §7.1, §3.1, §14.3: times end in Z."""
    assert user.keys() == {"id", "data", "created_at", "updated_at", "duration"}
    assert user["data"] == {"name": "Ada", "likes": ["apples"]}
    made = datetime.strptime(user["created_at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=1)
    assert len(user["created_at"]) == len("2026-03-01T12:00:00.000000Z")
    assert without(client.users.get(user["id"])) == without(user)


def test_no_data_is_an_empty_object(client):
    """Feeds §7.1: this SDK sends null."""
    assert client.users.add(fresh("bare"))["data"] == {}


def test_an_id_is_taken_once(client, user):
    """Feeds §4: 409, code 22."""
    with pytest.raises(StreamApiException) as refused:
        client.users.add(user["id"], {"name": "another"})
    assert refused.value.status_code == 409
    assert without(client.users.get(user["id"])) == without(user)


def test_get_or_create_never_changes_anything(client, user):
    """Feeds §7.1, §14.13."""
    assert without(client.users.add(user["id"], {"name": "new"}, get_or_create=True)) == without(user)
    assert without(client.users.get(user["id"])) == without(user)
    made = client.users.add(fresh("bob"), {"name": "Bob"}, get_or_create=True)
    assert made["data"] == {"name": "Bob"}


def test_update_replaces_the_data(client, user):
    """Feeds §7.1."""
    changed = client.users.update(user["id"], {"name": "Countess"})
    assert (changed["data"], changed["created_at"]) == ({"name": "Countess"}, user["created_at"])
    assert changed["updated_at"] > user["updated_at"]
    assert without(client.users.get(user["id"])) == without(changed)


def test_deleted_users_are_gone(client, user):
    """Feeds §7.1: and their id may be used again."""
    assert without(client.users.delete(user["id"])) == {}
    for attempt in (client.users.get, client.users.update):
        with pytest.raises(DoesNotExistException):
            attempt(user["id"])
    assert client.users.add(user["id"])["data"] == {}


@pytest.mark.parametrize(
    "wrong", [{"data": "text"}, {"data": [1]}, {"user_id": "no spaces"}, {"user_id": ""}, {"user_id": None}]
)
def test_what_no_user_can_be(client, wrong):
    """Feeds §7.1."""
    with pytest.raises(InputException):
        client.users.add(**{"user_id": fresh("wrong"), **wrong})


def test_how_many_follow(client, user):
    """Feeds §7.1: timelines that follow the user's feed, and user feeds that the timeline follows."""
    assert "followers_count" not in client.users.get(user["id"])
    counted = client.users.get(user["id"], with_follow_counts=True)
    assert without(counted) == {**without(user), "followers_count": 0, "following_count": 0}
    for group in ("timeline", "timeline", "flat"):
        client.feed(group, fresh("fan")).follow("user", user["id"])
    for group in ("user", "flat"):
        client.feed("timeline", user["id"]).follow(group, fresh("star"))
    counted = client.users.get(user["id"], with_follow_counts=True)
    assert (counted["followers_count"], counted["following_count"]) == (2, 1)
