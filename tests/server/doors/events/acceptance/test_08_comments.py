"""Rows 8 and 10 of the checklist: comments with the tags and mentions in them, and bumps (Events §8, §10)."""

from typing import Any

import pytest
from eventsapi import EVENT, EVENT_ID, Api, remarks

pytestmark = pytest.mark.anyio

FOG = {
    "origin": "desk.web", "comment": "#fog again – Ada@Employee/ada please check @Vessel/Kestrel-9",
    "involves": [{"COMMENTS": "ASUser/bo"}, {"COMMENTED_ON": EVENT_ID}],
}  # fmt: skip
"""The example of Events §8."""
VOTE = {"involves": [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": EVENT_ID}, {"BUMP_DOWN": "Vessel:Tug/Kestrel-9"}]}
"""The example of Events §10."""


async def test_the_example_of_a_comment(api: Api) -> None:
    """Events §8: its text is unchanged; what is in it is found."""
    bo = await api.caller("bo")
    await bo.does("POST", "events", EVENT)
    made = await bo("POST", "comments", FOG)
    assert made.status_code == 201
    told = made.json()
    assert (told["comment"], told["origin"], remarks(told)) == (FOG["comment"], "desk.web", set())
    assert told["aspects"]["tags"] == ["fog"]
    mentions = [one["entity_ref"] for one in told["involves"] if one["role"] == "COMMENT:MENTIONS"]
    assert mentions == ["Employee/ada", "Vessel/Kestrel-9"]
    id = told["_stream_id"]
    for path in (f"comment/{id}", f"comment/{id}/"):
        shown = await bo.does("GET", path)
        assert (shown["_stream_id"], shown["_class"], shown["comment"]) == (id, "ASComment", FOG["comment"])
    for path, query in (
        (f"comments/{EVENT_ID}", {}), (f"events/{EVENT_ID}/comments", {}), ("comments/tags/fog", {}),
        ("comments/ASUser/bo", {"type": "COMMENTS"}), ("comments/Employee/Ada", {"type": "MENTIONS"}),
        ("comments/Vessel/Kestrel-9", {"type": "MENTIONS"}),
    ):  # fmt: skip
        answer = await bo("GET", path, **query)
        assert [one["_stream_id"] for one in answer.json()] == [id], path
        assert answer.headers["x-total-count"] == "1"
    assert await bo.does("GET", "comments/Vessel/Kestrel-9") == []
    assert (await bo.does("GET", f"events/{EVENT_ID}"))["_comments"] == 1


@pytest.mark.parametrize(
    ("text", "mentions", "tags"),
    [
        ("#Fog_7 and #fog-7", [], ["Fog_7", "fog-7"]),
        ("#fog #FOG", [], ["fog"]),
        (f"see @{EVENT_ID}", [EVENT_ID], []),
        ("@bo and @nobody", ["ASUser/bo"], []),
        ("mail a@b.example", [], []),
    ],
)
async def test_what_is_in_a_text(api: Api, text: str, mentions: list[str], tags: list[str]) -> None:
    """Events §8: a name without a type is a user's; what names nobody stays text."""
    bo = await api.caller("bo")
    await api.admin.does("PUT", "entities/ASUser/bo", {"label": "Bo"})
    await bo.does("POST", "events", EVENT)
    made = await bo.does(
        "POST", "comments", {"comment": text, "involves": [{"COMMENTED_ON": "Vessel/Kestrel-9"}]}
    )
    shown = await bo.does("GET", f"comment/{made['_stream_id']}")
    assert shown["comment"] == text
    for tag in tags:
        found = await bo.does("GET", f"comments/tags/{tag}")
        assert [one["_stream_id"] for one in found] == [made["_stream_id"]], tag
    for mention in mentions:
        path = f"comments/{mention}"
        found = await bo.does("GET", path, type="MENTIONS") if "/" in mention else [shown]
        assert [one["_stream_id"] for one in found] == [made["_stream_id"]], mention
        for message in (made, shown):
            assert {"role": "COMMENT:MENTIONS", "entity_ref": mention} in message["involves"]
    again = await bo("POST", "comments", shown)
    assert (again.status_code, again.json()["_stream_id"]) == (200, made["_stream_id"])
    if not mentions:
        assert "MENTIONS" not in str(shown["involves"])


async def test_comments_on_all_kinds_of_things(api: Api) -> None:
    """Events §8: several at once; on comments as well; the author is the current user."""
    bo = await api.caller("bo")
    await bo.does("POST", "events", EVENT)
    both = [{"COMMENTED_ON": EVENT_ID}, {"COMMENTED_ON": "Vessel/Kestrel-9"}]
    first = await bo.does(
        "POST", "comments", {"comment": "x", "involves": both, "aspects": {"tags": ["night"]}}
    )
    assert {"role": "COMMENT:COMMENTS", "entity_ref": "ASUser/bo"} in first["involves"]
    reply = await bo.does(
        "POST", "comments", {"comment": "y", "involves": [{"COMMENTED_ON": first["_stream_id"]}]}
    )
    for path, id in (
        (f"comments/{EVENT_ID}", first), ("comments/Vessel/Kestrel-9", first), ("comments/tags/night", first),
        (f"comments/{first['_stream_id']}", reply),
    ):  # fmt: skip
        assert [one["_stream_id"] for one in await bo.does("GET", path)] == [id["_stream_id"]], path


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"involves": [{"COMMENTED_ON": "Vessel/k"}]}, "comment"),
        ({"comment": "", "involves": [{"COMMENTED_ON": "Vessel/k"}]}, "comment"),
        ({"comment": "x"}, "involves"),
        ({"comment": "x", "involves": [{"COMMENTS": "ASUser/bo"}]}, "involves"),
    ],
)
async def test_what_is_no_comment(api: Api, message: dict[str, Any], field: str) -> None:
    bo = await api.caller("bo")
    answer = await bo("POST", "comments", message)
    assert answer.status_code == 400
    assert field in {where for severity, _, where in remarks(answer.json()) if severity == "error"}


