"""Reactions at the door (Feeds §7.3, §2.5)."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid1, uuid4

import pytest
from feedsapi import Api, Caller
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

pytestmark = pytest.mark.anyio

DENIED = (403, 17, "NotAllowedException")
MISSING = (404, 16, "DoesNotExistException")
INPUT = (400, 4, "InputException")
TAKEN = (409, 22, "ConflictException")
NO_USER = (400, 10, "MissingUserException")
NO_GROUP = (400, 6, "FeedConfigException")

ROOT = "24f9d500-bb87-11e5-8080-80012ce3cc51"
MEMBERS = {
    "id", "kind", "activity_id", "user_id", "user", "data", "created_at", "updated_at", "parent", "latest_children",
    "children_counts",
}  # fmt: skip


async def react(caller: Caller, kind: str = "like", **members: Any) -> dict[str, Any]:
    about = {} if "parent" in members else {"activity_id": ROOT}
    return await caller.does("POST", "reaction/", {"kind": kind, **about, **members})


def ids(found: dict[str, Any]) -> list[str]:
    return [one["id"] for one in found["results"]]


async def walk(caller: Caller, path: str, **query: Any) -> list[str]:
    """The ids of all reactions on all pages, as the addresses of next pages lead."""
    found = await caller.does("GET", path, **query)
    seen = ids(found)
    while found["next"]:
        assert "api_key" not in found["next"] and "authorization" not in found["next"]  # noqa: PT018
        address = urlsplit(found["next"])
        asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
        found = await caller.does("GET", address.path, **asked)
        assert found["results"]
        seen += ids(found)
    return seen


async def test_a_reaction_is_added_and_shown(api: Api) -> None:
    """Feeds §7.3: exactly these members."""
    user = await api.server.does("POST", "user/", {"id": "bob", "data": {"name": "Bob"}})
    made = await react(api.user("bob"), "comment", data={"text": "Hi"})
    assert set(made) == MEMBERS
    assert UUID(made["id"])
    assert made["user"] == user
    assert (made["kind"], made["activity_id"], made["user_id"], made["data"], made["parent"]) == (
        "comment", ROOT, "bob", {"text": "Hi"}, "",
    )  # fmt: skip
    assert (made["latest_children"], made["children_counts"]) == ({}, {})
    assert made["created_at"] == made["updated_at"]
    assert made["created_at"].endswith("Z")
    assert len(made["created_at"]) == 27
    for caller in (api.server, api.user("carl")):
        assert await caller.does("GET", f"reaction/{made['id']}") == made


async def test_what_python_sends(api: Api) -> None:
    """Feeds §1.2: null for what is not given; a parent without an activity."""
    nothing = dict.fromkeys(("data", "target_feeds", "target_feeds_extra_data", "id", "moderation_template"))
    made = await react(api.server, user_id="bob", **nothing)
    assert made["data"] == {}
    assert made["user"] == {
        "id": "bob", "error": "ReferenceNotFound", "reference": "SU:bob", "reference_type": "user",
    }  # fmt: skip
    child = await react(api.server, parent=made["id"], user_id="carl", activity_id=None)
    assert (child["activity_id"], child["parent"]) == (ROOT, made["id"])
    changed = await api.server.does("PUT", f"reaction/{made['id']}", {"data": None, "target_feeds": None})
    assert changed["data"] == {}


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"kind": None}, "kind"), ({"activity_id": None}, "activity_id"), ({"activity_id": "garbage"}, "activity_id"),
        ({"data": "text"}, "data"), ({"data": []}, "data"), ({"parent": "nobody"}, "parent"),
        ({"id": "a b"}, "id"), ({"target_feeds": "user:1"}, "target_feeds"),
        ({"target_feeds": [f"user:{n}" for n in range(21)]}, "target_feeds"),
    ],
)  # fmt: skip
async def test_a_body_that_makes_no_reaction(api: Api, members: dict[str, Any], field: str) -> None:
    body = {"kind": "like", "activity_id": ROOT, "user_id": "bob", **members}
    found = await api.server.fails("POST", "reaction/", body)
    assert (found.meaning, list(found.fields)) == (INPUT, [field])


async def test_more_than_can_be_kept(api: Api) -> None:
    body = {"kind": "like", "activity_id": ROOT, "user_id": "bob", "data": {"x": "y" * 10_240}}
    assert (await api.server.fails("POST", "reaction/", body)).meaning[:2] == (413, 18)
    body |= {
        "data": {},
        "target_feeds": ["user:bob"],
        "target_feeds_extra_data": {"x": "y" * 10_240},
        "id": "mine",
    }
    assert (await api.server.fails("POST", "reaction/", body)).meaning[:2] == (413, 18)
    assert (await api.server.fails("GET", "reaction/mine/")).meaning == MISSING


async def test_levels(api: Api) -> None:
    """Feeds §7.3: a fourth one is refused."""
    parent = await react(api.user("bob"), "comment")
    for _ in range(2):
        parent = await react(api.user("bob"), "comment", parent=parent["id"])
    found = await api.server.fails(
        "POST", "reaction/", {"kind": "x", "parent": parent["id"], "user_id": "bob"}
    )
    assert (found.meaning, list(found.fields)) == (INPUT, ["parent"])


async def test_an_id_is_taken_once(api: Api) -> None:
    made = await react(api.user("bob"), id="mine.1")
    assert made["id"] == "mine.1"
    body = {"kind": "like", "activity_id": ROOT, "id": "mine.1"}
    assert (await api.user("carl").fails("POST", "reaction/", body)).meaning == TAKEN


async def test_a_server_says_for_whom(api: Api) -> None:
    """Feeds §4: code 10."""
    body = {"kind": "like", "activity_id": ROOT}
    assert (await api.server.fails("POST", "reaction/", body)).meaning == NO_USER
    assert (await api.server.does("POST", "reaction/", body, user_id="bob"))["user_id"] == "bob"


async def test_what_users_may(api: Api) -> None:
    """Feeds §2.5: react as oneself; change, delete and restore one's own; absent ones are missed by everybody."""
    bob, carl = api.user("bob"), api.user("carl")
    body = {"kind": "like", "activity_id": ROOT}
    assert (await bob.fails("POST", "reaction/", {**body, "user_id": "carl"})).meaning == INPUT
    assert (await bob.does("POST", "reaction/", {**body, "user_id": "bob"}))["user_id"] == "bob"
    made = await react(bob)
    path = f"reaction/{made['id']}/"
    for caller, meaning in ((carl, DENIED), (api.user("bob "), DENIED)):
        assert (await caller.fails("PUT", path, {"data": {"x": 1}})).meaning == meaning
        assert (await caller.fails("DELETE", path)).meaning == meaning
        assert (await caller.fails("DELETE", path, soft="true")).meaning == meaning
        assert (await caller.fails("PUT", path, {"data": "x"})).meaning == INPUT
    assert await carl.does("GET", path) == made
    await bob.does("DELETE", path, soft=True)
    assert (await carl.fails("PUT", f"{path}restore/")).meaning == DENIED
    await bob.does("PUT", f"{path}restore/")
    await bob.does("DELETE", path)
    for caller in (bob, carl, api.server):
        assert (await caller.fails("GET", path)).meaning == MISSING
        assert (await caller.fails("PUT", path, {"data": {}})).meaning == MISSING
        assert (await caller.fails("DELETE", path)).meaning == MISSING
        assert (await caller.fails("PUT", f"{path}restore/")).meaning == MISSING


