"""Replies and reactions from other servers to what a channel told: comments and votes (Events §23.5)."""

from json import loads
from typing import Any
from uuid import UUID

import pytest
from logbook import BASE
from pier import VAN, WASHED, Pier
from world import PUBLIC

from storage.actors import ActorRow
from streams.errors import NotFound
from streams.events import Reader, reading
from streams.events.responding import REMOTE

pytestmark = pytest.mark.anyio

EVERYBODY = [{"READ": "Public"}]


async def posted(pier: Pier, **members: Any) -> tuple[ActorRow, UUID, str]:
    """Let a channel tell Bob of an event; return Bob, the event and the post."""
    await pier.channel()
    await pier.followed()
    made = await pier.log.event(**WASHED, **members)
    [told] = await pier.told()
    return await pier.world.remote("bob"), made.stream_id, told["object"]["id"]


async def reply(
    pier: Pier, by: ActorRow, post: str, text: str = "<p>well <b>done</b></p>", **members: Any
) -> None:
    note = {
        "id": f"{by.iri}/n/{len(text)}", "type": "Note", "attributedTo": by.iri, "content": text, "inReplyTo": post,
        "to": PUBLIC, **members,
    }  # fmt: skip
    await pier.world.hear(by, id=f"{by.iri}/c/{len(text)}", type="Create", object=note, to=note["to"])
    await pier.work()


async def react(pier: Pier, by: ActorRow, type: str, to: str) -> str:
    id = f"{by.iri}/{type}/{pier.world.now}"
    await pier.world.hear(by, id=id, type=type, object=to)
    await pier.work()
    return id


async def undo(pier: Pier, by: ActorRow, undone: str) -> None:
    await pier.world.hear(by, id=f"{undone}/undo", type="Undo", object=undone)
    await pier.work()


async def comments(pier: Pier) -> list[tuple[str, str, int]]:
    """Return what was commented, by whom, and whether everybody may read it."""
    rows = await pier.log.rows(
        "SELECT e.body, n.name, o.public FROM events e JOIN objects o ON o.id = e.id"
        " JOIN event_roles r ON r.item = e.id AND r.path = 'COMMENT:COMMENTS'"
        " JOIN event_entities n ON n.id = r.named AND n.type = :type WHERE e.kind = 1",
        type=REMOTE,
    )
    return [(body, name, public) for body, name, public in rows]


async def votes(pier: Pier, of: UUID) -> tuple[int, int]:
    """Return how many are for an event and against it, which are as many as there are votes."""
    item = await pier.log.item(of)
    [counted] = await pier.log.rows("SELECT up, down FROM event_counts WHERE item = :id", id=item.id) or [
        (0, 0)
    ]
    kept = await pier.log.rows(
        "SELECT coalesce(sum(CASE value WHEN 1 THEN 1 ELSE 0 END), 0),"
        " coalesce(sum(CASE value WHEN -1 THEN 1 ELSE 0 END), 0) FROM event_bumps WHERE target = :id",
        id=item.id,
    )
    assert [tuple(map(int, row)) for row in kept] == [counted]
    return counted


@pytest.mark.parametrize(("acl", "public"), [([], 0), (EVERYBODY, 1)])
async def test_a_reply_to_a_post_is_a_comment(pier: Pier, acl: Any, public: int) -> None:
    """Events §23.5: by the entity that the remote actor is, on the event, for whoever may know of that."""
    bob, event, post = await posted(pier, acl=acl)
    await reply(pier, bob, post)
    [(body, name, seen)] = await comments(pier)
    assert '"comment":"well done"' in body
    assert str(event) in body
    assert (name, seen) == (bob.iri, public)
    counted = await pier.log.rows("SELECT comments FROM event_counts")
    assert counted == [(1,)]


async def test_a_reply_to_a_public_event_itself_is_a_comment(pier: Pier) -> None:
    bob, event, _ = await posted(pier, acl=EVERYBODY)
    await reply(pier, bob, f"{BASE}/events/{event}")
    assert [name for _, name, _ in await comments(pier)] == [bob.iri]


async def test_what_answers_nothing_that_was_told_is_no_comment(pier: Pier) -> None:
    """Nor what was not said to everyone, nor on what its author may not read."""
    bob, event, post = await posted(pier)
    await reply(pier, bob, post, to=[f"{BASE}/channels/night-ops"])
    await reply(pier, bob, f"{BASE}/events/{event}", "<p>guessed</p>")
    ada = await pier.world.local("ada")
    note = await pier.world.say(ada, type="Note", content="hello", to=PUBLIC)
    await reply(pier, bob, note.ids("object")[0], "<p>to ada</p>")
    await reply(pier, bob, post, "<p> </p>")
    assert await comments(pier) == []


