"""Groups of aggregated and notification feeds (§8)."""

from datetime import UTC, datetime, timedelta

import pytest

from vocab.dialects.getstream import groups, ids
from vocab.dialects.getstream.groups import Group, Mark

NOW = datetime(2021, 2, 24, 0, 18, 25, 512642, tzinfo=UTC)
NEWEST = ids.of_foreign_id(NOW, "a")
LIKES = Group(
    NEWEST, "like_2021-02-24", "like", ({"id": "1"},) * 16, 20, 2, NOW - timedelta(seconds=384.512642)
)


def test_a_group_is_answered() -> None:
    """§8.1: at most fifteen activities; the counts are of all."""
    assert groups.spelled(LIKES) == {
        "id": f"{NEWEST}.like_2021-02-24", "group": "like_2021-02-24", "verb": "like", "activities": [{"id": "1"}] * 15,
        "activity_count": 20, "actor_count": 2, "created_at": "2021-02-24T00:12:01.000000",
        "updated_at": "2021-02-24T00:18:25.512642",
    }  # fmt: skip


def test_notification_feeds_say_what_was_seen_and_read() -> None:
    """And ranked ones say the score."""
    told = groups.spelled(Group(NEWEST, "x", "like", (), 1, 1, NOW, seen=False, read=True, score=0.5))
    assert (told["is_seen"], told["is_read"], told["score"]) == (False, True, 0.5)
    assert groups.spelled(LIKES).keys().isdisjoint({"is_seen", "is_read", "score"})


@pytest.mark.parametrize(
    "text", [f"{NEWEST}.like_2021-02-24", str(NEWEST), f"{NEWEST}.", str(NEWEST).upper()]
)
def test_groups_are_named_by_their_id_or_its_first_part(text: str) -> None:
    assert groups.parse(text) == NEWEST


@pytest.mark.parametrize("text", ["", "like_2021-02-24", f"{NEWEST}x", f"x.{NEWEST}", "42"])
def test_what_names_no_group(text: str) -> None:
    assert groups.parse(text) is None


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["true"], Mark(all=True)),
        (["True"], Mark(all=True)),
        (["1"], Mark(all=True)),
        (["current"], Mark(current=True)),
        (["false"], Mark()),
        ([], Mark()),
        ([str(NEWEST), f" {NEWEST}.x", "nonsense"], Mark(ids=frozenset({NEWEST}))),
    ],
)
def test_groups_are_marked(values: list[str], mark: Mark) -> None:
    """§8.3: what names no group is no error."""
    assert groups.mark(values) == mark
