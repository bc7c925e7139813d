"""Enriched pages at the door (Feeds §9)."""

from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit
from uuid import uuid4

import pytest
from feedsapi import Api, Caller

pytestmark = pytest.mark.anyio

INPUT = (400, 4, "InputException")
ACTIVITY = {"id", "actor", "verb", "object", "target", "foreign_id", "time", "origin"}
NOBODY = "00000000-0000-0000-0000-000000000000"


async def add(caller: Caller, **members: Any) -> dict[str, Any]:
    usual = {"actor": "SU:ada", "verb": "eat", "object": "cake"}
    return await caller.does("POST", "feed/user/ada/", usual | members)


async def react(
    caller: Caller, activity: dict[str, Any], kind: str = "like", **members: Any
) -> dict[str, Any]:
    about = {} if "parent" in members else {"activity_id": activity["id"]}
    return await caller.does("POST", "reaction/", {"kind": kind, **about, **members})


async def page(caller: Caller, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.does("GET", "enrich/feed/user/ada/", **query))["results"]
    return found


async def user(api: Api, id: str) -> dict[str, Any]:
    return await api.server.does("POST", "user/", {"id": id, "data": {"name": id.title()}})


async def follow(caller: Caller, address: SplitResult) -> dict[str, Any]:
    """What is found at the address of a page."""
    return await caller.does("GET", address.path, **parse_qs(address.query))


