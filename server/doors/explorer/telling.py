"""Activities in a line: who did what, when, and what else is said of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from server.doors.explorer.painting import preview
from vocab import jsontext
from vocab.dialects.getstream import ids
from vocab.dialects.getstream.activities import OWN

PREVIEW_CHARS: Final = 240
SCORED: Final = frozenset({"score", "score_vars"})


@dataclass(frozen=True, slots=True)
class Told:
    """An activity as a list of activities shows it; ``more`` is a glance at its custom fields."""

    id: str
    actor: str
    verb: str
    object: str
    target: str
    foreign_id: str
    origin: str
    to: tuple[str, ...]
    time: datetime
    more: str
    score: float | None
    score_vars: dict[str, Any]


def told(text: bytes) -> Told:
    """Read an activity as the Feeds API spells it."""
    read: Any = jsontext.loads(text)
    id = ids.parse(read["id"])
    assert id is not None  # noqa: S101 - it was written as an id
    custom = {name: value for name, value in read.items() if name not in OWN | SCORED}
    return Told(
        read["id"], read["actor"], read["verb"], read["object"], read["target"], read["foreign_id"],
        read["origin"] or "", tuple(read.get("to", ())), ids.time_of(id), preview(custom, PREVIEW_CHARS),
        read.get("score"), read.get("score_vars") or {},
    )  # fmt: skip
