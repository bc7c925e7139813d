"""Entries: what providers hand over and what a stream reads of it (Atom §8.3, §8.4)."""

from typing import Any

import pytest

from vocab.entry import Action, Entry
from vocab.errors import BadFields

DATA: dict[str, Any] = {
    "id": "https://ci.example/run/512",
    "type": "Update",
    "actor": {"id": "https://ci.example/@ci", "type": "Application", "name": "Orchard CI"},
    "object": {"id": "https://ci.example/run/512#job", "type": "Object", "name": "run 512"},
    "published": "2026-01-01T00:04:10.250Z",
    "unknown": {"kept": True},
    "verb": ["http://activitystrea.ms/schema/1.0/update", "https://ci.example/verbs/fail"],
    "application": "example.ci",
    "titleHtml": "<b>run 512</b> failed",
    "category": ["failed"],
    "key": ["ORCHARD"],
    "issueKey": ["ORCHARD-7"],
}


def test_what_a_provider_hands_over_comes_back_as_it_was() -> None:
    """Atom §8.4: an entry is an activity in AS2 with a few members more."""
    entry = Entry.of(DATA, provider="builds")
    assert entry.as_dict() == {**DATA, "provider": "builds"}
    assert entry.verb[-1].endswith("/fail")
    assert entry.id == DATA["id"]
    assert entry.updated == entry.published


@pytest.mark.parametrize("name", ["id", "published", "actor", "verb"])
def test_what_no_entry_can_do_without_is_named(name: str) -> None:
    """Atom §8.3.2."""
    with pytest.raises(BadFields) as error:
        Entry.of({member: value for member, value in DATA.items() if member != name})
    assert error.value.fields == {name: ["is missing"]}


def test_a_date_that_is_none_counts_as_missing() -> None:
    with pytest.raises(BadFields) as error:
        Entry.of({**DATA, "published": "yesterday"})
    assert error.value.fields == {"published": ["is missing"]}


def test_one_text_is_as_good_as_a_list_of_it() -> None:
    assert Entry.of({**DATA, "verb": "post", "key": "ORCHARD"}).keys == ("ORCHARD",)


def test_actions_are_added_for_one_reader_and_never_written_into_the_plain_form() -> None:
    """Atom §7.6: what one reader may do is in no copy that goes elsewhere."""
    action = Action("http://streams.atlassian.com/syndication/watch", "https://hub.example/watch", "Watch")
    entry = Entry.of(DATA).allowing(action)
    assert entry.actions == (action,)
    assert "actions" not in entry.as_dict()