async def test_a_token_for_something_else(api: Api) -> None:
    reader = api.bearing({"resource": "reactions", "action": "read", "feed_id": "*"})
    other = api.bearing({"resource": "feed", "action": "*", "feed_id": "*"})
    made = await react(api.user("bob"))
    path = f"reaction/{made['id']}/"
    assert await reader.does("GET", path) == made
    for caller, method in ((reader, "DELETE"), (reader, "PUT"), (other, "GET"), (other, "DELETE")):
        assert (await caller.fails(method, path, {} if method == "PUT" else None)).meaning == DENIED


async def test_a_change(api: Api) -> None:
    made = await react(api.user("bob"), data={"x": 1})
    changed = await api.user("bob").does("PUT", f"reaction/{made['id']}/", {"data": {"y": [1.50, None]}})
    assert changed["data"] == {"y": [1.5, None]}
    assert changed["updated_at"] > made["updated_at"]
    assert changed | {"data": 0, "updated_at": 0} == made | {"data": 0, "updated_at": 0}
    assert await api.server.does("GET", f"reaction/{made['id']}/") == changed


async def test_soft_deletion(api: Api) -> None:
    """Feeds §7.3, §14.6: hidden from lists, shown by its id with ``deleted_at``."""
    made = await react(api.user("bob"))
    path = f"reaction/{made['id']}/"
    assert (await api.server.fails("PUT", f"{path}restore/", {})).meaning == MISSING
    assert await api.server.does("DELETE", path, {}, soft="True") == {}
    hidden = await api.server.does("GET", path)
    assert hidden.pop("deleted_at").endswith("Z")
    assert hidden == made
    assert await api.server.does("GET", f"reaction/activity_id/{ROOT}/") == {"results": [], "next": ""}
    assert await api.server.does("GET", "reaction/get_many/", ids=made["id"]) == {"reactions": []}
    shown = await api.server.does("GET", "reaction/get_many/", ids=made["id"], include_deleted="true")
    assert ids({"results": shown["reactions"]}) == [made["id"]]
    assert await api.server.does("PUT", f"{path}restore/", {}) == {}
    assert await api.server.does("GET", path) == made


