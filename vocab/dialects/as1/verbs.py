"""Verbs of Activity Streams 1.0, those of vendors among them, and the AS2 types they stand for (Atom §3.9, §12.1).

A verb is an IRI; its key is the last segment of that. A simple name is a verb of the standard. Vendors' verbs may be a
kind of another, and are told with all that they are a kind of: a chain, most general first. IRIs that
nobody here knows are verbs like any other and stay what they are.
"""

import re
from collections.abc import Sequence
from typing import Final

from vocab.terms import ACTIVITY_TYPES

STANDARD: Final = "http://activitystrea.ms/schema/1.0/"
"""What a simple name of a verb or type is relative to."""
VENDOR: Final = "http://streams.atlassian.com/syndication/verbs/"
"""What the names of vendors' verbs are relative to, product first: ``jira/resolve``."""
POST: Final = STANDARD + "post"
"""What was done when nobody says what (Atom §13)."""
UNTYPED: Final = "Activity"

PARENTS: Final[dict[str, str]] = {
    **dict.fromkeys(
        (f"{VENDOR}jira/{key}" for key in ("transition", "link", "remoteissuelink")), STANDARD + "update"
    ),
    **dict.fromkeys(
        (f"{VENDOR}jira/{key}" for key in ("open", "close", "reopen", "resolve", "start", "stop")),
        VENDOR + "jira/transition",
    ),
    VENDOR + "jira/vote": STANDARD + "like",
}
"""The verb that each verb is a kind of."""

VENDORS: Final = frozenset(
    {
        *PARENTS,
        f"{VENDOR}fisheye/push",
        *(f"{VENDOR}bamboo/{key}" for key in ("pass", "fail")),
        *(
            f"{VENDOR}crucible/{key}"
            for key in ("abandon", "close", "complete", "uncomplete", "reopen", "start", "summarize")
        ),
    }
)
"""The vendors' verbs."""


def _rows(table: dict[str, str]) -> dict[str, str]:
    return {key: type for type, keys in table.items() for key in keys.split()}


TYPES: Final[dict[str, str]] = {
    **{type.lower(): type for type in ACTIVITY_TYPES},
    **_rows(
        {
            "Create": "post create author submit",
            "Add": "add attach insert append push tag",
            "Update": "update transition link",
            "Delete": "delete archive retract",
            "Remove": "remove unshare untag",
            "Like": "like favorite vote",
            "Undo": "unlike unfavorite stop-following",
            "Announce": "share repost",
            "Follow": "follow watch-thread",
            "Accept": "accept approve confirm rsvp-yes",
            "Reject": "reject deny rsvp-no",
            "TentativeAccept": "rsvp-maybe",
            "Offer": "offer request make-friend request-friend",
            "View": "watch experience",
            "Arrive": "checkin at",
            "Flag": "flag-as-inappropriate",
        }
    ),
}
"""The AS2 type of each key."""

UNDOES: Final[dict[str, str]] = {"unlike": "Like", "unfavorite": "Like", "stop-following": "Follow"}
"""The type of what each key takes back: Undo says of what it is an undoing."""

FRIENDSHIP: Final = frozenset({"make-friend", "request-friend"})
"""Keys that offer a relationship rather than their object."""

_KEYS: Final[dict[str, str]] = {
    "Create": "post",
    "Announce": "share",
    "EmojiReact": "like",
    "TentativeAccept": "rsvp-maybe",
}
_UNDOING: Final[dict[str, str]] = {"Like": "unlike", "EmojiReact": "unlike", "Follow": "stop-following"}
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def iri(name: str) -> str:
    """Return the IRI of a verb: an IRI is its own, ``jira/resolve`` a vendor's, a simple name the standard's.

    The empty name is ``post``.
    """
    name = name.strip()
    if not name:
        return POST
    if _ABSOLUTE.match(name):
        return name
    return VENDOR + name if VENDOR + name in VENDORS else STANDARD + name


def chain(verb: str) -> tuple[str, ...]:
    """Return a verb with all that it is a kind of, most general first."""
    found = [iri(verb)]
    while found[0] in PARENTS:
        found.insert(0, PARENTS[found[0]])
    return tuple(found)


def key(verb: str) -> str:
    """Return the short name of a verb: the last segment of its IRI."""
    return re.split(r"[/#]", verb.rstrip("/#"))[-1]


def as2(verbs: Sequence[str]) -> str:
    """Return the AS2 type for a chain: that of its most specific verb which has one, else Activity.

    Only verbs of the standard and of the vendors have one: what ``like`` means elsewhere is not known here.
    """
    last = chain(verbs[-1]) if verbs else (POST,)
    for verb in reversed((*(iri(one) for one in verbs[:-1]), *last)):
        if (verb.startswith(STANDARD) or verb in VENDORS) and (type := TYPES.get(key(verb))):
            return type
    return UNTYPED


def of_as2(type: str, undone: str = "") -> tuple[str, ...]:
    """Return the chain for an AS2 type; ``undone`` is the type of what an Undo takes back.

    A type outside the vocabulary is its own verb when it is an IRI.
    """
    if type == "Undo" and undone in _UNDOING:
        return (STANDARD + _UNDOING[undone],)
    if _ABSOLUTE.match(type):
        return (type,)
    return (STANDARD + _KEYS.get(type, type.lower() or key(POST)),)
