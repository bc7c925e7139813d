"""Types of events → types of Activity Streams 2.0 (Events §23.4)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from vocab.dialects.events import catalogue
from vocab.dialects.events.messages import Role
from vocab.terms import ACTIVITY_TYPES

EVENT: Final = "hw:Event"
"""The type of ours that every event has beside."""
UNTYPED: Final = "Activity"

_TYPES: Final = {
    "Create": "created registered issued published sent new",
    "Update": "updated changed edited renewed promoted demoted reordered solved closed reopened",
    "Delete": "removed deleted destroyed decommissioned",
    "Add": "added carted seat.assigned",
    "Remove": "uncarted unassigned",
    "View": "viewed browse pageview pageviewed page.view impression shown clicked expanded",
    "Read": "opened seen read acknowledged",
    "Listen": "played playback.started",
    "Like": "liked",
    "Dislike": "disliked",
    "Follow": "follows followed",
    "Join": "subscribed joined member.added",
    "Leave": "unsubscribed left member.removed logout.succeeded session.ended visit.ended exited",
    "Arrive": "login.succeeded session.started visit.started entered",
    "Accept": "accepted approved confirmed verified",
    "Reject": "rejected bounced refused declined",
    "Block": "blocked",
    "Invite": "invited",
    "Offer": "offered presented ticket.assigned",
    "Move": "transferred moved shipped",
    "Flag": "flagged reported",
}
_BY_WORDS: Final = {words: type for type, listed in _TYPES.items() for words in listed.split()}
"""What the last word of an event's type means, or the last two. Undoing is no Undo: what was undone is not known."""

_BY_ROLES: Final = (("CREATES", "Create"), ("REMOVES", "Delete"), ("UPDATES", "Update"), ("VIEWED", "View"))
_MARKS: Final = frozenset({"CREATES", "REMOVES", "UPDATES", "VIEWED", "AFFECTS"})
"""Roles on which the type depends."""
_WATCHED: Final = frozenset({"video", "film", "movie", "clip"})
_OURS: Final = re.compile(r"hw:[A-Za-z][A-Za-z0-9]{0,63}", re.ASCII)


def type_of(event_type: str, roles: Iterable[Role], settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types of an event's document, the best known first and ours last.

    The first that is known: that of the catalogue, ``as2_type`` in the ``settings`` of the event type, what the roles
    say, what the last words say. Anything else is an Activity.
    """
    leaves = frozenset([role.path.rpartition(":")[2] for role in roles]) & _MARKS
    return _types(event_type, leaves, str(settings.get("as2_type") or "") if settings else "")


@lru_cache(8_192)
def _types(event_type: str, leaves: frozenset[str], said: str) -> tuple[str, ...]:
    known = catalogue.find(event_type)
    if known is not None and known.as2:
        return (*known.as2, EVENT)
    if said in ACTIVITY_TYPES:
        return (said, EVENT)
    if _OURS.fullmatch(said):
        return (UNTYPED, said, EVENT)
    return (_by_roles(leaves) or _by_words(event_type) or UNTYPED, EVENT)


def _by_roles(leaves: frozenset[str]) -> str:
    """Return what the roles say. What ends and was in something that is affected is taken out of that."""
    type = next((type for label, type in _BY_ROLES if label in leaves), "")
    return "Remove" if type == "Delete" and "AFFECTS" in leaves else type


def _by_words(event_type: str) -> str:
    words = event_type.split(".")
    type = _BY_WORDS.get(".".join(words[-2:])) or _BY_WORDS.get(words[-1], "")
    return "View" if type == "Listen" and not _WATCHED.isdisjoint(words) else type