async def test_several_by_their_ids(api: Api) -> None:
    made = [await react(api.user("bob"), kind) for kind in ("like", "clap", "like")]
    wanted = [made[2]["id"], str(uuid4()), made[0]["id"], made[2]["id"]]
    for spelled in (",".join(wanted), wanted):
        found = await api.server.does("GET", "reaction/get_many/", ids=spelled)
        assert found == {"reactions": [made[2], made[0]]}
    assert (await api.server.fails("GET", "reaction/get_many/")).meaning == INPUT
    many = ",".join(str(uuid4()) for _ in range(101))
    assert (await api.server.fails("GET", "reaction/get_many/", ids=many)).meaning == INPUT


async def test_replies_are_shown(api: Api) -> None:
    """Feeds §7.3: the newest ten over all kinds together, by kind, newest first, with their own replies."""
    bob, carl = api.user("bob"), api.user("carl")
    top = await react(bob, "comment")
    kinds = ["clap", "like", "boo"] * 4
    made = [await react(bob if n % 2 else carl, kind, parent=top["id"]) for n, kind in enumerate(kinds)]
    deep = await react(carl, "like", parent=made[-1]["id"])
    found = await api.server.does("GET", f"reaction/{top['id']}/")
    assert found["children_counts"] == {"boo": 4, "clap": 4, "like": 4}
    newest = made[-1] | {"latest_children": {"like": [deep]}, "children_counts": {"like": 1}}
    assert found["latest_children"] == {
        "boo": [newest, made[8], made[5], made[2]],
        "like": [made[10], made[7], made[4]],
        "clap": [made[9], made[6], made[3]],
    }
    await bob.does("DELETE", f"reaction/{made[5]['id']}/")
    again = await api.server.does("GET", f"reaction/{top['id']}/")
    assert again["children_counts"] == {"boo": 3, "clap": 4, "like": 4}
    assert again["latest_children"]["like"][-1] == made[1]