async def test_a_reply_that_is_deleted_is_no_comment_any_more(pier: Pier) -> None:
    """It is counted no more, in no list, and its document is gone; the others stay."""
    bob, event, post = await posted(pier, acl=EVERYBODY)
    await reply(pier, bob, post)
    await reply(pier, bob, post, "<p>stays</p>")
    for _ in range(2):
        await pier.world.hear(bob, id=f"{bob.iri}/delete", type="Delete", object=f"{bob.iri}/n/23", to=PUBLIC)
        await pier.work()
    rows = await pier.log.rows(
        "SELECT e.hidden, o.type FROM events e JOIN objects o ON o.id = e.id WHERE e.kind = 1 ORDER BY e.hidden"
    )
    assert rows == [(0, "Create"), (1, "Tombstone")]
    [(body, original, id)] = await pier.log.rows(
        "SELECT body, original, stream_id FROM events WHERE hidden = 1"
    )
    assert (body, original) == ("{}", None)
    reader = Reader(pier.log.tenant.id, sees_all=True)
    with pytest.raises(NotFound):
        await pier.log.store.read(reading.item, pier.log.space, reader, UUID(id))
    item = await pier.log.item(event)
    assert await pier.log.rows("SELECT comments FROM event_counts WHERE item = :id", id=item.id) == [(1,)]


async def test_notices_quote_a_reply_as_it_is_now(pier: Pier) -> None:
    """Events §8, §13: what was taken away is in no notice, nor what was said before."""
    await pier.log.entity("Employee/Ada", relations=[{"AKA": "ASUser/ada"}])
    bob, event, post = await posted(pier, acl=EVERYBODY)
    await reply(pier, bob, post, "<p>it is foggy</p>")
    [(comment,)] = await pier.log.rows("SELECT stream_id FROM events WHERE kind = 1")
    by = [{"COMMENTS": "ASUser/ada"}, {"COMMENTED_ON": comment}]
    await pier.log.comment("it was, @ASUser/cy", comment, involves=by)
    await pier.log.comment("no part of it", str(event))
    note = f"{bob.iri}/n/{len('<p>it is foggy</p>')}"
    said = {"id": note, "type": "Note", "attributedTo": bob.iri, "inReplyTo": post, "to": PUBLIC}

    async def texts() -> list[str]:
        bodies = [body for (body,) in await pier.log.rows("SELECT body FROM event_notices ORDER BY id")]
        assert [body for body in bodies if "foggy" in body] == []
        return [loads(body)["text"] for body in bodies]

    changed = {**said, "content": "<p>it is sunny</p>"}
    await pier.world.hear(bob, id=f"{note}/u", type="Update", object=changed, to=PUBLIC)
    await pier.work()
    follows, first, second, third = await texts()
    assert (first.endswith(": it is sunny"), second) == (
        True,
        "ada mentioned you regarding “it is sunny”",
    )
    await pier.world.hear(bob, id=f"{note}/d", type="Delete", object=note, to=PUBLIC)
    await pier.work()
    assert await texts() == [follows, third]


async def test_a_like_is_a_vote_until_it_is_undone(pier: Pier) -> None:
    """Events §10, §23.5: one vote of an actor; what was taken back can be said again."""
    bob, event, post = await posted(pier, acl=EVERYBODY)
    like = await react(pier, bob, "Like", post)
    assert await votes(pier, event) == (1, 0)
    await undo(pier, bob, like)
    assert await votes(pier, event) == (0, 0)
    again = await react(pier, bob, "Like", post)
    assert await votes(pier, event) == (1, 0)
    dislike = await react(pier, bob, "Dislike", post)
    assert await votes(pier, event) == (0, 1)
    await undo(pier, bob, again)
    assert await votes(pier, event) == (0, 1)
    await undo(pier, bob, dislike)
    assert await votes(pier, event) == (0, 0)


async def test_those_elsewhere_vote_each_for_themselves(pier: Pier) -> None:
    bob, event, post = await posted(pier)
    eve = await pier.world.remote("eve", "spam.example")
    for actor, type in ((bob, "Like"), (bob, "Like"), (eve, "Dislike"), (eve, "EmojiReact")):
        await react(pier, actor, type, post)
    assert await votes(pier, event) == (1, 1)
    assert VAN in (await pier.log.item(event)).body


