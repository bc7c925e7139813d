"""Activities of other doors as event messages."""

from typing import Any

import pytest

from vocab import Activity
from vocab.dialects.events import Ref, back

ROOT = "https://north.example"
WHEN = "2031-03-04T05:06:07Z"


def ref_of(iri: str) -> Ref | None:
    if iri == f"{ROOT}/users/ada":
        return Ref("User", "ada")
    if not iri.startswith(f"{ROOT}/entities/"):
        return None
    return Ref.parse(iri.removeprefix(f"{ROOT}/entities/"))


def event(**members: Any) -> dict[str, Any]:
    data = {"id": f"{ROOT}/activities/1", "actor": f"{ROOT}/users/ada", "published": WHEN, **members}
    return back.event(Activity(data), ref_of=ref_of)


def test_a_post_is_an_event_of_its_author() -> None:
    """Events §23.5: told in a sentence, with its document beside."""
    note = {
        "id": f"{ROOT}/objects/2", "type": "Note", "content": "<p>Fog &amp; rain</p>", "name": None,
        "tag": [{"type": "Hashtag", "name": "#fog"}, {"type": "Mention", "name": "@bo", "href": "https://x.example/bo"}],
    }  # fmt: skip
    told = event(type="Create", object=note, bto="https://x.example/secret")
    document = told["properties"].pop("_as2")
    assert "bto" not in document
    assert document["object"] == note
    assert told == {
        "type": "as.activity.create",
        "origin": "north.example",
        "occurred_at": "2031-03-04T05:06:07.000Z",
        "importance": 2,
        "description": "ada created a note: Fog & rain",
        "involves": [
            {"role": "ACTOR", "entity_ref": "User/ada"},
            {"role": "AFFECTS", "entity_ref": f"Note/{ROOT}/objects/2"},
        ],
        "aspects": {"summary": {"content": "Fog & rain"}, "tags": ["fog"]},
        "properties": {},
        "_stream_id": back.stream_id(f"{ROOT}/activities/1"),
        "_class": "as.activity.create",
        "_as2": f"{ROOT}/activities/1",
    }


def test_an_activity_of_a_feed_says_its_verb_and_its_members() -> None:
    told = event(
        **{"type": "Activity", "hw:verb": "Pin it", "hw:custom": {"popularity": 5}},
        object=f"{ROOT}/entities/Place/42", target=f"{ROOT}/entities/board/7",
    )  # fmt: skip
    assert told["type"] == "as.activity.pin-it"
    assert told["properties"] == {"popularity": 5}
    assert [(one["role"], one["entity_ref"]) for one in told["involves"]] == [
        ("ACTOR", "User/ada"), ("AFFECTS", "Place/42"), ("INVOLVES", "board/7"),
    ]  # fmt: skip
    assert event(**{"type": "Like", "hw:verb": "like"}, object="x:1")["type"] == "as.activity.like"


def test_strangers_have_their_addresses_for_ids() -> None:
    bob = {"id": "https://Far.example/bob", "type": "Person", "name": "Bob"}
    told = back.event(
        Activity(
            {"id": "https://Far.example/1", "type": "Like", "actor": bob, "object": "https://far.example/9"}
        ),
        ref_of=ref_of,
    )
    assert told["origin"] == "far.example"
    assert [one["entity_ref"] for one in told["involves"]] == [
        "ASRemoteActor/https://Far.example/bob", "Object/https://far.example/9",
    ]  # fmt: skip
    assert told["description"].startswith("Bob liked")
    assert "occurred_at" not in told


@pytest.mark.parametrize(
    ("members", "type"),
    [
        ({"type": ["Activity", "hw:Event"]}, "as.activity.activity"),
        ({"type": "litepub:EmojiReact"}, "as.activity.emojireact"),
        ({"type": "€"}, "as.activity.activity"),
        ({}, "as.activity.activity"),
        ({"type": "Activity", "hw:verb": "€"}, "as.activity.activity"),
        ({"type": "Activity", "hw:verb": "x" * 500}, "as.activity." + "x" * 243),
    ],
)
def test_any_type_can_be_the_type_of_an_event(members: dict[str, Any], type: str) -> None:
    assert back.type_of(Activity(members)) == type


@pytest.mark.parametrize(
    "members",
    [
        {"id": None, "actor": 7, "object": [None, {}, {"href": "x"}, "y" * 2_000], "published": "?"},
        {"object": {"type": "Note", "name": "   ", "content": "<p></p>", "tag": {"type": "Hashtag"}}},
        {"actor": {"id": "x:1", "name": ["odd"]}, "target": ["x:2", "x:3"], "hw:verb": "say", "hw:custom": 7},
    ],
)
def test_what_others_claim_is_taken_as_far_as_it_goes(members: dict[str, Any]) -> None:
    """What a document says may be anything."""
    told = event(**members)
    assert told["type"]
    assert told["description"]