async def test_own_replies(api: Api) -> None:
    """Feeds §7.3: the newest five of each kind, of the token's user, of ``user_id`` or of ``children_user_id``."""
    bob, carl = api.user("bob"), api.user("carl")
    top = await react(bob, "comment")
    likes = [await react(bob, "like", parent=top["id"]) for _ in range(7)]
    clap = await react(bob, "clap", parent=top["id"])
    await react(carl, "like", parent=top["id"])
    path = f"reaction/{top['id']}/"
    assert "own_children" not in await bob.does("GET", path)
    own = {"clap": [clap["id"]], "like": [one["id"] for one in likes[:-6:-1]]}

    async def found(caller: Caller, **query: Any) -> dict[str, list[str]]:
        told = (await caller.does("GET", path, withOwnChildren="true", **query))["own_children"]
        return {kind: [one["id"] for one in several] for kind, several in told.items()}

    assert await found(bob) == own
    assert await found(api.server, user_id="bob") == own
    assert await found(carl, children_user_id="bob") == own
    assert await found(bob, withOwnChildrenKinds="clap") == {"clap": own["clap"]}
    assert await found(bob, with_own_children_kinds=["like", "boo"]) == {"like": own["like"]}
    assert await found(api.user("dave")) == {}
    assert len((await found(api.server))["like"]) == 5
    listed = await bob.does("GET", f"reaction/activity_id/{ROOT}/", with_own_children="true")
    assert [one["id"] for one in listed["results"][0]["own_children"]["clap"]] == own["clap"]


async def test_lists(api: Api) -> None:
    """Feeds §7.3: those to an activity at the top, those to a reaction, those of a user; newest first."""
    bob, carl = api.user("bob"), api.user("carl")
    first, second = await react(bob, "comment"), await react(carl, "like")
    child = await react(bob, "like", parent=first["id"])
    elsewhere = await react(bob, "like", activity_id=str(uuid1()))

    async def listed(path: str, **query: Any) -> list[str]:
        return ids(await api.server.does("GET", f"reaction/{path}/", **query))

    assert await listed(f"activity_id/{ROOT}") == [second["id"], first["id"]]
    assert await listed(f"activity_id/{ROOT.upper()}") == [second["id"], first["id"]]
    assert await listed(f"activity_id/{ROOT}/like") == [second["id"]]
    assert await listed(f"activity_id/{ROOT}", kind="like", activity_id=ROOT) == [second["id"]]
    assert await listed(f"reaction_id/{first['id']}") == [child["id"]]
    assert await listed(f"reaction_id/{first['id']}/comment") == []
    assert await listed("user_id/bob") == [elsewhere["id"], child["id"], first["id"]]
    assert await listed("user_id/bob/like", user_id="bob") == [elsewhere["id"], child["id"]]
    assert await listed(f"activity_id/{ROOT}", filter_user_id="bob") == [first["id"]]
    assert await listed(f"activity_id/{ROOT}", user_id="carl") == [second["id"]]
    assert await listed(f"activity_id/{ROOT}/like", user_id="bob") == []
    for nothing in ("activity_id/garbage", f"activity_id/{uuid4()}", "reaction_id/nobody", "user_id/nobody"):
        assert await listed(nothing) == []
    assert (await api.server.fails("GET", f"reaction/kind/{ROOT}/")).meaning == INPUT


async def test_pages(api: Api) -> None:
    """Feeds §7.3, §14.8: cursors, their directions, and the last page, which has no next one."""
    bob = api.user("bob")
    made = [(await react(bob, "like"))["id"] for _ in range(12)]
    newest = made[::-1]
    path = f"reaction/activity_id/{ROOT}/like/"
    assert await walk(api.server, path, limit=5) == newest
    assert await walk(api.server, path, limit=4) == newest
    assert await walk(bob, f"reaction/activity_id/{ROOT}/", limit=5) == newest
    assert await walk(bob, "reaction/user_id/bob/", limit=5) == newest

    async def listed(**query: Any) -> list[str]:
        return ids(await bob.does("GET", path, **{"limit": 50, **query}))

    assert await listed(id_lt=made[3]) == made[2::-1]
    assert await listed(id_lte=made[3]) == made[3::-1]
    assert await listed(id_gt=made[3]) == made[4:]
    assert await listed(id_gte=made[3]) == made[3:]
    assert await listed(id_gte=made[3], id_lt=made[6]) == made[3:6]
    assert await walk(bob, path, limit=3, id_gte=made[2]) == made[2:]
    assert await walk(bob, path, limit=3, id_gt=made[2], id_lte=made[10]) == made[3:11]
    assert ids(await bob.does("GET", path)) == newest[:10]


