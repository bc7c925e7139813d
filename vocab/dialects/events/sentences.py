"""An event told in a sentence, for people elsewhere whose software knows nothing of it (Events §23.1)."""

from typing import Final

from vocab import html, telling
from vocab.dialects.events import catalogue
from vocab.objects import Object

NAMED_MAX: Final = 3
"""So many are named of those who did something, or to whom it was done."""


def sentence(event: Object) -> str:
    """Return what an event's description says, or else who did what, as plain text."""
    said = event.text("summary")
    if said:
        return html.plain(said)
    who, what = _names(event, "actor"), _names(event, "object")
    deed = telling.deed(event.type) if event.type not in ("", "Activity") else ""
    if deed:
        return " ".join(part for part in (who or "Somebody", deed, what) if part)
    told = label(str(event.get("hw:eventType") or ""))
    told = f"{told} ({what})" if what else told
    return f"{who}: {told}" if who else told[:1].upper() + told[1:]


def remark(comment: Object) -> str:
    """Return who says what, of the Create that a comment is, as plain text."""
    said = [html.plain(note.text("content") or "") for note in comment.embedded("object")]
    return ": ".join(filter(None, (_names(comment, "actor"), *said)))


def label(event_type: str) -> str:
    """Return what people may read for a type: as the catalogue has it, or else its last two words."""
    known = catalogue.find(event_type)
    words = event_type.replace("_", " ").split(".")[-2:]
    return known.label.lower() if known is not None else " ".join(words) or "something happened"


def _names(event: Object, term: str) -> str:
    """Return what those are called who have a part; those without a name are not told."""
    nodes = event.embedded(term)
    among = [one for node in nodes for one in (node.embedded("items") if node.is_collection else [node])]
    names = [name for node in among if (name := node.text("name"))]
    if len(names) > NAMED_MAX:
        names = [*names[: NAMED_MAX - 1], f"{len(names) - NAMED_MAX + 1} others"]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
