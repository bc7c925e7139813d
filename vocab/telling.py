"""A thing told in a few words of plain text, for readers that cannot show it whole (AP-025)."""

import re
from typing import Final

from vocab import html, plaintext
from vocab.objects import Object

TITLE_CHARS_MAX: Final = 100

_MARKED_UP: Final = re.compile(r"</[a-z]+>|&(?:[a-z]+|#\d+);", re.IGNORECASE)
_DEEDS: Final = {
    "Accept": "accepted", "Add": "added", "Announce": "shared", "Arrive": "arrived", "Create": "created",
    "Delete": "deleted", "Dislike": "disliked", "Follow": "followed", "Ignore": "ignored", "Invite": "invited",
    "Join": "joined", "Leave": "left", "Like": "liked", "Listen": "listened to", "Move": "moved",
    "Offer": "offered", "Read": "read", "Reject": "rejected", "Remove": "removed",
    "TentativeAccept": "tentatively accepted", "TentativeReject": "tentatively rejected",
    "Travel": "travelled", "Undo": "took back", "Update": "updated", "View": "viewed",
}  # fmt: skip
"""What each type of activity says that its actor did."""


def title(thing: Object, who: str = "") -> str:
    """Return a line for a thing: its name, else its summary, else how its text begins, else a sentence (AP-025)."""
    for text in (name(thing), *map(html.plain, _texts(thing))):
        line = " ".join(text.split())
        if line:
            return shortened(line, TITLE_CHARS_MAX)
    return sentence(thing, who)


def sentence(thing: Object, who: str = "") -> str:
    """Tell an activity from its type, its actor and what it is about; name anything else by its type."""
    if not thing.is_activity:
        kind = thing.type or "Post"
        return f"{kind} by {who}" if who else kind
    known = next((type for type in thing.types if type in _DEEDS), thing.type)
    done = deed(known) if known else "did something:"
    about = next(
        (told for term in ("object", "target") for node in thing.embedded(term) if (told := _named(node))), ""
    )
    return " ".join(part for part in (who or "Someone", done, about or _what(thing)) if part).removesuffix(
        ":"
    )


def deed(type: str, verb: str = "") -> str:
    """Return what somebody did, as the middle of a sentence; ``verb`` names what has no type of its own."""
    return _DEEDS.get(type) or f"did “{verb or type}”:"


def shortened(text: str, chars_max: int) -> str:
    """Cut text at a word's end when it is too long."""
    if len(text) <= chars_max:
        return text
    cut = text[: chars_max - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:.–-") + "…"


def _texts(thing: Object) -> list[str]:
    return [thing.text("summary") or "", thing.text("content") or ""]


def _named(node: Object) -> str:
    return shortened(" ".join(name(node).split()), TITLE_CHARS_MAX)


def name(thing: Object) -> str:
    """Return a name as plain text, also where a server put markup into it or escaped it once too often (IQ-753)."""
    text = thing.text("name") or ""
    return plaintext.name(html.plain(text) if _MARKED_UP.search(text) else text)


def _what(thing: Object) -> str:
    """Name what an activity is about by its type, or leave it open."""
    if not thing.get("object"):
        return ""
    types = [node.type.lower() for node in thing.embedded("object") if node.type]
    return f"{'an' if types[0][0] in 'aeio' else 'a'} {types[0]}" if types else "something"