def names(told: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {kind: [one["id"] for one in several] for kind, several in told.items()}


async def test_references_are_replaced(api: Api) -> None:
    """Feeds §9.1: users, entries, activities and reactions, in any member at the top but those with a meaning."""
    ada = await user(api, "ada")
    cake = await api.server.does("POST", "collections/food/", {"id": "1", "data": {"name": "Cake"}})
    first = await add(api.server)
    like = await react(api.user("bob"), first)
    made = await add(
        api.server, object="SO:food:1", target="SU:ada", about=f"SA:{first['id']}", why=f"SR:{like['id']}",
        foreign_id="SU:ada", verb="SU:ada", plain="SU", inner={"user": "SU:ada"}, several=["SU:ada"],
    )  # fmt: skip
    found = await page(api.server)
    assert found[1] == first | {"actor": ada}
    assert found[0] == made | {
        "actor": ada, "object": cake, "target": ada, "about": first | {"actor": ada}, "why": like,
    }  # fmt: skip
    flat = await api.server.does("GET", "feed/user/ada/")
    assert flat["results"] == [made, first]
    by_id = await api.server.does("GET", "enrich/activities/", ids=f"{first['id']},{made['id']}")
    assert by_id == {"results": [found[1], found[0]]}


async def test_what_is_not_there(api: Api) -> None:
    """Feeds §9.3: no error, but what says so."""
    hidden = await react(api.user("bob"), {"id": NOBODY})
    await api.user("bob").does("DELETE", f"reaction/{hidden['id']}/", soft="true")
    made = await add(
        api.server, object="SO:food:x", a=f"SA:{NOBODY}", b=f"SA:{uuid4()}", c="SR:r1", d=f"SR:{hidden['id']}"
    )
    found = (await page(api.server))[0]

    def missing(member: str, kind: str, **more: str) -> dict[str, str]:
        reference = made[member]
        told = {"id": reference.rpartition(":")[2], "error": "ReferenceNotFound", "reference": reference}
        return {**told, "reference_type": kind, **more}

    assert found == made | {
        "actor": missing("actor", "user"), "object": missing("object", "object", collection="food"),
        "a": missing("a", "activity"), "b": missing("b", "activity"), "c": missing("c", "reaction"),
        "d": missing("d", "reaction"),
    }  # fmt: skip


async def test_activities_in_activities(api: Api) -> None:
    """Feeds §9.1: themselves enriched with the same flags, three levels deep, also in a circle."""
    first = await add(api.server, foreign_id="a", time="2021-02-24T00:12:01")
    for foreign_id in "bcde":
        first = await add(api.server, foreign_id=foreign_id, object=f"SA:{first['id']}")
    await add(api.server, foreign_id="a", time="2021-02-24T00:12:01", object=f"SA:{first['id']}")
    await react(api.user("bob"), first)
    newest = (await page(api.server, withReactionCounts="true"))[0]
    assert newest["reaction_counts"] == {"like": 1}
    inner, levels = newest, 0
    while isinstance(inner["object"], dict):
        inner, levels = inner["object"], levels + 1
        assert inner["reaction_counts"] == {}
        assert inner["actor"]["reference"] == "SU:ada"
    assert levels == 3
    assert inner["object"].startswith("SA:")


async def test_a_page_has_its_share_of_references(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page refers to beyond its share stays a reference."""
    monkeypatch.setattr("streams.feeds.referents.OF_A_KIND_MAX", 3)
    members = {f"m{n}": f"SU:u{n}" for n in range(9)}
    made = await add(api.server, **members)
    found = (await page(api.server))[0]
    replaced = [name for name in found if found[name] != made.get(name)]
    assert len(replaced) == 3


async def test_no_flag_adds_nothing(api: Api) -> None:
    """Feeds §9.2: members appear when their flag is on, and then always."""
    made = await add(api.server)
    assert set((await page(api.server))[0]) == ACTIVITY
    flags = {
        "withOwnReactions": {"own_reactions"}, "with_own_reactions": {"own_reactions"},
        "withRecentReactions": {"latest_reactions", "latest_reactions_extra"},
        "withFirstReactions": {"first_reactions"}, "withReactionCounts": {"reaction_counts"},
    }  # fmt: skip
    for flag, members in flags.items():
        for yes in ("true", "True", "1"):
            found = (await page(api.server, **{flag: yes}))[0]
            assert set(found) == ACTIVITY | members
            assert all(found[member] == {} for member in members)
        assert set((await page(api.server, **{flag: "false"}))[0]) == ACTIVITY
    flat = await api.server.does("GET", "feed/user/ada/", withOwnReactions="true")
    assert flat["results"] == [made]


async def test_reactions_beside_activities(api: Api) -> None:
    """Feeds §9.2: own, latest, first and counted ones, of some kinds only if those are named."""
    bob, carl = api.user("bob"), api.user("carl")
    activity, other = await add(api.server), await add(api.server)
    likes = [await react(bob if n % 2 else carl, activity) for n in range(14)]
    clap = await react(bob, activity, "clap")
    gone = await react(bob, activity, "boo")
    await bob.does("DELETE", f"reaction/{gone['id']}/")
    await react(carl, other)
    everything = {
        "withOwnReactions": "true", "withRecentReactions": "true", "withFirstReactions": "true",
        "withReactionCounts": "true",
    }  # fmt: skip
    mine = [one["id"] for one in likes if one["user_id"] == "bob"]
    latest = [one["id"] for one in likes[:-6:-1]]
    found = (await page(bob, **everything))[1]
    assert found["reaction_counts"] == {"boo": 0, "clap": 1, "like": 14}
    assert names(found["own_reactions"]) == {"clap": [clap["id"]], "like": mine[:-6:-1]}
    assert names(found["latest_reactions"]) == {"clap": [clap["id"]], "like": latest}
    assert names(found["first_reactions"]) == {"clap": [clap["id"]], "like": [one["id"] for one in likes[:5]]}
    assert found["latest_reactions"]["clap"] == [clap]
    some = (await page(bob, **everything, reactionKindsFilter="clap,boo"))[1]
    assert some["reaction_counts"] == {"boo": 0, "clap": 1}
    for member in ("own_reactions", "latest_reactions", "first_reactions"):
        assert names(some[member]) == {"clap": [clap["id"]]}
    bracketed = await page(bob, **everything, **{"reactionKindsFilter[]": ["clap", "boo"]})
    assert bracketed[1] == some
    as_carl = (await page(api.server, **everything, user_id="carl"))[1]
    assert set(names(as_carl["own_reactions"])) == {"like"}
    nobody = (await page(api.server, **everything))[1]
    assert nobody["own_reactions"] == nobody["latest_reactions"]
    assert (await page(api.user("dave"), **everything))[1]["own_reactions"] == {}


@pytest.mark.parametrize("name", ["recentReactionsLimit", "reaction_limit"])
async def test_where_the_others_are(api: Api, name: str) -> None:
    """Feeds §9.2: an absolute address of exactly these parameters, which leads to what does not show."""
    activity = await add(api.server)
    made = [(await react(api.user("bob"), activity, "a kind/ö"))["id"] for _ in range(7)][::-1]
    await react(api.user("bob"), activity, "like")
    found = (await page(api.user("carl"), withRecentReactions="true", **{name: 4}))[0]
    assert names(found["latest_reactions"])["a kind/ö"] == made[:4]
    extra = found["latest_reactions_extra"]
    assert extra["like"] == {"next": ""}
    address = urlsplit(extra["a kind/ö"]["next"])
    assert f"{address.scheme}://{address.netloc}" == "http://127.0.0.1:8000"
    assert parse_qs(address.query) == {"id_lt": [made[3]], "limit": ["4"], "withOwnChildren": ["false"]}
    rest = await follow(api.user("carl"), address)
    assert names({"x": rest["results"]}) == {"x": made[4:]}
    named = await page(
        api.server, withRecentReactions="1", user_id="carl", withOwnChildren="1", recentReactionsLimit=2
    )
    address = urlsplit(named[0]["latest_reactions_extra"]["a kind/ö"]["next"])
    assert parse_qs(address.query) == {
        "id_lt": [made[1]], "limit": ["2"], "withOwnChildren": ["true"], "user_id": ["carl"],
    }  # fmt: skip
    rest = await follow(api.server, address)
    assert names({"x": rest["results"]}) == {"x": made[2:4]}
    many = await page(api.server, withRecentReactions="1", **{name: 99})
    assert many[0]["latest_reactions_extra"]["a kind/ö"] == {"next": ""}
    assert (await api.server.fails("GET", "enrich/feed/user/ada/", **{name: "x"})).meaning == INPUT


async def test_replies_beside_reactions(api: Api) -> None:
    """Feeds §9.2: ``withOwnChildren`` gives every reaction ``own_children``."""
    bob = api.user("bob")
    activity = await add(api.server)
    comment = await react(bob, activity, "comment")
    reply = await react(bob, activity, "comment", parent=comment["id"])
    deep = await react(bob, activity, "like", parent=reply["id"])
    shown = (await page(bob, withRecentReactions="true"))[0]["latest_reactions"]["comment"][0]
    assert "own_children" not in shown
    inner = reply | {"latest_children": {"like": [deep]}, "children_counts": {"like": 1}}
    assert shown["latest_children"] == {"comment": [inner]}
    flags = {"withRecentReactions": "true", "withOwnChildren": "true"}
    shown = (await page(bob, **flags))[0]["latest_reactions"]["comment"][0]
    assert names(shown["own_children"]) == {"comment": [reply["id"]]}
    assert names(shown["latest_children"]["comment"][0]["own_children"]) == {"like": [deep["id"]]}
    assert shown["own_children"] == shown["latest_children"]
    other = (await page(api.user("carl"), **flags))[0]["latest_reactions"]["comment"][0]
    assert other["own_children"] == {}


async def test_the_next_page_is_enriched_too(api: Api) -> None:
    """Feeds §6.3: its address carries the flags on."""
    made = [await add(api.server) for _ in range(3)]
    flags = {"withReactionCounts": "true", "reactionKindsFilter[]": ["like", "clap"], "user_id": "bob"}
    found = await api.server.does("GET", "enrich/feed/user/ada/", limit=2, **flags)
    address = urlsplit(found["next"])
    assert address.path == "/api/v1.0/enrich/feed/user/ada/"
    assert parse_qs(address.query) == {
        "id_lt": [made[1]["id"]], "limit": ["2"], "withReactionCounts": ["true"], "user_id": ["bob"],
        "reactionKindsFilter[]": ["like", "clap"],
    }  # fmt: skip
    last = await follow(api.server, address)
    assert [one["id"] for one in last["results"]] == [made[0]["id"]]
    assert last["results"][0]["reaction_counts"] == {}
    assert last["next"] == ""


async def test_what_a_reaction_told(api: Api) -> None:
    """Feeds §7.3: the activity that tells of a reaction shows both when it is enriched."""
    ada, bob = await user(api, "ada"), await user(api, "bob")
    activity = await add(api.server)
    comment = await react(api.user("bob"), activity, "comment", target_feeds=["user:bob"])
    told = await api.user("ada").does("GET", "enrich/feed/user/bob/")
    assert told["results"][0]["actor"] == bob
    assert told["results"][0]["object"] == activity | {"actor": ada}
    assert told["results"][0]["reaction"] == comment
    assert comment["target_feeds"] == ["user:bob"]