async def test_the_example_of_a_bump(api: Api) -> None:
    """Events §10: one for each actor and target; a later one takes its place; neutral is a value."""
    await api.admin.does("POST", "events", EVENT)
    assert (await api.admin("POST", "bumps", VOTE)).status_code == 201

    async def counts() -> tuple[int, int, int]:
        told = (await api.admin.does("GET", f"events/{EVENT_ID}"))["_bumps"]
        return told["up"], told["down"], told["neutral"]

    assert await counts() == (1, 0, 0)
    await api.admin.does("POST", "bumps", VOTE)
    assert await counts() == (1, 0, 0)
    for vote, expected in (("BUMP_DOWN", (0, 1, 0)), ("BUMP_NEUTRAL", (0, 0, 1))):
        await api.admin.does("POST", "bumps", {"involves": [{"ACTOR": "Employee/Ada"}, {vote: EVENT_ID}]})
        assert await counts() == expected
    bo = await api.caller("bo")
    await bo.does("POST", "bumps", {"involves": [{"BUMP_UP": EVENT_ID}]})
    assert await counts() == (1, 0, 1)
    assert len(await bo.does("GET", f"events/{EVENT_ID}/bumps")) == 2
    assert len(await bo.does("GET", "entities/Vessel/Kestrel-9/bumps")) == 1
    assert len(await bo.does("GET", "entities/Employee/Ada/bumped")) == 2
    assert len(await bo.does("GET", "entities/ASUser/bo/bumped")) == 1
    assert (await bo.does("GET", "entities/Vessel/Kestrel-9"))["_bumps"] == {"up": 0, "down": 1, "neutral": 0}
    for path in ("/api/v1/bumps/validate", "bumps/validate"):
        assert (await bo.does("POST", path, VOTE))["_valid"]
        assert not (await bo.does("POST", path, {"involves": [{"ACTOR": "Employee/Ada"}]}))["_valid"]


async def test_what_a_vote_says_of_entities_is_kept(api: Api) -> None:
    """Events §10, §18.1: any place that takes a reference takes an entity message, and its links."""
    target = {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel", "BELONGS_TO": "Company/north-tow"}
    said = {"involves": [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": target}, {"BUMP_DOWN": "Vessel/Other"}]}
    assert (await api.admin("POST", "bumps", said)).status_code == 201
    shown = await api.admin.does("GET", "entities/Vessel/Kestrel-9")
    assert (shown["aspects"]["presentation"], shown["_bumps"]["up"]) == ({"label": "Kestrel"}, 1)
    [link] = await api.admin.does("GET", "entities/Vessel/Kestrel-9/links")
    assert (link["type"], link["entity_ref"]) == ("BELONGS_TO", "Company/north-tow")
    await api.admin.does("PUT", "entities/Plan/x", {"acl": [{"MANAGE": "ASUser/bo"}]})
    eve = await api.caller("eve")
    grab = {"involves": [{"BUMP_UP": {"entity_ref": "Plan/x", "label": "mine"}}]}
    assert (await eve("POST", "bumps", grab)).status_code == 403
