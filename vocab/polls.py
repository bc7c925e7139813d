"""Polls: what a Question asks, until when, and how its votes are counted (AP-266, FEP-9967)."""

from datetime import datetime
from typing import Any, Final

from vocab.errors import Invalid
from vocab.objects import Object

OPTIONS_MIN: Final = 2
OPTION_CHARS_MAX: Final = 500
_CHOICES: Final = ("oneOf", "anyOf")


def is_poll(thing: Object) -> bool:
    """Tell whether something is a poll that was written, rather than the act of asking (AP-266)."""
    asks = any(thing.get(term) is not None for term in _CHOICES)
    return thing.is_a("Question") and asks and thing.get("attributedTo") is not None


def options(poll: Object) -> list[str]:
    """Return the names of what can be chosen, in their order."""
    return [name for option in _options(poll) if isinstance(name := option.get("name"), str)]


def is_single(poll: Object) -> bool:
    """Tell whether only one option may be chosen."""
    return poll.get("oneOf") is not None


def is_over(poll: Object, now: datetime) -> bool:
    """Tell whether a poll takes no more votes: ``closed``, or its ``endTime`` has come (FEP-9967)."""
    closed = poll.get("closed")
    if closed is not None and closed is not False:
        moment = poll.instant("closed")
        if moment is None or moment <= now:
            return True
    end = poll.instant("endTime")
    return end is not None and end <= now


def opened(poll: Object, now: datetime) -> Object:
    """Return a new poll ready for votes: each option with a count, nothing counted yet.

    Raises Invalid for options that are too few, nameless or alike, and for an end that lies in the past.
    """
    terms = [term for term in _CHOICES if poll.get(term) is not None]
    if not terms:
        return poll
    if len(terms) > 1:
        raise Invalid("object.anyOf", "cannot stand beside oneOf")
    names = options(poll)
    if len(names) < OPTIONS_MIN or len(set(names)) < len(poll.values(terms[0])):
        raise Invalid(f"object.{terms[0]}", f"must be at least {OPTIONS_MIN} options with names of their own")
    if any(not 0 < len(name) <= OPTION_CHARS_MAX for name in names):
        raise Invalid(f"object.{terms[0]}", f"names have 1 to {OPTION_CHARS_MAX} characters")
    end = poll.instant("endTime")
    if end is not None and end <= now:
        raise Invalid("object.endTime", "lies in the past")
    choices = [_with_votes(option.without("id"), 0).data for option in _options(poll)]
    return poll.with_(**{terms[0]: choices}, votersCount=0, closed=None, actor=None)


def revised(before: Object, after: Object, now: datetime) -> Object:
    """Return a poll its author has edited, with the counts we keep.

    Other options are a new poll: refused once someone has voted (Invalid).
    """
    if options(after) == options(before) and is_single(after) == is_single(before):
        kept = {term: before.get(term) for term in _CHOICES}
        return after.with_(**kept, votersCount=before.get("votersCount"))
    if before.count("votersCount"):
        raise Invalid("object.oneOf", "cannot change once someone has voted")
    return opened(after, now)


def counted(poll: Object, name: str, voters: int) -> Object:
    """Return a poll with one vote more for an option, and the number of those who voted."""
    term = "oneOf" if is_single(poll) else "anyOf"
    choices = [
        _with_votes(option, _votes(option) + (option.get("name") == name)).data for option in _options(poll)
    ]
    return poll.with_(**{term: choices}, votersCount=voters)


def _options(poll: Object) -> list[Object]:
    return [Object(value) for term in _CHOICES for value in poll.values(term) if isinstance(value, dict)]


def _votes(option: Object) -> int:
    replies = option.get("replies")
    return (Object(replies).count("totalItems") or 0) if isinstance(replies, dict) else 0


def _with_votes(option: Object, votes: int) -> Object:
    replies: dict[str, Any] = {"type": "Collection", "totalItems": votes}
    return option.with_(type=option.data.get("type") or "Note", replies=replies)
