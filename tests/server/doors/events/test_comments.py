"""Comments and votes over HTTP (Events §8, §10)."""

import pytest
from eventsapi import EVENT, EVENT_ID, Api, Caller

pytestmark = pytest.mark.anyio


def _comment(text: str, on: str = EVENT_ID) -> dict[str, object]:
    return {"origin": "desk.web", "comment": text, "involves": [{"COMMENTED_ON": on}]}


async def test_a_comment_is_kept_and_found(events_api: Api) -> None:
    """Events §8: the author is the current user unless the message says who."""
    await events_api.admin.does("POST", "events", EVENT)
    bo = await events_api.caller("bo")
    made = await bo(
        "POST", "comments", _comment("#fog again – Ada@Employee/ada please check @Vessel/Kestrel-9")
    )
    assert made.status_code == 201, made.text
    id = made.json()["_stream_id"]
    for path in (f"comment/{id}", f"events/{id}"):
        assert (await bo.does("GET", path))["comment"].startswith("#fog")

    async def listed(path: str, **query: str) -> list[str]:
        return [one["_stream_id"] for one in await bo.does("GET", path, **query)]

    assert await listed(f"comments/{EVENT_ID}") == [id]
    assert await listed(f"events/{EVENT_ID}/comments") == [id]
    assert await listed("comments/ASUser/bo", type="COMMENTS") == [id]
    assert await listed("comments/Vessel/Kestrel-9", type="MENTIONS") == [id]
    assert await listed("comments/Vessel/Kestrel-9") == []
    assert await listed("comments/tags/fog") == [id]
    reply = (await bo.does("POST", "comments", _comment("yes", id)))["_stream_id"]
    assert await listed(f"comments/{id}") == [reply]
    assert (await bo.fails("GET", "comments/Vessel/Kestrel-9", type="LOVES")).status == 400
    assert (await bo.fails("GET", "comments/fog")).status == 400


async def test_a_comment_on_an_entity(events_api: Api) -> None:
    await events_api.admin.does("POST", "events", EVENT)
    made = await events_api.admin.does("POST", "comments", _comment("fine", "Vessel/Kestrel-9"))
    found = await events_api.admin.does("GET", "entities/Vessel/Kestrel-9/comments")
    assert [one["_stream_id"] for one in found] == [made["_stream_id"]]


async def test_a_comment_on_nothing(events_api: Api) -> None:
    """Events §8: and nothing of an array is kept when one of it cannot be."""
    await events_api.admin.does("POST", "events", EVENT)
    nothing = _comment("?", "00000000-0000-3000-8000-000000000000")
    refused = await events_api.admin("POST", "comments", [_comment("fine"), nothing])
    assert refused.status_code == 400
    assert refused.json()[1]["_valid"] is False
    assert refused.json()[1]["_errors"][0]["code"] == "invalid_reference"
    assert await events_api.admin.does("GET", f"comments/{EVENT_ID}") == []


async def test_checking_comments_and_votes(events_api: Api) -> None:
    for base in ("/api/v1/as", "/api/v1"):
        assert (await events_api.admin.does("POST", f"{base}/comments/validate", _comment("x")))["_valid"]
        assert not (await events_api.admin.does("POST", f"{base}/comments/validate", {}))["_valid"]
        vote = {"involves": [{"BUMP_UP": EVENT_ID}]}
        assert (await events_api.admin.does("POST", f"{base}/bumps/validate", vote))["_valid"]
        assert not (await events_api.admin.does("POST", f"{base}/bumps/validate", {}))["_valid"]
        assert not (await events_api.admin.does("POST", f"{base}/entities/validate", {}))["_valid"]


async def test_votes(events_api: Api) -> None:
    """Events §10: one by each actor on each thing; a later one takes the place of the earlier."""
    await events_api.admin.does("POST", "events", EVENT)
    made = await events_api.admin(
        "POST", "bumps",
        {"involves": [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": EVENT_ID}, {"BUMP_DOWN": "Vessel/Kestrel-9"}]},
    )  # fmt: skip
    assert made.status_code == 201, made.text
    assert len(made.json()) == 2
    bo = await events_api.caller("bo")
    assert (await bo("POST", "bumps", {"involves": [{"BUMP_UP": EVENT_ID}]})).status_code == 201
    assert (await bo.does("GET", f"events/{EVENT_ID}"))["_bumps"] == {"up": 2, "down": 0, "neutral": 0}
    await bo.does("POST", "bumps", {"involves": [{"BUMP_NEUTRAL": EVENT_ID}]})
    assert (await bo.does("GET", f"events/{EVENT_ID}"))["_bumps"] == {"up": 1, "down": 0, "neutral": 1}
    assert len(await bo.does("GET", f"events/{EVENT_ID}/bumps")) == 2
    assert len(await bo.does("GET", "entities/Vessel/Kestrel-9/bumps")) == 1
    assert len(await bo.does("GET", "entities/Employee/Ada/bumped")) == 2


async def test_a_program_is_no_voter(events_api: Api) -> None:
    """Events §1.2: without a current user somebody must be named."""
    await events_api.admin.does("POST", "events", EVENT)
    program = await events_api.caller(None)
    refused = await program("POST", "bumps", {"involves": [{"BUMP_UP": EVENT_ID}]})
    assert refused.status_code == 400
    assert refused.json()["_errors"][0]["code"] == "missing_field"


async def test_who_owns_what_a_comment_is_on_may_hide_it(events_api: Api) -> None:
    """Events §8: by rules; the author may as well, and nobody else. It is not counted for who may not know of it."""
    ada, bo, eve = [await events_api.caller(name) for name in ("ada", "bo", "eve")]
    event = (await ada.does("POST", "events", {**EVENT, "involves": [{"ACTOR": "ASUser/ada"}]}))["_stream_id"]
    said = await bo.does("POST", "comments", {"comment": "rude", "involves": [{"COMMENTED_ON": event}]})
    comment, hidden = f"comment/{said['_stream_id']}", {"acl": [{"READ": "ASUser/ada"}]}

    async def seen(who: Caller) -> list[int]:
        shown = await who.does("GET", f"events/{event}")
        return [shown["_comments"], len(await who.does("GET", f"comments/{event}"))]

    assert (await eve("PUT", comment, hidden)).status_code == 403
    assert (await ada.fails("PUT", comment, {"acl": "x"})).status == 400
    assert (await ada.fails("PUT", comment, {"comment": "nice"})).status == 400
    assert (await ada.does("PUT", comment, hidden))["acl"] == hidden["acl"]
    assert [await seen(who) for who in (ada, bo, eve)] == [[1, 1], [0, 0], [0, 0]]
    assert (
        (await eve("GET", comment)).status_code == (await bo("PUT", comment, {"acl": []})).status_code == 404
    )
    assert "acl" not in await ada.does("PUT", comment, {"acl": []})
    assert [await seen(who) for who in (ada, bo, eve)] == [[1, 1]] * 3
    own = {"acl": [{"MANAGE": "ASUser/bo"}]}
    assert (await bo.does("PUT", comment, own))["comment"] == "rude"
    assert [await seen(who) for who in (ada, bo, eve)] == [[0, 0], [1, 1], [0, 0]]
    assert (await bo("PUT", f"comment/{event}", own)).status_code == 404
    assert (await bo("PUT", comment, {"acl": [{"READ": "ASUser/eve"}]})).status_code == 204