async def test_a_reply_that_is_changed_is_changed_as_a_comment(pier: Pier) -> None:
    """Events §23.5: it stays the same comment, with the tags and mentions of what it says now."""
    bob, event, post = await posted(pier, acl=EVERYBODY)
    await pier.log.entity("Vessel/Kestrel-9")
    await reply(pier, bob, post, "<p>#fog on @Vessel/Kestrel-9</p>")
    [(before, _, _)] = await comments(pier)
    [(id,)] = await pier.log.rows("SELECT stream_id FROM events WHERE kind = 1")
    note = f"{bob.iri}/n/{len('<p>#fog on @Vessel/Kestrel-9</p>')}"

    async def change(text: str, to: str = PUBLIC) -> None:
        said = {
            "id": note,
            "type": "Note",
            "attributedTo": bob.iri,
            "content": text,
            "inReplyTo": post,
            "to": to,
        }
        await pier.world.hear(bob, id=f"{note}/u/{len(text)}", type="Update", object=said, to=to)
        await pier.work()

    await change("<p>#sun at last</p>")
    [(after, _, public)] = await comments(pier)
    told, was = loads(after), loads(before)
    assert told == was | {
        "comment": "#sun at last", "involves": was["involves"][:-1], "aspects": {"tags": ["sun"]},
    }  # fmt: skip
    assert public == 1
    assert await pier.log.rows("SELECT stream_id, original FROM events WHERE kind = 1") == [(id, None)]
    assert await pier.log.rows("SELECT tag FROM event_tags") == [("sun",)]
    assert await pier.log.rows("SELECT 1 FROM event_roles WHERE path = 'COMMENT:MENTIONS'") == []
    [(document,)] = await pier.log.rows(
        "SELECT o.document FROM objects o JOIN events e ON e.id = o.id WHERE e.kind = 1"
    )
    assert "at last" in document
    assert "fog" not in document
    item = await pier.log.item(event)
    await change("<p>for some alone</p>", to=f"{BASE}/channels/night-ops")
    assert await pier.log.rows("SELECT comments FROM event_counts WHERE item = :id", id=item.id) == [(0,)]
    assert "alone" not in repr(await pier.log.rows("SELECT body FROM events"))


async def test_accounts_of_ours_answer_as_the_entities_that_they_are(pier: Pier) -> None:
    """Events §23.5: a reply is a comment and a like a vote; neither is twice in the account's outbox."""
    _, event, post = await posted(pier)
    ada = await pier.world.local("ada")
    said = await pier.world.say(ada, type="Note", content="<p>well done</p>", inReplyTo=post, to=PUBLIC)
    liked = await pier.world.say(ada, type="Like", object=post)
    await pier.work()
    rows = await pier.log.rows(
        "SELECT n.type, n.name, e.body FROM events e JOIN event_roles r ON r.item = e.id AND"
        " r.path = 'COMMENT:COMMENTS' JOIN event_entities n ON n.id = r.named WHERE e.kind = 1"
    )
    assert [(type, name) for type, name, _ in rows] == [("User", "ada")]
    assert "well done" in rows[0][2]
    assert await votes(pier, event) == (1, 0)
    outbox = await pier.log.rows(
        "SELECT o.iri FROM entries n JOIN streams s ON s.id = n.stream JOIN objects o ON o.id = n.item"
        " WHERE s.kind = 'outbox' AND s.owner = :owner",
        owner=ada.id,
    )
    assert sorted(iri for (iri,) in outbox) == sorted([said.id, liked.id])
    await pier.world.say(ada, type="Undo", object=liked.id)
    await pier.world.say(ada, type="Delete", object=said.ids("object")[0])
    await pier.work()
    assert await votes(pier, event) == (0, 0)
    assert await pier.log.rows("SELECT hidden, body FROM events WHERE kind = 1") == [(1, "{}")]


async def test_what_a_channel_says_itself_is_no_answer(pier: Pier) -> None:
    """A channel that tells of an event answers nothing by that."""
    _, event, post = await posted(pier)
    channel = await pier.actor()
    await pier.world.say(channel, type="Note", content="<p>more</p>", inReplyTo=post, to=PUBLIC)
    await pier.work()
    assert await pier.log.rows("SELECT 1 FROM events WHERE kind = 1") == []
    assert event
