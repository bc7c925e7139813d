"""stream-python: reactions (Feeds §7.3)."""

from datetime import datetime
from uuid import uuid1

import pytest
from application import following_page, fresh, without
from stream.exceptions import DoesNotExistException, InputException, StreamApiException

FIELDS = {
    "id", "kind", "activity_id", "user_id", "user", "data", "parent", "created_at", "updated_at", "latest_children",
    "children_counts",
}  # fmt: skip


@pytest.fixture
def activity():
    """The id of an activity that need not exist."""
    return str(uuid1())


@pytest.fixture
def like(client, activity):
    return client.reactions.add("like", activity, fresh("mike"))


def ids(page):
    return [each["id"] for each in page["results"]]


def test_a_reaction_has_these_fields(client, like, activity):
    """Feeds §7.3, §14.5: on an activity that does not exist, by a user who does not."""
    assert like.keys() == FIELDS | {"duration"}
    assert (like["kind"], like["activity_id"], like["parent"], like["data"]) == ("like", activity, "", {})
    assert (like["latest_children"], like["children_counts"]) == ({}, {})
    assert like["created_at"] == like["updated_at"]
    assert like["user"] == {
        "id": like["user_id"], "error": "ReferenceNotFound", "reference": f"SU:{like['user_id']}",
        "reference_type": "user",
    }  # fmt: skip
    assert without(client.reactions.get(like["id"])) == without(like)


def test_the_user_is_shown(client, activity):
    """Feeds §7.3."""
    user = client.users.add(fresh("mike"), {"name": "Mike"})
    made = client.reactions.add("comment", activity, user["id"], data={"text": "yes"})
    assert (made["user"], made["data"]) == (without(user), {"text": "yes"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""},
        {"kind": None},
        {"activity_id": "nonsense"},
        {"activity_id": None},
        {"data": "text"},
        {"data": [1]},
    ],
)
def test_what_no_reaction_can_be(client, activity, wrong):
    """Feeds §7.3."""
    with pytest.raises(InputException):
        client.reactions.add(**{"kind": "like", "activity_id": activity, "user_id": "mike", **wrong})


def test_a_server_says_for_whom(client, activity):
    """Feeds §4: code 10."""
    with pytest.raises(StreamApiException) as refused:
        client.reactions.add("like", activity, None)
    assert (type(refused.value).__name__, refused.value.status_code) == ("MissingUserException", 400)


def test_update(client, like):
    """Feeds §7.3: data is replaced, the rest stays."""
    changed = client.reactions.update(like["id"], {"changed": True})
    assert without(changed, "data", "updated_at") == without(like, "data", "updated_at")
    assert (changed["data"], changed["updated_at"] > like["updated_at"]) == ({"changed": True}, True)


def test_children(client, like):
    """Feeds §7.3: they belong to the root's activity and are counted at their parent."""
    child = client.reactions.add_child("clap", like["id"], "rob", data={"loud": True})
    assert (child["parent"], child["activity_id"]) == (like["id"], like["activity_id"])
    grandchild = client.reactions.add_child("clap", child["id"], "rob")
    parent = client.reactions.get(like["id"])
    assert parent["children_counts"] == {"clap": 1}
    (shown,) = parent["latest_children"]["clap"]
    assert shown == {
        **without(child), "children_counts": {"clap": 1}, "latest_children": {"clap": [without(grandchild)]},
    }  # fmt: skip
    with pytest.raises(InputException):
        client.reactions.add_child("clap", grandchild["id"], "rob")
    with pytest.raises(InputException):
        client.reactions.add_child("clap", str(uuid1()), "rob")


def test_ten_newest_children_over_all_kinds(client, like):
    """Feeds §7.3: grouped by kind, newest first; counts are of all."""
    made = [
        client.reactions.add_child(("like", "unlike", "clap")[number % 3], like["id"], "rob")
        for number in range(14)
    ]
    parent = client.reactions.get(like["id"])
    assert parent["children_counts"] == {"like": 5, "unlike": 5, "clap": 4}
    newest = made[:3:-1]
    assert {kind: [each["id"] for each in shown] for kind, shown in parent["latest_children"].items()} == {
        kind: [each["id"] for each in newest if each["kind"] == kind] for kind in ("like", "unlike", "clap")
    }


def test_deleting(client, like):
    """Feeds §7.3: with its descendants; the count stays as a zero at the parent."""
    child = client.reactions.add_child("clap", like["id"], "rob")
    client.reactions.delete(child["id"])
    assert client.reactions.get(like["id"])["children_counts"] == {"clap": 0}
    child = client.reactions.add_child("clap", like["id"], "rob")
    assert without(client.reactions.delete(like["id"])) == {}
    for one in (like["id"], child["id"]):
        for attempt in (
            client.reactions.get,
            client.reactions.update,
            client.reactions.delete,
            client.reactions.restore,
        ):
            with pytest.raises(DoesNotExistException):
                attempt(one)


def test_soft_deleting_and_restoring(client, like):
    """Feeds §7.3, §14.6: still to be read by its id, with deleted_at; nowhere else."""
    client.reactions.delete(like["id"], soft=True)
    hidden = client.reactions.get(like["id"])
    assert without(hidden, "deleted_at", "updated_at") == without(like, "updated_at")
    assert hidden["deleted_at"].endswith("Z")
    assert client.reactions.filter(activity_id=like["activity_id"])["results"] == []
    assert without(client.reactions.restore(like["id"])) == {}
    assert "deleted_at" not in client.reactions.get(like["id"])
    assert ids(client.reactions.filter(activity_id=like["activity_id"])) == [like["id"]]
    with pytest.raises(DoesNotExistException):
        client.reactions.restore(like["id"])


