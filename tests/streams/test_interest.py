"""What makes a thread or a profile worth completing: decided in memory."""

from typing import Any

import pytest

from storage.actors import ActorRow
from streams.interest import SETTLED_US, Errand, collections, errands
from vocab import Activity, Object, from_json

BASE = "https://here.example"
BOB = "https://there.example/u/bob"
POST = "https://there.example/n/1"
REPLIES = {"id": f"{POST}/replies", "type": "Collection"}


def actor(iri: str, *, local: bool) -> ActorRow:
    return ActorRow(
        1, iri, "Person", int(local), "{}", None, "x", "x", None, None, None, None, 0, "{}", 0, 0, None, 0
    )


def asked(local: bool, found: list[Object] | None = None, **activity: Any) -> list[Errand]:
    who = actor(f"{BASE}/users/ada" if local else BOB, local=local)
    return list(errands(Activity(from_json(activity).data), who, BASE, found or []))


def note(**members: Any) -> dict[str, Any]:
    return {"id": POST, "type": "Note", **members}


def test_what_is_received() -> None:
    """AP-742: replies at once, news with answers to come and shares an hour later, and who has accepted us."""
    reply = note(inReplyTo="https://far.example/n")
    assert asked(False, type="Create", object=reply) == [Errand(POST)]
    assert asked(False, [Object(reply)], type="Create", object=POST) == [Errand(POST)]
    later = Errand(POST, wait_us=SETTLED_US, asker=BOB)
    assert asked(False, type="Create", object=note(replies=REPLIES)) == [later]
    assert asked(False, type="Announce", object=POST) == [later]
    assert asked(
        False, type="Announce", object={"id": "https://x.example/a", "type": "Create", "object": POST}
    ) == [later]
    assert asked(False, type="Accept", object=f"{BASE}/activities/1") == [
        Errand(BOB, profile=True, asker=BOB)
    ]


@pytest.mark.parametrize("type", ["Like", "Dislike", "EmojiReact", "Announce"])
def test_what_is_done_here(type: str) -> None:
    """AP-742: whatever someone here reacts to or answers is of interest at once."""
    assert asked(True, type=type, object=POST) == [Errand(POST)]
    assert asked(True, type="Create", object={"id": f"{BASE}/objects/1", "inReplyTo": POST}) == [Errand(POST)]


@pytest.mark.parametrize(
    "activity",
    [
        {"type": "Create", "object": note()}, {"type": "Like", "object": POST}, {"type": "Update", "object": note()},
        {"type": "Create", "object": note(inReplyTo=f"{BASE}/objects/1")}, {"type": "Announce", "object": "urn:x:y"},
        {"type": "Announce", "object": f"{BASE}/objects/1"}, {"type": "Create", "object": note(inReplyTo="urn:x:y")},
    ],
)  # fmt: skip
def test_what_gives_no_reason(activity: dict[str, Any]) -> None:
    """SEC-037, SEC-046: plain news, others' likes, what is ours and what has no address."""
    assert asked(False, **activity) == []


def test_where_the_rest_may_be_listed() -> None:
    """FEP-f228, IQ-714: the context first, unless it is only a name in common."""
    context = "https://there.example/contexts/1"
    assert collections(from_json(note(context=context, replies=REPLIES))) == [context, REPLIES["id"]]
    assert collections(from_json(note(context=context, conversation=context))) == []
