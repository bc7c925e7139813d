"""What gadgets ask before they show a stream (Atom §5)."""

import pytest
from reading import get
from town import Person, Server

CONFIG = "/rest/activity-stream/1.0/config"
VALIDATE = "/rest/activity-stream/1.0/validate"


def test_what_there_is_to_filter_by(hub: Server, ada: Person) -> None:
    """Atom §5: all providers, the options of all of them first."""
    answer = get(hub, path=CONFIG)
    assert answer.headers["content-type"] == "application/vnd.atl.streams+json"
    assert "no-store" in answer.headers["cache-control"]
    first, *others = answer.json()["filters"]
    assert (first["key"], first["name"]) == ("streams", "")
    assert {one["key"] for one in first["options"]} == {"key", "issue-key", "update-date", "user", "text"}
    assert {"social", "thirdparty", "feeds", "git", "ci", "issues"} <= {one["key"] for one in others}
    for provider in (first, *others):
        for option in provider["options"]:
            assert set(option) == {"key", "name", "helpText", "operators", "type", "unique", "values"}
            assert option["operators"]
            assert all(one["key"].islower() for one in option["operators"])
    assert all("activity" in {one["key"] for one in provider["options"]} for provider in others)
    assert get(hub, path=CONFIG, who="eve").status_code == 401


def test_how_dates_are_shown(hub: Server) -> None:
    """Atom §5."""
    told = get(hub, path="/rest/activity-stream/1.0/preferences").json()
    assert set(told) == {"dateFormat", "timeFormat", "dateTimeFormat", "dateRelativize", "timeZone"}
    assert told["timeZone"] == 0


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"title": "x", "numofentries": "10"}, []),
        ({"title": "x", "keys": "__all_projects__", "numofentries": "100"}, []),
        ({"title": " ", "numofentries": "1"}, ["title"]),
        ({"title": "x", "keys": "GHOST", "numofentries": "1"}, ["keys"]),
        ({"title": "x", "keys": "__all_projects__,GHOST", "numofentries": "1"}, ["keys"]),
        ({"title": "x", "numofentries": ""}, ["numofentries"]),
        ({"title": "x", "numofentries": "0"}, ["numofentries"]),
        ({"title": "x", "numofentries": "101"}, ["numofentries"]),
        ({"title": "x", "numofentries": "9" * 5_000}, ["numofentries"]),
        ({"title": "x", "numofentries": "ten"}, ["numofentries"]),
        ({}, ["title", "numofentries"]),
    ],
)  # fmt: skip
def test_a_gadget_is_looked_at(hub: Server, given: dict[str, str], wrong: list[str]) -> None:
    """Atom §5."""
    answer = get(hub, *given.items(), path=VALIDATE)
    assert answer.status_code == (400 if wrong else 200)
    assert (answer.content == b"") is not bool(wrong)
    if wrong:
        assert [one["field"] for one in answer.json()["errors"]] == wrong
