"""Commenting: what a comment is depends on what it is on (Atom §7.2).

On a post or on what an account published it is a reply in the member's outbox; on an event a comment of the Events API;
on an activity that was made in a feed a reaction.
"""

from html import escape
from typing import Any, Final

from storage import audience
from streams import ids
from streams.errors import NotAllowed, NotFound, Refused
from streams.events import submitting
from streams.feeds import reactions
from streams.inline import entities, finding, users
from streams.inline.parts import Member, Parts
from streams.inline.subject import Nature, Standing, feed_activity
from streams.publish import publish
from vocab import PUBLIC, Audience, Object, stored
from vocab import iri as iris
from vocab.dialects.events import limits, moments
from vocab.dialects.getstream import responses
from vocab.dialects.getstream.reactions import NewReaction
from vocab.entry import Entry

COMMENT: Final = "comment"
COMMENT_CHARS_MAX: Final = limits.COMMENT_CHARS_MAX
ORIGIN: Final = "stream"


async def comment(parts: Parts, member: Member, iri: str, text: str, *, provider: str = "") -> str:
    """Say something about an entry, and return the IRI of what was said.

    Raises Refused for a text that is blank or too long, NotFound for what the member may not see or what is not of the
    provider that was named, NotAllowed for what may not be commented on.
    """
    said = checked(text)
    place = await entities.find(parts, member, finding.called(parts, iri))
    if place is not None:
        return await entities.comment(parts, member, place, said, origin=ORIGIN)
    entry, standing = await finding.find(parts, member, iri)
    if provider and entry.provider != provider:
        raise NotFound(iri)
    if not standing.may_comment:
        raise NotAllowed("object", "may not be commented on")
    match standing.nature:
        case Nature.EVENT:
            return await _on_event(parts, member, standing, said)
        case Nature.FEED:
            return await _on_activity(parts, member, standing, said)
        case _:
            return await _reply(parts, member, entry, standing, said)


def checked(text: str) -> str:
    """Return the text of a comment without spaces around it. Raises Refused for one that is blank or too long."""
    said = text.strip()
    if not said or len(said) > COMMENT_CHARS_MAX:
        raise Refused(COMMENT, f"must have 1 to {COMMENT_CHARS_MAX} characters")
    return said


async def _reply(parts: Parts, member: Member, entry: Entry, standing: Standing, text: str) -> str:
    thing = standing.thing
    told = await parts.ports.store.read(audience.of, thing.id)
    said_to = Audience.of(stored(thing.document, thing.context))
    note: dict[str, Any] = {
        "type": "Note",
        "content": _markup(text),
        "inReplyTo": _answered(parts.ports.base_url, entry, standing),
        **_recipients(member, standing, said_to, told),
    }
    if entry.activity.get("hw:sourceId") is not None:
        note |= {"hw:issueKey": list(entry.issue_keys) or None, "hw:key": list(entry.keys) or None}
    made = await publish(
        parts.ports, member.actor, Object({name: value for name, value in note.items() if value is not None})
    )
    return next(iter(made.ids("object")), made.id or "")


def _answered(base_url: str, entry: Entry, standing: Standing) -> str | list[str]:
    """Return what is answered: the post; of what happened elsewhere both what tells it here and what it is about."""
    outside = entry.activity.get("hw:sourceId") is not None
    about = [
        iri for iri in entry.activity.ids("object") if iris.is_http(iri) and not ids.is_ours(base_url, iri)
    ]
    several = list(dict.fromkeys([standing.thing.iri, *(about if outside else [])]))
    return several[0] if len(several) == 1 else several


def _recipients(
    member: Member, standing: Standing, said_to: Audience, told: list[str]
) -> dict[str, list[str]]:
    """Return who is told: the author, who was told of what is answered, and of what is public the member's followers.

    What was not said to everybody is answered to those alone who were told, none of whom the member adds to.
    """
    author = [standing.thing.owner_iri] if standing.thing.owner_iri else []
    others = [iri for iri in (*author, *told) if iri != member.actor.iri and not iri.endswith("/followers")]
    if not standing.thing.public:
        return {"to": list(dict.fromkeys(others))}
    followers = [member.actor.followers] if member.actor.followers else []
    if PUBLIC in said_to.cc and PUBLIC not in said_to.to:
        return {"to": list(dict.fromkeys([*followers, *others])), "cc": [PUBLIC]}
    return {"to": [PUBLIC], "cc": list(dict.fromkeys([*followers, *others]))}


def _markup(text: str) -> str:
    """Return plain text as markup: paragraphs, and lines within them."""
    paragraphs = (part.strip() for part in text.replace("\r\n", "\n").split("\n\n"))
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in paragraphs if part)


async def _on_event(parts: Parts, member: Member, standing: Standing, text: str) -> str:
    message = {
        "comment": text,
        "origin": ORIGIN,
        "occurred_at": moments.spell(parts.ports.clock()),
        "involves": [{"COMMENTED_ON": standing.thing.stream_id}],
    }
    space, kept = await users.submit(parts, member, submitting.COMMENT, message)
    return space.item_iri(kept.stream_id)


async def _on_activity(parts: Parts, member: Member, standing: Standing, text: str) -> str:
    tenant = await users.tenant(parts)
    id = feed_activity(standing.thing.iri, parts.ports.base_url)
    new = NewReaction(COMMENT, id, "", member.actor.name, {"text": text}, "", (), {})
    row = await reactions.add(parts.feeds, tenant, new, member.actor.name, author=member.actor.name)
    space = await parts.feeds.space(tenant)
    return responses.iri_of(row.name, space.entities)
