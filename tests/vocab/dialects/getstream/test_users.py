"""Users (§7.1)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from vocab import BadFields, TooLarge
from vocab.dialects.getstream import users
from vocab.dialects.getstream.users import NewUser, User

NOW = datetime(2021, 2, 24, 0, 12, 1, tzinfo=UTC)


def refused(body: Any, read: Any = users.posted) -> Any:
    with pytest.raises(BadFields) as caught:
        read(body)
    return caught.value.fields


def test_a_user_is_answered() -> None:
    assert users.spelled(User("bob", NOW, NOW, {"name": "Bob"})) == {
        "id": "bob", "data": {"name": "Bob"}, "created_at": "2021-02-24T00:12:01.000000Z",
        "updated_at": "2021-02-24T00:12:01.000000Z",
    }  # fmt: skip


def test_users_are_read() -> None:
    assert users.posted({"id": 1, "data": None}) == NewUser("1", {})
    assert users.several({"users": [{"id": "a"}, {"id": "b@x.org", "data": {"x": 1}}], "override": True}) == (
        [NewUser("a", {}), NewUser("b@x.org", {"x": 1})], True,
    )  # fmt: skip
    assert users.several({"users": [{"id": "a"}]})[1] is False
    assert users.replaced({"data": {"name": "Bob"}}) == {"name": "Bob"}
    assert users.replaced({"data": None}) == {}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"id": ["this field is required"]}),
        ({"id": "a b"}, {"id": ["must have at most 255 letters, digits and _ . @ -"]}),
        ({"id": "a" * 256}, {"id": ["must have at most 255 letters, digits and _ . @ -"]}),
        ({"id": "a", "data": [1]}, {"data": ["must be an object"]}),
    ],
)
def test_errors_name_the_field(body: Any, fields: dict[str, list[str]]) -> None:
    assert refused(body) == fields
    assert refused({"users": [{"id": "a"}, body]}, users.several) == [{}, fields]


def test_batches_are_bounded() -> None:
    users.several({"users": [{"id": "a"}] * 1_000})
    most = {"users": ["must have at most 1000 items"]}
    assert refused({"users": [{"id": "a"}] * 1_001}, users.several) == most
    assert refused({"users": []}, users.several) == {"users": ["this field is required"]}


@pytest.mark.parametrize("read", [users.posted, users.replaced])
def test_data_has_at_most_ten_kilobytes(read: Any) -> None:
    with pytest.raises(TooLarge):
        read({"id": "a", "data": {"x": "x" * 10_240}})