async def test_cursors_that_are_nobody(api: Api) -> None:
    """Feeds §7.3: compared by the time they have in them; those without one say nothing."""
    bob = api.user("bob")
    before = str(uuid1())
    made = [(await react(bob))["id"] for _ in range(3)]
    after = str(uuid1())
    path = f"reaction/activity_id/{ROOT}/"

    async def listed(**query: Any) -> list[str]:
        return ids(await bob.does("GET", path, **query))

    assert await listed(id_lt=after) == await listed(id_lte=after) == made[::-1]
    assert await listed(id_lt=before) == await listed(id_gt=after) == []
    assert await listed(id_gt=before) == await listed(id_gte=before) == made
    assert await listed(id_lt="nobody") == await listed(id_lt=str(uuid4())) == made[::-1]
    assert await listed(id_gt="nobody") == made
    for edge in ("00000000-0000-1000-8080-808080808080", "ffffffff-ffff-1fff-8080-808080808080"):
        assert len(await listed(id_lt=edge)) in (0, 3)
        assert len(await listed(id_gte=edge)) in (0, 3)
    await bob.does("DELETE", f"reaction/{made[1]}/", soft="true")
    assert await listed(id_lt=made[1]) == made[:1]


async def test_how_many(api: Api) -> None:
    """Feeds §7.3: at most 25 of all kinds, 100 of one, and never an error for more."""
    bob = api.user("bob")
    for n in range(27):
        await react(bob, "like" if n % 2 else "clap")
    path = f"reaction/activity_id/{ROOT}/"
    assert len(ids(await bob.does("GET", path, limit=300))) == 25
    assert len(ids(await bob.does("GET", f"{path}like/", limit=300))) == 13
    for bad in ("x", "0", "-1", "1.5"):
        assert (await bob.fails("GET", path, limit=bad)).meaning == INPUT


async def test_with_the_activity(api: Api) -> None:
    """Feeds §7.3: ``with_activity_data``."""
    user = await api.server.does("POST", "user/", {"id": "ada", "data": {}})
    bob = api.user("bob")
    activity = await api.server.does(
        "POST", "feed/user/ada/", {"actor": "SU:ada", "verb": "eat", "object": "cake"}
    )
    like = await react(bob, activity_id=activity["id"])
    found = await bob.does("GET", f"reaction/activity_id/{activity['id']}/", with_activity_data="true")
    assert found["activity"] == activity | {
        "actor": user, "own_reactions": {"like": [like]}, "latest_reactions": {"like": [like]},
        "latest_reactions_extra": {"like": {"next": ""}}, "reaction_counts": {"like": 1},
    }  # fmt: skip
    other = await bob.does("GET", "reaction/user_id/bob/", with_activity_data="true")
    assert set(other) == {"results", "next"}


async def test_feeds_are_told(api: Api) -> None:
    """Feeds §7.3: ``target_feeds``, and what goes along in the answer to whoever said it."""
    bob = api.user("bob")
    told = {"target_feeds": ["user:bob", "notification:ada"], "target_feeds_extra_data": {"custom": "yay"}}
    made = await react(bob, "comment", **told)
    assert made["target_feeds_extra_data"] == {"custom": "yay"}
    assert made["target_feeds"] == told["target_feeds"]
    stored = await api.server.does("GET", f"reaction/{made['id']}/")
    assert set(stored) == MEMBERS | {"target_feeds"}
    page = await api.server.does("GET", "feed/user/bob/")
    assert page["results"][0] | {"id": ""} == {
        "id": "", "actor": "SU:bob", "verb": "comment", "object": f"SA:{ROOT}", "target": "", "origin": None,
        "foreign_id": f"reaction:{made['id']}", "time": made["created_at"][:-1], "reaction": f"SR:{made['id']}",
        "custom": "yay",
    }  # fmt: skip
    denied = {"data": {}, "target_feeds": ["timeline:ada"]}
    assert (await bob.fails("PUT", f"reaction/{made['id']}/", denied)).meaning == DENIED
    assert (await bob.fails("PUT", f"reaction/{uuid4()}/", denied)).meaning == MISSING
    unknown = {"target_feeds": ["nothing:ada"]}
    assert (await bob.fails("PUT", f"reaction/{made['id']}/", unknown)).meaning == NO_GROUP
    body = {"kind": "like", "activity_id": ROOT, "target_feeds": ["user:ada"]}
    assert (await bob.fails("POST", "reaction/", body)).meaning == DENIED
    assert (await bob.fails("POST", "reaction/", body | unknown)).meaning == NO_GROUP
    await bob.does("PUT", f"reaction/{made['id']}/", {"target_feeds": []})
    assert (await api.server.does("GET", "feed/user/bob/"))["results"] == []


