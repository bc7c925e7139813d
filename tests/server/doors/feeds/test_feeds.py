"""Adding to feeds, reading them and removing from them over HTTP."""

import pytest
from feedsapi import Api

pytestmark = pytest.mark.anyio

PIN = {"actor": "SU:ada", "verb": "pin", "object": "Place:42"}


async def test_an_activity_is_added_and_read(api: Api) -> None:
    """Feeds §5.1, §6.1, §6.3: the members of an activity are these and no others."""
    made = await api.server.does("POST", "feed/user/ada/", {**PIN, "custom": {"a": [1, 2.50]}})
    assert set(made) == {"id", "actor", "verb", "object", "target", "foreign_id", "time", "origin", "custom"}
    assert (made["target"], made["foreign_id"], made["origin"]) == ("", "", None)
    page = await api.server.does("GET", "feed/user/ada/")
    assert page == {"results": [made], "next": ""}


async def test_several_are_added_in_their_order(api: Api) -> None:
    """Feeds §6.1, §14.10: activities without times read back in reverse input order."""
    bodies = [{**PIN, "object": f"o:{n}"} for n in range(5)]
    made = (await api.server.does("POST", "feed/user/ada", {"activities": bodies}))["activities"]
    assert [one["object"] for one in made] == [f"o:{n}" for n in range(5)]
    page = await api.server.does("GET", "feed/user/ada")
    assert [one["id"] for one in page["results"]] == [one["id"] for one in reversed(made)]


async def test_pages_lead_to_the_end(api: Api) -> None:
    """Feeds §6.3: ``next`` is a relative address, and empty exactly on the last page."""
    await api.server.does("POST", "feed/user/ada/", {"activities": [PIN] * 10})
    first = await api.server.does("GET", "feed/user/ada/", limit=5)
    assert first["next"].startswith("/api/v1.0/feed/user/ada/?id_lt=")
    second = await api.server.does("GET", first["next"])
    assert second["next"] == ""
    assert len({one["id"] for one in first["results"] + second["results"]}) == 10


async def test_one_is_removed_by_its_foreign_id_and_what_is_not_there_too(api: Api) -> None:
    """Feeds §6.2, §14.4: removing what is not there succeeds."""
    made = await api.server.does("POST", "feed/user/ada/", {**PIN, "foreign_id": "a/1:x y"})
    assert (await api.server.does("DELETE", f"feed/user/ada/{'0' * 8}-0000-1000-8080-808080808080/"))[
        "removed"
    ]
    removed = await api.server.does("DELETE", "feed/user/ada/a%2F1:x%20y/", foreign_id=1)
    assert removed == {"removed": "a/1:x y"}
    assert (await api.server.does("GET", "feed/user/ada/"))["results"] == []
    again = await api.server.does(
        "POST", "feed/user/ada/", {**PIN, "foreign_id": "a/1:x y", "time": made["time"]}
    )
    assert again["id"] == made["id"]
    assert [one["id"] for one in (await api.server.does("GET", "feed/user/ada/"))["results"]] == [made["id"]]


async def test_a_group_that_is_not_configured_is_named(api: Api) -> None:
    """Feeds §3, §4: 400, code 6."""
    failure = await api.server.fails("GET", "feed/nowhere/1/")
    assert failure.meaning == (400, 6, "FeedConfigException")
    assert "nowhere" in failure.detail
    failure = await api.server.fails("POST", "feed/user/1/", {**PIN, "to": ["elsewhere:1"]})
    assert failure.code == 6


async def test_what_is_wrong_with_an_activity_is_told_by_field(api: Api) -> None:
    """Feeds §4: 400, code 4, and in a batch the problems of each."""
    failure = await api.server.fails("POST", "feed/user/1/", {"verb": "", "object": "x", "time": "soon"})
    assert failure.meaning == (400, 4, "InputException")
    assert set(failure.fields) == {"actor", "verb", "time"}
    batch = await api.server.fails("POST", "feed/user/1/", {"activities": [PIN, {**PIN, "is_read": True}]})
    assert batch.fields[0] == {}
    assert set(batch.fields[1]) == {"is_read"}
    assert (await api.server.does("GET", "feed/user/1/"))["results"] == []


