"""Comments: what somebody says about something, and whom they mention (Events §8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import md5
from typing import Any, Final
from uuid import UUID

from vocab.dialects.events import acl, aspects, fields, limits, markup, moments, roles
from vocab.dialects.events.envelope import (
    by_token,
    names,
    occurred_at,
    opened,
    origin_of,
    same_id,
    token_of,
    zone_of,
)
from vocab.dialects.events.markup import Markup
from vocab.dialects.events.messages import Comment, Known, Moment, Reading, Role
from vocab.dialects.events.problems import INVALID, MISSING, Problems
from vocab.dialects.events.references import Ref, event_footprint, named
from vocab.dialects.events.related import Related
from vocab.dialects.events.roles import spell
from vocab.dialects.events.roletypes import COMMENTED_ON, COMMENTS, MENTIONS

TYPE: Final = "as.api.comment"
NAMED: Final = ("ASUser", "User", "Employee")
"""The types of entities that a bare name may mean, the likeliest first."""

_NAMES: Final = names(
    "comment", "involves", "occurred_at", "origin", "aspects", "acl", "token", "type", "stream_id", "_stream_id",
)  # fmt: skip


def read(raw: Mapping[str, Any], known: Known) -> Reading[Comment]:
    """Read a comment; without an author it is the current user's. Its text stays as it was written.

    What is marked in it is among its roles and tags as if it were said: derived, for the text says it already.
    """
    problems = Problems()
    told = opened(raw, _NAMES, known, problems)
    if told is None:
        return Reading(None, problems)
    found, enriching = told
    text = _text(found.get("comment"), problems)
    related = Related(known, problems, zone_of(found.get("aspects"), known.zone), raw)
    written, involves = _involved(found, related)
    occurred = occurred_at(found, known, related.zone, problems)
    described = aspects.read(
        found.get("aspects", {}),
        on="comment",
        known=related.known,
        occurred=occurred,
        type=TYPE,
        problems=problems,
    )
    origin = origin_of(found, known, problems)
    rules = acl.read(found.get("acl"), problems=problems) or ()
    token = token_of(found, known, problems)
    marked = markup.read(text)
    written = [replace(role, derived=True) if _marks(marked, role) else role for role in written]
    id = None if occurred is None else _id(occurred, origin, written, text)
    same_id(found, id, problems)
    if occurred is None or id is None or not problems.valid:
        return Reading(None, problems)
    mentioned = [Role(MENTIONS, target, derived=True) for target in marked.targets]
    tags = tuple({tag.lower(): tag for tag in (*marked.tags, *described.tags)}.values())
    told_of = described.aspects | ({"tags": list(tags)} if tags else {})
    body = {
        "type": TYPE,
        "comment": text,
        "origin": origin,
        "occurred_at": occurred.text,
        "involves": mentioning(involves, written, mentioned),
        "aspects": told_of,
        "acl": acl.spell(rules),
        "token": token,
    }
    comment = Comment(
        id=id,
        text=text,
        origin=origin,
        occurred=occurred,
        roles=roles.each_once((*written, *mentioned, *described.roles, *by_token(known))),
        tags=tags,
        aspects=told_of,
        acl=rules,
        entities=(*related.entities, *described.entities),
        links=(*related.links, *described.links),
        names=marked.names,
        body=fields.filled(body) | enriching,
    )
    return Reading(comment, problems, dict(related.labels.new))


def mentioning(
    involves: Sequence[dict[str, Any]], roles: Iterable[Role], mentioned: Iterable[Role]
) -> list[dict[str, Any]]:
    """Return roles as they are stored, with those of whom is mentioned that are not among them."""
    taken = {role.identity for role in roles}
    return [*involves, *(spell(role) for role in mentioned if role.identity not in taken)]


def _marks(marked: Markup, role: Role) -> bool:
    """Whether a text mentions whom a role mentions: then the role says nothing more."""
    if role.path != MENTIONS or role.external_id:
        return False
    if role.target in marked.targets:
        return True
    return isinstance(role.target, Ref) and (
        any(isinstance(one, Ref) and one.key == role.target.key for one in marked.targets)
        or (role.target.type in NAMED and role.target.id.lower() in {name.lower() for name in marked.names})
    )


def _id(occurred: Moment, origin: str, written: list[Role], text: str) -> UUID:
    """Return the id that follows from what is written (Events §2.2); what the text marks is in it already."""
    parts = (role.footprint for role in written if not role.derived)
    footprint = event_footprint(TYPE, moments.footprint(occurred), origin, parts)
    return named(f"{footprint}--{md5(text.encode(), usedforsecurity=False).hexdigest()}")


def _text(value: Any, problems: Problems) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        problems.error(MISSING, "comment", "is required")
    elif not isinstance(value, str) or len(value) > limits.COMMENT_CHARS_MAX:
        problems.error(
            INVALID, "comment", f"must be a string of at most {limits.COMMENT_CHARS_MAX} characters"
        )
    else:
        return value
    return ""


def _involved(found: Mapping[str, Any], related: Related) -> tuple[list[Role], list[dict[str, Any]]]:
    """Read who comments on what."""
    before = len(related.problems)
    written, body = roles.of_message(found, related)
    if related.problems.wrong_since(before):
        return written, body
    if not any(role.path == COMMENTS for role in written):
        if related.known.user is None:
            related.problems.error(MISSING, "involves", "says nobody who COMMENTS")
        else:
            author = Role(COMMENTS, related.known.user)
            written, body = [author, *written], [roles.spell(author), *body]
    if not any(role.path == COMMENTED_ON for role in written):
        related.problems.error(MISSING, "involves", "says nothing that is COMMENTED_ON")
    return written, body
