"""Collections (§7.2)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from vocab import BadFields, TooLarge
from vocab.dialects.getstream import collections
from vocab.dialects.getstream.collections import Entry, NewEntry

NOW = datetime(2021, 2, 24, 0, 12, 1, tzinfo=UTC)


def refused(body: Any, read: Any = collections.posted) -> Any:
    with pytest.raises(BadFields) as caught:
        read(body)
    return caught.value.fields


def test_an_entry_is_answered() -> None:
    """Exactly these: whose it is does not show."""
    assert collections.spelled(Entry("food", "1", {"name": "Tea"}, NOW, NOW)) == {
        "id": "1", "collection": "food", "foreign_id": "food:1", "data": {"name": "Tea"},
        "created_at": "2021-02-24T00:12:01.000000Z", "updated_at": "2021-02-24T00:12:01.000000Z",
    }  # fmt: skip


def test_entries_are_read() -> None:
    assert collections.posted({"id": None, "data": {"a": 1}, "user_id": None}) == NewEntry("", {"a": 1}, "")
    assert collections.posted({"id": "x.y", "data": {"a": 1}, "user_id": "bob"}) == NewEntry(
        "x.y", {"a": 1}, "bob"
    )
    assert collections.replaced({"data": {"a": 2}}) == {"a": 2}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"data": {}}, {"data": ["this field is required"]}),
        ({}, {"data": ["this field is required"]}),
        ({"data": "x"}, {"data": ["must be an object"]}),
        ({"data": {"a": 1}, "id": "a/b"}, {"id": ["must have at most 255 letters, digits and _ . @ -"]}),
    ],
)
def test_errors_name_the_field(body: Any, fields: dict[str, list[str]]) -> None:
    assert refused(body) == fields


def test_an_entry_keeps_its_id() -> None:
    """§14: an ``id`` in the body of an update is an error."""
    assert refused({"id": "2", "data": {"a": 1}}, collections.replaced) == {"id": ["cannot be changed"]}


def test_entries_are_upserted_whole() -> None:
    """The data of an entry is the whole item, its id too, and that is echoed."""
    data = {"food": [{"id": "1", "name": "Tea"}, {"id": 2}], "drink": []}
    assert collections.upserted({"data": data}) == data


@pytest.mark.parametrize("items", ["x", [1], [{"name": "Tea"}], [{"id": ""}], [{"id": "a/b"}], [{"id": []}]])
def test_what_cannot_be_upserted(items: Any) -> None:
    fields = refused({"data": {"drink": [{"id": "1"}], "food": items}}, collections.upserted)
    assert fields == {"food": ["must be a list of objects with an id each"]}


def test_batches_and_data_are_bounded() -> None:
    collections.upserted({"data": {"a": [{"id": "1"}] * 500, "b": [{"id": "1"}] * 500}})
    many = {"data": {"a": [{"id": "1"}] * 500, "b": [{"id": "1"}] * 501}}
    assert refused(many, collections.upserted) == {"data": ["must have at most 1000 entries"]}
    large = {"x": "x" * 10_240, "id": "1"}
    for read, body in (
        (collections.posted, {"data": large}),
        (collections.replaced, {"data": large}),
        (collections.upserted, {"data": {"food": [large]}}),
    ):
        with pytest.raises(TooLarge):
            read(body)


@pytest.mark.parametrize(
    ("text", "pair"),
    [("food:1", ("food", "1")), ("food:a:b", ("food", "a:b")), ("food", None), (":1", None), ("food:", None)],
)
def test_foreign_ids_name_a_collection_and_an_entry(text: str, pair: tuple[str, str] | None) -> None:
    assert collections.pair(text) == pair