async def test_users_add_to_their_own_feeds_as_themselves(api: Api) -> None:
    """Feeds §2.5: their feeds, their name, and only groups that take targets from anyone."""
    bob = api.user("bob")
    mine = {**PIN, "actor": "SU:bob"}
    await bob.does("POST", "feed/user/bob/", {**mine, "to": ["notification:ada"]})
    assert (await bob.fails("POST", "feed/user/ada/", mine)).code == 17
    assert (await bob.fails("POST", "feed/user/bob/", PIN)).code == 17
    assert (await bob.fails("POST", "feed/user/bob/", {**mine, "to": ["timeline:ada"]})).code == 17
    assert (await bob.does("GET", "feed/user/ada/"))["results"] == []
    assert (await bob.fails("GET", "feed/timeline/ada/")).meaning == (403, 17, "NotAllowedException")
    assert (await bob.fails("DELETE", "feed/user/ada/nonsense/")).status == 403


async def test_following_brings_what_was_and_what_comes(api: Api) -> None:
    """Feeds §5.2, §5.3, §6.9."""
    for n in range(3):
        await api.server.does("POST", "feed/user/ada/", {**PIN, "object": f"o:{n}"})
    await api.server.does(
        "POST", "feed/timeline/bob/follows/", {"target": "user:ada", "activity_copy_limit": 2}
    )
    await api.server.does("POST", "feed/user/ada/", {**PIN, "object": "o:3"})
    page = await api.server.does("GET", "feed/timeline/bob/")
    assert [(one["object"], one["origin"]) for one in page["results"]] == [
        (f"o:{n}", "user:ada") for n in (3, 2, 1)
    ]
    listed = await api.server.does("GET", "feed/timeline/bob/following/", filter="user:ada,user:x")
    assert [(one["feed_id"], one["target_id"]) for one in listed["results"]] == [("timeline:bob", "user:ada")]
    assert listed["results"][0]["created_at"].endswith("Z")
    assert (await api.server.does("GET", "feed/user/ada/followers/"))["results"] == listed["results"]
    counted = await api.server.does("GET", "stats/follow/", followers="user:ada", following="timeline:bob")
    assert counted["results"] == {
        "followers": {"feed": "user:ada", "count": 1}, "following": {"feed": "timeline:bob", "count": 1},
    }  # fmt: skip
    await api.server.does("DELETE", "feed/timeline/bob/follows/user:ada/")
    assert (await api.server.does("GET", "feed/timeline/bob/"))["results"] == []
    await api.server.does("DELETE", "feed/timeline/bob/follows/user:stranger/")


async def test_only_flat_feeds_are_followed_and_no_feed_by_itself(api: Api) -> None:
    """Feeds §4, §5: 400, code 4."""
    for target in ("notification:1", "timeline:bob", 42, None, "nothing"):
        failure = await api.server.fails("POST", "feed/timeline/bob/follows/", {"target": target})
        assert failure.meaning == (400, 4, "InputException")
        assert "target" in failure.fields


async def test_a_partial_update_changes_the_activity_in_every_feed(api: Api) -> None:
    """Feeds §6.7: 400 with code 13 for what is not there; nothing of a batch with a mistake is done."""
    made = await api.server.does("POST", "feed/user/ada/", {**PIN, "to": ["notification:b"], "n": {"a": 1}})
    changed = await api.server.does(
        "POST", "activity/", {"id": made["id"], "set": {"n.b": 2}, "unset": ["n.a"]}
    )
    assert changed == {**made, "n": {"b": 2}}
    assert (await api.server.does("GET", "activities/", ids=made["id"]))["results"] == [changed]
    missing = {"id": "f01c0000-acf5-11e5-8080-80006a8b5bc2", "set": {"a": 1}}
    batch = {"changes": [{"id": made["id"], "set": {"n": 3}}, missing]}
    assert (await api.server.fails("POST", "activity/", batch)).meaning == (
        400,
        13,
        "MissingActivityException",
    )
    assert (await api.server.does("GET", "activities/", ids=made["id"]))["results"] == [changed]


async def test_targets_are_changed(api: Api) -> None:
    """Feeds §6.8."""
    asked = {**PIN, "foreign_id": "x", "time": "2026-01-01T00:00:00", "to": ["user:1", "user:2"]}
    await api.server.does("POST", "feed/user/ada/", asked)
    body = {
        "foreign_id": "x",
        "time": "2026-01-01T00:00:00",
        "added_targets": ["user:3"],
        "removed_targets": ["user:1"],
    }
    answer = await api.server.does("POST", "feed_targets/user/ada/activity_to_targets/", body)
    assert (answer["added"], answer["removed"]) == (["user:3"], ["user:1"])
    assert answer["activity"]["to"] == ["user:2", "user:3"]
    for feed, count in (("1", 0), ("2", 1), ("3", 1), ("ada", 1)):
        assert len((await api.server.does("GET", f"feed/user/{feed}/"))["results"]) == count


