"""A poll as a page shows it: its options with their shares."""

from dataclasses import dataclass
from datetime import datetime

from vocab import Object, plaintext, polls

OPTIONS_MAX = 100


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; ``share`` is per cent of the votes, or of the voters when each may choose several."""

    name: str
    votes: int
    share: int


@dataclass(frozen=True, slots=True)
class Poll:
    """A question's options with their counts; ``closes`` is None where no end is set."""

    options: list[Option]
    voters: int
    closed: bool
    closes: datetime | None


def of(thing: Object, now: datetime) -> Poll | None:
    """Return the poll in a post, None when there is none."""
    choices = (thing.embedded("oneOf") or thing.embedded("anyOf"))[:OPTIONS_MAX]
    if not choices:
        return None
    votes = [_votes(one) for one in choices]
    voters = thing.count("votersCount") or sum(votes)
    whole = sum(votes) if polls.is_single(thing) else max(voters, *votes)
    options = [
        Option(plaintext.name(one.text("name") or ""), count, round(100 * count / whole) if whole else 0)
        for one, count in zip(choices, votes, strict=True)
    ]
    return Poll(options, voters, polls.is_over(thing, now), thing.instant("endTime"))


def _votes(option: Object) -> int:
    return sum(replies.count("totalItems") or 0 for replies in option.embedded("replies"))