async def test_who_did_what_is_noted(api: Api) -> None:
    """Feeds §7.8."""
    made = await react(api.user("bob"))
    path = f"reaction/{made['id']}/"
    await api.user("bob").does("PUT", path, {"data": {"x": 1}})
    await api.server.does("DELETE", path, user_id="eve")
    found = await api.server.does("GET", "audit_logs/", entity_type="reaction", entity_id=made["id"])
    deeds = [(one["action"], one["user_id"]) for one in found["audit_logs"]]
    assert deeds == [("delete", "eve"), ("update", "bob"), ("create", "bob")]


async def test_tenants_do_not_meet(api: Api) -> None:
    north = await api.tenant("north")
    made = await react(api.server, user_id="bob", id="mine")
    assert (await north.server.fails("GET", "reaction/mine/")).meaning == MISSING
    assert ids(await north.server.does("GET", f"reaction/activity_id/{ROOT}/")) == []
    theirs = await react(north.server, "clap", user_id="bob", id="mine")
    assert await api.server.does("GET", "reaction/mine/") == made
    assert await north.server.does("GET", "reaction/user_id/bob/") == {"results": [theirs], "next": ""}


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
BODIES = some.fixed_dictionaries(
    {},
    optional={
        "kind": some.just("like") | JSON, "activity_id": some.just(ROOT) | JSON, "parent": JSON, "data": JSON,
        "user_id": some.just("bob") | JSON, "id": JSON, "target_feeds": some.just(["user:bob"]) | JSON,
        "target_feeds_extra_data": JSON,
    },
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES | JSON)
async def test_no_body_is_our_fault(api: Api, body: Any) -> None:
    """Feeds §4: never a 5xx; what was accepted can be read."""
    sent = json.dumps(body).encode()
    answer = await api.server("POST", "reaction/", sent)
    assert answer.status_code < 500, (body, answer.text)
    if answer.status_code == 201:
        found = await api.server("GET", f"reaction/{answer.json()['id']}/")
        assert found.status_code == 200
        changed = await api.server("PUT", f"reaction/{answer.json()['id']}/", sent)
        assert changed.status_code < 500


WORDS = some.sampled_from(
    ("", "1", "-1", "0", "x", "true", ROOT, "bob", "like,clap", "99999999999999999999", "\u00e9")
)
NAMES = (
    "limit", "id_lt", "id_lte", "id_gt", "id_gte", "kind", "user_id", "filter_user_id", "children_user_id", "ids",
    "with_activity_data", "withOwnChildren", "with_own_children_kinds[]", "withOwnReactions", "withRecentReactions",
    "withFirstReactions", "withReactionCounts", "reactionKindsFilter[]", "recentReactionsLimit", "reaction_limit",
)  # fmt: skip
PATHS = (
    f"reaction/activity_id/{ROOT}/", "reaction/user_id/bob/like/", "reaction/reaction_id/x/", "reaction/get_many/",
    "reaction/x/", "enrich/feed/user/ada/", "enrich/activities/",
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=some.sampled_from(PATHS),
    query=some.dictionaries(some.sampled_from(NAMES), WORDS | some.lists(WORDS)),
)
async def test_no_query_is_our_fault(api: Api, path: str, query: dict[str, Any]) -> None:
    """Feeds §4: never a 5xx."""
    assert (await api.server("GET", path, **query)).status_code < 500