def test_looking_them_up(client, activity):
    """Feeds §7.3: by activity the top ones, by reaction its children, by user theirs; each whole."""
    user = fresh("mike")
    like = client.reactions.add("like", activity, user)
    child = client.reactions.add_child("like", like["id"], user)
    comment = client.reactions.add("comment", activity, fresh("other"))
    like = client.reactions.get(like["id"])
    look = client.reactions.filter
    assert look(activity_id=activity)["results"] == [without(comment), without(like)]
    assert look(activity_id=activity, kind="like")["results"] == [without(like)]
    assert look(reaction_id=like["id"])["results"] == [without(child)]
    assert look(user_id=user)["results"] == [without(child), without(like)]
    assert look(user_id=user, kind="comment")["results"] == []
    assert look(activity_id=activity, user_id=user)["results"] == [without(like)]
    assert look(activity_id=activity, filter_user_id=comment["user_id"])["results"] == [without(comment)]
    for unknown in (
        {"activity_id": str(uuid1())},
        {"reaction_id": str(uuid1())},
        {"user_id": fresh("nobody")},
    ):
        assert without(look(**unknown)) == {"results": [], "next": ""}


def test_pages_in_both_directions(client, activity):
    """Feeds §7.3, §14.8: newest first, and oldest first after a cursor; next is empty exactly at the end."""
    made = [client.reactions.add("like", activity, "mike")["id"] for _ in range(6)]

    def walk(**query):
        seen, limits = [], set()
        while True:
            page = client.reactions.filter(activity_id=activity, kind="like", **query)
            seen.append(ids(page))
            if not page["next"]:
                return seen
            query = following_page(page, f"reaction/activity_id/{activity}/like/")
            limits.add(query["limit"])
            assert limits == {"2"}

    newest = made[::-1]
    assert walk(limit=2) == [newest[0:2], newest[2:4], newest[4:6]]
    assert walk(limit=2, id_gte=made[0]) == [made[0:2], made[2:4], made[4:6]]
    assert walk(limit=2, id_gt=made[0]) == [made[1:3], made[3:5], made[5:]]
    assert walk(limit=2, id_lte=made[1]) == [[made[1], made[0]]]


def test_limits_of_a_page(client, activity):
    """Feeds §7.3, §12: ten unless told; 25 of mixed kinds at most, a hundred of one."""
    for number in range(30):
        client.reactions.add("like", activity, "mike", data={"number": number})
    look = client.reactions.filter
    assert len(look(activity_id=activity)["results"]) == 10
    assert len(look(activity_id=activity, limit=100)["results"]) == 25
    assert len(look(activity_id=activity, kind="like", limit=300)["results"]) == 30


def test_telling_feeds(client, activity):
    """Feeds §7.3: one activity in every target feed, and what followers of those get."""
    first, second, follower = [client.feed("flat", fresh(name)) for name in ("first", "second", "follower")]
    follower.follow("flat", first.user_id)
    made = client.reactions.add(
        "superlike", activity, "mike", data={"popularity": 50}, target_feeds=[first.id, second.id],
        target_feeds_extra_data={"popularity": 100},
    )  # fmt: skip
    assert made["target_feeds"] == [first.id, second.id]
    assert made["target_feeds_extra_data"] == {"popularity": 100}
    (told,) = first.get()["results"]
    assert without(told, "id") == {
        "actor": "SU:mike", "verb": "superlike", "object": f"SA:{activity}", "reaction": f"SR:{made['id']}",
        "foreign_id": f"reaction:{made['id']}", "time": datetime.fromisoformat(made["created_at"]), "target": "",
        "origin": None, "popularity": 100,
    }  # fmt: skip
    assert second.get()["results"] == [told]
    assert follower.get()["results"] == [{**told, "origin": first.id}]
    read = client.reactions.get(made["id"])
    assert read.keys() == FIELDS | {"target_feeds", "duration"}


def test_telling_other_feeds(client, activity):
    """Feeds §7.3: a list on update is the new whole; null, which this SDK sends unless told, leaves them alone."""
    first, second = [client.feed("flat", fresh(name)) for name in ("first", "second")]
    made = client.reactions.add("like", activity, "mike", target_feeds=[first.id])
    (told,) = first.get()["results"]
    client.reactions.update(made["id"], {"x": 1})
    assert first.get()["results"] == [told]
    changed = client.reactions.update(made["id"], {"x": 1}, target_feeds=[second.id])
    assert changed["target_feeds"] == [second.id]
    assert first.get()["results"] == []
    assert [(each["foreign_id"], each["time"]) for each in second.get()["results"]] == [
        (told["foreign_id"], told["time"])
    ]


def test_what_was_told_goes_with_the_reaction(client, activity):
    """Feeds §7.3: soft deletion hides it, restoring shows it, deletion ends it."""
    feed = client.feed("flat", fresh("told"))
    made = client.reactions.add("like", activity, "mike", target_feeds=[feed.id])
    (told,) = feed.get()["results"]
    client.reactions.delete(made["id"], soft=True)
    assert feed.get()["results"] == []
    client.reactions.restore(made["id"])
    assert feed.get()["results"] == [told]
    client.reactions.delete(made["id"])
    assert feed.get()["results"] == []


def test_twenty_feeds_are_enough(client, activity):
    """Feeds §12."""
    with pytest.raises(InputException):
        client.reactions.add("like", activity, "mike", target_feeds=[f"flat:{fresh('x')}" for _ in range(21)])
    assert client.reactions.filter(activity_id=activity)["results"] == []