async def test_targets_of_several_are_changed(api: Api) -> None:
    """Feeds §6.8: a list of one change is answered as that change alone is, a longer one with all."""
    one, two = [await api.server.does("POST", "feed/user/ada/", {**PIN, "to": ["user:1"]}) for _ in range(2)]
    path = "feed_targets/user/ada/activity_to_targets/"
    alone = await api.server.does("POST", path, [{"id": one["id"], "added_targets": ["user:2"]}])
    assert alone == {"activity": {**one, "to": ["user:1", "user:2"]}, "added": ["user:2"], "removed": []}
    body = [{"id": each["id"], "new_targets": ["user:3"]} for each in (one, two)]
    both = (await api.server.does("POST", path, body))["activities"]
    assert [(each["activity"]["id"], each["removed"]) for each in both] == [
        (one["id"], ["user:1", "user:2"]),
        (two["id"], ["user:1"]),
    ]


async def test_a_token_beside_a_target_vouches_for_it(api: Api) -> None:
    """Feeds §2.3: the Python SDK signs for one feed and hands in a token for each target."""
    from feedtokens import token

    one = api.bearing({"resource": "feed", "action": "write", "feed_id": "userada"})
    claims = {"resource": "feed", "action": "write", "feed_id": "user2"}
    good = token(claims, secret=api.credentials.api_secret)
    await one.does("POST", "feed/user/ada/", {**PIN, "to": [f"user:2 {good}"]})
    assert (await one.fails("POST", "feed/user/ada/", {**PIN, "to": [f"user:3 {good}"]})).code == 17
    assert (await one.fails("POST", "feed/user/ada/", {**PIN, "to": ["user:2"]})).code == 17
    forged = token(claims, secret="another secret that is long enough")
    assert (await one.fails("POST", "feed/user/ada/", {**PIN, "to": [f"user:2 {forged}"]})).code == 17


@pytest.mark.parametrize("by", ["query", "many", "user", "server"])
async def test_what_is_there_stays_unless_a_server_says_otherwise(api: Api, by: str) -> None:
    """Feeds §3.3: upsert is off with ``disable_activity_upsert`` and for users; the placement is added all the same."""
    dated = {
        "actor": "SU:bob",
        "verb": "pin",
        "object": "o:1",
        "foreign_id": "f",
        "time": "2026-02-01T10:00:00",
    }
    first = await api.server.does("POST", "feed/user/1/", {**dated, "note": "first"})
    caller = api.user("bob") if by == "user" else api.server
    query = {"disable_activity_upsert": "true"} if by in ("query", "many") else {}
    second = {**dated, "note": "second"}
    if by == "many":
        await caller.does("POST", "feed/add_to_many/", {"activity": second, "feeds": ["user:bob"]}, **query)
    else:
        await caller.does("POST", "feed/user/bob/", second, **query)
    (there,) = (await api.server.does("GET", "feed/user/bob/"))["results"]
    assert there == {**first, "note": "second" if by == "server" else "first"}


async def test_a_user_takes_what_others_did_from_their_own_feed_alone(api: Api) -> None:
    """Feeds §2.5, SEC-105: what a server keeps in no feed is not theirs to delete, though they can name it."""
    known = {**PIN, "foreign_id": "x", "time": "2026-01-01T00:00:00"}
    await api.server.does("POST", "activities/", {"activities": [known]})
    bob = api.user("bob")
    made = await bob.does("POST", "feed/user/bob/", {**known, "actor": "SU:bob", "to": ["notification:eve"]})
    assert (made["actor"], "to" in made) == ("SU:ada", False)
    assert (await api.server.does("GET", "feed/notification/eve/"))["results"] == []
    await bob.does("DELETE", f"feed/user/bob/{made['id']}/")
    assert (await api.server.does("GET", "feed/user/bob/"))["results"] == []
    assert (await api.server.does("GET", "activities/", ids=made["id"]))["results"][0]["id"] == made["id"]
    await api.server.does("POST", "feed/user/bob/", known)
    await api.server.does("DELETE", f"feed/user/bob/{made['id']}/")
    assert (await api.server.does("GET", "activities/", ids=made["id"]))["results"] == []


async def test_a_user_deletes_what_they_did_by_removing_it(api: Api) -> None:
    """Feeds §5.2: from all feeds it was sent to."""
    bob = api.user("bob")
    made = await bob.does("POST", "feed/user/bob/", {**PIN, "actor": "SU:bob", "to": ["notification:eve"]})
    await bob.does("DELETE", f"feed/user/bob/{made['id']}/")
    assert (await api.server.does("GET", "feed/notification/eve/"))["results"] == []
    assert (await api.server.does("GET", "activities/", ids=made["id"]))["results"] == []
