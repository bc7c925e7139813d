"""Collections of Activity Streams 1.0 (Atom §13)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from vocab.dialects import as1
from vocab.dialects.syndication import Header, item_of
from vocab.entry import Entry
from vocab.errors import ParseError

S = "http://activitystrea.ms/schema/1.0/"
HUB = "https://hub.example"
AT = datetime(2026, 1, 1, tzinfo=UTC)
ONE = {
    "verb": "post",
    "published": "2026-01-01T00:00:00Z",
    "actor": {"id": "urn:a"},
    "object": {"id": "urn:x"},
}


@pytest.mark.parametrize(
    ("data", "types"),
    [
        (ONE, ["Create"]),
        ([ONE, {**ONE, "verb": "like"}], ["Create", "Like"]),
        ({"totalItems": 1, "items": [ONE]}, ["Create"]),
        ({"items": []}, []),
        ([{"objectType": "note", "content": "x", "author": {"id": "urn:a"}}], ["Create"]),
    ],
)
def test_collections_lists_and_single_activities_are_read(data: Any, types: list[str]) -> None:
    assert [one.type for one in as1.activities(data)] == types


def test_a_thing_where_an_activity_should_be_was_posted() -> None:
    [one] = as1.activities([{"objectType": "note", "author": "urn:a", "published": "2026-01-01T00:00:00Z"}])
    assert (one.data["actor"], one.data["published"]) == ("urn:a", "2026-01-01T00:00:00Z")


def test_an_error_names_the_item() -> None:
    with pytest.raises(ParseError) as raised:
        as1.activities({"items": [ONE, {**ONE, "actor": 1}]})
    assert raised.value.field == "items[1].actor"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (ONE, True),
        ({"items": [ONE]}, True),
        ([ONE], True),
        ({"objectType": "note"}, True),
        ({**ONE, "@context": "https://www.w3.org/ns/activitystreams"}, False),
        ({"type": "Create"}, False),
        ([], False),
        ("x", False),
    ],
)
def test_what_json_is_read_by_these_rules(data: Any, told: bool) -> None:
    """Atom §13."""
    assert as1.is_as1(data) is told


def test_entries_are_told_with_all_that_the_standard_asks_for() -> None:
    """Atom §13: published, actor and title are always there; what was said to some alone never is."""
    entry = Entry.of({
        "id": f"{HUB}/1", "type": "Create", "actor": f"{HUB}/users/ada", "published": "2026-01-01T00:00:00.5Z",
        "object": {"type": "Note", "content": "x"}, "verb": [S + "post"], "provider": "social", "bcc": "urn:secret",
    })  # fmt: skip
    header = Header(f"{HUB}/f", "Ada", f"{HUB}/@ada", f"{HUB}/f.as1", AT, next=f"{HUB}/f.as1?before=1")
    made = json.loads(as1.feed(header, [(entry, item_of(entry, HUB))]))
    assert (made["totalItems"], made["displayName"]) == (1, "Ada")
    assert made["links"] == {"self": f"{HUB}/f.as1", "next": f"{HUB}/f.as1?before=1"}
    [one] = made["items"]
    assert (one["verb"], one["published"], one["actor"]) == (
        "post", "2026-01-01T00:00:00.5Z", {"id": f"{HUB}/users/ada"},
    )  # fmt: skip
    assert one["title"].endswith("</a> posted x")
    assert "secret" not in json.dumps(made)
    assert [read.type for read in as1.activities(made)] == ["Create"]
